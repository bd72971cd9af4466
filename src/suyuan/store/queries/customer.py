"""What the register knows of the customer of a case, masked; the one way to see any of it is a case."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import connection
from django.db.models import Prefetch, Q

from suyuan.domain import customer as rule
from suyuan.domain.disclosure import Standing
from suyuan.store import event_log, rules, seal
from suyuan.store.models import Account, Case, ContactWay, Customer, Meter, SpecialFlag, SupplyPoint

from . import cases
from .personal import standing
from .viewer import Viewer


@dataclass(frozen=True, slots=True)
class Mark:
    """A flag that counts today."""

    code: str
    group: str
    since: date | None
    until: date | None
    how: str
    scope: tuple[str, ...]
    by: str
    ending: str
    """Who asked for its end, where that waits for a second person."""


@dataclass(frozen=True, slots=True)
class Shown:
    """The register's page of one account, as far as it is shown."""

    account: Account
    supply: SupplyPoint
    meters: list[Meter]
    ways: list[ContactWay]
    marks: list[Mark]
    earlier: int = 0
    """Cases of the account in reach beside this one."""
    promised: list[Case] = field(default_factory=list)
    """Those of them that somebody still owes an answer on, the next due first."""


def of_case(viewer: Viewer, case: Case, now: datetime) -> Shown | None:
    """Return what the register knows of the customer of a case, None where it is not shown to this viewer."""
    cases.reachable(viewer, case)
    if not rule.sees(standing(viewer.actor, case)) or not case.account_index:
        return None
    found = _full().filter(number_index=case.account_index).first()
    if found is None:
        return None
    others = Case.objects.filter(viewer.scope(), account_index=case.account_index, restricted=False)
    others = others.exclude(pk=case.pk)
    promised = list(others.filter(is_open=True, next_due_at__isnull=False).order_by("next_due_at")[:5])
    return _shown(found, now, others.count(), promised)


def of_account(account: Account, now: datetime) -> Shown:
    """Return what the register knows of an account somebody may be shown."""
    return _shown(_full().get(pk=account.pk), now)


def opted_out() -> frozenset[str]:
    """Return the indexes of the accounts and telephones of those who want no score and no first move."""
    out = Customer.objects.exclude(opted_out_at=None).values("pk")
    accounts = Account.objects.filter(customer__in=out).values_list("number_index", flat=True)
    phones = ContactWay.objects.filter(customer__in=out, kind="phone").values_list("value_index", flat=True)
    return frozenset((*accounts, *phones))


def subjects_opted_out() -> frozenset[str]:
    """Return by what names models of risk may meet them: their accounts, references to these, their cases."""
    out = opted_out()
    theirs = (
        Case.objects.filter(Q(account_index__in=out) | Q(phone_index__in=out)) if out else Case.objects.none()
    )
    return out | {event_log.meeting(one) for one in out} | {*theirs.values_list("number", flat=True)}


def of_caller(viewer: Viewer, account: str, phone: str, now: datetime) -> list[Shown]:
    """Return the customers in reach that an account or telephone number typed at the desk belongs to."""
    found = accounts_of(account, phone, most=5)
    kept = _full().filter(viewer.scope(), pk__in=[each.pk for each in found]).order_by("pk")
    return [_shown(each, now) for each in kept]


def accounts_of(account: str, phone: str, most: int) -> list[Account]:
    """Return the accounts with a number, or those of the customers with a telephone number."""
    rows = Account.objects.select_related("supply", "unit").order_by("pk")
    if index := seal.index("account", account):
        return list(rows.filter(number_index=index))
    if not (index := seal.index("phone", phone)):
        return []
    ways = ContactWay.objects.filter(value_index=index, kind="phone", valid_until=None)
    return list(rows.filter(customer__in=ways.values("customer"))[:most])


@dataclass(frozen=True, slots=True)
class Placed:
    """Where an account is supplied, as a case is linked to it."""

    account_index: str
    area: str
    line: str


def placed(account: str, phone: str) -> Placed | None:
    """Return where the one account with a number is supplied, or the only one of a telephone number's holder.

    Plain SQL: every contact that comes in asks this.
    """
    if index := seal.index("account", account):
        which = "a.number_index = %s"
    elif index := seal.index("phone", phone):
        which = (
            "a.customer_id IN (SELECT customer_id FROM store_contactway "
            "WHERE value_index = %s AND kind = 'phone' AND valid_until IS NULL)"
        )
    else:
        return None
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT a.number_index, s.area, s.line FROM store_account a "
            f"JOIN store_supplypoint s ON s.account_id = a.id WHERE {which} LIMIT 2",
            (index,),
        )
        found = cursor.fetchall()
    return Placed(*found[0]) if len(found) == 1 else None


def _full():  # type: ignore[no-untyped-def]
    ways = ContactWay.objects.filter(valid_until=None).order_by("-preferred", "pk")
    return Account.objects.select_related("customer", "unit", "supply").prefetch_related(
        Prefetch("customer__ways", ways, to_attr="ways_now"),
        Prefetch("meters", Meter.objects.filter(removed_on=None).order_by("pk"), to_attr="meters_now"),
        Prefetch("flags", SpecialFlag.objects.filter(cleared_at=None).order_by("pk"), to_attr="flags_set"),
    )


def _shown(account: Account, now: datetime, earlier: int = 0, promised: Iterable[Case] = ()) -> Shown:
    marks = [_mark(flag) for flag in account.flags_set if flag_counts(flag, now)]  # type: ignore[attr-defined]
    ways, meters = account.customer.ways_now, account.meters_now  # type: ignore[attr-defined]
    return Shown(account, account.supply, meters, ways, marks, earlier, list(promised))


def _mark(flag: SpecialFlag) -> Mark:
    return Mark(
        flag.code,
        group_of(flag.code),
        flag.consent_on,
        flag.expires_on,
        flag.consent_how,
        tuple(flag.consent_scope),
        flag.consent_by or flag.set_by,
        flag.clear_asked_by,
    )


def group_of(code: str) -> str:
    """Return the group of a flag's code: life, business or none."""
    found = rules.rulebook().choices["reason.special_flag"].get(code)
    return found.group if found else ""


def flag_counts(flag: SpecialFlag, now: datetime, scope: str = "service") -> bool:
    """Return whether a flag may be shown and acted on now."""
    return rule.counts(
        rule.Flagged(
            group_of(flag.code),
            tuple(flag.consent_scope),
            flag.consent_on,
            flag.expires_on,
            flag.withdrawn_at is not None,
            flag.cleared_at is not None,
        ),
        rules.local_day(now),
        scope,
    )


def marks(viewer: Viewer, rows: Iterable[Case], now: datetime) -> Mapping[int, list[str]]:
    """Return the codes of the flags that count, by case, for a list of cases: one question for all."""
    indexes = {
        case.pk: case.account_index
        for case in rows
        if case.account_index and rule.sees(standing(viewer.actor, case))
    }
    if not indexes:
        return {}
    flags = SpecialFlag.objects.filter(cleared_at=None, account__number_index__in=set(indexes.values()))
    counted: dict[str, list[str]] = {}
    for flag in flags.select_related("account").order_by("pk"):
        if flag_counts(flag, now):
            counted.setdefault(flag.account.number_index, []).append(flag.code)
    return {pk: counted[index] for pk, index in indexes.items() if index in counted}


def may_keep(standing_of: Standing) -> bool:
    """Return whether somebody may change what the register says."""
    return rule.keep_refusal(standing_of) is None
