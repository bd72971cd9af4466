"""What the worker does: schedules, what was set aside with its reason, what runs under which lease."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from suyuan.actions import schedules
from suyuan.actions import work as actions
from suyuan.domain.errors import BadInput
from suyuan.domain.fields import UNIT, Field, Type
from suyuan.domain.schedule import Kind
from suyuan.store import presence, rules
from suyuan.store.queries import work
from suyuan.store.queries.viewer import Viewer

from . import access, errors, forms, register
from .register import Asked, Button, Cell, Empty, Head, Listed, Row
from .templatetags.ui import lang, local

FORM = (
    Field("code", Type.TEXT),
    Field("title", Type.TEXT, required=False),
    Field("schedule_kind", Type.CHOICE, choices=tuple(kind.value for kind in Kind)),
    Field("cron", Type.TEXT),
    Field("schedule_period", Type.CHOICE, required=False, choices=("week", "month", "year")),
    UNIT.optional,
)
"""What a schedule is made of; period and unit matter to documents alone."""


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """Show what the worker does."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    now = timezone.now()
    may = access.may_open(request, "schedule")
    return register.listed(
        request,
        _schedules(viewer, may),
        template="web/work.html",
        stuck=[(one, _why(one.fault)) for one in work.stuck(viewer.actor)],
        running=[
            (one, one.until is not None and one.until < now, presence.gone(one.holder))
            for one in work.running(viewer.actor)
        ],
    )


def _schedules(viewer: Viewer, may: bool) -> Listed:
    add = Button(gettext("新增定时任务"), reverse("schedule_add"), "plus", primary=True)
    return Listed(
        title=gettext("后台作业"),
        intro=gettext(
            "到点的事由后台进程完成：计时预警、消息、导入、定时任务和文件。进程可以有多个，每件事只做一次。"
        ),
        heads=[
            Head(gettext("定时任务"), wide=True),
            Head(gettext("做什么")),
            Head(gettext("时刻（cron）")),
            Head(gettext("下次")),
            Head(gettext("上次")),
        ],
        rows=[_row(row, may) for row in work.schedules(viewer.actor)],
        empty=Empty(
            gettext("还没有定时任务"),
            gettext("启动后台进程（suyuan serve 或 suyuan work）后，系统自带的定时任务会出现在这里。"),
            icon="clock",
            button=add if may else None,
            calm=not may,
        ),
        buttons=[add] if may else [],
        bulk=[
            Button(gettext("暂停所选"), reverse("schedule_pause"), name="pause"),
            Button(gettext("恢复所选"), reverse("schedule_pause"), name="resume"),
        ]
        if may
        else [],
    )


def _row(row, may: bool) -> Row:  # type: ignore[no-untyped-def]
    marks = [gettext("已暂停")] if row.paused else []
    if row.state == "aside":
        marks.append("!" + rules.label("work_state", "aside", lang()))
    said = rules.label("work_state", row.outcome.get("state", ""), lang())
    title = row.title.get(lang()) or row.code
    cells = [
        Cell(title, reverse("schedule", args=[row.code]) if may else "", row.code, marks=marks),
        Cell(rules.label("schedule_kind", row.kind, lang())),
        Cell(row.cron),
        Cell("" if row.paused or row.state != "queued" else local(row.next_at)),
        Cell(local(row.ran_at), small=said + (f"：{_why(row.outcome)}" if "code" in row.outcome else "")),
    ]
    return Row(cells, key=row.code, dim=row.paused)


def _why(fault) -> str:  # type: ignore[no-untyped-def]
    """Return why a row could not be carried out."""
    facts = fault.get("facts") or {}
    where = " ".join(str(facts[name]) for name in ("kind", "where") if facts.get(name))
    return errors.words_for(str(fault.get("code", ""))) + (f"（{where}）" if where else "")


@require_POST
def retry(request: HttpRequest) -> HttpResponse:
    """Let what was set aside be tried afresh."""
    kind, _, number = request.POST.get("key", "").partition(":")
    if not number.isdecimal():
        raise BadInput("unknown_value", field="key", value=number)
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    actions.retry(kind=kind, row_id=int(number), actor=viewer.actor, now=timezone.now())
    messages.success(request, gettext("已放回队列，后台进程会再试一次。"))
    return redirect("work")


@require_POST
def pause(request: HttpRequest) -> HttpResponse:
    """Pause the schedules that are ticked, or let them run again."""
    verb = request.POST.get("verb", "")
    if verb not in ("pause", "resume"):
        raise BadInput("unknown_verb", verb=verb)
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    for code in request.POST.getlist("key"):
        schedules.pause(code=code, paused=verb == "pause", actor=viewer.actor, now=timezone.now())
    return redirect("work")


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, code: str = "") -> HttpResponse:
    """Show the form of a schedule, or keep what was typed into it."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    known = _typed(work.schedule(viewer.actor, code)) if code else {}
    if request.method == "GET":
        return _asked(request, code, forms.Entry(known))
    typed = forms.read(FORM, request.POST) | ({"code": code} if code else {})
    try:
        _keep(viewer, typed, timezone.now())
    except BadInput as error:
        wrong = {"cron": errors.words_for("bad_cron")} if error.code == "bad_cron" else {}
        return _asked(request, code, forms.Entry(typed, wrong or errors.field_problems(error)), 422)
    messages.success(request, gettext("定时任务已保存。"))
    return redirect("work")


def _typed(row) -> dict[str, str]:  # type: ignore[no-untyped-def]
    given = row.parameters
    return {
        "code": row.code,
        "title": row.title.get(lang(), ""),
        "schedule_kind": row.kind,
        "cron": row.cron,
        "schedule_period": given.get("period", ""),
        "unit": given.get("unit", ""),
    }


def _keep(viewer: Viewer, typed: dict[str, str], now: datetime) -> None:
    kind, given = typed.get("schedule_kind", ""), {}
    if kind == Kind.PUBLICATION:
        given = {"document": "board", "period": typed.get("schedule_period", "")}
        given |= {"unit": typed["unit"]} if "unit" in typed else {}
    terms = schedules.Terms(kind, typed.get("cron", ""), typed.get("title", ""), given)
    schedules.change(code=typed.get("code", ""), terms=terms, actor=viewer.actor, now=now)


def _asked(request: HttpRequest, code: str, entry: forms.Entry, status: int = 200) -> HttpResponse:
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    fields = FORM[1:] if code else FORM
    asked = Asked(
        title=code or gettext("新增定时任务"),
        intro=gettext(
            "时刻用五段 cron 表达式，按本地时间：分 时 日 月 周。"
            "例如 30 6 * * 1 是每周一 06:30。时期和单位只用于生成文件。"
        ),
        boxes=forms.boxes(viewer, fields, entry, "schedule"),
        submit=gettext("保存"),
        back=reverse("work"),
        problem=errors.words_for("bad_form") if entry.errors else "",
    )
    return register.asked(request, asked, status)


urls = [
    path("worker/", page, name="work"),
    path("worker/retry/", retry, name="work_retry"),
    path("worker/schedules/add/", edit, name="schedule_add"),
    path("worker/schedules/pause/", pause, name="schedule_pause"),
    path("worker/schedules/<str:code>/", edit, name="schedule"),
]
