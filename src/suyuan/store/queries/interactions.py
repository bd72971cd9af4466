"""Every contact with the customer of a case in one order: what came in, went out, was handed over."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from suyuan.domain.errors import BadInput
from suyuan.domain.notice import IN_APP
from suyuan.store.models import Attachment, Case, Contact, Event, Message, Note, Receipt

from . import evidence, history, texts
from .texts import Drawn
from .viewer import Viewer

KIND_OF: Mapping[str, str] = {
    "contact": "call",
    "call_back": "call",
    "urge": "urge",
    "arrive": "visit",
    "visit_site": "visit",
    "close_in_call": "answer",
    "answer": "answer",
    "submit_finding": "answer",
    "review_pass": "answer",
    "review_amend": "answer",
    "issue_card": "card",
    "take_card": "card",
    "rate_card": "card",
    "give_code": "code",
    "read_answer": "code",
    "say_more": "contact",
}
"""The verbs by which something passes between the house and a customer, and what kind of thing that is."""
KINDS = ("contact", "call", "visit", "urge", "answer", "message", "receipt", "card", "code", "evidence")
REPLYING = ("review_pass", "review_amend")
"""Verbs that are an answer only where they hand in another reply, or pass one on."""
TOLD = frozenset(
    {
        *(
            "reached",
            "contact_note",
            "note",
            "channel",
            "reply",
            "satisfaction",
            "unreached_reason",
            "rating",
        ),
        *("dissatisfied_reason", "further", "suggestion", "site_found"),
    }
)
"""What of a form belongs to the contact with the customer."""
MOST = 2_000
"""Lines that are shown at most, the newest."""
CASES = 100
"""Cases of one account that are read at most, the newest."""


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that passed between a customer and the house."""

    at: datetime
    number: str
    kind: str
    verb: str
    """The verb of an event; empty for what is no event."""
    door: str
    """The channel it came or went by, where it says so."""
    who: str
    """The user name of whoever of the house took part, empty for none."""
    text: str
    """Masked, and without a surname where the caller is kept secret."""
    form: tuple[tuple[str, str], ...] = ()
    mark: str = ""
    """What proves it: the digest of the event or of the file."""


def of(viewer: Viewer, case: Case, *, account: bool = False, kind: str = "") -> list[Line]:
    """Return the interactions of a case, oldest first; with ``account`` those of its customer's other cases.

    Others are read only as far as the viewer sees them and may learn whose they are. The number of questions
    asked of the database does not depend on how many there are. Raise BadInput for an unknown kind.
    """
    if kind and kind not in KINDS:
        raise BadInput("unknown_value", field="kind", value=kind[:40])
    rows = [case]
    if account:
        rows += history.related(viewer, case, CASES)
    draws = texts.drawn_each(rows)
    lines = [
        *_contacts(rows, draws),
        *_events(rows, draws),
        *_messages([row.number for row in rows]),
        *_evidence(viewer, rows, draws),
    ]
    kept = [line for line in lines if kind in ("", line.kind)]
    return sorted(kept, key=lambda line: (line.at, line.number, line.mark))[-MOST:]


def _contacts(cases: Sequence[Case], draws: Mapping[int, Drawn]) -> list[Line]:
    numbers = {case.pk: case.number for case in cases}
    rows = Contact.objects.filter(case__in=numbers, urge=None).order_by("pk")  # an urge has its own line
    return [
        Line(row.at, numbers[pk], "contact", "receive", row.channel, "", draws[pk](row.masked))
        for row in rows
        if (pk := row.case_id) is not None
    ]


def _events(cases: Sequence[Case], draws: Mapping[int, Drawn]) -> list[Line]:
    streams = {f"case:{case.number}": case.number for case in cases}
    rows = Note.objects.filter(case__in=list(draws)).values_list("case", "ref", "masked")
    notes = {ref: draws[case](masked) for case, ref, masked in rows}
    found = Event.objects.filter(stream__in=list(streams), verb__in=list(KIND_OF)).order_by("pk")
    return [
        _event(event, streams[event.stream], notes)
        for event in found
        if event.verb not in REPLYING or "reply" in (event.detail.get("form") or {})
    ]


def _event(event: Event, number: str, notes: Mapping[str, str]) -> Line:
    form, told = [], []
    for name, value in (event.detail.get("form") or {}).items():
        if name not in TOLD:
            continue
        if isinstance(value, dict):
            told.append(notes.get(str(value["note"]), ""))
        else:
            form.append((name, str(value)))
    given = (event.detail.get("form") or {}).get("at")
    at = datetime.fromisoformat(given) if given else event.at
    kind = KIND_OF[event.verb]
    text = "\n".join(filter(None, told))
    return Line(at, number, kind, event.verb, "", event.actor, text, tuple(form), event.digest)


def _messages(numbers: Sequence[str]) -> list[Line]:
    """Return what left to an address of the customer, and what the carriers said of it."""
    left = Message.objects.filter(~Q(channel=IN_APP), case_number__in=list(numbers)).exclude(address=None)
    rows = {row.pk: row for row in left.defer("address").order_by("pk")}
    lines = [
        Line(
            row.queued_at,
            row.case_number,
            "message",
            "",
            row.channel,
            "",
            "",
            _state(row.template, row.state),
        )
        for row in rows.values()
    ]
    for said in Receipt.objects.filter(message__in=left.values("pk")).order_by("pk"):
        row = rows[said.message_id or 0]
        facts = (("template", row.template), ("receipt_outcome", said.outcome))
        lines.append(Line(said.at, row.case_number, "receipt", "", said.channel, "", "", facts))
    return lines


def _state(template: str, state: str) -> tuple[tuple[str, str], ...]:
    return (("template", template), ("message_state", state))


def _evidence(viewer: Viewer, cases: Sequence[Case], draws: Mapping[int, Drawn]) -> list[Line]:
    """Return the recordings, pictures and documents of the cases whose evidence the viewer may see."""
    shown = {one.pk: one.number for one in cases if not evidence.refused(viewer, one, "look")}
    rows = Attachment.objects.filter(case__in=shown, withdrawn_at=None).order_by("added_at", "pk")
    return [
        Line(
            row.added_at,
            shown[row.case_id],
            "evidence",
            "",
            row.kind,
            row.added_by,
            draws[row.case_id](row.name),
            (),
            row.sha256,
        )
        for row in rows
    ]
