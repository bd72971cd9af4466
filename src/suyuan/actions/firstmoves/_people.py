"""Whose reasons are these: the customers behind cases and accounts, and what is to be minded about each."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any

from django.db.models import Q, QuerySet

from suyuan.analytics.firstmoves.ranking import Candidate, Reason
from suyuan.domain import customer as rule
from suyuan.domain import first_move
from suyuan.store.models import Account, Case, ContactWay, FirstMove, SpecialFlag, Unit
from suyuan.store.queries import customer

BATCH = 500
LEVELS = ("urgent", "important", "general")


@dataclass(frozen=True, slots=True)
class Said:
    """A reason, and what it is about: a case, or an account by its index."""

    reason: Reason
    case: str = ""
    account: str = ""


@dataclass(slots=True)
class Somebody:
    """One customer with everything that speaks for calling them."""

    who: str
    unit: Unit
    account: Account | None
    case: Case | None
    reasons: list[Reason] = field(default_factory=list)
    cases: list[Case] = field(default_factory=list)
    flags: frozenset[str] = frozenset()
    """The groups of the flags that count today."""
    ways: list[ContactWay] = field(default_factory=list)

    @property
    def life(self) -> bool:
        """Return whether a life hangs on the supply: nobody like that is held out."""
        return rule.LIFE in self.flags

    @property
    def agreed(self) -> bool:
        """Return whether a call was agreed upon."""
        return any(one.source == "agreed" for one in self.reasons)

    def candidate(self, risk: float | None) -> Candidate:
        """Return them as the ranking sees them."""
        return Candidate(self.who, self.unit.code, tuple(self.reasons), risk, bool(self.flags))


def people(said: Iterable[Said], now: datetime) -> list[Somebody]:
    """Return the customers some reasons are about; whoever nobody could call is not among them."""
    every = sorted(said, key=lambda one: (LEVELS.index(one.reason.level), one.case, one.reason.code))
    cases = {one.number: one for one in rows_of(_CASES, "number", {one.case for one in every if one.case})}
    indexes = {one.account for one in every} | {one.account_index for one in cases.values()}
    accounts = {one.number_index: one for one in rows_of(_ACCOUNTS, "number_index", indexes - {""})}
    phones = _by_phone({one.phone_index for one in cases.values() if one.account_index not in accounts})
    found: dict[str, Somebody] = {}
    for one in every:
        case = cases.get(one.case)
        account = accounts.get(one.account or (case.account_index if case else ""))
        account = account or (phones.get(case.phone_index) if case else None)
        who = account.customer.key_index if account else case.phone_index if case else ""
        unit = case.unit if case else account.unit if account else None
        if who and unit is not None:
            somebody = found.setdefault(who, Somebody(who, unit, account, case))
            somebody.reasons.append(one.reason)
            somebody.cases += [case] if case else []
    _minded(found.values(), now)
    return list(found.values())


def _by_phone(indexes: Collection[str]) -> dict[str, Account]:
    """Return the account of the one customer a telephone number leads to; of several it leads to none.

    Whoever calls from a number the register knows is that customer, or the draw would be asked twice.
    """
    holders: Mapping[str, set[int]] = defaultdict(set)
    ways = ContactWay.objects.filter(kind="phone", valid_until=None)
    for way in rows_of(ways, "value_index", set(indexes) - {""}):
        holders[way.value_index].add(way.customer_id)
    alone = {index: next(iter(some)) for index, some in holders.items() if len(some) == 1}
    first: dict[int, Account] = {}
    for account in sorted(rows_of(_ACCOUNTS, "customer", set(alone.values())), key=lambda one: one.pk):
        first.setdefault(account.customer_id, account)
    return {index: first[holder] for index, holder in alone.items() if holder in first}


_CASES = Case.objects.select_related("unit")
_ACCOUNTS = Account.objects.select_related("customer", "unit")


def rows_of(rows: "QuerySet[Any]", column: str, values: Collection[Any]) -> Iterator[Any]:
    """Yield the rows that have one of some values in a column, asked for in batches."""
    ahead = iter(sorted(values))
    while some := list(islice(ahead, BATCH)):
        yield from rows.filter(**{f"{column}__in": some})


def _minded(found: Iterable[Somebody], now: datetime) -> None:
    """Add the flags that count and the telephone numbers to those the register knows."""
    known = {one.account.customer_id: one for one in found if one.account is not None}
    accounts = {one.account.pk: one for one in known.values() if one.account is not None}
    flags: Mapping[int, set[str]] = defaultdict(set)
    for flag in rows_of(SpecialFlag.objects.filter(cleared_at=None), "account", accounts):
        if customer.flag_counts(flag, now):
            flags[flag.account_id].add(customer.group_of(flag.code))
    for pk, groups in flags.items():
        accounts[pk].flags = frozenset(groups)
    ways = ContactWay.objects.filter(valid_until=None).order_by("-preferred", "pk")
    for way in rows_of(ways, "customer", known):
        known[way.customer_id].ways.append(way)


@dataclass(frozen=True, slots=True)
class Lately:
    """What first moves of the last days say of customers, each by the key that tells people apart."""

    called: frozenset[str]
    held: frozenset[str]
    listed: Mapping[str, date]
    """Who was drawn for the list, and when."""


def lately(day: date, now: datetime, again_days: int, days: int) -> Lately:
    """Return whom first moves reached, held out or listed within the days that count."""
    since = day - timedelta(days=days)
    spoken = FirstMove.objects.filter(
        done_at__gte=now - timedelta(days=again_days), outcome__in=first_move.SPOKEN
    )
    drawn = FirstMove.objects.filter(episode_on__gt=since).order_by("episode_on")
    held = drawn.filter(held_out=True).values_list("who_index", flat=True)
    listed = dict(drawn.filter(held_out=False).order_by("-episode_on").values_list("who_index", "episode_on"))
    return Lately(frozenset(spoken.values_list("who_index", flat=True)), frozenset(held), listed)


def secret() -> frozenset[str]:
    """Return the indexes of the accounts and telephones of open cases that are restricted or kept secret."""
    rows = Case.objects.filter(Q(restricted=True) | ~Q(secrecy=""), is_open=True)
    pairs = rows.order_by().values_list("account_index", "phone_index")
    return frozenset(index for pair in pairs for index in pair if index)


def standing(one: Somebody, seen: Lately, hidden: frozenset[str], out: frozenset[str]) -> first_move.Standing:
    """Return what the rule asks before somebody may be called."""
    phones = [way for way in one.ways if way.kind == "phone"]
    first = phones[0] if phones else None
    known = {index for case in one.cases for index in (case.account_index, case.phone_index)}
    known |= {way.value_index for way in phones} | ({one.account.number_index} if one.account else set())
    return first_move.Standing(
        opted_out=bool(known & out),
        restricted=any(case.restricted or case.secrecy for case in one.cases) or bool(known & hidden),
        phone=bool(phones) or any(case.phone_index for case in one.cases),
        prefers=next((way.kind for way in one.ways if way.preferred), "phone"),
        quiet=_quiet(first),
        called_lately=one.who in seen.called and not one.agreed,
        held_out=one.who in seen.held,
    )


def _quiet(way: ContactWay | None) -> tuple[time, time] | None:
    if way is None or way.quiet_from is None or way.quiet_until is None:
        return None
    return way.quiet_from, way.quiet_until


def agreed(day: date, most_days: int) -> Sequence[Said]:
    """Return the calls that were agreed upon for a day up to this one and not made since."""
    rows = FirstMove.objects.filter(
        outcome=first_move.AGAIN, again_on__lte=day, again_on__gt=day - timedelta(days=most_days)
    ).select_related("case", "account")
    found = []
    for row in rows.order_by("pk"):
        if FirstMove.objects.filter(who_index=row.who_index, done_at__gt=row.done_at).exists():
            continue
        on = row.again_on
        assert on is not None
        case = row.case.number if row.case else ""
        account = row.account.number_index if row.account else ""
        reason = Reason("agreed", "agreed", "urgent", case=case, facts={"on": on.isoformat()})
        found.append(Said(reason, case, account))
    return found
