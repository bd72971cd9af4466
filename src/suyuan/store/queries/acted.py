"""Complaints by unit and week, and the weeks in which warnings were acted on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import numpy as np
from django.db.models import Count, Min, Q
from django.db.models.functions import TruncWeek

from suyuan.analytics.effects.panel import Acted, Panel, Terms
from suyuan.domain.errors import BadInput
from suyuan.store import rules
from suyuan.store.models import Case, Unit, WarningCase

from . import reach, restricted
from .cases import LOCAL
from .viewer import Viewer

FIGURE = "effect.compare"
"""The figure: which weeks are compared, with how many units, from how many on."""
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Counted:
    """A panel with the units and weeks behind its positions, and what the comparison goes by."""

    panel: Panel
    acted: list[Acted]
    units: tuple[tuple[str, str], ...]
    """Code and name of each unit."""
    first: date
    """The Monday of the first week."""
    terms: Terms
    waiting: int
    """Units acted on of late: too few whole weeks have passed since."""


def terms() -> Terms:
    """Return what the comparison goes by in the rulebook."""
    said: Mapping[str, int] = rules.rulebook().figures[FIGURE][-1].terms
    return Terms(**{name: int(said[name]) for name in Terms.__slots__})


def counted(viewer: Viewer, now: datetime, category: str = "") -> Counted:
    """Return complaints of whole weeks by unit in reach, of a category with those below it or of all."""
    if category and category not in rules.rulebook().categories:
        raise BadInput("unknown_category", category=category)
    asked, weeks = terms(), rules.figure("effect.weeks", "weeks")
    monday = _monday(now.astimezone(LOCAL).date())
    first = monday - weeks * WEEK
    ids = reach.unit_ids(viewer, reach.narrowed(viewer, ""))
    found = Unit.objects.filter(closed_at=None) if ids is None else Unit.objects.filter(pk__in=ids)
    units = list(found.order_by("path").values_list("pk", "code", "name", "kind"))
    place = {row[0]: at for at, row in enumerate(units)}
    counts = np.zeros((len(units), weeks), np.int64)
    for unit, week, n in _complaints(viewer, first, monday, category):
        if unit in place:
            counts[place[unit], (week - first) // WEEK] = n
    panel = Panel(counts, tuple(row[3] for row in units))
    acted = _acted(first, category, place)
    late = {one.unit for one in acted if one.week + asked.reach[1] > weeks}
    named = tuple((code, name) for _, code, name, _ in units)
    return Counted(panel, acted, named, first, asked, len(late))


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _complaints(viewer: Viewer, first: date, end: date, category: str) -> list[tuple[int, date, int]]:
    begin, until = (datetime.combine(day, time(), LOCAL) for day in (first, end))
    rows = Case.objects.filter(restricted.unrestricted(viewer), procedure="complaint", is_child=False)
    rows = rows.filter(accepted_at__gte=begin, accepted_at__lt=until).exclude(state__in=("void", "merged"))
    weekly = rows.filter(_of(category)).annotate(week=TruncWeek("accepted_at", tzinfo=LOCAL))
    told = weekly.order_by().values_list("unit_id", "week").annotate(n=Count("pk"))
    return [(unit, week.date(), n) for unit, week, n in told]


def _of(category: str, field: str = "category") -> Q:
    return Q(**{field: category}) | Q(**{f"{field}__startswith": f"{category}."}) if category else Q()


def _acted(first: date, category: str, place: Mapping[int, int]) -> list[Acted]:
    """Return the unit and week of the first act of every warning; a dismissed one warned of nothing."""
    rows = WarningCase.objects.filter(_of(category, "case__category"), case__restricted=False)
    rows = rows.filter(case__unit__in=list(place)).exclude(case__state="void")
    dated = rows.annotate(first=Min("acts__at")).exclude(first=None).values_list("case__unit_id", "first")
    weeks = ((unit, (_monday(at.astimezone(LOCAL).date()) - first) // WEEK) for unit, at in dated)
    return [Acted(place[unit], week) for unit, week in weeks if week >= 0]
