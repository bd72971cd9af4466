"""Intake: a contact comes in, whatever the door."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from suyuan.domain import masking, procedures
from suyuan.domain.characters import storable
from suyuan.domain.errors import BadInput, Refused
from suyuan.domain.fields import BUSINESS_TYPE, Field, Type
from suyuan.domain.procedure import Actor
from suyuan.domain.telephone import is_phone
from suyuan.domain.vocabulary import SECRECIES, Role, State
from suyuan.store import chain, rows, rules, seal, search
from suyuan.store.models import Case, Contact
from suyuan.store.queries import cases, customer, hidden, org, texts

from . import call
from ._change import objects_of
from ._forms import has_ended

DESK = frozenset({Role.AGENT, Role.LEAD, Role.OFFICE})
"""Who may take a contact in."""

CHANNEL = Field("channel", Type.CHOICE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """What a customer said, and who he is as far as he says."""

    channel: str
    business_type: str
    text: str
    account: str = ""
    phone: str = ""
    customer: str = ""
    address: str = ""
    secrecy: str = ""


@transaction.atomic
def receive(*, incoming: Incoming, actor: Actor, now: datetime) -> str:
    """Take a contact in and return the number of the case that stands for it."""
    rules.look(now)
    _check(incoming, actor, now)
    if incoming.secrecy == "anonymous":
        incoming = _nameless(incoming)
    case = _case(incoming, actor, now)
    told = masking.known(_personal(incoming))
    if _link(case, incoming):
        told |= hidden.holder(case.account_index)
    masked = masking.mask_known(incoming.text, told, whole=texts.secret(case))
    case.brief = masked[:120]
    ref, sealed = seal.noted(_personal(incoming))
    case.changed_event = chain.append(
        stream=f"case:{case.number}",
        at=now,
        actor=actor.username,
        verb="receive",
        objects=[("case", case.number), ("unit", case.unit.code), *objects_of(case)],
        detail={"channel": incoming.channel, "contact": ref, "to": case.state},
    )
    rows.insert(case)
    said = {"masked": masked, "masked_by": masking.VERSION, "sealed": sealed}
    rows.insert(Contact(case=case, channel=incoming.channel, at=now, **said))
    search.add([(case.pk, masked)])
    call.spoken_to(case, now)
    return case.number


def _nameless(incoming: Incoming) -> Incoming:
    """Return a contact without who it is from: what is dropped stands in its own words no more either."""
    text = masking.without(incoming.text, masking.known(_personal(incoming)))
    return replace(incoming, text=text, account="", phone="", customer="", address="")


def _case(incoming: Incoming, actor: Actor, now: datetime) -> Case:
    book = rules.rulebook()
    unit = org.desk_of(actor)
    procedure = procedures.current(book.business_types[incoming.business_type].procedure)
    return Case(
        number=cases.next_number(now),
        origin="live",
        procedure=procedure.name,
        version=procedure.version,
        edition=rules.edition(book, now),
        state=State.RECEIVED,
        is_open=True,
        business_type=incoming.business_type,
        channel=incoming.channel,
        secrecy=incoming.secrecy,
        restricted=book.restricts(incoming.business_type, ""),
        unit=unit,
        desk=unit,
        account_index=seal.index("account", incoming.account),
        phone_index=seal.index("phone", incoming.phone),
        name_index=seal.index("name", incoming.customer),
        owner=actor.username,
        received_at=now,
        accepted_at=now,
    )


def _link(case: Case, incoming: Incoming) -> bool:
    """Link the case to account, transformer area and line of its caller; return whether the register tells.

    A telephone number tells only where its holder has one account; whoever stays anonymous is linked to none.
    """
    if incoming.secrecy == "anonymous":
        return False
    found = customer.placed(incoming.account, incoming.phone)
    if found is not None:
        case.account_index, case.area, case.line = found.account_index, found.area, found.line
    return found is not None


def _unknown(incoming: Incoming, now: datetime) -> dict[str, str]:
    """Return which code is none of the rulebook's, or one that has ended."""
    book = rules.rulebook()
    known = ((CHANNEL, set(book.channels)), (BUSINESS_TYPE, set(book.asked_for)))
    problems: dict[str, str] = {}
    for asked, codes in known:
        code = getattr(incoming, asked.name)
        if code not in codes:
            problems[asked.name] = "unknown_choice"
        elif has_ended(asked, code, now):
            problems[asked.name] = "choice_ended"
    return problems


def _check(incoming: Incoming, actor: Actor, now: datetime) -> None:
    if not {role for role, _ in actor.grants} & DESK:
        raise Refused("not_your_role", verb="receive")
    problems = _unknown(incoming, now)
    if not incoming.text.strip():
        problems["text"] = "required"
    for name, longest in (
        ("text", 20_000),
        ("account", 40),
        ("phone", 40),
        ("customer", 60),
        ("address", 200),
    ):
        if len(getattr(incoming, name)) > longest:
            problems[name] = "too_long"
        elif not storable(getattr(incoming, name)):
            problems[name] = "bad_characters"
    if incoming.phone and not is_phone(incoming.phone):
        problems["phone"] = "not_a_phone"
    if incoming.secrecy not in ("", *SECRECIES):
        problems["secrecy"] = "unknown_choice"
    if problems:
        raise BadInput("bad_form", fields=problems)


def _personal(incoming: Incoming) -> dict[str, str]:
    """Return what is sealed of a contact: who, and the words themselves."""
    personal = {
        "text": incoming.text,
        "account": incoming.account,
        "phone": incoming.phone,
        "customer": incoming.customer,
        "address": incoming.address,
    }
    return {key: value for key, value in personal.items() if value}
