"""The investigation on the page of a case: its items, what is still owed, what is doubtful in the reply."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext

from suyuan.domain import reply
from suyuan.domain.fields import Field, Type
from suyuan.domain.signatures import ANALYSIS, SHEETS
from suyuan.store import clauses, rules
from suyuan.store.queries import evidence, inquiry, personal, replies
from suyuan.store.queries.viewer import Viewer

from . import errors
from .names import Named, named
from .templatetags.ui import lang

SHORT = 40
"""Characters of an item in a list to choose from."""


@dataclass(frozen=True, slots=True)
class Row:
    """An item in words."""

    item: object
    said: str
    stands: bool
    clause: str
    evidence: str
    who: Named | None


@dataclass(frozen=True, slots=True)
class Todo:
    """One line of what is still to be done, with the verb that does it."""

    said: str
    verb: str
    done: bool
    advised: bool = False
    item: int = 0
    """The item whose former finding has a form of its own to confirm it."""

    @property
    def form(self) -> str:
        """Return what the form is called on the page."""
        return f"{self.verb}-{self.item}" if self.item else self.verb


@dataclass(frozen=True, slots=True)
class Doubt:
    """What is doubtful in a reply, with the sentence that shows it."""

    what: str
    sentence: str
    grave: bool


def panel(viewer: Viewer, case) -> dict[str, object]:
    """Return the items of a case, what is owed on it and what is doubtful; nothing where none is judged."""
    if case.procedure not in inquiry.INVESTIGATED or case.state in ("received", "void"):
        return {}
    found = inquiry.of(case)
    return {
        "items": rows(viewer, case, found),
        "todo": todo(case, found) if case.state in ("handling", "reviewing", "callback") else [],
        "reply_doubts": doubts(case) if case.state == "reviewing" else [],
    }


def rows(viewer: Viewer, case, found: inquiry.Inquiry) -> list[Row]:
    """Return the items in words: the first is what the contact says."""
    files = {file.sha256: file.name for file in evidence.pieces(viewer, case)}
    who = named([item.decided_by for item in found.items])
    return [
        Row(
            item,
            said(case, item),
            found.stands(item),
            clauses.words(item.clause, lang()) if item.clause else "",
            named_files(item.evidence, files),
            who.get(item.decided_by),
        )
        for item in found.items
    ]


def said(case, item) -> str:
    """Return what an item asks for, masked."""
    return personal.statement(case, item) or "—"


def named_files(text: str, files: Mapping[str, str]) -> str:
    """Return evidence with the files it names by their names."""
    for digest, name in files.items():
        text = text.replace(digest, name)
    return text


def choices(case) -> dict[str, list[tuple[str, str]]]:
    """Return the items of a case to choose from."""
    found = inquiry.items_of(case)
    return {"item": [(str(item.seq), f"{item.seq}　{said(case, item)[:SHORT]}") for item in found]}


def headings(case, form: Iterable[Field], item: int, now: datetime) -> dict[str, clauses.Groups]:
    """Return what a finding can say was breached under headings: what fits the item first, or each item."""
    if all(one.type is not Type.CLAUSE for one in form):
        return {}
    today = rules.local_day(now)
    return {"clause": clauses.grouped(today, case.procedure, inquiry.matters(case, item), lang())}


def beside(case) -> frozenset[str]:
    """Return the sheets that nobody asks for on a case: they stand after the verbs that move it on."""
    asked = inquiry.of(case).asked
    return frozenset(SHEETS) - {*asked.required, *asked.advised}


def todo(case, found: inquiry.Inquiry) -> list[Todo]:
    """Return what is to be done before a case may leave where it stands, in the order it is done."""
    lines = []
    if case.state == "handling" and case.procedure == "complaint":
        lines.append(Todo(gettext("联系客户"), "contact", case.contacted_at is not None))
    lines += [Todo(_verb(verb), verb, verb in found.sheets) for verb in found.asked.required]
    lines += [
        Todo(_verb(verb), verb, verb in found.sheets, advised=True)
        for verb in found.asked.advised
        if case.state == "handling"
    ]
    if case.state == "handling":
        return [*lines, Todo(_verb("submit_finding"), "submit_finding", done=False)]
    if found.analysis:
        advised = found.analysis == "advised"
        lines.append(Todo(_verb(ANALYSIS), ANALYSIS, ANALYSIS in found.sheets, advised=advised))
    alone = len(found.items) == 1 and case.state == "reviewing"
    return lines + [
        Todo(
            gettext("认定诉求 %(n)s（只有一项，可在审核通过时一并填）") % {"n": item.seq}
            if alone and not found.stands(item)
            else gettext("认定诉求 %(n)s") % {"n": item.seq},
            "review_pass" if alone else "judge_item",
            found.stands(item),
            item=item.seq if item.finding and not alone and not found.stands(item) else 0,
        )
        for item in found.items
    ]


def _verb(verb: str) -> str:
    return rules.label("verb", verb, lang())


def doubts(case) -> list[Doubt]:
    """Return what a reviewer should look at in the reply, the gravest first."""
    handed = replies.handed_in(case)
    if not handed:
        return []
    return [
        Doubt(_doubt(one), one.sentence, one.weight is reply.Weight.HIGH)
        for one in replies.read(case, handed).objections
    ]


def _doubt(one: reply.Objection) -> str:
    what = rules.label("objection", one.code, lang())
    about = rules.label("reply_item", one.about, lang()) if one.code == "missing" else ""
    return gettext("%(what)s：%(about)s") % {"what": what, "about": about} if about else what


WHICH = (
    "roles",
    "specialty",
    "owed",
    "items",
    "reply_item",
    "reply_item_too",
    "doubts",
    "rectification_orders",
)
"""The facts by which a refusal says whose step it is, or which it means."""


def which(facts: Mapping[str, object]) -> str:
    """Return what a refusal lists, in brackets behind its words."""
    return errors.aside({name: facts[name] for name in WHICH if name in facts})


def at_fields(facts: Mapping[str, object]) -> dict[str, str]:
    """Return what a refusal says at the fields it is about: all a reply lacks stands at the reply."""
    return {"reply": which(facts).strip("（）")} if "reply_item" in facts else {}


def left_open(case) -> str:
    """Return in one line what the reviewer will find in the reply just handed in; nothing if all is there."""
    found = replies.gaps(replies.read(case, replies.handed_in(case)))
    return which(found).strip("（）")
