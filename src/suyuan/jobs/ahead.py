"""Figures drawn ahead, beside the server that shows them: again and again, until told to stop."""

import logging
import threading
from collections.abc import Callable

from django.db import connections

log = logging.getLogger("suyuan.work")
APART = 1.0
"""Seconds between two looks whether a minute or an export is new."""


def keep(stop: threading.Event, draw: Callable[[], int], apart: float = APART) -> None:
    """Draw until ``stop`` is set; what fails is logged and tried again: pages draw for themselves then."""
    while not stop.wait(apart):
        try:
            draw()
        except Exception:
            log.exception("figures were not drawn ahead")
        finally:
            connections.close_all()
