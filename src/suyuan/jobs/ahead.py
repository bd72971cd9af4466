"""Figures drawn ahead, beside the server that shows them: again and again, until told to stop."""

import logging
import threading
from collections.abc import Callable, Iterable

from django.db import connections

log = logging.getLogger("suyuan.work")
APART = 1.0
"""Seconds between two looks whether a minute or an export is new."""


Figure = Callable[[], object]
"""Draws one figure, which keeps it."""


def keep(stop: threading.Event, due: Callable[[], Iterable[Figure]], apart: float = APART) -> None:
    """Draw what is due until ``stop`` is set; what fails is logged, and its page draws for itself.

    It begins at once: whoever asks a server that has just started waits for nothing that is begun already.
    """
    while not stop.is_set():
        try:
            for figure in due():
                try:
                    figure()
                except Exception:
                    log.exception("a figure was not drawn ahead")
        except Exception:
            log.exception("figures were not drawn ahead")
        finally:
            connections.close_all()
        stop.wait(apart)
