"""Imports: an order file becomes cases, with their clocks judged by the rules in force on their day.

In reading order:

- ``standing`` where an order stands, and its clocks by the rules of its own day
- ``prepare``  one order record to the rows that will stand for it
- ``produce``  a file read, judged and sealed batch by batch, in a second process
- ``units``    the units a file names: known, provisional, or a fault
- ``write``    a batch of prepared rows in one transaction; what is known already changes nothing
- ``spool``    the rows that were not taken, kept safe until the file is done
- ``run``      a whole file: progress, resuming after a crash, the summary
"""

from .run import Summary, carry_out, preview, queue, run
from .units import foreseen, unknown_units

__all__ = ["Summary", "carry_out", "foreseen", "preview", "queue", "run", "unknown_units"]
