"""Event logs of other systems: OCEL 2.0 (sqlite, json, xml), XES and csv, read whole and written.

In reading order:

- ``columns``         a whole log as columns, what everybody takes
- ``source``          the bytes: packed or not, in which encoding, of which form
- ``moments``         ISO 8601 texts as microseconds; ``values`` one way of writing each value
- ``building``        from the order of the file to columns; ``declaring``, ``splitting``, ``numbering``
- ``xes``             traces as objects: ``xes_stretches`` with ``xes_fast`` and ``xes_strict``, ``xes_part``
- ``layout``          which column of a classical log is what; ``layout_file`` reads one, ``recognising``
                      knows those of the rulebook, ``fitting`` makes one fit a file
- ``table``           csv by a layout; ``table_steps`` where a row is an order and its columns are steps
- ``gathering``       what the readers of OCEL fill: ``ocel_json``, ``ocel_xml``, ``ocel_sqlite``
- ``telling``         a log event by event, for the writers
- ``reading``         any of them by its content; ``writing`` by the name asked for
"""

from .columns import Columns, SetAside
from .layout import Layout
from .layout_file import read as read_layout
from .moments import micros
from .reading import read
from .recognising import named as layout_named
from .recognising import shipped
from .source import form_of
from .table import layout_of
from .writing import ending, write

__all__ = [
    "Columns",
    "Layout",
    "SetAside",
    "ending",
    "form_of",
    "layout_named",
    "layout_of",
    "micros",
    "read",
    "read_layout",
    "shipped",
    "write",
]
