"""The ladder of a case: which rung an urge reaches, whom a rung of a clock tells, how pressing a case is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from . import clock
from .clock import Rung
from .rulebook import Rulebook
from .rulebook.records import LADDER

SUPERIOR, SUPERVISION = "superior", "supervision"
"""The rungs of urges: the handler's superior is told; a supervision order is opened."""

ESCALATES, URGENT = "clock.escalates", "clock.urgent"
"""The figures: by limit, the roles a clock climbs to; and the kinds of its rungs that leave at any hour."""

TOLD = "clock.told"
"""The figure that names who is told of a limit from its first rung on, where that is somebody else."""
EVERYBODY = ("station", "office")
"""Who is told where no figure says it: the first before the due, both from it on."""

BY_URGES, BY_HAND = "urges", "person"
"""What opened a supervision order."""

PRIORITIES = ("normal", "raised", "high")


@dataclass(frozen=True, slots=True)
class Counts:
    """How many urges it takes to tell the superior, and to open a supervision order."""

    notify_superior: int
    open_supervision: int


def reached(urges: int, counts: Counts, *, ordered_at: int = 0, is_open: bool = False) -> tuple[str, ...]:
    """Return the rungs the newest of so many urges reaches.

    ``ordered_at`` is how many there were when the last supervision order was opened, or last urged while it
    was open: after its end as many again open another, and never a second beside an open one.
    """
    found = [SUPERIOR] if urges == counts.notify_superior else []
    if not is_open and urges - ordered_at >= counts.open_supervision:
        found.append(SUPERVISION)
    return tuple(found)


def priority(urges: int, counts: Counts, *, supervised: bool) -> str:
    """Return how pressing a case is: urged at all raises it, a superior told or a supervision more so."""
    if supervised or urges >= counts.notify_superior:
        return "high"
    return "raised" if urges else "normal"


def told(roles: Sequence[str], step: int) -> tuple[str, ...]:
    """Return who is told at a rung: the first role before the due, and one more for each rung from it on."""
    return tuple(roles[: max(step, 0) + 1])


def roles_of(limit: str, step: int, book: Rulebook) -> tuple[str, ...]:
    """Return the roles a rung of a limit tells: those it climbs to, those named for it, or ours."""
    climbs, named = (book.figures[name][-1].terms.get(limit) for name in (ESCALATES, TOLD))
    if climbs:
        return told(climbs, step)
    return tuple(named) if named else EVERYBODY[: 2 if step else 1]


def is_urgent(limit: str, rung: str, book: Rulebook) -> bool:
    """Return whether a rung leaves in quiet hours too."""
    return kind(rung) in book.figures[URGENT][-1].terms.get(limit, ())


def kind(rung: str) -> str:
    """Return what kind of rung a code names: warn, due or over."""
    return rung.partition("_")[0]


def step(rung: str, rungs: Sequence[Rung]) -> int:
    """Return how high a rung stands: 0 up to the due, 1 at it, one more for each after it."""
    codes = [one.code for one in rungs]
    return max(codes.index(rung) - codes.index("due") + 1, 0)


def rungs_of(limit: str, started_at: datetime, due_at: datetime, book: Rulebook) -> tuple[Rung, ...]:
    """Return the rungs of a clock of a limit, by its own ladder or by the one all share."""
    return clock.rungs(started_at, due_at, *terms(limit, book))


def terms(limit: str, book: Rulebook) -> tuple[tuple[float, ...], list[timedelta]]:
    """Return the ladder of a limit: at which shares of its time to warn, and how long after it again."""
    editions = book.limits.get(limit)
    if not editions:
        shared = book.figures[LADDER][-1].terms
        return tuple(shared["warn"]), [timedelta(hours=hours) for hours in shared["after_hours"]]
    return editions[-1].warn, [timedelta(hours=hours) for hours in editions[-1].after]
