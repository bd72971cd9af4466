"""Printing a paper: the docx, and the event that says who printed it and what for."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import override

from suyuan.domain.errors import BadInput, Refused
from suyuan.domain.papers import PURPOSES, paper
from suyuan.domain.watermark import Watermark
from suyuan.gateways.papers import fill
from suyuan.store import chain, rules, seal
from suyuan.store.models import Event
from suyuan.store.queries import cases, people
from suyuan.store.queries.viewer import Viewer

from .templates import in_force, template
from .values import moment, values

CODE, GROUP = 12, 4
"""Characters of a verification code, and of each of its groups: 48 bits, looked for on one case alone."""


@dataclass(frozen=True, slots=True)
class Issued:
    """A paper that was printed."""

    content: bytes
    name: str
    sha256: str
    code: str
    event_id: int


@override("zh-hans")
def issue(*, number: str, kind: str, purpose: str, viewer: Viewer, now: datetime) -> Issued:
    """Print a paper of a case; raise Refused while there is nothing to print, BadInput for an unknown kind.

    A paper is for a seal: all of it is Chinese, whatever the language of whoever prints it.
    The same case, template, person and minute give the same bytes.
    """
    found = cases.get(viewer, number)
    asked = paper(kind)
    if purpose not in PURPOSES:
        raise BadInput("unknown_value", field="purpose", value=purpose)
    if asked.roles and not asked.roles & viewer.actor.over_case(found.unit.path):
        raise Refused("not_your_role", verb="print")
    used = in_force(kind)
    body = template(used) if used else template(kind)
    said = values(viewer, found, asked, now)
    said |= {"printed_at": moment(now), "printed_by": people.called(viewer.person)}
    digest = hashlib.sha256(body).hexdigest()
    code = _code(seal.reference(chain.canonical({"kind": kind, "template": digest, "said": said}).decode()))
    at = now.astimezone(cases.LOCAL).replace(second=0)
    title = rules.label("paper", kind)
    mark = Watermark(viewer.actor.username, at, rules.label("print_purpose", purpose), code).line
    content = fill(body, said | {"code": code}, title, at, mark)
    detail = {
        "paper": kind,
        "purpose": purpose,
        "code": code,
        "template": digest,
        "sha256": hashlib.sha256(content).hexdigest(),
    }
    if "statement_sha256" in asked.own:
        detail["statement"] = str(said["statement_sha256"])
    event = _written(number, viewer, now, detail)
    return Issued(content, f"{title}-{number}.docx", str(detail["sha256"]), code, event)


def _code(reference: str) -> str:
    short = reference[:CODE].upper()
    return "-".join(short[at : at + GROUP] for at in range(0, CODE, GROUP))


@transaction.atomic
def _written(number: str, viewer: Viewer, now: datetime, detail: dict[str, str]) -> int:
    case = cases.locked(number)
    if not cases.may_see(viewer.actor, case):
        raise Refused("not_found", number=number)
    event = chain.append(
        stream=f"case:{case.number}",
        at=now,
        actor=viewer.actor.username,
        verb="print",
        objects=[("case", case.number), ("paper", detail["code"])],
        detail=dict(detail),
    )
    case.changed_event = event
    case.save(update_fields=["changed_event"])
    return event


def verify(*, number: str, code: str, viewer: Viewer) -> Event:
    """Return the event of the paper that carries a code; raise Refused if no such paper left this case."""
    found = cases.get(viewer, number)
    plain = code.strip().upper()
    for event in Event.objects.filter(stream=f"case:{found.number}", verb="print").order_by("seq"):
        if event.detail.get("code") == plain:
            return event
    raise Refused("no_such_paper", number=number, given=plain[:40])
