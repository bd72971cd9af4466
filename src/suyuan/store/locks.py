"""Locks of the operating system on open files: they go with the process that took them, however it ends."""

import sys

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl


def take(handle: int) -> bool:
    """Lock an open file until it is closed, or return False where another holds it.

    Raises OSError where the disk knows no locks.
    """
    try:
        if sys.platform == "win32":
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    return True
