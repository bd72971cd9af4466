"""What may be done on a case now, as its page offers it: a form for each verb, or why it is shut."""

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext

from suyuan.actions.route import suggested
from suyuan.domain import procedure as table
from suyuan.domain.fields import Field
from suyuan.domain.parts import BESIDE
from suyuan.domain.procedures import frozen
from suyuan.domain.secrecy import AT_THE_DESK
from suyuan.domain.warning import PROCEDURE as WARNING
from suyuan.store import rules
from suyuan.store.queries import cases, former, people, replies, warnings
from suyuan.store.queries import inquiry as inquiries
from suyuan.store.queries.viewer import Viewer

from . import callback, commitments, errors, forms, inquiry, linked, offered, warning_card
from .names import named
from .templatetags.ui import lang, local

KNOWN = ("business_type", "category", "level", "site", "secrecy", "specialty", "finding")
"""Fields a form opens with as the case has them."""


@dataclass(frozen=True, slots=True)
class Button:
    """One verb as it stands on the page: a form, or the reason it is shut."""

    verb: str
    key: str
    """What the form is called on the page: the verb, and of which item it is where there are several."""
    title: str
    refusal: str
    boxes: list[forms.Box] = dataclasses.field(default_factory=list)
    open: bool = False
    quiet: bool = False
    documents: list[tuple[str, str]] = dataclasses.field(default_factory=list)
    """What the rule says: number and title of the documents that govern the step."""
    script: list[str] = dataclasses.field(default_factory=list)
    """What to ask the customer, in order."""
    former: str = ""
    """Whose words the form begins with, and since when they stand."""


@dataclass(frozen=True, slots=True)
class Tried:
    """A verb that was tried and did not go through: its form keeps what was typed."""

    verb: str = ""
    values: Mapping[str, str] | None = None
    errors: Mapping[str, str] | None = None
    alert: str = ""
    status: int = 200
    since: list[str] = dataclasses.field(default_factory=list)
    """What others did since the form was made."""
    form: str = ""
    """Which of the forms of the verb it was, where there are several."""


@dataclass(frozen=True, slots=True)
class _Page:
    """What every form of a page is drawn from."""

    viewer: Viewer
    case: Any
    tried: Tried
    now: datetime
    files: forms.Choices
    choices: Mapping[str, forms.Choices]


@dataclass(frozen=True, slots=True)
class _Begins:
    """With what one form of a verb begins; several of one verb have keys and titles of their own."""

    key: str
    title: str
    values: Mapping[str, str]
    said: str = ""
    item: int = 0
    """The one item it is about, where it is about one."""


def buttons(viewer: Viewer, case, pieces, tried: Tried, now: datetime) -> list[Button]:
    """Return every verb that leaves this state, those that move the case first."""
    procedure, facts = frozen.pinned(case.procedure, case.version), cases.facts(case)
    found = [one for one in table.verbs(procedure, facts, viewer.actor) if one[1] != "nothing_missing"]
    before = former.of(case, [verb for verb, reason in found if not reason])
    choices = inquiry.choices(case) | linked.choices(case) | commitments.choices(case)
    choices |= warning_card.choices(case)
    page = _Page(viewer, case, tried, now, [(file.sha256, file.name) for file in pieces], choices)
    aside = inquiry.beside(case)
    rows: list[Button] = []
    for verb, reason in found:
        step = procedure.step(verb, facts.state)
        assert step is not None
        quiet = verb in BESIDE or verb in aside
        if reason:
            why = errors.words_for(reason) + inquiry.which(table.because(reason, facts, step))
            rows.append(Button(verb, verb, rules.label("verb", verb, lang()), why, quiet=quiet))
            continue
        form = rules.asked(case.procedure, step, now).form
        beginnings = _beginnings(page, verb, form, before.get(verb))
        rows += [_drawn(page, verb, form, begins, quiet) for begins in beginnings]
    return sorted(rows, key=lambda row: (bool(row.refusal), row.quiet))


def _beginnings(page: _Page, verb: str, form: Iterable[Field], last: former.Former | None) -> list[_Begins]:
    """Return with what the forms of a verb begin: one for each item to be confirmed, and one for any."""
    title, values = rules.label("verb", verb, lang()), _known(page.case, verb, page.now)
    if last is not None:
        said = _carried(last.at, last.by)
        return [_Begins(verb, title, values | former.begins(last, form), said)]
    if verb not in (JUDGE, *REVIEWS):
        return [_Begins(verb, title, values)]
    found = inquiries.of(page.case)
    proposed = former.proposals(found)
    if verb == JUDGE:
        return [*(_confirming(one) for one in proposed), _Begins(verb, title, values)]
    if verb == "review_amend":
        values |= {name: text for name, text in replies.handed_in(page.case).items() if name == "reply"}
    if len(proposed) == len(found.unjudged) == 1:
        (one,) = proposed
        return [_Begins(verb, title, values | dict(one.values), _proposed(one))]
    return [_Begins(verb, title, values)]


