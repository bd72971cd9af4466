"""What the placeholders of a paper stand for, masked as for whoever prints it."""

from dataclasses import replace
from datetime import datetime

from django.conf import settings

from suyuan.domain.errors import Refused
from suyuan.domain.papers import CASE, Paper
from suyuan.gateways.papers.filling import Value
from suyuan.store import handed_in, rules
from suyuan.store.models import Case
from suyuan.store.queries import cards, cases, history, org, people, personal, proof, supports
from suyuan.store.queries import countersign as sheets
from suyuan.store.queries.history import Line
from suyuan.store.queries.viewer import Viewer

from .._open_child import OPEN
from . import _appealed, _liable, _named, _penetration, _returned
from ._sheet import sheet

NOTHING = "—"


def values(viewer: Viewer, case: Case, paper: Paper, now: datetime) -> dict[str, Value]:
    """Return the values of a paper; raise Refused while what it is about has not happened."""
    lines = [line for line in history.timeline(viewer, case) if line.verb not in ("", "print")]
    if case.procedure == "supervision":  # an order is opened by the very supervision it prints
        lines = [replace(line, verb="supervise") if line.verb == OPEN else line for line in lines]
    if paper.after and not any(line.verb == paper.after for line in lines):
        raise Refused("paper_not_ready", kind=paper.kind, verb=paper.after)
    called = people.names({line.actor for line in lines})
    lines = [replace(line, actor=called.get(line.actor) or line.actor) for line in lines]
    said: dict[str, Value] = dict(_case(viewer, case))
    own = _OWN[paper.kind](viewer, case, lines)
    said |= {name: own.get(name, "") or NOTHING for name in paper.own}
    if "clocks" in paper.lists:
        said["clocks"] = [_clock(line) for line in history.clocks(case, now)]
    if "history" in paper.lists:
        said["history"] = _history(viewer, case, lines)
    if "sheet" in paper.lists:
        said["sheet"] = sheet(case, lines)
    if "conditions" in paper.lists:
        said |= _appealed.lists(case, now)
    if "shares" in paper.lists:
        said |= _liable.matrix(viewer, case)
    if "signatures" in paper.lists:
        said["signatures"] = _liable.signatures(lines)
    if "items" in paper.lists:
        said["items"] = _penetration.items(viewer, case)
    if "billing" in paper.lists:
        said |= _penetration.sheets(viewer, case, lines)
    if "given" in paper.lists:
        said["given"] = _given(case)
    if "opinions" in paper.lists:
        said["opinions"] = [
            _row(line, [text for _, text in line.form]) for line in lines if line.verb == "supervise"
        ]
    return said | dict.fromkeys(paper.hides, NOTHING)


def moment(at: datetime | None) -> str:
    """Return a moment as it stands on a paper."""
    return at.astimezone(cases.LOCAL).strftime("%Y-%m-%d %H:%M") if at else ""


def _case(viewer: Viewer, case: Case) -> dict[str, str]:
    shown = personal.shown(viewer, case)
    said = {
        "number": case.number,
        "type": rules.label("business_type", case.business_type),
        "state": rules.label("state", case.state),
        "category": rules.label("category", case.category),
        "level": rules.label("level", case.level),
        "channel": rules.label("channel", case.channel),
        "unit": case.unit.name,
        "specialty": rules.label("specialty", case.specialty),
        "accepted_at": moment(case.accepted_at),
        "due_at": moment(history.answer_due(case) or case.next_due_at),
        **{name: shown.get(name, "") for name in ("customer", "phone", "account", "address", "text")},
    }
    return {name: said[name] or NOTHING for name in CASE}


def _clock(line: history.ClockLine) -> dict[str, str]:
    state = rules.label("light", line.light)
    again = f"（第 {line.clock.episode} 次办理）" if line.clock.episode > 1 else ""
    return {"title": f"{line.title}{again}", "due": moment(line.clock.due_at), "state": state}


def _row(line: Line, texts: list[str]) -> dict[str, str]:
    return {
        "at": moment(line.at),
        "by": line.actor,
        "verb": rules.label("verb", line.verb),
        "text": "\n".join(texts) or NOTHING,
    }


def _history(viewer: Viewer, case: Case, lines: list[Line]) -> list[dict[str, str]]:
    """Return what happened, each value handed in told in the words of the form it came with."""
    fields = history.asked(case)
    units = {unit.code: unit.name for unit in org.units(viewer)}
    rows = []
    for line in lines:
        told = [
            (name, handed_in.words(fields.get((line.verb, name)), name, value, units))
            for name, value in line.form
        ]
        rows.append(_row(line, [f"{rules.label('field', name)}：{said}" for name, said in told]))
    return rows


