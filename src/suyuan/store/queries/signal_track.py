"""The counts behind a signal: cases in reach by day or week, before and since it began."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Q

from suyuan.store import rules
from suyuan.store.models import Case, KeptSignal

from . import restricted
from .viewer import Viewer

BEFORE = timedelta(days=28)
"""How long before a signal began is shown."""
LONGEST = 366
"""No more days than that, the last ones."""
MOST_BARS = 45
"""More days than that are drawn by week."""
KINDS = ("line", "area", "account")
_FIELDS = {"line": "line", "area": "area", "account": "account_index"}


@dataclass(frozen=True, slots=True)
class Bar:
    """So many days from the first on, and how many cases were taken in on them."""

    first: date
    n: int
    since: bool
    """Whether the signal had begun by then."""


@dataclass(frozen=True, slots=True)
class Track:
    """What is counted (a line, an area, an account or a unit), of which category, and the counts."""

    of: str
    category: str
    days: int
    """How many days a bar is."""
    usual: float
    """How many a bar had on average before the signal began, 0 where nothing lies before."""
    bars: tuple[Bar, ...]


def of(viewer: Viewer, signal: KeptSignal, now: datetime) -> Track:
    """Return the counts behind a signal, of cases in reach alone."""
    zone = rules.rulebook().calendar.zone
    last = (signal.over_at or now).astimezone(zone).date()
    began = signal.since.astimezone(zone).date()
    first = max(min(began, last) - BEFORE, last - timedelta(days=LONGEST))
    counted = ((kind, _moments(viewer, where, first, last)) for kind, where in _where(signal))
    kind, moments = next((pair for pair in counted if pair[1]), ("unit", []))
    days = [at.astimezone(zone).date() for at in moments]
    each = 1 if (last - first).days < MOST_BARS else 7
    bars = _bars(days, first, last, began, each)
    before = [bar.n for bar in bars if not bar.since]
    usual = sum(before) / len(before) if before else 0.0
    return Track(kind, signal.category if kind == "unit" else "", each, usual, bars)


def _moments(viewer: Viewer, where: Q, first: date, last: date) -> list[datetime]:
    """Return when the cases in reach were taken in on some days."""
    zone = rules.rulebook().calendar.zone
    begin, end = (datetime.combine(day, time(), zone) for day in (first, last + timedelta(days=1)))
    rows = Case.objects.filter(viewer.scope(), restricted.unrestricted(viewer), where, is_child=False)
    rows = rows.filter(accepted_at__gte=begin, accepted_at__lt=end).exclude(state__in=("void", "merged"))
    return list(rows.order_by().values_list("accepted_at", flat=True))


def _where(signal: KeptSignal) -> Iterator[tuple[str, Q]]:
    """Yield what is counted: the line, area or account a signal is about; where none, its unit's category."""
    kind, _, name = signal.object.partition(":")
    if kind in KINDS:
        yield kind, Q(**{_FIELDS[kind]: name})
    within = Q(unit__path__startswith=signal.unit.path)
    if signal.category:
        within &= Q(category=signal.category) | Q(category__startswith=f"{signal.category}.")
    yield "unit", within


def _bars(days: list[date], first: date, last: date, began: date, each: int) -> tuple[Bar, ...]:
    """Return the days counted in bars that end with the last day."""
    span = (last - first).days + 1
    start = last - timedelta(days=-(-span // each) * each - 1)
    counts = [0] * (-(-span // each))
    for day in days:
        counts[(day - start).days // each] += 1
    return tuple(
        Bar(at, n, at + timedelta(days=each) > began)
        for at, n in ((start + timedelta(days=each * place), n) for place, n in enumerate(counts))
    )
