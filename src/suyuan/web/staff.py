"""Staff sessions: an administrator opens and closes one; the audit desk reviews them."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from suyuan.actions import staff as verbs
from suyuan.domain.errors import BadInput
from suyuan.domain.fields import Field, Type
from suyuan.store import rules
from suyuan.store.queries import signin, staff

from . import errors, forms, register, words
from .templatetags.ui import local

FORM = (Field("reason_text", Type.TEXT), Field("minutes", Type.INTEGER))
SIZE = 50


@require_http_methods(["GET", "POST"])
def open_session(request: HttpRequest) -> HttpResponse:
    """Ask for the reason and the time; open the staff session."""
    if request.method == "GET":
        return _form(request, forms.Entry({"minutes": "30"}))
    typed = forms.read(FORM, request.POST)
    minutes = typed.get("minutes", "")
    viewer = request.viewer  # type: ignore[attr-defined]
    try:
        opened = verbs.open_session(
            reason=typed.get("reason_text", ""),
            minutes=int(minutes) if minutes.isdecimal() else 0,
            sign_in=signin.current(viewer.person, request.session.get("sign_in")),
            actor=viewer.actor,
            now=timezone.now(),
        )
    except BadInput as error:
        return _form(request, forms.Entry(typed, errors.field_problems(error)), status=422)
    request.session["staff"] = opened.pk
    return redirect("queue")


def _form(request: HttpRequest, entry: forms.Entry, status: int = 200) -> HttpResponse:
    shown = register.Asked(
        title=gettext("开启管理会话"),
        boxes=forms.boxes(request.viewer, FORM, entry, "staff"),  # type: ignore[attr-defined]
        submit=gettext("开启"),
        back=reverse("home"),
        intro=gettext(
            "管理员日常看不到工单。确需查看时写明原因和时长（最多 %(most)s）："
            "期间打开的每一页都会记录，由监审查阅，到时自动结束。"
        )
        % {"most": words.duration(rules.figure("staff.session", "minutes"), "minutes")},
    )
    return register.asked(request, shown, status=status)


@require_POST
def close(request: HttpRequest) -> HttpResponse:
    """Close the staff session that runs."""
    held = request.staff  # type: ignore[attr-defined]
    if held is not None:
        verbs.close_session(session=held, actor=request.viewer.actor, now=timezone.now())  # type: ignore[attr-defined]
        request.session.pop("staff", None)
        messages.success(request, gettext("管理会话已结束。"))
    return redirect("home")


@require_GET
def review(request: HttpRequest) -> HttpResponse:
    """List staff sessions for the audit desk, the newest first."""
    query = register.only(request.GET, {"page"})
    page = register.page_of(query)
    start = (page - 1) * SIZE
    viewer, now = request.viewer, timezone.now()  # type: ignore[attr-defined]
    found = list(staff.reviewed(viewer)[start : start + SIZE + 1])
    counts = staff.counts(found[:SIZE])
    titles = (gettext("管理员"), gettext("原因"), gettext("开启"), gettext("结束"), gettext("请求数"))
    shown = register.Listed(
        title=gettext("管理会话"),
        intro=gettext("管理员为查看工单开启过的会话。点开看其间打开过哪些页面、哪些工单。"),
        heads=[register.Head(title, number=n == 4, wide=not n) for n, title in enumerate(titles)],
        rows=[_line(row, counts[row.pk], now) for row in found[:SIZE]],
        empty=register.Empty(
            gettext("没有管理会话"),
            gettext("管理员开启会话查看工单后，会列在这里供查阅。"),
            "shield-check",
            calm=True,
        ),
        page=page,
        has_next=len(found) > SIZE,
    )
    return register.listed(request, shown)


def _line(row, count: int, now) -> register.Row:  # type: ignore[no-untyped-def]
    running = staff.span(row).is_open(now)
    end = row.closed_at or row.until
    return register.Row(
        cells=[
            register.Cell(
                row.person.name, url=reverse("staff_reviewed", args=[row.pk]), small=row.person.username
            ),
            register.Cell(row.reason),
            register.Cell(local(row.opened_at)),
            register.Cell(local(end), marks=[gettext("进行中")] if running else []),
            register.Cell(count),
        ]
    )


@require_GET
def reviewed(request: HttpRequest, session_id: int) -> HttpResponse:
    """List what was asked for in one staff session."""
    row = staff.get(request.viewer, session_id)  # type: ignore[attr-defined]
    titles = (gettext("时间"), gettext("页面"), gettext("工单"))
    shown = register.Listed(
        title=gettext("%(name)s 的管理会话") % {"name": row.person.name},
        intro=row.reason,
        heads=[register.Head(title, wide=not n) for n, title in enumerate(titles)],
        rows=[
            register.Row(
                [register.Cell(local(r.at)), register.Cell(r.page, small=r.method), register.Cell(r.number)]
            )
            for r in staff.requests(row)
        ],
        empty=register.Empty(
            gettext("没有请求"), gettext("会话开启后没有打开过任何页面。"), "shield-check", calm=True
        ),
        buttons=[register.Button(gettext("返回"), reverse("staff_review"))],
    )
    return register.listed(request, shown)


urls = [
    path("staff/", open_session, name="staff"),
    path("staff/close/", close, name="staff_close"),
    path("staff/review/", review, name="staff_review"),
    path("staff/review/<int:session_id>/", reviewed, name="staff_reviewed"),
]
