"""What first moves do: complaints of those listed and of those held out, over all and desk by desk."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from suyuan.analytics.firstmoves.effect import Arm, Effect, each_level, effect
from suyuan.store import rules

from . import firstmoves
from .firstmoves import Drawn, Who


@dataclass(frozen=True, slots=True)
class Report:
    """The effect over all desks in reach and of each, with what is known so far."""

    share: float
    days: int
    so_far: Mapping[str, int]
    whole: Effect
    desks: Mapping[str, Effect]

    def told(self) -> dict[str, object]:
        """Return it as JSON values."""
        return {
            "share": self.share,
            "days": self.days,
            "so_far": dict(self.so_far),
            "all": _told(self.whole),
            "desks": [{"unit": code, **_told(one)} for code, one in self.desks.items()],
        }


def report(viewer: Who, now: datetime) -> Report:
    """Return what came of everybody who was drawn and whose days are over.

    The intervals of several desks are wide enough to hold all together.
    """
    terms = rules.rulebook().figures["firstmoves.holdout"][-1].terms
    people = firstmoves.drawn(viewer, now)
    codes = sorted({one.unit for one in people})
    level = each_level(len(codes))
    desks = {
        code: effect(*_arms(one for one in people if one.unit == code), terms["fewest"], level)
        for code in codes
    }
    whole = effect(*_arms(people), terms["fewest"])
    return Report(terms["share"], terms["days"], firstmoves.counted(viewer), whole, desks)


def _arms(people: Iterable[Drawn]) -> tuple[Arm, Arm]:
    counts = {True: [0, 0], False: [0, 0]}
    for one in people:
        counts[one.held_out][0] += one.complained
        counts[one.held_out][1] += 1
    return Arm(*counts[False]), Arm(*counts[True])


def _told(one: Effect) -> dict[str, object]:
    arms = {"listed": one.listed, "held_out": one.held}
    told = {name: {"complained": arm.n, "of": arm.of, "share": arm.share} for name, arm in arms.items()}
    names = ("difference", "low", "high", "level", "verdict", "detectable")
    return told | {name: getattr(one, name) for name in names}
