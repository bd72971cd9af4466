"""One verb on many cases: tick, choose the verb, fill in one form, see what became of each."""

import secrets

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from suyuan.actions import bulk
from suyuan.domain.errors import BadInput
from suyuan.store import presence, rules
from suyuan.store.queries import bulk as runs
from suyuan.store.queries import listing
from suyuan.store.queries.viewer import Viewer

from . import errors, forms, moved, offered, register
from .register import Asked, Button, Cell, Empty, Head, Listed, Row
from .templatetags.ui import lang, local


def ticked(request: HttpRequest) -> dict[str, str]:
    """Return the number and mark of each ticked case, as the list handed them out."""
    pairs = (key.partition(" ") for key in request.POST.getlist("key"))
    return {number: mark for mark, _, number in pairs}


def _offers(request: HttpRequest, marks: dict[str, str]) -> list[bulk.Offer]:
    bulk.refuse_ticks(marks)
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    wanted = listing.Filters(numbers=tuple(marks))
    now = timezone.now()
    return bulk.offers(viewer, list(listing.found(viewer, wanted, now)), now)


@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Show which verbs are open on how many of the ticked cases, and why the others are shut."""
    marks = ticked(request)
    found = _offers(request, marks)
    page = {
        "keys": request.POST.getlist("key"),
        "total": len(marks),
        "open": [(one, rules.label("verb", one.verb, lang())) for one in found if one.open],
        "shut": [
            (rules.label("verb", one.verb, lang()), errors.words_for(one.refusal))
            for one in found
            if not one.open
        ],
        "back": reverse("queue"),
    }
    return render(request, "web/bulk_choose.html", page)


@require_POST
def fill(request: HttpRequest) -> HttpResponse:
    """Show the one form of a verb for the ticked cases; handed in, do them one by one."""
    marks, verb = ticked(request), request.POST.get("verb", "")
    offer = next((one for one in _offers(request, marks) if one.verb == verb and one.open), None)
    if offer is None:
        raise BadInput("unknown_value", field="verb", value=verb[:60])
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    choices = offered.choices(viewer, verb)
    if "go" not in request.POST:
        return _form(request, offer, forms.Entry(choices=choices))
    typed, now = forms.read(offer.form, request.POST), timezone.now()
    try:
        run = bulk.ask(offer=offer, ticked=marks, form=typed, actor=viewer.actor, now=now)
    except BadInput as bad:
        return _form(
            request,
            offer,
            forms.Entry(typed, errors.field_problems(bad), choices=choices),
            errors.status(bad),
        )
    bulk.go_on(run_id=run, actor=viewer.actor, holder=holder(), now=now)
    return redirect("bulk_run", bulk_id=run)


def holder() -> str:
    """Return who a page is among those that carry work out."""
    return presence.here(f"page-{secrets.token_hex(4)}")


def _form(request: HttpRequest, offer: bulk.Offer, entry: forms.Entry, status: int = 200) -> HttpResponse:
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    keys = request.POST.getlist("key")
    title = rules.label("verb", offer.verb, lang())
    counts = {"n": len(keys), "open": offer.open}
    shown = Asked(
        title=gettext("批量办理：%(verb)s") % {"verb": title},
        intro=gettext(
            "选了 %(n)d 张工单，其中 %(open)d 张现在可以这样办。逐张办理，各自成败；没办成的会列出原因。"
        )
        % counts,
        boxes=forms.boxes(viewer, offer.form, entry, "bulk"),
        hidden=[("verb", offer.verb), ("go", "1"), *(("key", key) for key in keys)],
        submit=gettext("办理 %(open)d 张") % counts,
        back=reverse("queue"),
        problem=gettext("没有保存，请看标红的项目。") if entry.errors else "",
        action=reverse("bulk_fill"),
    )
    return register.asked(request, shown, status)


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """Show my bulk runs, the newest first."""
    number = register.page_of(register.only(request.GET.dict(), {"page"}))
    rows, more = runs.listed(request.viewer, number)  # type: ignore[attr-defined]
    shown = Listed(
        title=gettext("批量办理"),
        intro=gettext("您批量办理过的工单。中断的会接着办，不会办两次。"),
        heads=[
            Head(gettext("操作"), wide=True),
            Head(gettext("时间")),
            Head(gettext("状态")),
            Head(gettext("已办"), number=True),
            Head(gettext("没办成"), number=True),
            Head(gettext("共"), number=True),
        ],
        rows=[_run_row(row) for row in rows],
        empty=Empty(
            gettext("还没有批量办理过"),
            gettext(
                "在工单列表里勾选几张（键盘按 x，Shift 加 x 连选），再点“批量办理”，"
                "一张表办多张，逐张成败分明。"
            ),
            "stack",
            Button(gettext("看我的工单"), reverse("queue"), "inbox", primary=True),
        ),
        page=number,
        has_next=more,
    )
    return register.listed(request, shown)


def _run_row(row) -> Row:  # type: ignore[no-untyped-def]
    url = reverse("bulk_run", args=[row.pk])
    return Row(
        [
            Cell(rules.label("verb", row.verb, lang()), url),
            Cell(local(row.asked_at)),
            Cell(rules.label("work_state", row.state, lang())),
            Cell(row.applied),
            Cell(row.refused),
            Cell(row.total),
        ]
    )


@require_GET
def run(request: HttpRequest, bulk_id: int) -> HttpResponse:
    """Show what became of each case of a run; what was refused stands first."""
    row = runs.get(request.viewer, bulk_id)  # type: ignore[attr-defined]
    each = list(row.cases.order_by("place"))
    order = {"refused": 0, "": 1, "already": 2, "applied": 3}
    counts = {
        "applied": sum(1 for one in each if one.outcome in ("applied", "already")),
        "refused": sum(1 for one in each if one.outcome == "refused"),
        "waiting": sum(1 for one in each if not one.outcome),
    }
    verb, entries = rules.label("verb", row.verb, lang()), row.verb == bulk.ENTRIES
    told = (
        gettext("已审签 %(applied)d 条，没审签 %(refused)d 条，还没轮到 %(waiting)d 条。")
        if entries
        else gettext("已办 %(applied)d 张，没办成 %(refused)d 张，还没轮到 %(waiting)d 张。")
    )
    shown = Listed(
        title=gettext("批量办理：%(verb)s") % {"verb": verb},
        intro=told % counts,
        heads=[
            Head(gettext("记录") if entries else gettext("工单")),
            Head(gettext("结果")),
            Head(gettext("说明"), wide=True),
        ],
        rows=[_row(one, entries=entries) for one in sorted(each, key=lambda one: order[one.outcome])],
        buttons=_buttons(row, counts["waiting"]),
        empty=Empty(gettext("还没有批量办理过"), ""),
    )
    return register.listed(request, shown)


def _buttons(row: runs.BulkRun, waiting: int) -> list[Button]:
    go = Button(
        gettext("接着办其余的"), reverse("bulk_go_on", args=[row.pk]), "arrow-right", post=True, primary=True
    )
    undo = Button(gettext("全部撤回"), reverse("bulk_undo", args=[row.pk]), "history", post=True)
    may = bulk.may_undo(row, timezone.now())
    return [
        *([go] if waiting else []),
        *([undo] if may else []),
        _back(row),
    ]


def _back(row: runs.BulkRun) -> Button:
    if row.verb == bulk.ENTRIES:
        return Button(gettext("奖惩台账"), reverse("ledger") + "?period=all&state=proposed", "list")
    return Button(gettext("回工单列表"), reverse("queue"), "inbox")


def _row(one: runs.BulkCase, *, entries: bool) -> Row:
    """Return what became of a case, or of an entry of the ledger."""
    words = {
        "applied": gettext("已办"),
        "already": gettext("先前已办"),
        "refused": gettext("没办成"),
        "": gettext("还没轮到"),
    }
    if one.outcome == "refused":
        result = Cell(marks=["!" + words["refused"]])
        wrong = errors.field_problems(BadInput(one.code, **one.facts))
        said = [f"{rules.label('field', name, lang())}：{why}" for name, why in wrong.items()]
        aside = errors.aside(one.facts) if entries else moved.last(one.facts)
        words = errors.words_for(one.code) + aside
        why = Cell(words, lines="\n".join([*moved.lines(one.facts), *said]))
    else:
        result, why = (
            Cell(words[one.outcome]),
            Cell(_state(one, entries=entries)),
        )
    return Row([_which(one, entries=entries), result, why])


def _state(one: runs.BulkCase, *, entries: bool) -> str:
    return rules.label("ledger_state" if entries else "state", one.state, lang()) if one.state else ""


def _which(one: runs.BulkCase, *, entries: bool) -> Cell:
    """Return the case, or the entry: one that still waits leads to where it is decided singly."""
    if not entries:
        return Cell(one.number, reverse("case", args=[one.number]))
    waits = one.outcome == "refused" and one.code not in ("entry_decided", "not_found", "not_your_role")
    return Cell(f"#{one.number}", reverse("ledger_decide", args=[int(one.number)]) if waits else "")


@require_POST
def go_on(request: HttpRequest, bulk_id: int) -> HttpResponse:
    """Do the cases of a run that still wait."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    if not bulk.go_on(run_id=bulk_id, actor=viewer.actor, holder=holder(), now=timezone.now()):
        messages.info(request, gettext("正在办理，过一会儿再看。"))
    return redirect("bulk_run", bulk_id=bulk_id)


@require_POST
def undo(request: HttpRequest, bulk_id: int) -> HttpResponse:
    """Take back what a run did, case by case; what was touched since is refused and listed."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    now = timezone.now()
    run = bulk.ask_undo(run_id=bulk_id, actor=viewer.actor, now=now)
    bulk.go_on(run_id=run, actor=viewer.actor, holder=holder(), now=now)
    return redirect("bulk_run", bulk_id=run)


urls = [
    path("bulk/", page, name="bulk"),
    path("bulk/choose/", choose, name="bulk_choose"),
    path("bulk/fill/", fill, name="bulk_fill"),
    path("bulk/<int:bulk_id>/", run, name="bulk_run"),
    path("bulk/<int:bulk_id>/undo/", undo, name="bulk_undo"),
    path("bulk/<int:bulk_id>/go/", go_on, name="bulk_go_on"),
]