JUDGE = "judge_item"
REVIEWS = ("review_pass", "review_amend")
"""The reviews that find on the one item that is left."""


def _confirming(one: former.Proposal) -> _Begins:
    """Return the form by which the finding an item had is confirmed or given anew."""
    title = gettext("认定诉求 %(n)s（上次：%(finding)s）") % {
        "n": one.item,
        "finding": rules.label("finding", one.values["finding"], lang()),
    }
    return _Begins(
        f"{JUDGE}-{one.item}", title, {"item": str(one.item), **one.values}, _proposed(one), one.item
    )


def _carried(at: datetime, by: str) -> str:
    said = {"at": local(at), "who": named([by])[by]}
    return gettext("已带入 %(who)s %(at)s 写的内容，请逐项核对、改好再提交。遮盖的字（*）照这样保存。") % said


def _proposed(one: former.Proposal) -> str:
    said = {"at": local(one.at), "who": named([one.by])[one.by]}
    return (
        gettext("诉求没有变，答复或单位变了：已带入 %(who)s %(at)s 的认定，请按现在的证据确认或改判。") % said
    )


def _with_proof(case, verb: str, form: Iterable[Field]) -> Iterable[Field]:  # type: ignore[no-untyped-def]
    """Return a form with evidence marked as needed where closing a warning needs it."""
    if verb != "propose_closing" or not warnings.needs_proof(case):
        return form
    return [dataclasses.replace(one, required=one.required or one.name == "evidence") for one in form]


def _drawn(page: _Page, verb: str, form: Iterable[Field], begins: _Begins, quiet: bool) -> Button:
    """Return a verb with its form; one that was tried keeps what was typed."""
    tried = page.tried
    typed = tried.values or {}
    is_tried = begins.key == (tried.form or tried.verb)
    suggest = {"evidence": page.files} | _suggested(page.viewer, page.case, verb)
    values = typed if is_tried else begins.values
    if suggest.get("support"):
        values = {"support": suggest["support"][0][0], **values}
    choices = dict(page.choices) | offered.choices(page.viewer, verb)
    if page.case.procedure == WARNING:
        choices |= {"evidence": page.files} if page.files else {}
        form = _with_proof(page.case, verb, form)
    if begins.item:
        choices["item"] = [one for one in choices["item"] if one[0] == str(begins.item)]
    wrong = (tried.errors or {}) if is_tried else {}
    groups = inquiry.headings(page.case, form, begins.item, page.now)
    entry = forms.Entry(values, wrong, suggest, choices, groups)
    return Button(
        verb=verb,
        key=begins.key,
        title=begins.title,
        refusal="",
        boxes=forms.boxes(page.viewer, form, entry, begins.key),
        open=is_tried,
        quiet=quiet,
        documents=_documents(page.case.procedure, verb, page.now),
        script=callback.script(page.case, page.now) if verb == "call_back" else [],
        former="" if is_tried else begins.said,
    )


def _known(case, verb: str, now: datetime) -> dict[str, str]:
    """Return what the form of a verb begins with: what the case says, or where routing would send it."""
    values = {name: getattr(case, name) for name in KNOWN}
    row = suggested(case, now) if verb == "dispatch" else None
    if row is not None:
        return values | {"unit": row.unit, "specialty": row.specialty or values["specialty"]}
    return values if verb == "ask_support" else values | {"unit": case.unit.code}


def _suggested(viewer: Viewer, case, verb: str) -> dict[str, forms.Choices]:
    """Return what is offered at a text of the form of one verb."""
    if verb == "hand_over_owner":
        return {"owner": offered.words(viewer, people.over(case.unit.path, AT_THE_DESK))}
    if verb == "entrust":
        return {"entrusted": offered.words(viewer, people.to_entrust(case))}
    return {"support": linked.to_rate(case)} if verb == "rate_support" else {}


def _documents(procedure: str, verb: str, now: datetime) -> list[tuple[str, str]]:
    today = now.astimezone(cases.LOCAL).date()
    found = rules.rulebook().documents_of(f"{procedure}.{verb}", today)
    return [(one.number, getattr(one.title, lang())) for one in found]
