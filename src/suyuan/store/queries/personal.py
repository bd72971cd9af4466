"""What is kept of the customer of a case, as far as somebody may see it; and who looked at what."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import BooleanField, Exists, OuterRef, Q
from django.db.models.expressions import RawSQL
from django.db.models.functions import Substr

from suyuan.domain.disclosure import ASKED, Standing, masked, open_fields, refusal
from suyuan.domain.errors import BadInput
from suyuan.domain.procedure import Actor
from suyuan.domain.secrecy import AT_THE_DESK
from suyuan.domain.vocabulary import Role
from suyuan.store import seal
from suyuan.store.models import Case, Contact, Event, Item
from suyuan.store.models.audit import LOOKS

from . import cases, texts
from .registered import registered
from .viewer import Viewer, under


def standing(actor: Actor, case: Case, *, to_call: bool = False) -> Standing:
    """Return what the rule of disclosure needs to know of a case and who asks.

    ``to_call`` is for what is shown on the page of the case alone: there the one face of a confidential
    caller learns whom to call. Lists, files and papers know nothing of that.
    """
    return Standing(
        roles=actor.over_case(case.unit.path),
        working=actor.username in {case.owner, case.handler, *case.handlers},
        secrecy=case.secrecy,
        restricted=case.restricted,
        trusted=(bool(case.entrusted) and case.entrusted == actor.username)
        or (to_call and _faces(actor, case)),
    )


def _faces(actor: Actor, case: Case) -> bool:
    """Return whether somebody is the one face of a confidential caller, who has to call."""
    return (
        case.secrecy == "confidential"
        and not case.restricted
        and case.owner == actor.username
        and bool(actor.over_case(case.unit.path) & AT_THE_DESK)
    )


def first_contact(case: Case) -> Contact | None:
    """Return a case's first contact; a case whose contacts were read already is not asked again."""
    return min(case.contacts.all(), key=lambda contact: contact.pk, default=None)


def opened(case: Case) -> dict[str, str]:
    """Return what is sealed of a case's first contact, nothing where it is shredded, and of its customer."""
    contact = first_contact(case)
    said = {} if contact is None or not contact.sealed else seal.unseal(contact.sealed)
    return said | registered(case)


def shown(viewer: Viewer, case: Case, *, to_call: bool = False) -> dict[str, str]:
    """Return what may be shown of the customer, masked; raise Refused for a case out of reach."""
    cases.reachable(viewer, case)
    contact = first_contact(case)
    if contact is None:
        return {}
    said = seal.unseal(contact.sealed) if contact.sealed else {}
    kept = masked(said, standing(viewer.actor, case, to_call=to_call))
    return kept | {"text": texts.drawn(case)(contact.masked)}


def statement(case: Case, item: Item) -> str:
    """Return what an item of a case in reach asks for, masked: the first asks for what the contact says."""
    if item.statement is not None:
        return texts.drawn(case)(item.statement.masked)
    contact = first_contact(case)
    return texts.drawn(case)((contact.masked if contact else "") or case.brief)


def revealable(viewer: Viewer, case: Case) -> tuple[str, ...]:
    """Return the fields of a case that this viewer may ask to see in clear."""
    there = opened(case)
    return tuple(
        name for name in open_fields(standing(viewer.actor, case, to_call=True), ASKED) if there.get(name)
    )


def hidden(viewer: Viewer, case: Case) -> str | None:
    """Return why this viewer may ask to see no field of a case at all, or None."""
    stand = standing(viewer.actor, case, to_call=True)
    return None if open_fields(stand, ASKED) else refusal(ASKED[0], stand)


_WRITTEN_OUT = "store_event.verb IN ({})".format(", ".join(f"'{verb}'" for verb in LOOKS))
_LOOKED = RawSQL(_WRITTEN_OUT, (), BooleanField())  # noqa: S611 our own words: SQLite knows its index by them


@dataclass(frozen=True, slots=True)
class Look:
    """Once that somebody looked."""

    at: datetime
    actor: str
    verb: str
    number: str
    field: str
    purpose: str
    """Of a search, where it was asked."""
    hits: int | None


def looks(viewer: Viewer, *, page: int = 1, size: int = 50) -> tuple[list[Look], bool]:
    """Return who looked at what, newest first, and whether there is more.

    Audit sees every look at a case of its units and, over the whole company, every export and search; anybody
    else their own.
    """
    rows = Event.objects.filter(_LOOKED).order_by("-pk")
    if Role.AUDIT not in viewer.roles:
        rows = rows.filter(actor=viewer.actor.username)
    elif not viewer.over_all:
        paths = {path for role, path in viewer.actor.grants if role is Role.AUDIT}
        numbered = Case.objects.filter(
            under(paths, "unit__"), number=Substr(OuterRef("stream"), len("case:") + 1)
        )
        rows = rows.filter(Q(actor=viewer.actor.username) | Exists(numbered))
    start = (page - 1) * size
    found = [_look(event) for event in rows[start : start + size + 1]]
    return found[:size], len(found) > size


def _look(event: Event) -> Look:
    detail, about = event.detail, dict(event.objects_json)
    return Look(
        event.at,
        event.actor,
        event.verb,
        str(about.get("case", "")),
        " ".join(sorted(detail["asked"]))
        if "asked" in detail
        else str(detail.get("personal_field") or detail.get("code", "")),
        str(detail.get("purpose") or detail.get("place", "")),
        detail.get("hits"),
    )


TAKING = ("register:export", "register:worksheet", "register:privacy")
AROUND = ("export_queue", "export_fetch", "export_gone")
"""What is written of a list the worker takes out beside the taking out itself."""
"""The streams of what was taken out in a file with a code."""


def taken_out(code: str) -> dict[str, object]:
    """Return who took out the file with this code, when, what for and how much; raise BadInput for none."""
    event = Event.objects.filter(stream__in=TAKING, detail__code=code).exclude(verb__in=AROUND).first()
    if event is None:
        raise BadInput("unknown_export", file=code)
    told = event.detail
    count = next((told[name] for name in ("orders", "rows", "cases") if name in told), 0)
    return {
        "code": code,
        "at": event.at.isoformat(),
        "actor": event.actor,
        "verb": event.verb,
        "purpose": str(told.get("purpose", "")),
        "masked": bool(told.get("masked", event.verb != "person_export")),
        "count": count,
    }
