"""Contacts that messages no longer reach, each with the case through which its customer is seen."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from suyuan.domain import customer as rule
from suyuan.store.models import Account, Case, ContactWay

from .personal import standing
from .viewer import Viewer

PAGE = 50


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
    found = [_bad(viewer, way, accounts, mine) for way in got[:PAGE]]
    return [one for one in found if one is not None], len(got) > PAGE


def _bad(viewer, way, accounts, mine) -> Bad | None:  # type: ignore[no-untyped-def]
    for account in accounts.filter(customer=way.customer_id).select_related("unit").order_by("pk"):
        newest = (
            mine.filter(account_index=account.number_index).order_by("-pk").select_related("unit").first()
        )
        if newest is not None and rule.sees(standing(viewer.actor, newest)):
            return Bad(way, account, newest)
    return None
