"""Contacts that messages no longer reach, each with the case through which its customer is seen."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from suyuan.domain import customer as rule
from suyuan.store.models import Account, Case, ContactWay

from .personal import standing
from .viewer import Viewer

PAGE = 50
Accounts = QuerySet[Account, Any]
Cases = QuerySet[Case, Any]


@dataclass(frozen=True, slots=True)
class Bad:
    """One contact that bounces, its account, and the newest case of it in reach."""

    way: ContactWay
    account: Account
    case: Case


def bad_contacts(viewer: Viewer, kind: str, page: int) -> tuple[list[Bad], bool]:
    """Return one page of the contacts that bounce, the worst first, and whether there are more.

    The register is seen through cases alone: a contact stands here only where a case in reach leads to it,
    and whoever asked for anonymity or confidence does not.
    """
    mine = Case.objects.filter(viewer.scope(), restricted=False)
    accounts = Account.objects.filter(viewer.scope()).filter(
        Exists(mine.filter(account_index=OuterRef("number_index")))
    )
    rows = ContactWay.objects.filter(bounced__gt=0, valid_until=None)
    rows = rows.filter(Exists(accounts.filter(customer=OuterRef("customer")))).order_by("-bounced", "pk")
    if kind:
        rows = rows.filter(kind=kind)
    start = (page - 1) * PAGE
    got = list(rows[start : start + PAGE + 1])
    return _seen(viewer, got[:PAGE], accounts, mine), len(got) > PAGE


def _seen(viewer: Viewer, ways: list[ContactWay], accounts: Accounts, mine: Cases) -> list[Bad]:
    """Return the contacts whose newest case in reach lets the viewer see who it is about."""
    newest = mine.filter(account_index=OuterRef("number_index")).order_by("-pk").values("pk")[:1]
    theirs = list(
        accounts.filter(customer__in={way.customer_id for way in ways})
        .annotate(newest=Subquery(newest))
        .select_related("unit")
        .order_by("pk")
    )
    cases = mine.select_related("unit").in_bulk({account.newest for account in theirs})
    found = []
    for way in ways:
        for account in theirs:
            case = cases[account.newest]
            if account.customer_id == way.customer_id and rule.sees(standing(viewer.actor, case)):
                found.append(Bad(way, account, case))
                break
    return found
