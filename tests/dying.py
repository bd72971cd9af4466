"""A worker in a process of its own that stands still in the middle of its work, to be killed there."""

import threading
import time


class Standing(threading.Event):
    """Is never set; who asks between two batches of an import waits until the process ends."""

    def is_set(self) -> bool:
        """Return that it is not set, in the thread of the rounds alone."""
        if threading.current_thread().name == "imports":
            time.sleep(3_600)
        return False


def worker(batch: int) -> None:
    """Work as ``suyuan work`` does, and stand still after the first batch of a file."""
    import django

    django.setup()
    from suyuan.actions.imports import produce
    from suyuan.jobs import loop

    produce.BATCH = batch
    loop.work(Standing())


def wait_until(true):
    """Wait until something is true that another thread or process does."""
    patience = time.monotonic() + 60
    while not true():
        assert time.monotonic() < patience
        time.sleep(0.01)
