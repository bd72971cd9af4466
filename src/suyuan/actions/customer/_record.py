"""What every verb on a customer does: reach the account through a case, and write the event."""

import secrets
from datetime import date, datetime

from suyuan.domain import customer as rule
from suyuan.domain.disclosure import Standing
from suyuan.domain.errors import Refused
from suyuan.domain.procedure import Actor
from suyuan.store import chain, rules
from suyuan.store.models import Account, Case
from suyuan.store.queries import cases, personal

STREAM = "register:customers"
"""The chain of what files brought."""


def opened(number: str, actor: Actor) -> tuple[Case, Account, Standing]:
    """Return a case, its account with the row locked, and who asks; refuse who may not keep it."""
    case = cases.locked(number)
    if not cases.may_see(actor, case):
        raise Refused("not_found", number=number)
    standing = personal.standing(actor, case)
    if refused := rule.keep_refusal(standing):
        raise Refused(refused)
    rows = Account.objects.select_for_update(of=("self",))
    found = rows.filter(number_index=case.account_index).first() if case.account_index else None
    if found is None:
        raise Refused("no_account_of_case", number=number)
    return case, found, standing


def record(
    *, case: Case, account: Account, actor: Actor, now: datetime, verb: str, detail: dict[str, object]
) -> int:
    """Write the event of a verb on a customer and return its id; two references alone say whose it is.

    The number of the case stands in no chain of an account: whoever has the events alone could follow a
    customer from case to case by it.
    """
    if not case.register_ref:
        case.register_ref = secrets.token_hex(16)
        case.save(update_fields=["register_ref"])
    return chain.append(
        stream=stream(account),
        at=now,
        actor=actor.username,
        verb=verb,
        objects=[("through", case.register_ref), ("register", account.ref)],
        detail=detail,
    )


def stream(account: Account) -> str:
    """Return the chain of one account."""
    return f"register:customer:{account.ref}"


def day_of(now: datetime) -> date:
    """Return the local day of a moment."""
    return rules.local_day(now)
