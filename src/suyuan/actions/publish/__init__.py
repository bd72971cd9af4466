"""Publish: documents rendered from what is stored, so that anybody can render them again; and long lists.

- ``asking``    asking for a document: by a person for their units, or by a schedule for everything
- ``rendering`` what a worker does with one: read, write, keep the file under its digest
- ``board``     the weekly workbook of the control board
- ``returns``   what regulators, the city line and the press are to be told
- ``lists``     a list of cases too long to wait for: asked for, fetched by who asked, let go
- ``making``    what a worker does with one
- ``columns``   the columns of a list of cases in words
"""

from .asking import Wanted, queue, queue_scheduled
from .lists import FAILED, READY, WantedList, failed, fetch, is_over, path_of, queue_list, sweep
from .rendering import folder, render

__all__ = [
    "FAILED",
    "READY",
    "Wanted",
    "WantedList",
    "failed",
    "fetch",
    "folder",
    "is_over",
    "path_of",
    "queue",
    "queue_list",
    "queue_scheduled",
    "render",
    "sweep",
]
