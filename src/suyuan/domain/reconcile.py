"""Was everything that came in accepted, handled and answered? (投诉举报100%受理、处理、答复)

Every contact lies at exactly one place. What is short of a stage makes the difference to the count of the
stage before it: received = accepted + what lies at the places of that stage, and so on.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Stage(StrEnum):
    """What must have happened to a contact, first to last."""

    ACCEPTED = "accepted"
    HANDLED = "handled"
    ANSWERED = "answered"
    CALLED_BACK = "called_back"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a contact can be short of a stage; ``explained`` where nobody owes anything for it."""

    code: str
    stage: Stage
    explained: bool = False

    @property
    def runs(self) -> bool:
        """Return whether what lies here can be past its moment: a case of which somebody owes something."""
        return not self.explained and self.code != UNLINKED


DONE = "done"
"""Where a contact lies that passed every stage."""
UNLINKED = "contact_without_case"

PLACES = (
    Place(UNLINKED, Stage.ACCEPTED),
    Place("not_registered", Stage.ACCEPTED),
    Place("void_without_reason", Stage.ACCEPTED),
    Place("merged_uncarried", Stage.ACCEPTED),
    Place("void", Stage.ACCEPTED, explained=True),
    Place("merged", Stage.ACCEPTED, explained=True),
    Place("not_dispatched", Stage.HANDLED),
    Place("not_taken", Stage.HANDLED),
    Place("not_answered", Stage.ANSWERED),
    Place("left_after_site", Stage.ANSWERED),
    Place("closed_without_answer", Stage.ANSWERED),
    Place("not_called_back", Stage.CALLED_BACK),
    Place("closed_without_callback", Stage.CALLED_BACK),
    Place("unreached", Stage.CALLED_BACK, explained=True),
    Place("no_callback_owed", Stage.CALLED_BACK, explained=True),
)
PLACE: Mapping[str, Place] = {place.code: place for place in PLACES}


@dataclass(frozen=True, slots=True)
class Count:
    """How many contacts of a channel lie at a place; ``overdue`` of them past their next due moment."""

    channel: str
    code: str
    n: int
    overdue: int = 0
    hidden: int = 0
    """Restricted ones that whoever asks may not see: counted, never listed."""


@dataclass(frozen=True, slots=True)
class Gap:
    """What is short of a stage, over all channels."""

    place: Place
    n: int
    overdue: int
    hidden: int


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """The counts of the stages, and what makes the difference between them."""

    received: int
    passed: Mapping[Stage, int]
    gaps: tuple[Gap, ...]

    @property
    def complete(self) -> bool:
        """Tell whether nothing is missing but what is explained."""
        return all(gap.place.explained for gap in self.gaps)

    def owed(self, stage: Stage) -> int:
        """Return how many ought to have passed a stage: those who did, and those missing without excuse."""
        missing = sum(gap.n for gap in self.gaps if gap.place.stage == stage and not gap.place.explained)
        return self.passed[stage] + missing


def reconcile(counts: Iterable[Count]) -> Reconciliation:
    """Return the reconciliation of counts, of one channel or of all."""
    found = list(counts)
    received = left = sum(one.n for one in found)
    gaps = tuple(gap for place in PLACES if (gap := _gap(place, found)).n)
    passed: dict[Stage, int] = {}
    for stage in Stage:
        left -= sum(gap.n for gap in gaps if gap.place.stage == stage)
        passed[stage] = left
    return Reconciliation(received, passed, gaps)


def _gap(place: Place, counts: Iterable[Count]) -> Gap:
    here = [one for one in counts if one.code == place.code]
    return Gap(
        place, sum(one.n for one in here), sum(one.overdue for one in here), sum(one.hidden for one in here)
    )
