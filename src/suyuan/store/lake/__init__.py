"""The lake: what the measures read, as Parquet files behind a manifest.

- ``folder``   where it lies, the manifest, and putting a new set of files in force at once
- ``rows``     cases and clocks out of the database, in column form; ``units`` the units
- ``commitments``  what was promised on them; ``handovers`` from which unit to which they went
- ``civil``    the civil columns: local date, month, ISO week, working day
- ``refresh``  bringing it up to date by event id, partition by partition
"""

from .folder import folder
from .refresh import forget, refresh

__all__ = ["folder", "forget", "refresh"]
