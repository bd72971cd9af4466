"""Roles that see most, asked for: what waits for a second person, to whoever decides and whoever asked."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from suyuan.actions import org
from suyuan.domain.errors import BadInput
from suyuan.store import rules
from suyuan.store.queries import second

from . import errors, register
from .names import named
from .templatetags.ui import lang, local, post_name

SIZE = 50


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """List the requests that wait, each with why the viewer may not confirm it if he may not."""
    number = register.page_of(register.only(request.GET, {"page"}))
    start = (number - 1) * SIZE
    viewer, now = request.viewer, timezone.now()  # type: ignore[attr-defined]
    rows = list(second.waiting(viewer)[start : start + SIZE + 1])
    who, barred = named({each.asked_by for each in rows}), second.refusals(rows, viewer.actor, now)
    titles = (
        gettext("人员"),
        gettext("申请的角色"),
        gettext("谁申请的"),
        gettext("申请原因"),
        gettext("有效至"),
    )
    shown = register.Listed(
        title=gettext("待确认的授权"),
        intro=gettext(
            "管理员、监审、领导看得最多，一个人给不了：一人申请，另一位管理员或监审确认后才有。先当面或打电话问清楚，再确认。"
        ),
        heads=[register.Head(title, wide=not n) for n, title in enumerate(titles)],
        rows=[_row(each, str(who[each.asked_by]), barred.get(each.pk)) for each in rows[:SIZE]],
        empty=register.Empty(
            gettext("没有待确认的授权"),
            gettext("给人授管理员、监审、领导的角色，或放到带这些角色的岗位上，申请就会出现在这里。"),
            "shield-check",
            calm=True,
        ),
        buttons=[register.Button(gettext("待确认的初始口令"), reverse("passwords"), "lock")],
        bulk=[
            register.Button(gettext("确认"), reverse("role_confirm"), "circle-check", primary=True),
            register.Button(gettext("不同意"), reverse("role_decline"), "ban"),
        ],
        page=number,
        has_next=len(rows) > SIZE,
    )
    return register.listed(request, shown)


def _row(one, asked_by: str, reason: str | None) -> register.Row:  # type: ignore[no-untyped-def]
    person, role = one.person, rules.label("role", one.role, lang())
    why = one.reason or (post_name(one.holding.post) if one.holding else "")
    return register.Row(
        key=str(one.pk),
        cells=[
            register.Cell(
                person.name,
                reverse("person", args=[person.username]),
                small=f"{person.username} · {person.unit.name}" if person.unit else person.username,
            ),
            register.Cell(f"{role} · {one.unit.name}"),
            register.Cell(
                asked_by,
                small=local(one.asked_at),
                marks=["!" + errors.words_for(reason)] if reason else [],
            ),
            register.Cell(why),
            register.Cell(local(one.expires_at) if one.expires_at else ""),
        ],
    )


def _ticked(request: HttpRequest) -> list[int]:
    keys = request.POST.getlist("key")
    if not all(key.isdecimal() and len(key) < 19 for key in keys):
        raise BadInput("unknown_value", field="key")
    return [int(key) for key in keys]


@require_POST
def confirm(request: HttpRequest) -> HttpResponse:
    """Let the ticked requests become roles."""
    ticked, ended = _ticked(request), 0
    for pk in ticked:
        actor = request.viewer.actor  # type: ignore[attr-defined]
        ended += org.confirm_role(request=pk, actor=actor, now=timezone.now())
    if ticked:
        messages.success(request, gettext("已确认。"))
    if ended:
        messages.warning(
            request,
            gettext("原来的口令是一个人发的，已随授权作废：请再发一次初始口令，由第二人确认后使用。"),
        )
    return redirect("role_requests")


@require_POST
def decline(request: HttpRequest) -> HttpResponse:
    """Turn the ticked requests down."""
    ticked = _ticked(request)
    for pk in ticked:
        actor = request.viewer.actor  # type: ignore[attr-defined]
        org.decline_role(request=pk, actor=actor, now=timezone.now())
    if ticked:
        messages.success(request, gettext("没有授权，申请人会收到消息。"))
    return redirect("role_requests")


urls = [
    path("signins/roles/", page, name="role_requests"),
    path("signins/roles/confirm/", confirm, name="role_confirm"),
    path("signins/roles/decline/", decline, name="role_decline"),
]
