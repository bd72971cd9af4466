"""A company one station of which had far more complaints in February, and the month compared."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from suyuan.actions.warn import naming
from suyuan.store.models import Case, Unit
from tests.factories import NOW, case_at, unit
from tests.lakes import fresh_lake

FEBRUARY = NOW - timedelta(days=15)
BAD = {"0101": 30, "0102": 2, "0109": 3}
"""Complaints of each station."""
CUSTOMERS = 4000


def complaints(counts: Mapping[str, int] = BAD, at: datetime = FEBRUARY) -> None:
    """Let so many complaints come to each station on a day, all stations of one size."""
    first = Case.objects.filter(procedure="complaint").order_by("pk").first() or case_at("archived", now=NOW)
    made, begin = [], Case.objects.count()
    for code, n in counts.items():
        where = unit(code)
        for nth in range(n):
            case = Case.objects.get(pk=first.pk)
            case.pk, case.number, case.unit = None, f"N{begin}{code}{nth:03}", where
            case.accepted_at = at + timedelta(minutes=nth)
            made.append(case)
    Case.objects.bulk_create(made)
    Unit.objects.filter(code__in=counts).update(customers=CUSTOMERS)
    fresh_lake()


def named(now: datetime = NOW) -> tuple[naming.Named, Case]:
    """Return what a run named, and the warning of the one unit it names."""
    complaints()
    done = naming.name_units(now=now)
    (number,) = done.opened
    return done, Case.objects.select_related("unit").get(number=number)
