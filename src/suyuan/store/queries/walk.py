"""By which index a list of cases is walked: the one that leads to the fewest rows.

PostgreSQL counts how often each value stands in a column and chooses by itself. SQLite does not: it takes any
index with an equality for the best, the one of a state that every case has before the one of a state that two
have. So the cases behind each condition are counted, as far as it matters, and every other one is kept from
its index.
"""

from collections.abc import Collection, Mapping

from django.db import connection
from django.db.models import BigIntegerField, CharField, F, Func, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.lookups import In

from suyuan.store import search
from suyuan.store.models import Case
from suyuan.store.models.case import SPARSE

FEW = 5_000
"""So many cases are read and sorted sooner than a list is walked."""
SOME = 50_000
"""So far are conditions counted that hold for more than a few."""

Asked = Mapping[str, Collection[object]]
"""Column → the values a case may have in it."""


class Apart(Func):
    """A column as it stands, which SQLite asks of no index."""

    template = "+%(expressions)s"
    arity = 1


def narrowed(rows: QuerySet[Case], asked: Asked, leading: str) -> QuerySet[Case]:
    """Return the rows whose columns hold one of the values asked for, led by the one that is ``leading``."""
    for name, values in asked.items():
        rows = rows.filter(_of(name, values) if name == leading else apart(name, values))
    return rows


def are_few(condition: Q) -> bool:
    """Return whether so few cases meet a condition that they are read and sorted."""
    return Case.objects.order_by().filter(condition)[: FEW + 1].count() <= FEW


def apart(name: str, values: Collection[object] | RawSQL) -> Q:
    """Return the condition that a column holds one of ``values``, which no list is walked by."""
    if connection.vendor != "sqlite":
        return Q(**{f"{name}__in": values})
    column = f"{name}_id" if name == "unit" else name
    kind = BigIntegerField() if name in ("unit", "id") else CharField()
    return Q(In(Apart(F(column), output_field=kind), values))


def _of(name: str, values: Collection[object]) -> Q:
    found = Q(**{f"{name}__in": list(values)}) if len(values) != 1 else Q(**{name: next(iter(values))})
    return found & ~Q(**{name: ""}) if name in SPARSE and "" not in values else found


def leading(asked: Asked, opened: bool) -> str:
    """Return the column to walk by, the most telling one; none where each holds many values of many cases.

    ``opened``: the list holds open cases alone.
    """
    if connection.vendor != "sqlite":
        return ""
    for most in (FEW, SOME):
        counted = {name: _count(name, values, most, opened) for name, values in asked.items()}
        least = min(counted, key=lambda name: counted[name], default="")
        if least and counted[least] < most:
            break
    else:
        least = next((name for name, values in asked.items() if len(values) == 1), "")
    return least if least and (counted[least] <= FEW or len(asked[least]) == 1) else ""


def _count(name: str, values: Collection[object], most: int, opened: bool) -> int:
    if not values:
        return 0
    rows = Case.objects.order_by().filter(_of(name, values))
    return (rows.filter(is_open=True) if opened and name == "unit" else rows)[:most].count()


NEAR = (500, 2_000)
"""So many cases at the top of a list are asked for words before all others are, at first and then."""


def near(rows: QuerySet[Case], words: search.Question, start: int, stop: int) -> list[Case] | None:
    """Return a stretch of the ``rows`` with words; None where the top of the list does not hold it.

    A word that stands in every fifth case is found before the first screen is full; its matches are many.
    """
    for most in NEAR:
        top = list(rows.values_list("pk", flat=True)[:most])
        hits = search.among(words, top)
        if hits is None:
            return None
        found = [pk for pk in top if pk in hits][:stop]
        if len(found) == stop or len(top) < most:
            held = rows.in_bulk(found[start:])  # which one of them left the list since does not hold
            return [held[pk] for pk in found[start:] if pk in held]
        if len(found) * NEAR[-1] < stop * most:
            return None
    return None
