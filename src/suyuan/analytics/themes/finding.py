"""The themes past the threshold: enough matters, on enough days, more than chance allows anywhere."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from suyuan.analytics.source import Tables

from .counting import AREA, LEVELS, LINE, UNIT, Named, Span, counted
from .tails import Counts, Flags, Held, Numbers, discoveries, held, interval, tail

OTHERS, OWN, BOTH = "others", "own", "both"
Codes = NDArray[np.int64]
NONE: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Threshold:
    """When a theme is one: the figures ``theme.window`` and ``theme.threshold`` of the rulebook."""

    days: int
    baseline_days: int
    least: int
    """So many matters at least."""
    least_days: int
    """On so many different days at least: what happened once is no theme."""
    q: float
    left_out: tuple[str, ...] = ()
    """Kinds that count among the contacts of a place and are no theme themselves."""


@dataclass(frozen=True, slots=True)
class Theme:
    """A theme past its threshold; ``low`` and ``high`` bound the ratio of its matters to ``expected``."""

    name: Named
    n: int
    days: int
    before: int
    """Its matters in the baseline."""
    expected_others: float
    expected_own: float
    low: float
    high: float
    q: float
    against: str
    """What it is above: ``others``, its ``own`` past, or ``both``."""

    @property
    def expected(self) -> float:
        """Return what it is compared to: the other places, unless it is above its own past alone."""
        return self.expected_own if self.against == OWN else self.expected_others

    @property
    def ratio(self) -> float:
        """Return how many times what was expected there was."""
        return self.n / self.expected


def find(tables: Tables, span: Span, rule: Threshold) -> list[Theme]:
    """Return the themes of all places past the threshold, the least likely to be chance first."""
    units = tables.fetch(tables.units.select("path", "kind")).to_pylist()
    return judge(tables.fetch(counted(tables, span)), rule, {each["path"]: each["kind"] for each in units})


def judge(rows: pa.Table, rule: Threshold, sorts: Mapping[str, str] = NONE) -> list[Theme]:
    """Return the themes past the threshold of matters counted by kind, place and day (see ``counted``).

    ``sorts`` says of what sort a unit is (a hall, a station) by its path: places are compared with those of
    units of their sort alone.
    """
    every = _Rows.of(rows)
    sort_of = np.array([sorts.get(unit, "") for unit in every.unit])
    parts = [every.only(sort_of == sort) for sort in sorted(set(sort_of.tolist()))]
    levels = [_Level.of(part, level) for part in parts for level in LEVELS]
    tested = [level.tested(rule) for level in levels]
    asked = zip(levels, tested, strict=True)
    chances = [side[which] for level, which in asked for side in (level.held.p_others, level.held.p_own)]
    q = iter(discoveries(chances))
    found: list[Theme] = []
    for level, which in zip(levels, tested, strict=True):
        q_others, q_own = _spread(next(q), which), _spread(next(q), which)
        found += _passing(level, (q_others, q_own), rule, found)
    return sorted(found, key=lambda theme: (theme.q, -theme.ratio, theme.name.key))


@dataclass(frozen=True)
class _Rows:
    """Matters by kind, place and day as arrays."""

    kind: list[str]
    unit: list[str]
    line: list[str]
    area: list[str]
    recent: Flags
    day: Codes
    n: Numbers

    def only(self, which: Flags) -> "_Rows":
        """Return some of the rows."""
        at = np.flatnonzero(which).tolist()
        kind, unit, line, area = (
            [column[each] for each in at] for column in (self.kind, self.unit, self.line, self.area)
        )
        return _Rows(kind, unit, line, area, self.recent[which], self.day[which], self.n[which])

    @classmethod
    def of(cls, rows: pa.Table) -> "_Rows":
        names = ("kind", "unit_path", "line", "area")
        kind, unit, line, area = (rows.column(name).to_pylist() for name in names)
        days = np.asarray(rows.column("day").to_numpy(), "datetime64[D]").astype(np.int64)
        recent = np.array(rows.column("recent").to_pylist(), bool)
        n = np.asarray(rows.column("n").to_numpy(), float)
        return cls(kind, unit, line, area, recent, days, n)

    def places(self, level: str) -> list[tuple[str, str]]:
        """Return of each row its place of a level; the place is empty where nobody knows it."""
        parts = {AREA: self.area, LINE: self.line}.get(level, [""] * len(self.unit))
        return list(zip(self.unit, parts, strict=True))


@dataclass(frozen=True)
class _Level:
    """The matters of every known place of one level."""

    level: str
    rows: _Rows
    known: Flags
    kinds: list[str]
    places: list[tuple[str, str]]
    kind_of: Codes
    place_of: Codes

    @classmethod
    def of(cls, rows: _Rows, level: str) -> "_Level":
        names = rows.places(level)
        known = np.array([level == UNIT or bool(part) for _, part in names], bool)
        kinds, kind_of = _numbered(rows.kind)
        places, place_of = _numbered(names)
        return cls(level, rows, known, kinds, places, kind_of, place_of)

    def summed(self, which: Flags) -> Numbers:
        """Return the matters of some rows by kind and place."""
        which = which & self.known
        wide = max(len(self.places), 1)
        flat = self.kind_of[which] * wide + self.place_of[which]
        sums = np.bincount(flat, self.rows.n[which], minlength=len(self.kinds) * wide).astype(float)
        return sums.reshape(len(self.kinds), wide)

    @cached_property
    def counts(self) -> Counts:
        """Return the matters of the days looked at and those before."""
        return Counts(self.summed(self.rows.recent), self.summed(~self.rows.recent))

    @cached_property
    def held(self) -> Held:
        """Return the counts held against what was expected."""
        return held(self.counts)

    def tested(self, rule: Threshold) -> Flags:
        """Return which are asked about: those that could be a theme, whatever was brought up."""
        contacts, about = self.counts.now.sum(0), self.counts.now.sum(1)
        wanted = np.array([kind not in rule.left_out for kind in self.kinds], bool)
        return np.outer((about >= rule.least) & wanted, contacts >= rule.least)

    def days(self, kind: int, place: int) -> int:
        """Return on how many different days a place had matters of a kind."""
        which = self.rows.recent & (self.kind_of == kind) & (self.place_of == place)
        return len(np.unique(self.rows.day[which]))


def _numbered(values: Sequence[Hashable]) -> tuple[list, Codes]:  # type: ignore[type-arg]
    found: dict[Hashable, int] = {}
    codes = [found.setdefault(value, len(found)) for value in values]
    return list(found), np.array(codes, np.int64)


def _spread(values: Numbers, which: Flags) -> Numbers:
    out = np.ones(which.shape)
    out[which] = values
    return out


def _passing(
    level: _Level, q: tuple[Numbers, Numbers], rule: Threshold, narrower: Sequence[Theme]
) -> list[Theme]:
    """Return the themes of a level; one whose matters are those of narrower themes is left to them."""
    many = level.counts.now >= rule.least
    sure = (q[0] <= rule.q) | (q[1] <= rule.q)
    found = []
    for kind, place in np.argwhere(many & sure).tolist():
        if level.days(kind, place) < rule.least_days:
            continue
        theme = _theme(level, (kind, place), (float(q[0][kind, place]), float(q[1][kind, place])), rule.q)
        within = [one for one in narrower if _holds(theme.name, one.name)]
        if theme.n > theme.expected and (not within or _left(level, (kind, place), within, rule)):
            found.append(theme)
    return found


def _theme(level: _Level, at: tuple[int, int], q: tuple[float, float], limit: float) -> Theme:
    (unit, part), judged = level.places[at[1]], level.held
    others, own = q[0] <= limit, q[1] <= limit
    against = BOTH if others and own else OTHERS if others else OWN
    n, expected = float(level.counts.now[at]), (float(judged.others[at]), float(judged.own[at]))
    low, high = interval(n, expected[1] if against == OWN else expected[0])
    named = Named(level.kinds[at[0]], level.level, unit, part)
    before, days = int(level.counts.before[at]), level.days(*at)
    return Theme(named, int(n), days, before, *expected, low, high, min(q), against)


def _holds(wide: Named, narrow: Named) -> bool:
    return (wide.kind, wide.unit_path) == (narrow.kind, narrow.unit_path)


def _left(level: _Level, at: tuple[int, int], within: Sequence[Theme], rule: Threshold) -> bool:
    """Tell whether a place has too many still where the narrower themes within it are left out."""
    rows, (kind, place) = level.rows, at
    left = rows.recent & (level.place_of == place)
    for theme in within:
        parts = rows.area if theme.name.level == AREA else rows.line
        left &= np.array([part != theme.name.place for part in parts], bool)
    contacts, about = rows.n[left].sum(), rows.n[left & (level.kind_of == kind)].sum()
    whole = level.counts.now[:, place].sum()
    expected = level.held.others[at] * contacts / whole
    chance = tail(np.array(about), np.array(expected), np.array(level.held.shape[at]))
    return bool(about >= rule.least and chance <= rule.q)