def _last(lines: list[Line], *verbs: str) -> tuple[dict[str, str], str, str]:
    """Return what was handed in with the last of such verbs, when and by whom."""
    line = next((each for each in reversed(lines) if each.verb in verbs), None)
    return (dict(line.form), moment(line.at), line.actor) if line else ({}, "", "")


def _supervision(_viewer: Viewer, _case: Case, lines: list[Line]) -> dict[str, str]:
    form, at, by = _last(lines, "supervise")
    return {"supervised_at": at, "supervised_by": by, "opinion": form.get("note", "")}


def _investigation(_viewer: Viewer, case: Case, lines: list[Line]) -> dict[str, str]:
    found, at, by = _last(lines, "submit_finding")
    passed, reviewed_at, reviewed_by = _last(lines, "review_pass", "review_amend")
    return {
        **{name: found.get(name, "") for name in ("cause", "measures", "reply", "evidence")},
        **({"reply": passed["reply"]} if "reply" in passed else {}),
        "finding": rules.label("finding", case.finding or found.get("finding", "")),
        "found_at": at,
        "found_by": by,
        "reviewed_at": reviewed_at,
        "reviewed_by": reviewed_by,
        "review_opinion": passed.get("note", "")
        or (rules.label("verb", "review_pass") if reviewed_at else ""),
        "satisfaction": rules.label("satisfaction", case.satisfaction),
    }


def _rectification(_viewer: Viewer, case: Case, _lines: list[Line]) -> dict[str, str]:
    order = sheets.order_of(case)
    return {
        "complaint": case.parent_number,
        **{name: sheets.shown(case, name) for name in ("problems", "measures")},
        "due_on": order.due_on.isoformat(),
        "round": str(order.round),
    }


def _support(_viewer: Viewer, case: Case, lines: list[Line]) -> dict[str, str]:
    """Return what a request for support says; raise Refused for a case that is none."""
    if case.procedure != "support":
        raise Refused("paper_not_ready", kind="support", verb="ask_support")
    answered, _, _ = _last(lines, "answer_support")
    asked = supports.support_of(case)
    return {
        "complaint": case.parent_number,
        "asked_by": asked.unit.name,
        "request": supports.asked(case),
        "reply": answered.get("reply", ""),
        "support_rating": rules.label("support_rating", asked.rating),
    }


def _card(_viewer: Viewer, case: Case, _lines: list[Line]) -> dict[str, str]:
    """Return what stands on the card of this episode; raise Refused where none was given in it."""
    if not case.card:
        raise Refused("paper_not_ready", kind="card", verb="issue_card")
    origin = next(iter(settings.CSRF_TRUSTED_ORIGINS), settings.ALLOWED_HOSTS[0])
    address = f"{origin}/card/"
    opened = address if "://" in address else f"http://{address}"  # a telephone opens no bare host
    return {"card_code": cards.code(case), "card_address": address, "card_qr": opened}


def _proved(case: Case) -> proof.Proof:
    found = proof.of(case)
    if found is None:
        raise Refused("answer_not_given", number=case.number)
    return found


def _proof(_viewer: Viewer, case: Case, _lines: list[Line]) -> dict[str, str]:
    """Return what proves that the answer was given; of who asked only how they asked to be kept."""
    found = _proved(case)
    return {
        "reporter": rules.label("reporter_kept", case.secrecy or "open"),
        "answered_at": moment(found.answered_at),
        "statement": found.statement,
        "statement_sha256": found.sha256,
        "answer_event": f"{found.event} {found.digest}",
    }


def _given(case: Case) -> list[dict[str, str]]:
    return [
        {
            "at": moment(one.at),
            "way": rules.label("way_given", one.way),
            "event": f"{one.event} {one.digest}",
        }
        for one in _proved(case).given
    ]


_OWN = {
    "appeal": _appealed.own,
    "proof": _proof,
    "card": _card,
    "rectification": _rectification,
    "support": _support,
    "work_order": lambda _viewer, _case, _lines: {},
    "supervision": _supervision,
    "regulator_return": _returned.own,
    "named_warning": _named.own,
    "investigation": _investigation,
    "penetration": _penetration.own,
    "liability": _liable.liability,
    "veto": _liable.veto,
    "accountability": _liable.accountability,
}
