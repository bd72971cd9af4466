"""The portrait of a customer, for a purpose, from within a case or a first move; every look is written down.

And the customer's wish not to be looked at like this: no portrait, no score, no call before they call.
"""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from suyuan.domain import customer as rule
from suyuan.domain import portrait
from suyuan.domain.errors import Refused
from suyuan.domain.procedure import Actor
from suyuan.store import chain
from suyuan.store.models import Account, Case
from suyuan.store.queries import cases, firstmoves, personal
from suyuan.store.queries import portrait as queries
from suyuan.store.queries.portrait import Portrait
from suyuan.store.queries.viewer import Viewer

from .._forms import clean
from ..risk import scoring
from ._record import opened, record


@transaction.atomic
def look_from_case(*, viewer: Viewer, number: str, form: Mapping[str, object], now: datetime) -> Portrait:
    """Return the portrait of the customer of a case for a purpose, and write the look into its chain."""
    case = cases.locked(number)
    if not cases.may_see(viewer.actor, case):
        raise Refused("not_found", number=number)
    purpose = str(clean(portrait.FORM, form, now)["portrait_purpose"])
    account = account_of(case)
    if account is None:
        raise Refused("no_account_of_case", number=number)
    standing = personal.standing(viewer.actor, case)
    if refused := portrait.refusal(standing, opted_out=account.customer.opted_out_at is not None):
        raise Refused(refused)
    _write(f"case:{number}", viewer, now, purpose, [("case", number), ("unit", case.unit.code)])
    return queries.of_account(viewer, account, now)


def may_look(viewer: Viewer, case: Case) -> None:
    """Raise Refused where somebody would be shown no portrait whatever the purpose; nothing is written."""
    account = account_of(case)
    if account is None:
        raise Refused("no_account_of_case", number=case.number)
    out = account.customer.opted_out_at is not None
    if refused := portrait.refusal(personal.standing(viewer.actor, case), opted_out=out):
        raise Refused(refused)


@transaction.atomic
def look_from_move(*, viewer: Viewer, move: int, form: Mapping[str, object], now: datetime) -> Portrait:
    """Return the portrait of who is to be called, to whoever took the call on, and write the look down."""
    found = firstmoves.one(viewer, move)
    purpose = str(clean(portrait.FORM, form, now)["portrait_purpose"])
    if found.account is None:
        raise Refused("no_account_of_case", move=move)
    if found.taken_by != viewer.actor.username:
        raise Refused("not_working_on_it")
    if found.account.customer.opted_out_at is not None:
        raise Refused("customer_opted_out")
    _write("register:first-moves", viewer, now, purpose, [("unit", found.list.unit.code)], move=move)
    return queries.of_account(viewer, found.account, now)


def account_of(case: Case) -> Account | None:
    """Return the account a case is about, None where the register does not know it."""
    rows = Account.objects.select_related("customer", "unit", "supply")
    return rows.filter(number_index=case.account_index).first() if case.account_index else None


def _write(
    stream: str, viewer: Viewer, now: datetime, purpose: str, objects: list[tuple[str, str]], **more: object
) -> None:
    detail: dict[str, object] = {"personal_field": "portrait", "purpose": purpose, **more}
    actor = viewer.actor.username
    chain.append(stream=stream, at=now, actor=actor, verb="portrait", objects=objects, detail=detail)


@transaction.atomic
def opt_out(*, number: str, actor: Actor, now: datetime, form: Mapping[str, object]) -> None:
    """Write down that a customer wants no portrait, no score and no call before they call: from now on."""
    case, account, _ = opened(number, actor)
    how = str(clean(rule.OPT_OUT_FORM, form, now)["wish_how"])
    customer = account.customer
    if customer.opted_out_at is not None:
        raise Refused("opted_out_already")
    customer.opted_out_at, customer.opted_out_by, customer.opted_out_how = now, actor.username, how
    customer.save(update_fields=["opted_out_at", "opted_out_by", "opted_out_how"])
    record(case=case, account=account, actor=actor, now=now, verb="opt_out", detail={"how": how})
    transaction.on_commit(scoring.forget_opted_out)


@transaction.atomic
def opt_in(*, number: str, actor: Actor, now: datetime, form: Mapping[str, object]) -> None:
    """Write down that a customer takes the wish back."""
    case, account, _ = opened(number, actor)
    how = str(clean(rule.OPT_OUT_FORM, form, now)["wish_how"])
    customer = account.customer
    if customer.opted_out_at is None:
        raise Refused("not_opted_out")
    customer.opted_out_at, customer.opted_out_by, customer.opted_out_how = None, "", ""
    customer.save(update_fields=["opted_out_at", "opted_out_by", "opted_out_how"])
    record(case=case, account=account, actor=actor, now=now, verb="opt_in", detail={"how": how})
