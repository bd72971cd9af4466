"""A workbook that is a form: rows of cases to fill in offline, read back cell by cell.

- ``book``    what such a workbook is made of
- ``writing`` writes it, with choices to pick from, protected columns and what was refused in colour
- ``reading`` reads it back; a formula is named, never worked out
"""

from .book import Book, Column, Filled, Handed, Line
from .reading import read
from .writing import write

__all__ = ["Book", "Column", "Filled", "Handed", "Line", "read", "write"]
