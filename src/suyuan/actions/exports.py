"""Exports: orders in the full layout, so that importing the file again gives the same orders.

For a purpose the file holds personal data in clear, without one it is masked. Every file carries a mark
with a code, which leads to the event that says who took how many out, and why.
"""

import json
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import transaction

from suyuan.domain import disclosure
from suyuan.domain.errors import BadInput, Refused
from suyuan.domain.fields import Field, Type
from suyuan.domain.order import MILESTONES, OrderRecord
from suyuan.domain.procedure import Actor
from suyuan.domain.rulebook.records import OPENED_BY_A_VERB
from suyuan.domain.vocabulary import Role
from suyuan.domain.watermark import Watermark
from suyuan.gateways import eventlog
from suyuan.gateways.layout import export_orders
from suyuan.store import chain, rules, seal
from suyuan.store.models import Case, Clock, Contact, Unit
from suyuan.store.queries import cases, hidden, personal, restricted, viewer
from suyuan.store.queries.viewer import Viewer

from . import own_log
from ._forms import clean

CHUNK = 1_000
STREAM = "register:export"
PURPOSE = Field("purpose", Type.CHOICE, reasons="export", required=False)

Opener = Callable[[Case, Contact | None, hidden.Mask], dict[str, str]]
"""Gives what leaves of a case's personal fields, its words masked as they are on its page."""
SAID = (*disclosure.WORDS, "state_text")


@dataclass(frozen=True, slots=True)
class Taken:
    """What was taken out."""

    orders: int
    masked: bool
    code: str


@transaction.atomic
def orders(*, path: Path, username: str, purpose: str = "", actor: Actor, now: datetime) -> Taken:
    """Write the orders in reach of ``username`` (all of them without one) to ``path``.

    In clear only for a purpose, and for a person only where a role of theirs may; masked otherwise.
    """
    why = str(clean((PURPOSE,), {"purpose": purpose}, now).get("purpose", ""))
    customers = Case.objects.exclude(procedure__in=OPENED_BY_A_VERB)  # no file holds the others
    rows = customers.select_related("unit").order_by("accepted_at", "pk")
    who = viewer.named(username) if username else None
    if username:
        if who is None:
            raise BadInput("unknown_person", username=username)
        if why and not who.roles & disclosure.MAY_EXPORT:
            raise Refused("not_your_role", verb="export")
        rows = rows.filter(who.scope(), restricted.unrestricted(who))
    count, code = rows.count(), code_of_export()
    words = rules.label("reason.export", why) if why else rules.label("export", "masked")
    line = Watermark(actor.username, now.astimezone(cases.LOCAL), words, code).line
    export_orders(path, _records(rows, _opener(who, why)), line)
    detail = {"orders": count, "reach": username, "purpose": why, "masked": not why}
    _write(code, actor, now, detail)
    return Taken(count, not why, code)


@dataclass(frozen=True, slots=True)
class Logged:
    """An event log that was taken out."""

    log: eventlog.Columns
    left_out: Mapping[str, int]
    """What the format has no place for, by what it is."""
    code: str


def event_log(*, path: Path, username: str, secret: bool = False, actor: Actor, now: datetime) -> Logged:
    """Write the home's own events in reach of ``username`` (all of them without one) to ``path`` as a log.

    Restricted cases, and those of whoever stays secret, are there for audit alone that asks for them.
    """
    who = viewer.named(username) if username else None
    if username and who is None:
        raise BadInput("unknown_person", username=username)
    if who and not who.roles & (disclosure.MAY_EXPORT if not secret else {Role.AUDIT}):
        raise Refused("not_your_role", verb="export")
    kind = eventlog.ending(path)
    log = own_log.columns(_reach(who, secret=secret), now)
    left_out = eventlog.write(log, path)
    code = code_of_export()
    size = {"event_log": kind, "events": len(log.at), "objects": len(log.type)}
    with ExitStack() as unless:
        unless.callback(path.unlink, missing_ok=True)
        _logged(code, actor, now, size | {"reach": username, "restricted": secret, "masked": True})
        unless.pop_all()
    return Logged(log, left_out, code)


def _reach(who: Viewer | None, *, secret: bool) -> own_log.Scope:
    """Return what of the home's events a person may take out."""
    if who is None:
        return own_log.Scope(secret=secret)
    units = {pk for pk, path in Unit.objects.values_list("pk", "path") if who.sees(path)}
    hidden = Case.objects.filter(restricted=True).exclude(restricted.unrestricted(who))
    return own_log.Scope(units, frozenset(hidden.values_list("number", flat=True)), secret=secret)


