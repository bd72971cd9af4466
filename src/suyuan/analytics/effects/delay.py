"""What it costs to turn late to a discontent customer: by whether somebody had by some hours after the sign.

Counted is only what came after those hours, over the same span for everybody (a landmark): otherwise a case
in which nobody acted for long would have had more time for trouble, and the delay would be blamed for it.
Cases compared are of the same first sign and procedure; the ratio over those strata is Mantel and Haenszel's.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import exp, log, sqrt

import numpy as np

from suyuan.analytics.intervals import poisson, wilson

Z = 1.959963984540054
COSTS, SAVES, UNCLEAR = "later_costs", "later_costs_less", "cannot_tell"


@dataclass(frozen=True, slots=True)
class Course:
    """One case after its first sign of discontent; every moment in hours since that sign."""

    stratum: str
    """Procedure and kind of the sign: only like is compared."""
    acted: float | None
    """When somebody first did something about it; None where nobody did."""
    contacts: tuple[float, ...]
    """When the customer turned to us again."""
    escalated: tuple[float, ...]
    """When it went further: supervised, begun again, held to account."""
    closed: float | None
    watched: float
    """How long it has been watched."""


@dataclass(frozen=True, slots=True)
class Group:
    """What came after the landmark, of those acted on by then or of the others."""

    n: int
    escalated: int
    escalated_low: float | None
    escalated_high: float | None
    contacts: int
    contacts_each: float | None
    contacts_low: float | None
    contacts_high: float | None
    hours: float | None
    """Median hours from the sign to the archive, of the cases that are archived."""
    archived: int


@dataclass(frozen=True, slots=True)
class Landmark:
    """Those somebody had turned to by so many hours after the sign, beside those nobody had."""

    hours: int
    soon: Group
    later: Group
    ratio: float | None
    """How many times as often it went further where nobody had acted by then, over the strata."""
    low: float | None
    high: float | None
    verdict: str


def report(courses: Iterable[Course], landmarks: Iterable[int], horizon: int, least: int) -> list[Landmark]:
    """Return what came of cases within ``horizon`` hours after each landmark; below ``least``, nothing."""
    every = list(courses)
    return [_landmark(every, hours, horizon, least) for hours in landmarks]


def _landmark(every: list[Course], hours: int, horizon: int, least: int) -> Landmark:
    whole = [one for one in every if one.watched >= hours + horizon]
    soon = [one for one in whole if one.acted is not None and one.acted <= hours]
    later = [one for one in whole if one.acted is None or one.acted > hours]
    groups = [_group(each, hours, horizon) for each in (soon, later)]
    found = _over_strata(soon, later, hours, horizon)
    verdict = UNCLEAR
    if found is not None and min(len(soon), len(later)) >= least:
        verdict = COSTS if found[1] > 1 else SAVES if found[2] < 1 else UNCLEAR
    ratio, low, high = found or (None, None, None)
    return Landmark(hours, groups[0], groups[1], ratio, low, high, verdict)


def _group(courses: list[Course], hours: int, horizon: int) -> Group:
    n, escalated = len(courses), sum(_went_on(one, hours, horizon) for one in courses)
    contacts = sum(_within(one.contacts, hours, horizon) for one in courses)
    share, each = wilson(escalated, n), poisson(contacts, n)
    closed = [one.closed for one in courses if one.closed is not None]
    return Group(
        n=n,
        escalated=escalated,
        escalated_low=share[0] if share else None,
        escalated_high=share[1] if share else None,
        contacts=contacts,
        contacts_each=contacts / n if n else None,
        contacts_low=each[0] if each else None,
        contacts_high=each[1] if each else None,
        hours=float(np.median(closed)) if closed else None,
        archived=len(closed),
    )


def _within(moments: tuple[float, ...], hours: int, horizon: int) -> int:
    return sum(hours < at <= hours + horizon for at in moments)


def _went_on(one: Course, hours: int, horizon: int) -> bool:
    return _within(one.escalated, hours, horizon) > 0


def _over_strata(
    soon: list[Course], later: list[Course], hours: int, horizon: int
) -> tuple[float, float, float] | None:
    """Return the Mantel-Haenszel risk ratio of the later to the soon, with Greenland and Robins' interval."""
    tables = _tables(soon, later, hours, horizon)
    top = bottom = spread = 0.0
    for a, n1, b, n0 in tables.values():
        n = n1 + n0
        if n1 and n0:
            top, bottom = top + a * n0 / n, bottom + b * n1 / n
            spread += (n1 * n0 * (a + b) - a * b * n) / n**2
    if top <= 0 or bottom <= 0:
        return None
    ratio, half = top / bottom, Z * sqrt(spread / (top * bottom))
    return ratio, exp(log(ratio) - half), exp(log(ratio) + half)


def _tables(soon: list[Course], later: list[Course], hours: int, horizon: int) -> Mapping[str, list[int]]:
    """Return by stratum: went further and all of the later ones, went further and all of the soon ones."""
    found: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for at, courses in ((0, later), (2, soon)):
        for one in courses:
            found[one.stratum][at] += _went_on(one, hours, horizon)
            found[one.stratum][at + 1] += 1
    return found
