"""Table files as offices make them, read row by row and written without danger.

In reading order:

- ``containers`` which bytes hold the table: a plain file, a .gz, the one table in a .zip
- ``encoding``   which text encoding those bytes are in, and where two are mixed
- ``text``       rows of csv and tsv, streamed
- ``grid``       how large a sheet becomes when it is laid out
- ``formulas``   which cells hold a formula that shows nothing
- ``workbook``   rows of xlsx and xls
- ``table``      one way to open any of them
- ``writing``    csv and xlsx whose cells no spreadsheet runs as formulas
"""

from .formulas import Formula
from .table import Sheet, open_table
from .writing import guard, open_writer, unguard

__all__ = ["Formula", "Sheet", "guard", "open_table", "open_writer", "unguard"]
