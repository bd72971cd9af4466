"""Abandoned calls: taken in from the exchange's file, called back.

- ``call_file``  a call file taken in by batches; ``rows`` what a row says
- ``call_back``  an attempt written down, the number seen for a purpose
- ``_since``     callers who were spoken to since are called no more
"""

from ._since import spoken_to
from .call_back import return_call, reveal_call
from .call_file import import_calls

__all__ = ["import_calls", "return_call", "reveal_call", "spoken_to"]