@transaction.atomic
def _logged(code: str, actor: Actor, now: datetime, detail: dict[str, object]) -> None:
    _write(code, actor, now, detail)


@transaction.atomic
def listed(*, page: str, rows: int, code: str, actor: Actor, now: datetime) -> None:
    """Write down that somebody took a list out of a page, masked as it stands there."""
    _write(code, actor, now, {"page": page, "rows": rows, "purpose": "", "masked": True})


def code_of_export() -> str:
    """Return a code for one export, short enough to be read out."""
    return secrets.token_hex(5).upper()


def _write(code: str, actor: Actor, now: datetime, detail: dict[str, object]) -> None:
    chain.append(
        stream=STREAM,
        at=now,
        actor=actor.username,
        verb="export",
        objects=[("export", code)],
        detail={"code": code, **detail},
    )


def _opener(who: Viewer | None, purpose: str) -> Opener:
    """Return what opens a contact: all of it for whoever runs the home, the allowed part for a person."""
    if not purpose:
        return _masked
    if who is None:
        return lambda _case, contact, _mask: _all(contact)
    actor = who.actor
    return lambda case, contact, mask: _allowed(actor, case, contact, mask)


def _all(contact: Contact | None) -> dict[str, str]:
    """Return everything sealed of a contact, nothing where it was shredded."""
    return seal.unseal(contact.sealed) if contact is not None and contact.sealed else {}


def _masked(case: Case, contact: Contact | None, mask: hidden.Mask) -> dict[str, str]:
    opened = _all(contact)
    nobody = disclosure.Standing(frozenset(), False, case.secrecy, case.restricted)
    return disclosure.masked(_who(opened), nobody) | {name: mask(opened.get(name, "")) for name in SAID}


def _allowed(actor: Actor, case: Case, contact: Contact | None, mask: hidden.Mask) -> dict[str, str]:
    opened, standing = _all(contact), personal.standing(actor, case)
    leaves = disclosure.exported(opened, standing)
    if all(leaves.get(name) == opened.get(name) for name in disclosure.FIELDS):
        return opened
    return leaves | {
        name: mask(text) for name in SAID if (text := opened.get(name)) != leaves.get(name) and text
    }


def _who(opened: dict[str, str]) -> dict[str, str]:
    return {name: opened[name] for name in disclosure.WHO if name in opened}


def _records(rows, opener: Opener) -> Iterator[OrderRecord]:  # type: ignore[no-untyped-def]
    batch: list[Case] = []
    for case in rows.iterator(chunk_size=CHUNK):
        batch.append(case)
        if len(batch) == CHUNK:
            yield from _batch(batch, opener)
            batch = []
    yield from _batch(batch, opener)


def _batch(batch: list[Case], opener: Opener) -> Iterator[OrderRecord]:
    ids = [case.pk for case in batch]
    firsts = {row.case_id: row for row in Contact.objects.filter(case_id__in=ids).order_by("-pk")}
    masks = hidden.masks_each(batch)
    targets = dict(Clock.objects.filter(case_id__in=ids, kind="imported").values_list("case_id", "due_at"))
    for case in batch:
        yield record(case, opener(case, firsts.get(case.pk), masks[case.pk]), targets.get(case.pk))


def record(case: Case, opened: dict[str, str], target: datetime | None) -> OrderRecord:
    """Return the order record a case stands for."""
    return OrderRecord(
        number=case.number,
        business_type=case.business_type,
        accepted_at=case.accepted_at,
        text=opened.get("text", ""),
        type_code=case.type_code,
        category=case.category,
        level=case.level,
        channel=case.channel,
        site=case.site,
        secrecy=case.secrecy,
        unit_code=case.unit.code,
        unit_name=case.unit.name,
        specialty=case.specialty,
        account=opened.get("account", ""),
        phone=opened.get("phone", ""),
        customer=opened.get("customer", ""),
        address=opened.get("address", ""),
        handling=opened.get("handling", ""),
        finding=case.finding,
        satisfaction=case.satisfaction,
        state_text=opened.get("state_text", ""),
        closed=not case.is_open,
        is_child=case.is_child,
        parent_number=case.parent_number,
        line=case.line,
        area=case.area,
        zone=case.zone,
        target_at=target,
        moments={
            name: value
            for name in MILESTONES
            if name != "accepted_at" and (value := getattr(case, name)) is not None
        },
        extra=json.loads(opened.get("extra", "{}")),
    )
