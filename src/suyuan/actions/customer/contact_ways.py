"""How a customer is reached: a wrong number put right, and when and how he wants to be called."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from suyuan.domain import customer as rule
from suyuan.domain.errors import BadInput
from suyuan.domain.procedure import Actor
from suyuan.domain.telephone import is_phone
from suyuan.store import seal
from suyuan.store.models import Account, ContactWay

from .._forms import clean
from ..privacy import remask
from ._record import day_of, opened, record
from ._write import masked_way


@transaction.atomic
def correct_contact(*, number: str, actor: Actor, now: datetime, form: Mapping[str, object]) -> None:
    """End a way that no longer leads to the customer, where one is named, and add the right one."""
    case, account, _ = opened(number, actor)
    wrong = _named(account, str(form.get("contact_way") or ""))
    left = {name: value for name, value in form.items() if name != "contact_way"}
    asked = clean(rule.CONTACT_FORM[1:], left, now)
    kind, value, today = str(asked["contact_kind"]), str(asked["contact_value"]), day_of(now)
    _check(kind, value)
    if wrong is not None:
        wrong.valid_until, wrong.preferred = today, False
        wrong.save()
    ContactWay.objects.update_or_create(
        customer=account.customer,
        kind=kind,
        value_index=seal.index(kind, value),
        defaults={
            "masked": masked_way(kind, value),
            "sealed": seal.seal({kind: value}),
            "whose": str(asked["whose"]),
            "valid_from": today,
            "valid_until": None,
            "bounced": 0,
        },
    )
    detail: dict[str, object] = {"contact_kind": kind, "whose": asked["whose"], "ended": wrong is not None}
    remask.of_case(case)  # what it says of the way that is known now is hidden too
    record(case=case, account=account, actor=actor, now=now, verb="correct_contact", detail=detail)


@transaction.atomic
def set_preferences(*, number: str, actor: Actor, now: datetime, form: Mapping[str, object]) -> None:
    """Keep whether a way is the preferred one, in which language, and when not to call."""
    case, account, _ = opened(number, actor)
    way = _named(account, str(form.get("contact_way") or ""))
    if way is None:
        raise BadInput("bad_form", fields={"contact_way": "required"})
    left = {name: value for name, value in form.items() if name != "contact_way"}
    asked = clean(rule.PREFERENCE_FORM[1:], left, now)
    try:
        quiet = rule.quiet_hours(str(asked.get("quiet_from", "")), str(asked.get("quiet_until", "")))
    except ValueError:
        raise BadInput("bad_form", fields={"quiet_from": "not_two_times"}) from None
    if asked["preferred"]:
        ContactWay.objects.filter(customer=account.customer).update(preferred=False)
    way.preferred, way.language = bool(asked["preferred"]), str(asked["language"])
    way.quiet_from, way.quiet_until = quiet or (None, None)
    way.save()
    detail: dict[str, object] = {"contact_kind": way.kind, "preferred": way.preferred}
    record(case=case, account=account, actor=actor, now=now, verb="set_preferences", detail=detail)


def _named(account: Account, key: str) -> ContactWay | None:
    """Return the way of this customer a form names; raise BadInput for one that is not his."""
    if not key:
        return None
    rows = ContactWay.objects.filter(customer=account.customer_id, valid_until=None)
    found = rows.filter(pk=int(key)).first() if key.isdecimal() else None
    if found is None:
        raise BadInput("bad_form", fields={"contact_way": "unknown_choice"})
    return found


def _check(kind: str, value: str) -> None:
    if kind == "phone" and (not is_phone(value) or len(value) > 40):
        raise BadInput("bad_form", fields={"contact_value": "not_a_phone"})
    if kind == "email" and "@" not in value:
        raise BadInput("bad_form", fields={"contact_value": "not_a_mail_address"})
    if len(value) > 80:
        raise BadInput("bad_form", fields={"contact_value": "too_long"})
