"""What the register holds of one person: found, told and removed for the shredders of ``actions.privacy``."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from suyuan.store import seal
from suyuan.store.models import Account, ContactWay, Customer


def found(customers: Iterable[int]) -> int:
    """Return how many accounts the customers hold."""
    return _accounts(customers).count()


def told(customers: Iterable[int]) -> list[dict[str, object]]:
    """Return everything the register holds of them in clear."""
    rows = _accounts(customers).select_related("customer", "supply", "unit")
    return [_told(row) for row in rows.prefetch_related("meters", "flags", "customer__ways").order_by("pk")]


def remove(customers: Iterable[int]) -> int:
    """Remove the customers with accounts, supply points, meters, ways and flags; return how many accounts."""
    count = found(customers)
    Customer.objects.filter(pk__in=customers).delete()
    return count


def ways(customers: Iterable[int], kind: str, index: str) -> "QuerySet[ContactWay]":
    """Return the ways to reach them, and a telephone number wherever it leads."""
    given = Q(kind=kind, value_index=index) if kind == "phone" and index else Q(pk__in=())
    return ContactWay.objects.filter(Q(customer__in=customers) | given)


def _accounts(customers: Iterable[int]) -> "QuerySet[Account]":
    return Account.objects.filter(customer__in=customers)


def _told(row: Account) -> dict[str, object]:
    return {
        **seal.unseal(row.sealed),
        **seal.unseal(row.customer.sealed),
        **seal.unseal(row.supply.sealed),
        "unit": row.unit.name,
        "tariff": row.tariff,
        "area": row.supply.area,
        "line": row.supply.line,
        "meters": [seal.unseal(meter.sealed)["meter"] for meter in row.meters.all()],
        "contacts": [seal.unseal(way.sealed) for way in row.customer.ways.all()],
        "flags": [
            {"flag": flag.code, "consent_on": str(flag.consent_on or ""), "scope": flag.consent_scope}
            for flag in row.flags.all()
        ],
    }
