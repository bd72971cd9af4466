"""Imports: an order file becomes cases, with their clocks judged by the rules in force on their day.

In reading order:

- ``prepare``  one order record to the rows that will stand for it (pure computing, in a second process)
- ``units``    the units a file names: known, provisional, or a fault
- ``write``    a batch of prepared rows in one transaction; what is known already changes nothing
- ``spool``    the rows that were not taken, kept safe until the file is done
- ``run``      a whole file: progress, resuming after a crash, the summary
"""

from .run import Summary, preview, queue, run

__all__ = ["Summary", "preview", "queue", "run"]
