"""Publish: documents rendered from what is stored, so that anybody can render them again.

- ``asking``    asking for a document: by a person for their units, or by a schedule for everything
- ``rendering`` what a worker does with one: read, write, keep the file under its digest
- ``board``     the weekly workbook of the control board
"""

from .asking import Wanted, queue, queue_scheduled
from .rendering import folder, render

__all__ = ["Wanted", "folder", "queue", "queue_scheduled", "render"]
