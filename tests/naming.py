"""A company one station of which had far more complaints in February, and the month compared."""

from collections.abc import Mapping
from copy import deepcopy
from datetime import datetime, timedelta

from suyuan.actions.warn import naming
from suyuan.store.models import Case, Unit
from tests.factories import NOW, case_at, unit
from tests.lakes import fresh_lake

FEBRUARY = NOW - timedelta(days=15)
BAD = {"0101": 30, "0102": 2, "0109": 3}
"""Complaints of each station."""
CUSTOMERS, MONTHS = 4000, 7


def complaints(counts: Mapping[str, int] = BAD, at: datetime = FEBRUARY) -> None:
    """Let so many complaints come to each station on a day, all stations of one size."""
    first = Case.objects.filter(procedure="complaint").order_by("pk").first() or case_at("archived", now=NOW)
    begin = Case.objects.count()
    made = [] if Case.objects.filter(number__startswith="H").exists() else _history(first, at)
    for code, n in counts.items():
        made += [
            _like(first, f"N{begin}{code}{nth:03}", code, at + timedelta(minutes=nth)) for nth in range(n)
        ]
    Case.objects.bulk_create(made)
    Unit.objects.filter(code__in=counts).update(customers=CUSTOMERS)
    fresh_lake()


def _history(first: Case, at: datetime) -> list[Case]:
    """Return two complaints of each station in each of the seven months before."""
    return [
        _like(first, f"H{code}{month}{nth}", code, at - timedelta(days=month * 30, minutes=nth))
        for code in BAD
        for month in range(1, MONTHS + 1)
        for nth in range(2)
    ]


def _like(first: Case, number: str, code: str, at: datetime) -> Case:
    case = deepcopy(first)
    case.pk, case.number, case.unit, case.accepted_at = None, number, unit(code), at
    return case


def named(now: datetime = NOW) -> tuple[naming.Named, Case]:
    """Return what a run named, and the warning of the one unit it names."""
    complaints()
    done = naming.name_units(now=now)
    (number,) = done.opened
    return done, Case.objects.select_related("unit").get(number=number)
