"""Units that register too few complaints for what else is heard of them, beside units of their sort.

Given how much there was of a unit in all (complaints and signs together), the signs are beta-binomial: both
are Poisson counts whose rates differ between units (negative binomial), and conditioning on their sum leaves
out how much the unit has to do. Share and spread are those of the other units of the sort; named units are
left out of them and all are looked at again, so that two that hide do not hide each other. Wrong names are
held at ``q`` over all units looked at (Benjamini and Hochberg 1995).

Orders of the same days that read like complaints (``misclassified``) are looked at apart: other signs vary so
much between units that they would hide them. Of the two looks the stronger counts, its p doubled.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pyarrow as pa
import scipy  # its statistics take a second to load: they are loaded by the first who asks for one

from suyuan.analytics.ranking import discoveries
from suyuan.domain.rulebook import Rulebook

from . import columns, misclassified
from .detector import Detector, Frames, Terms
from .signal import Level, Signal

Counts = tuple[str, int, int]
"""A unit's code, its complaints, its signs."""
ROUNDS, LOOKS = 4, 2
FEW, OTHERWISE = "too_few_registered", "registered_otherwise"
"""Why a unit is named: by the signs of the figure, or by what reads like complaints."""


@dataclass(frozen=True, slots=True)
class Looked:
    """One unit: its complaints, its signs, how many complaints the others would have had with these signs."""

    unit: str
    complaints: int
    signs: int
    expected: float
    p: float


def find(frames: Frames, terms: Terms, as_of: datetime) -> Iterator[Signal]:
    """Yield a signal for each unit whose complaints are too few for its signs, by more than chance."""
    frame: pa.Table = frames["registrations"]
    since = as_of - timedelta(days=terms["days"])
    names = dict(zip(frame.column("unit").to_pylist(), frame.column("name").to_pylist(), strict=True))
    worded = _worded(frames, as_of, since)
    sorts: dict[tuple[str, str], list[Counts]] = defaultdict(list)
    for row in frame.to_pylist():
        unit, complaints = row["unit"], row["complaints"]
        sorts[FEW, row["kind"]].append((unit, complaints, sum(row[name] for name in terms["signs"])))
        sorts[OTHERWISE, row["kind"]].append((unit, complaints, worded[unit]))
    hidden: frozenset[str] = frozenset()
    for _ in range(ROUNDS):
        named = _named(sorts, hidden, terms)
        if frozenset(one.unit for _, one in named) <= hidden:
            break
        hidden |= {one.unit for _, one in named}
    for why, one in named:
        yield _signal(why, one, names[one.unit], since, terms)


def _worded(frames: Frames, as_of: datetime, since: datetime) -> Counter[str]:
    """Return by unit how many of its orders that came in since read like complaints and are none."""
    book: Rulebook = frames["rulebook"]
    words = book.figure("detect.misclassified", book.calendar.local(as_of).date())
    given = {"texts": frames["texts_of_units"]}
    told = misclassified.find(given, words.terms, as_of) if words else ()
    return Counter(one.unit for one in told if one.since > since)


def _named(
    sorts: Mapping[tuple[str, str], Sequence[Counts]], hidden: frozenset[str], terms: Terms
) -> list[tuple[str, Looked]]:
    """Return the units whose complaints are too few beside others, those that hide left out of these."""
    looked: dict[str, tuple[str, Looked]] = {}
    for (why, _), rows in sorts.items():
        for one in beside_others(rows, terms["least"], hidden):
            if one.unit not in looked or one.p < looked[one.unit][1].p:
                looked[one.unit] = why, one
    judged = zip(
        looked.values(), discoveries([min(1.0, LOOKS * one.p) for _, one in looked.values()]), strict=True
    )
    return [
        (why, one)
        for (why, one), q in judged
        if q <= terms["q"] and one.complaints <= terms["share"] * one.expected
    ]


def beside_others(rows: Sequence[Counts], least: int, hidden: frozenset[str] = frozenset()) -> list[Looked]:
    """Look at each unit with so many signs at least beside the others of its sort that do not hide."""
    found = []
    for at, (unit, complaints, signs) in enumerate(rows):
        others = [(c, s) for n, (u, c, s) in enumerate(rows) if n != at and u not in hidden and c + s > 0]
        every, heard = sum(c + s for c, s in others), sum(s for _, s in others)
        if signs < least or len(others) < 2 or not 0 < heard < every:
            continue
        share, spread = heard / every, _spread(others, heard / every)
        n = complaints + signs
        expected = signs * (1 - share) / share
        found.append(Looked(unit, complaints, signs, expected, _tail(signs, n, share, spread)))
    return found


def _spread(others: Sequence[tuple[int, int]], share: float) -> float:
    """Return the correlation within units by moments: how much shares differ beyond chance, 0 for not."""
    sizes = [c + s for c, s in others]
    chi = sum(
        (s - n * share) ** 2 / (n * share * (1 - share)) for (_, s), n in zip(others, sizes, strict=True)
    )
    mean = sum(n * n for n in sizes) / sum(sizes)
    return min(0.9, max(0.0, (chi / (len(others) - 1) - 1) / max(mean - 1, 1e-9)))


def _tail(signs: int, n: int, share: float, spread: float) -> float:
    """Return how likely at least so many signs are among so many heard of."""
    if spread < 1e-6:
        return float(scipy.stats.binom.sf(signs - 1, n, share))
    weight = (1 - spread) / spread
    return float(scipy.stats.betabinom.sf(signs - 1, n, share * weight, (1 - share) * weight))


def _signal(why: str, one: Looked, name: str, since: datetime, terms: Mapping[str, Any]) -> Signal:
    usual = one.expected if why == FEW else one.signs * one.complaints / one.expected
    return Signal(
        detector="under_registration",
        object=f"unit:{one.unit}",
        level=Level.IMPORTANT if one.complaints <= terms["important"] * one.expected else Level.GENERAL,
        since=since,
        observed=float(one.complaints if why == FEW else one.signs),
        expected=usual,
        why=why,
        facts={
            "unit": name,
            "complaints": one.complaints,
            "signs": one.signs,
            "usual": round(usual, 1),
        },
        unit=one.unit,
        category=columns.becomes(terms, ""),
    )


UNDER_REGISTRATION = Detector("under_registration", ("registrations", "rulebook", "texts_of_units"), find)
