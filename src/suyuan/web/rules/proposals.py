"""What waits for approval: what is there now beside what is proposed, and what it would do."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from suyuan.actions import clock, knowledge
from suyuan.domain.errors import BadInput, Refused, RuleError
from suyuan.domain.procedure import SYSTEM
from suyuan.domain.rulebook import edits, entries
from suyuan.domain.rulebook.checks import CONFIRMED
from suyuan.store import rules
from suyuan.store.queries import rulebook
from suyuan.store.queries.cases import LOCAL

from .. import errors, register
from ..register import Cell, Head, Listed, Row
from ..templatetags.ui import lang, local
from . import attached, notice, preview, records, said, shown

VERBS = {
    "submit": knowledge.submit,
    "withdraw": knowledge.withdraw,
    "approve": knowledge.approve,
    "reject": knowledge.reject,
}
AT_ONCE = 200
"""Guessed clocks set right with the answer to an approved notice; the worker does the rest."""


@require_GET
def listed(request: HttpRequest) -> HttpResponse:
    """List the proposals, those that wait first."""
    query = register.only(request.GET, frozenset({"state", "page"}))
    state, page = query.get("state", "submitted"), register.page_of(query)
    if state and state not in tuple(edits.DraftState):
        raise BadInput("unknown_value", field="state", value=state)
    rows, more = rulebook.proposals(state, page)
    page_of_them = Listed(
        title=gettext("规则草案"),
        heads=[
            Head(gettext("条目"), wide=True),
            Head(gettext("类别")),
            Head(gettext("为什么要改"), wide=True),
            Head(gettext("起草")),
            Head(gettext("状态")),
        ],
        rows=[_row(row) for row in rows],
        empty=register.Empty(
            gettext("没有这样的草案。"),
            gettext("在规则库打开任一条目起草新版；提交后由另一位有权的人批准才生效。"),
            "circle-check",
            register.Button(gettext("打开规则库"), reverse("rules"), "book"),
        ),
        filters=[
            register.Filter(
                "state",
                gettext("状态"),
                state,
                [(one.value, rules.label("draft_state", one.value, lang())) for one in edits.DraftState],
            )
        ],
        page=page,
        has_next=more,
    )
    return register.listed(request, page_of_them)


def _row(row) -> Row:
    return Row(
        [
            Cell(_title(row), reverse("rules_proposal", args=[row.pk]), row.mark),
            Cell(rules.label("rule_kind", row.kind, lang())),
            Cell(row.why),
            Cell(row.author, small=local(row.made_at), short=True),
            Cell(rules.label("draft_state", row.state, lang())),
        ]
    )


def _title(row) -> str:
    if row.kind == "calendar":
        return str(row.entry["first"])[:4]
    title = row.entry.get("title")
    if title:
        return str(title[lang()])
    standing = rulebook.standing(row.mark)
    return str(standing["title"][lang()]) if standing else row.mark


@dataclass(frozen=True, slots=True)
class Side:
    """One key of an entry: what stands now, what is proposed."""

    name: str
    before: str
    after: str

    @property
    def differs(self) -> bool:
        return self.before != self.after


def sides(row) -> list[Side]:
    """Return the keys of the entry side by side with the edition it replaces or follows."""
    standing = rulebook.standing(row.mark) or {}
    before, after = shown.shown(row.kind, standing), shown.shown(row.kind, row.entry)
    if row.kind in entries.SURE:  # it speaks of an entry and repeats nothing of it but which one
        spoken = next(name for name in CONFIRMED if name in row.entry)
        known = shown.shown(spoken, standing)
        before = {name: known.get(name, after[name]) for name in after} | {"note": known.get("note", "")}
        sure = "confirmed" if row.kind == "confirm" else row.entry["certainty"]
        before["certainty"] = known.get("certainty", "")
        after["certainty"] = rules.label("certainty", sure, lang())
        before |= {name: after[name] for name in ("of", "key", "in_force_from") if name in after}
    names = [name for name in {**before, **after} if before.get(name) or after.get(name)]
    return [
        Side(rules.label("field", name, lang()), before.get(name, ""), after.get(name, "")) for name in names
    ]


@require_GET
def proposal(request: HttpRequest, draft: int) -> HttpResponse:
    """Show one proposal beside what it replaces."""
    return rendered(request, rulebook.proposal(draft))


def rendered(request: HttpRequest, row, problem: str = "", status: int = 200) -> HttpResponse:
    """Render the page of a proposal."""
    actor = request.viewer.actor  # type: ignore[attr-defined]
    found = edits.Proposal(row.kind, edits.DraftState(row.state), row.author)
    refused = {verb: edits.refusal(found, verb, actor) for verb in (*VERBS, "revise")}
    today = timezone.now().astimezone(LOCAL).date()
    waits = entries.waits_for(row.kind, row.entry, today) if row.state == "submitted" else None
    open_still = row.state in ("draft", "submitted")
    effect, unfit = None, ""
    if open_still:
        try:
            effect = knowledge.effect(draft=row, now=timezone.now())
        except BadInput as bad:
            unfit = f"{errors.words_for(bad.code)}：{said.said(str(bad.facts.get('problem', '')))}"
    return render(
        request,
        "web/rules_proposal.html",
        {
            "draft": row,
            "title": _title(row),
            "fresh": rulebook.standing(row.mark) is None,
            "sides": [] if row.kind == "calendar" else sides(row),
            "months": notice.months(rulebook.notice_of(row)) if row.kind == "calendar" else [],
            "waits_for": waits,
            "may": {verb: reason is None for verb, reason in refused.items()},
            "why_not": errors.words_for(refused["approve"] or "") if row.state == "submitted" else "",
            "effect": effect,
            "looked_at": clock.LOOKED_AT,
            "problem": problem or unfit,
            "entry_url": _entry_url(row),
            "files": attached.beside(row),
            "previews": preview.of_entry(row.kind, row.entry),
        },
        status=status,
    )


def _entry_url(row) -> str:
    kind, _, rest = row.mark.removeprefix("sure:").partition(":")
    key = rest.rpartition(":")[0]
    known = kind in records.TABLES and key in rules.rulebook().editions(kind)
    return reverse("rules_entry", args=[kind, key]) if known else ""


@require_POST
def decide(request: HttpRequest, draft: int, verb: str) -> HttpResponse:
    """Submit, withdraw, approve or reject a proposal."""
    row = rulebook.proposal(draft)
    if verb not in VERBS:
        raise BadInput("unknown_value", field="verb", value=verb)
    given = {"reason": request.POST.get("reason", "")} if verb == "reject" else {}
    actor, now = request.viewer.actor, timezone.now()  # type: ignore[attr-defined]
    try:
        VERBS[verb](draft=draft, actor=actor, now=now, **given)  # type: ignore[operator]
    except (Refused, BadInput) as error:
        return rendered(request, row, _told(error), errors.status(error))
    done = rules.label("verb", f"rule_{verb}", lang())
    messages.success(request, gettext("已完成：%(verb)s。") % {"verb": done})
    if verb == "approve" and row.kind == "calendar":
        rules.look(now)
        moved = clock.retarget_guessed(actor=SYSTEM, now=now, most=AT_ONCE)
        messages.info(request, gettext("%(n)s 个暂定的钟已按通知重算，其余由后台继续。") % {"n": moved})
    return redirect("rules_proposal", draft=draft)


def _told(error: RuleError) -> str:
    return said.told(error) if isinstance(error, BadInput) else errors.words_for(error.code)


urls = [
    path("rules/proposals/", listed, name="rules_proposals"),
    path("rules/proposals/<int:draft>/", proposal, name="rules_proposal"),
    path("rules/proposals/<int:draft>/<str:verb>/", decide, name="rules_decide"),
]
