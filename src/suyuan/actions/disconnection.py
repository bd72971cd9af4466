"""Disconnections for arrears: registered of an account, noticed, approved, reminded of, done, taken back."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from suyuan.domain import disconnection as rule
from suyuan.domain.errors import BadInput, Refused
from suyuan.domain.procedure import Actor
from suyuan.domain.vocabulary import Role, State
from suyuan.store import bulk, rows, rules
from suyuan.store.models import Account, Case, Disconnection
from suyuan.store.queries import customer, disconnections

from . import _change, handle
from ._change import Change
from ._forms import clean
from ._open_child import Opened, begin

OPENING = "register:disconnection"
"""What those who register one wait for: of one account at most one is open."""
CATEGORY = "business.billing.reconnect"
COLUMNS = ("handlers", "account_index", "line", "area", "category", "specialty")


@transaction.atomic
def register(*, actor: Actor, form: Mapping[str, object], now: datetime) -> str:
    """Register that an account is in arrears and may be disconnected; return the number of the case."""
    rules.look(now)
    given = clean(rule.FORM, form, now)
    account = _account(actor, str(given.pop("account")))
    since, amount = _owed(given, now)
    payer = rule.payer_of(account.customer.kind, given.get("payer_class"))
    bulk.one_at_a_time(OPENING)
    if (standing := disconnections.open_of(account.number_index)) is not None:
        raise Refused("disconnection_open", case=standing.case.number)
    asked = tuple(one for one in rule.FORM if one is not rule.ACCOUNT)
    opened = Opened(rule.PROCEDURE, rule.PROCEDURE, asked, given, actor, now)
    case = begin(opened, account.unit, (Role.STATION,))
    _place(case, account, actor)
    Disconnection.objects.create(case=case, payer=payer, arrears_since=since, amount=amount)
    return case.number


def _account(actor: Actor, number: str) -> Account:
    """Return the account of the register; one out of reach is as unknown as one that is not there."""
    if not {role for role, _ in actor.reaching} & rule.MAY:
        raise Refused("not_your_role", roles=sorted(rule.MAY))
    found = customer.accounts_of(number, "", most=1)
    if not found or not actor.over_case(found[0].unit.path) & rule.MAY:
        raise BadInput("bad_form", fields={"account": "unknown_account"})
    return found[0]


def _owed(given: Mapping[str, object], now: datetime) -> tuple[date, Decimal]:
    since, amount = given["arrears_since"], given["arrears"]
    assert isinstance(since, date)
    assert isinstance(amount, Decimal)
    if since > rules.local_day(now):
        raise BadInput("bad_form", fields={"arrears_since": "in_the_future"})
    if amount <= 0 or amount != round(amount, 2):
        raise BadInput("bad_form", fields={"arrears": "not_an_amount"})
    return since, amount


def _place(case: Case, account: Account, actor: Actor) -> None:
    """Say whose account it is, and where that is supplied, as a contact of its customer would."""
    case.account_index, case.line, case.area = account.number_index, account.supply.line, account.supply.area
    case.category, case.specialty = CATEGORY, Role.MARKETING.value
    case.handlers = [actor.username]
    rows.update(case, COLUMNS)


def notify(change: Change) -> State | None:
    """Write down the notice that was given, by which way, with what proves it."""
    found, way = _of(change), change.text("notice_way")
    group = rules.rulebook().choices["reason.notice_way"][way].group
    rule.check_notice(found.payer, way, group)
    found.notice_way, found.noticed_at = way, change.at
    found.copied = bool(change.text("administration_copy"))
    return _keep(change, found)


def copy_notice(change: Change) -> State | None:
    """Write down that the administration has a copy."""
    found = _of(change)
    found.copied = True
    return _keep(change, found)


def approve(change: Change) -> State | None:
    """Let the customer be disconnected once the days of the notice are over."""
    found = _of(change)
    stands, today = disconnections.standing(found, change.case), rules.local_day(change.now)
    rule.check_approval(stands, disconnections.demand(found.payer, today), change.now, today)
    return handle.work(change)


def give_back(change: Change) -> State | None:
    """Send it back: what was given as notice counts no more."""
    found = _of(change)
    found.notice_way, found.noticed_at, found.copied, found.reminded_at = "", None, False, None
    return _keep(change, found)


def remind(change: Change) -> State | None:
    """Write down the last reminder; the newest counts."""
    found = _of(change)
    found.reminded_at = change.at
    return _keep(change, found)


def disconnect(change: Change) -> State | None:
    """Write down that supply was cut; refused where anything that has to come before it lacks."""
    found, local = _of(change), rules.rulebook().calendar.local(change.at)
    rule.check_cut(
        disconnections.standing(found, change.case),
        disconnections.demand(found.payer, local.date()),
        change.at,
        local,
        working=disconnections.is_working(change.at),
    )
    found.cut_at = change.at
    return _keep(change, found)


def record_payment(change: Change) -> State | None:
    """Write down when the customer paid: the clock of the reconnection runs from then."""
    found = _of(change)
    assert found.cut_at is not None
    if change.at < found.cut_at:
        change.detail["paid_before_cut"] = True
    return handle.work(change)


def reconnect(change: Change) -> State | None:
    """Write down when supply was back, not before it was cut."""
    found = _of(change)
    assert found.cut_at is not None
    if change.at < found.cut_at:
        raise _change.not_between("at", found.cut_at, change.now)
    return handle.work(change)


def withdraw(change: Change) -> State | None:
    """End it without a cut: the customer paid."""
    found, day = _of(change), change.form["paid_on"]
    assert isinstance(day, date)
    today = rules.local_day(change.now)
    if not found.arrears_since <= day <= today:
        raise _change.not_between("paid_on", found.arrears_since, today)
    found.paid_on = day
    return _keep(change, found)


def _of(change: Change) -> Disconnection:
    return Disconnection.objects.get(case=change.case)


def _keep(change: Change, found: Disconnection) -> State | None:
    found.save()
    return handle.work(change)
