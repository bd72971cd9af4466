"""Worksheets: my cases as a workbook to fill in offline; each row handed back does the same verb.

- ``columns``  the columns of a worksheet and the words a cell may hold
- ``take_out`` writes one from a list of cases
- ``bring_in`` does what its rows ask, one transaction each, and writes it again with what was refused
- ``cells``    from a cell as it was filled in to the value a form takes
"""

from .bring_in import Outcome, Summary, apply
from .take_out import export

__all__ = ["Outcome", "Summary", "apply", "export"]
