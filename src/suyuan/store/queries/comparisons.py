"""Monthly comparisons of units: those kept, what they named, and the signals that the months before had.

A row of one holds ``unit`` (code), ``path``, ``standing``, ``running`` (for how many months in a row it was
named), ``worst`` (the measure it stands worst in), ``category`` and, by measure, ``measures``: what
``analytics.unit_comparison.Held`` holds.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count
from django.db.models.functions import TruncMonth

from suyuan.analytics import period
from suyuan.analytics.detect.named_unit import NAME
from suyuan.analytics.period import Period
from suyuan.analytics.unit_comparison import Standing
from suyuan.store import rules
from suyuan.store.models import KeptSignal, MonthlyComparison

Row = dict[str, Any]
Kept = Mapping[str, MonthlyComparison]
"""Comparisons by month."""
MOST = 36
"""So many months back are looked at, the newest."""


def ended(now: datetime) -> Period:
    """Return the last month that was over at a moment."""
    first = period.of_day(rules.local_day(now), "month").first
    assert first is not None
    return period.of_day(first - timedelta(days=1), "month")


def until(as_of: datetime) -> dict[str, MonthlyComparison]:
    """Return the comparisons kept by a moment, by month, the newest first."""
    rows = MonthlyComparison.objects.filter(made_at__lte=as_of).order_by("-month")[:MOST]
    return {one.month: one for one in rows}


def named(kept: MonthlyComparison) -> list[Row]:
    """Return the rows of the units a comparison named."""
    return [row for row in kept.rows if row["standing"] == Standing.NAMED]


def running(month: Period, as_of: datetime) -> dict[str, int]:
    """Return for how many months in a row units were named up to the month before, by code."""
    before = month.previous
    kept = before and MonthlyComparison.objects.filter(month=before.label, made_at__lte=as_of).first()
    return {row["unit"]: row["running"] for row in named(kept)} if kept else {}


def warnings_of(month: str) -> dict[str, str]:
    """Return the numbers of the warnings that opened of a month, by the unit that was named."""
    rows = KeptSignal.objects.filter(detector=NAME, object__endswith=f"@{month}", warning__isnull=False)
    found = rows.order_by("pk").values_list("object", "warning__case__number")
    return {about.removeprefix("unit:").rpartition("@")[0]: number for about, number in found}


def measures(month: str, about: str) -> list[tuple[str, dict[str, Any], bool]]:
    """Return what a unit came to in each measure of a month, and whether by customers, by its signal."""
    kept = MonthlyComparison.objects.filter(month=month).first()
    code = about.removeprefix("unit:").rpartition("@")[0]
    rows = [row for row in kept.rows if row["unit"] == code] if kept else []
    return [(name, held, kept.by_customers) for row in rows for name, held in row["measures"].items() if kept]


def signals(months: tuple[Period, ...], as_of: datetime) -> dict[str, tuple[int, ...]]:
    """Return how many signals began to be seen in each month, by the path of their unit.

    Left out: those about restricted cases, those whose warning was a false alarm, and namings themselves.
    """
    zone = rules.rulebook().calendar.zone
    begin, end = _bounds(months[0], months[-1])
    rows = KeptSignal.objects.filter(first_seen__gte=begin, first_seen__lt=end, first_seen__lte=as_of)
    rows = rows.exclude(detector=NAME).exclude(about__restricted=True).exclude(warning__verdict__gt="")
    grouped = rows.annotate(month=TruncMonth("first_seen", tzinfo=zone)).values("unit__path", "month")
    found: dict[str, dict[str, int]] = {}
    for one in grouped.annotate(n=Count("pk")).order_by():
        found.setdefault(one["unit__path"], {})[f"{one['month']:%Y-%m}"] = one["n"]
    return {path: tuple(counts.get(each.label, 0) for each in months) for path, counts in found.items()}


def looked(month: Period, as_of: datetime) -> bool:
    """Return whether detectors looked in a month: whether any signal was seen in it, not counting namings."""
    begin, end = _bounds(month, month)
    rows = KeptSignal.objects.filter(last_seen__gte=begin, first_seen__lt=end, first_seen__lte=as_of)
    return rows.exclude(detector=NAME).exists()


def _bounds(first: Period, last: Period) -> tuple[datetime, datetime]:
    """Return when the first of some months begins, and when the last is over."""
    assert first.first is not None
    assert last.last is not None
    zone = rules.rulebook().calendar.zone
    begin, end = (
        datetime.combine(day, datetime.min.time(), zone)
        for day in (first.first, last.last + timedelta(days=1))
    )
    return begin, end
