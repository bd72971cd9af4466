"""One run of some detectors: what they find is kept, and what waits for a warning opens one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from ..detecting.finding import find, named
from .keeping import Kept, keep
from .opening import Opening, open_waiting


@dataclass(frozen=True, slots=True)
class Watched:
    """What a run kept, and which warnings it opened or gave a signal to."""

    kept: Kept
    opened: list[Opening]


def watch(names: Iterable[str], *, now: datetime) -> Watched:
    """Ask detectors what stands out now, keep it and open warnings; run again at once it changes nothing.

    Keeping is one transaction, and so is each warning: a run that dies half-way is made good by the next.
    """
    asked = [one.name for one in named(names)]
    kept = keep(find(asked, as_of=now), asked, now)
    return Watched(kept, open_waiting(now))
