"""What the disk said when it would not take what was to be written."""

import errno

FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
SHUT = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})


def why(error: OSError) -> str:
    """Return the code for what the disk said: full, or shut to us; empty for anything else."""
    if error.errno in FULL:
        return "disk_full"
    return "disk_shut" if error.errno in SHUT else ""
