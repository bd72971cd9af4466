"""What first moves do: complaints of those listed and of those held out, over all and desk by desk."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from suyuan.analytics.firstmoves.effect import Arm, Effect, each_level, effect
from suyuan.store import rules

from . import firstmoves
from .firstmoves import Drawn, Who


@dataclass(frozen=True, slots=True)
class Report:
    """The effect over all desks in reach and of each, with what is known so far."""

    share: float
    days: int
    fewest: int
    so_far: Mapping[str, int]
    whole: Effect
    desks: Mapping[str, Effect]
    weeks: Mapping[date, tuple[Arm, Arm]]
    """By the Monday of the week in which they were drawn: those listed and those held out."""

    @property
    def big(self) -> Mapping[str, Effect]:
        """Return the desks with people enough on both sides for anything to be claimed."""
        return {
            code: one for code, one in self.desks.items() if min(one.listed.of, one.held.of) >= self.fewest
        }

    @property
    def drawn_share(self) -> Arm:
        """Return how many of all that were drawn so far are held out: a tenth, but for chance."""
        return Arm(self.so_far["held_out"], self.so_far["held_out"] + self.so_far["listed"])

    def told(self) -> dict[str, object]:
        """Return it as JSON values."""
        return {
            "share": self.share,
            "days": self.days,
            "so_far": dict(self.so_far),
            "drawn_share": self.drawn_share.share,
            "all": _told(self.whole),
            "desks": [{"unit": code, **_told(one)} for code, one in self.desks.items()],
            "weeks": [
                {"from": monday.isoformat(), **_arms_told(*arms)} for monday, arms in self.weeks.items()
            ],
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
    return Report(
        terms["share"],
        terms["days"],
        terms["fewest"],
        firstmoves.counted(viewer),
        whole,
        desks,
        _weeks(people),
    )


def _weeks(people: Iterable[Drawn]) -> dict[date, tuple[Arm, Arm]]:
    weeks: defaultdict[date, list[Drawn]] = defaultdict(list)
    for one in people:
        weeks[one.day - timedelta(days=one.day.weekday())].append(one)
    return {monday: _arms(weeks[monday]) for monday in sorted(weeks)}


def _arms(people: Iterable[Drawn]) -> tuple[Arm, Arm]:
    counts = {True: [0, 0], False: [0, 0]}
    for one in people:
        counts[one.held_out][0] += one.complained
        counts[one.held_out][1] += 1
    return Arm(*counts[False]), Arm(*counts[True])


def _told(one: Effect) -> dict[str, object]:
    names = ("difference", "low", "high", "level", "verdict", "detectable")
    return _arms_told(one.listed, one.held) | {name: getattr(one, name) for name in names}


def _arms_told(listed: Arm, held: Arm) -> dict[str, object]:
    arms = {"listed": listed, "held_out": held}
    return {name: {"complained": arm.n, "of": arm.of, "share": arm.share} for name, arm in arms.items()}
