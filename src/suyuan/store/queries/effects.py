"""The complaints by which the effect of a rectification is told."""

from datetime import datetime, timedelta

from django.db.models import Q

from suyuan.domain.effect import Recurrence
from suyuan.store.models import Case


def recurrence(order: Case, now: datetime) -> Recurrence:
    """Return how often the unit of an order was complained of, before its complaint and since it was done.

    Of the kind are complaints of the same category or one below it; an order without one looks at them all.
    """
    assert order.answered_at is not None
    parent = Case.objects.filter(number=order.parent_number).values_list("accepted_at", flat=True).first()
    days = max((now - order.answered_at) // timedelta(days=1), 1)
    began = parent or order.accepted_at
    return Recurrence(
        days,
        _counted(order, began - timedelta(days=days), began),
        _counted(order, order.answered_at, order.answered_at + timedelta(days=days)),
    )


def _counted(order: Case, after: datetime, until: datetime) -> tuple[int, int]:
    every = Case.objects.filter(
        unit__path__startswith=order.unit.path,
        procedure="complaint",
        is_child=False,
        accepted_at__gt=after,
        accepted_at__lte=until,
    ).exclude(state="void")
    kind = Q(category=order.category) | Q(category__startswith=f"{order.category}.")
    return every.filter(kind if order.category else Q()).count(), every.count()
