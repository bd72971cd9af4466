"""A log that an earlier version kept, in the relational form of OCEL 2.0: read, and made one of this version.

It has no sources and no ids but numbers counted anew, so all of it is one source that is replaced or dropped.
"""

from pathlib import Path

import numpy as np

from suyuan.domain.errors import BadInput

from . import tables
from .incoming import Incoming, Kinds
from .merging import merge
from .reading import Whole, whole
from .sources import Told

NAME = "earlier"
"""What the source of it is called."""


def upgrade(path: Path, kinds: Kinds) -> bool:
    """Write a log that an earlier version kept anew in its place; tell whether there was one."""
    if not path.exists() or tables.is_kept(path):
        return False
    told = Told(NAME, "", "sqlite", "", "")
    made = path.with_name(f".{path.name}.new")
    made.unlink(missing_ok=True)
    try:
        merge(made, _incoming(whole(path), path), told, kinds, replace=False)
        made.chmod(0o600)
        made.replace(path)
    finally:
        made.unlink(missing_ok=True)
    return True


def _incoming(log: Whole, path: Path) -> Incoming:
    names = log.events.to_pylist()
    try:
        ids = np.array([int(name[1:]) for name in names], np.int64)
    except (ValueError, OverflowError):
        raise BadInput("log_unreadable", file=path.name, problem="an event that is not counted") from None
    return Incoming(
        log.activities,
        log.types,
        log.objects.to_pylist(),
        log.type,
        ids,
        log.activity,
        log.at,
        ids,
        log.touches,
        log.links,
        [],
        adds=False,
    )
