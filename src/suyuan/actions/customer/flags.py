"""Special-customer flags: set with the customer's consent, gone when he withdraws it, ended with a reason.

A flag on which a life hangs is set by one person at once, because missing it can cost the life, and ended by
two, because ending it can.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from django.db import transaction

from suyuan.domain import customer as rule
from suyuan.domain.errors import BadInput, Refused
from suyuan.domain.procedure import Actor
from suyuan.store import rules
from suyuan.store.models import Account, SpecialFlag
from suyuan.store.queries.customer import group_of

from .._forms import clean
from ._record import day_of, opened, record


@transaction.atomic
def set_flag(*, number: str, actor: Actor, now: datetime, form: Mapping[str, object]) -> None:
    """Set a flag on the account a case is about, or renew the consent to one that is set."""
    case, account, _ = opened(number, actor)
    asked = clean(rule.FLAG_FORM, form, now)
    code, today = str(asked["special_flag"]), day_of(now)
    group = group_of(code)
    given = {name: asked.get(name) for name in ("consent_how", "consent_scope", "consent_on")}
    if missing := rule.missing_consent(group, *given.values()):
        raise BadInput("bad_form", fields=missing)
    consent = {} if group == rule.BUSINESS else _consent(given, actor, today)
    flag = _standing(account, code)
    if flag is None:
        flag = SpecialFlag(account=account, code=code, set_by=actor.username, set_at=now)
    for name, value in consent.items():
        setattr(flag, name, value)
    flag.save()
    scope = consent.get("consent_scope", [])
    record(
        case=case,
        account=account,
        actor=actor,
        now=now,
        verb="set_flag",
        detail={"scope": scope, "until": str(consent.get("expires_on", ""))},
    )


@transaction.atomic
def withdraw_consent(*, number: str, actor: Actor, now: datetime, form: Mapping[str, object]) -> None:
    """Write down that the customer no longer agrees: the flag is shown nowhere from this moment."""
    case, account, _ = opened(number, actor)
    flag = _set(account, str(clean(rule.WITHDRAW_FORM, form, now, form)["special_flag"]))
    if flag.consent_on is None or flag.withdrawn_at is not None:
        raise Refused("no_consent_to_withdraw")
    flag.withdrawn_at, flag.withdrawn_by = now, actor.username
    flag.save()
    record(case=case, account=account, actor=actor, now=now, verb="withdraw_consent", detail={})


@transaction.atomic
def clear_flag(*, number: str, actor: Actor, now: datetime, form: Mapping[str, object]) -> bool:
    """End a flag and return whether it is ended: one on which a life hangs waits for a second person."""
    case, account, standing = opened(number, actor)
    asked = clean(rule.CLEAR_FORM, form, now, form)
    flag = _set(account, str(asked["special_flag"]))
    group = group_of(flag.code)
    if refused := rule.clear_refusal(group, standing, actor.username, flag.clear_asked_by):
        raise Refused(refused)
    done = group != rule.LIFE or bool(flag.clear_asked_by)
    flag.clear_reason = str(asked["reason"])
    if done:
        flag.cleared_at, flag.cleared_by = now, actor.username
    else:
        flag.clear_asked_at, flag.clear_asked_by = now, actor.username
    flag.save()
    verb = "clear_flag" if done else "ask_clear_flag"
    record(case=case, account=account, actor=actor, now=now, verb=verb, detail={})
    return done


def _consent(given: Mapping[str, object], actor: Actor, today: date) -> dict[str, object]:
    """Return the columns of a consent; it runs out after the days the rulebook gives it."""
    on = given["consent_on"]
    assert isinstance(on, date)
    if on > today:
        raise BadInput("bad_form", fields={"consent_on": "in_the_future"})
    expires = on + timedelta(days=rules.figure("customer.consent", "days"))
    if expires < today:
        raise BadInput("bad_form", fields={"consent_on": "consent_run_out"})
    return {
        "consent_how": given["consent_how"],
        "consent_scope": list(given["consent_scope"]),  # type: ignore[call-overload]
        "consent_on": on,
        "consent_by": actor.username,
        "expires_on": expires,
        "withdrawn_at": None,
        "withdrawn_by": "",
        "clear_reason": "",
        "clear_asked_by": "",
        "clear_asked_at": None,
    }


def _standing(account: Account, code: str) -> SpecialFlag | None:
    return SpecialFlag.objects.filter(account=account, code=code, cleared_at=None).first()


def _set(account: Account, code: str) -> SpecialFlag:
    found = _standing(account, code)
    if found is None:
        raise Refused("flag_not_set")
    return found
