"""Figures drawn ahead, beside the server that shows them: again and again, until told to stop."""

import logging
import threading
from collections.abc import Callable

from django.db import connections

log = logging.getLogger("suyuan.work")
APART = 1.0
"""Seconds between two looks whether a minute or an export is new."""


Figure = Callable[[], object]
Draw = Callable[[Callable[[Figure], bool]], int]
"""Draws every figure by what it is told to try each with, and says how many."""


def keep(stop: threading.Event, draw: Draw, apart: float = APART) -> None:
    """Draw until ``stop`` is set; what fails is logged and tried again: pages draw for themselves then."""
    while not stop.wait(apart):
        try:
            draw(tried)
        except Exception:
            log.exception("figures were not drawn ahead")
        finally:
            connections.close_all()


def tried(figure: Figure) -> bool:
    """Draw one figure; return False, with the reason in the log, where it cannot be drawn."""
    try:
        figure()
    except Exception:
        log.exception("a figure was not drawn ahead")
        return False
    return True
