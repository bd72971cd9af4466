"""Layouts: what the columns of an order file mean, and the rows read by them.

In reading order:

- ``record``     what a layout is
- ``files``      layouts as TOML: shipped, and the user's own under SUYUAN_HOME/layouts
- ``spelling``   which texts are one word: width, script, spaces
- ``moments``    times as offices write them
- ``cells``      one cell to one value, or the rule it breaks
- ``chains``     business types and categories written as one chain
- ``header``     which sheet and row hold the header
- ``rows``       one row to an OrderRecord, or its faults
- ``footers``    rows that are totals, not records
- ``reader``     a whole file, row by row
- ``evidence``   what a column's header and values say it is
- ``proposal``   which layout fits a file, or a new one
- ``quarantine`` rows that were not taken, in a file that can be corrected and read again
- ``export``     records written in the full layout ``suyuan``
"""

from .export import export_orders
from .files import available, load, to_toml
from .proposal import Proposal, propose
from .quarantine import write_quarantine
from .reader import OrderReader, read_orders
from .record import Column, Layout
from .rows import Fault, Outcome

__all__ = [
    "Column",
    "Fault",
    "Layout",
    "OrderReader",
    "Outcome",
    "Proposal",
    "available",
    "export_orders",
    "load",
    "propose",
    "read_orders",
    "to_toml",
    "write_quarantine",
]
