"""Event logs of other systems: OCEL 2.0 (sqlite, json, xml), XES and csv, read whole and written.

In reading order:

- ``columns``         a whole log as columns, what everybody takes
- ``source``          the bytes: packed or not, in which encoding, of which form
- ``moments``         ISO 8601 texts as microseconds; ``values`` one way of writing each value
- ``building``        from the order of the file to columns; ``declaring``, ``splitting``, ``numbering``
- ``xes``             traces as objects: ``xes_stretches`` with ``xes_fast`` and ``xes_strict``, ``xes_part``
- ``layout``          which column of a classical log is what; ``table`` reads csv by it
- ``gathering``       what the readers of OCEL fill: ``ocel_json``, ``ocel_xml``, ``ocel_sqlite``
- ``telling``         a log event by event, for the writers
- ``reading``         any of them by its content; ``writing`` by the name asked for
"""

from .columns import Columns, SetAside
from .layout import Layout
from .layout import read as read_layout
from .reading import read
from .writing import ending, write

__all__ = ["Columns", "Layout", "SetAside", "ending", "read", "read_layout", "write"]
