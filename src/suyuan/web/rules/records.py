"""One list per kind of record, and one record with every edition it ever had."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from suyuan.actions import knowledge
from suyuan.domain.errors import BadInput, Refused
from suyuan.domain.rulebook.checks import CONFIRMED
from suyuan.domain.rulebook.edits import may_decide, may_propose
from suyuan.domain.rulebook.records import plain
from suyuan.domain.rulebook.tables import TABLES
from suyuan.store import rules
from suyuan.store.queries import org, rulebook
from suyuan.store.queries.cases import LOCAL

from .. import register, words
from ..register import Cell, Head, Listed, Row
from ..templatetags.ui import joined, lang
from . import attached, codes, kinds, played, preview, shown, written
from .home import marked

HIDDEN = frozenset(
    {
        "title",
        "title_zh",
        "title_en",
        "in_force_from",
        "in_force_until",
        "certainty",
        "basis",
        "note",
        "confirmed_by",
    }
)
"""Keys that the time line shows in their own place."""
OWING = 50
"""People shown who still have to read a document; the others are counted."""
PLAYED = ("playbook", "emergency")
"""Kinds that hold steps, shown as a table."""
EMPTY = ("", None, [], {}, False)


@require_GET
def kind(request: HttpRequest, kind: str) -> HttpResponse:
    """List the records of one kind."""
    if kind not in TABLES:
        raise BadInput("unknown_value", field="kind", value=kind)
    query = register.only(request.GET, frozenset({"find", "page"}))
    find, page = query.get("find", ""), register.page_of(query)
    found = rulebook.found(find, kind=kind)
    start = (page - 1) * rulebook.PAGE
    units = {one.code: one.name for one in org.every()} if kind == "route" else {}
    named = rules.label("rule_kind", kind, lang())
    new = register.Button(gettext("起草一条"), reverse("rules_new", args=[kind]), "plus", primary=True)
    may = may_propose(kind, request.viewer.actor)  # type: ignore[attr-defined]
    page_of_them = Listed(
        title=gettext("规则库：%(kind)s") % {"kind": named},
        heads=[
            Head(gettext("名称"), wide=True),
            Head(gettext("内容")),
            Head(gettext("把握")),
            Head(gettext("生效")),
            Head(gettext("依据"), wide=True),
        ],
        rows=[_row(kind, one, find, units) for one in found[start : start + rulebook.PAGE]],
        empty=register.Empty(
            gettext("还没有这一类条目。") if not find else gettext("没有符合的条目。"),
            gettext("由本单位起草，另一人批准后生效；每条都带依据和生效日。"),
            "book",
            new if may else None,
        ),
        filters=[register.Filter("find", gettext("按文字筛选"), find)],
        buttons=[new] if may else [],
        page=page,
        has_next=len(found) > start + rulebook.PAGE,
    )
    return register.listed(request, page_of_them)


def _row(kind: str, one: rulebook.Found, find: str, units: Mapping[str, str]) -> Row:
    newest = rules.rulebook().editions(kind)[one.key][-1]
    unsure = not newest.certainty.assessable
    sure = f"!{one.certainty}" if unsure else one.certainty
    since = str(newest.in_force_from or "")
    return Row(
        [
            Cell(
                marked(getattr(newest.title, lang()), find),
                reverse("rules_entry", args=[kind, one.key]),
                one.key,
            ),
            Cell(brief(kind, plain(newest), units))
            if kind != "figure"
            else Cell(lines=brief(kind, plain(newest), units)),
            Cell(marks=[sure], small=rules.label("certainty", one.certainty, lang())),
            Cell(since, short=True),
            Cell(one.basis),
        ]
    )


def brief(kind: str, record: Mapping[str, Any], units: Mapping[str, str]) -> str:
    """Return what a record says in one line."""
    match kind:
        case "limit":
            return words.duration(record["amount"], record["unit"])
        case "message":
            return str(record["text"][lang()])[:60]
        case "phrase":
            return str(record["text"])[:60]
        case "document":
            return f"{rules.label('document_kind', record['kind'], lang())} {record['version']}"
        case "route":
            specialty = rules.label("specialty", record["specialty"], lang())
            return f"→ {units.get(record['unit'], '')} {record['unit']} {specialty}"
        case "clause":
            return f"{rules.label('document', record['document'], lang())} {record['number']}".strip()
        case "sheet":
            return rules.label("verb", record["verb"], lang())
        case "duty":
            return joined(codes.word("verb", verb) for verb in record["verbs"])
        case "form_field":
            return codes.word("step", f"{record['procedure']}.{record['verb']}")
        case "playbook":
            return joined(codes.detector(one) for one in record["trigger"])
        case "emergency":
            return str(record["begins"][lang()])
        case "figure":
            return written.text(record["terms"])
        case "choice":
            return str(record["list"])
    return joined(record.get("synonyms", []))


@dataclass(frozen=True, slots=True)
class Edition:
    """One edition of a record on its time line."""

    since: str
    until: str
    state: str
    """now, past or coming."""
    certainty: str
    assessable: bool
    basis: str
    note: str
    who: str
    lines: list[tuple[str, str]]
    files: list[tuple[str, object]]
    steps: list[played.Shown]
    """Of a playbook or an emergency template; empty elsewhere."""
    running: int
    sure_url: str
    sure_word: str


@require_GET
def entry(request: HttpRequest, kind: str, record: str) -> HttpResponse:
    """Show one record with all its editions, newest first."""
    editions = _editions(kind, record)
    actor = request.viewer.actor  # type: ignore[attr-defined]
    today = timezone.now().astimezone(LOCAL).date().isoformat()
    decided = rulebook.decided(kind, record)
    running = rulebook.running_under(record) if kind == "limit" else {}
    lines = []
    following = ""
    for one in reversed(editions):
        lines.append(_edition(kind, record, plain(one), following, today, (decided, running)))
        following = str(one.in_force_from or "")
    newest = editions[-1]
    document = kind == "document"
    readers = rulebook.readers(record, newest.version) if document else []
    owing = rulebook.owing(newest, timezone.now()) if document else []
    return render(
        request,
        "web/rules_entry.html",
        {
            "kind": kind,
            "record": record,
            "title": getattr(newest.title, lang()),
            "editions": lines,
            "may_propose": may_propose(kind, actor),
            "may_retarget": kind == "limit" and may_decide("limit", actor),
            "readers": readers,
            "owing": owing[:OWING],
            "owing_all": len(owing),
            "review_due": newest.review_on if document and _is_due(newest.review_on, today) else None,
            "governed_by": _governing(record) if kind == "limit" else [],
            "read": any(one.person == request.user for one in readers),
            "is_document": kind == "document",
            "is_played": kind in PLAYED,
            "beside": played.beside(kind, newest),
            "file": rulebook.file(newest.file) if document else None,
            "previews": preview.of_entry(kind, plain(newest)),
            "text": newest.text if kind in ("document", "phrase") else "",
        },
    )


def _is_due(review_on: date | None, today: str) -> bool:
    return review_on is not None and review_on.isoformat() <= today


def _governing(limit: str) -> list[tuple[str, str]]:
    """Return number and title of the documents that govern a limit."""
    newest = (editions[-1] for editions in rules.rulebook().documents.values())
    return [(one.number, getattr(one.title, lang())) for one in newest if limit in one.limits]


def _editions(kind: str, record: str):  # type: ignore[no-untyped-def]
    if kind not in TABLES:
        raise BadInput("unknown_value", field="kind", value=kind)
    editions = rules.rulebook().editions(kind).get(record)
    if not editions:
        raise Refused("not_found", record=record)
    return editions


def _edition(kind: str, key: str, one: dict[str, Any], following: str, today: str, beside: Any) -> Edition:
    decided, running = beside
    since, until = one["in_force_from"] or "", one["in_force_until"] or ""
    mark = f"{kind}:{key}:{since}"
    draft, sure = decided.get(mark), decided.get(f"sure:{mark}")
    past = bool(until and until < today) or bool(following and following <= today)
    confirmed = one["certainty"] == "confirmed"
    said = {"of": kind, "key": key, "in_force_from": since}
    new = reverse("rules_new", args=["revoke" if confirmed else "confirm"])
    return Edition(
        since=since,
        until=until or (gettext("次版 %(day)s 止") % {"day": following} if following else ""),
        state="past" if past else "coming" if since > today else "now",
        certainty=one["certainty"],
        assessable=one["certainty"] not in ("memory", "I"),
        basis=one["basis"],
        note=one["note"],
        who=_who(draft, sure, one["confirmed_by"]),
        lines=lines(kind, one),
        files=attached.with_words(one.get("file", ""), draft, sure),
        steps=played.shown(one["steps"]) if kind in PLAYED else [],
        running=running.get(since, 0),
        sure_url=f"{new}?{urlencode(said)}" if kind in CONFIRMED else "",
        sure_word=gettext("撤销确认") if confirmed else gettext("确认这一版"),
    )


def _who(draft: Any, sure: Any, confirmed_by: str) -> str:
    said = gettext("随软件或文件提供")
    if draft is not None:
        said = gettext("%(author)s 起草，%(by)s 批准") % {"author": draft.author, "by": draft.decided_by}
    if sure is not None:
        told = {
            "kind": rules.label("rule_kind", sure.kind, lang()),
            "author": sure.author,
            "by": sure.decided_by,
        }
        said += "；" + gettext("%(kind)s：%(author)s 提出，%(by)s 批准") % told
    elif confirmed_by:
        said += "；" + gettext("%(by)s 确认") % {"by": confirmed_by}
    return said


def lines(kind: str, record: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the keys of a record with their values in words, empty ones left out."""
    keys = {how.field.name: how.key for how in kinds.FIELDS[kind]}
    values = shown.shown(kind, {key: value for key, value in record.items() if value not in EMPTY})
    return [
        (rules.label("field", name, lang()), said)
        for name, said in values.items()
        if keys[name] not in HIDDEN and name not in ("rule_text", "play_steps")
    ]


@require_POST
def read(request: HttpRequest, record: str) -> HttpResponse:
    """Say that one has read the newest version of a document."""
    knowledge.read(number=record, person=request.user, now=timezone.now())  # type: ignore[arg-type]
    messages.success(request, gettext("已记下：您读过这一版。"))
    return redirect("rules_entry", kind="document", record=record)


urls = [
    path("rules/of/<str:kind>/", kind, name="rules_kind"),
    path("rules/entry/<str:kind>/<path:record>/", entry, name="rules_entry"),
    path("rules/read/<path:record>/", read, name="rules_read"),
]
