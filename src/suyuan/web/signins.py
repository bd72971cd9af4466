"""What an administrator does about signing in: unlock, end sessions, take lost second factors away."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_GET, require_POST

from suyuan.actions import signin as verbs
from suyuan.domain.errors import Refused
from suyuan.store.queries import keys as key_queries
from suyuan.store.queries import second
from suyuan.store.queries import signin as queries

from . import keys, register
from .templatetags.ui import local

SIZE = 50


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """List the people an administrator looks after with how they stand with signing in."""
    query = register.only(request.GET, {"page", "q"})
    number, now = register.page_of(query), timezone.now()
    start = (number - 1) * SIZE
    found = queries.administered(request.viewer)  # type: ignore[attr-defined]
    if query.get("q"):
        found = found.filter(username__contains=query["q"].strip())
    people = list(found[start : start + SIZE + 1])
    has_next, people = len(people) > SIZE, people[:SIZE]
    locked, sessions = queries.locked_until(people, now), queries.open_counts(people)
    factors = queries.with_factor(people)
    waiting = second.count(request.viewer)  # type: ignore[attr-defined]
    asked = gettext("待确认的授权") + (f" {waiting}" if waiting else "")
    titles = (gettext("谁"), gettext("单位"), gettext("登录着"), gettext("两步验证"), gettext("锁定至"))
    shown = register.Listed(
        title=gettext("登录管理"),
        intro=gettext(
            "连续输错口令的账号会锁定一段时间。手机或安全密钥丢了的人，重置后用口令登录再重新设置。"
        ),
        filters=[register.Filter("q", gettext("用户名"), query.get("q", ""))],
        heads=[register.Head(title, number=n == 2, wide=not n) for n, title in enumerate(titles)],
        rows=[_line(person, sessions.get(person.pk, []), factors, locked) for person in people],
        empty=register.Empty(gettext("没有人员"), gettext("您管理的单位下还没有人员。"), "users"),
        buttons=[
            register.Button(asked, reverse("role_requests"), "shield-check"),
            register.Button(gettext("待确认的初始口令"), reverse("passwords"), "lock"),
            register.Button(gettext("下属人员的密钥"), reverse("signins_keys"), "lock"),
        ],
        bulk=[
            register.Button(gettext("解除锁定"), reverse("signins_unlock"), "lock"),
            register.Button(gettext("结束登录"), reverse("signins_end"), "logout"),
            register.Button(gettext("重置两步验证"), reverse("signins_reset"), "ban"),
        ],
        page=number,
        has_next=has_next,
    )
    return register.listed(request, shown)


def _line(person, sessions, factors, locked) -> register.Row:  # type: ignore[no-untyped-def]
    until = locked.get(person.username)
    return register.Row(
        cells=[
            register.Cell(
                person.name, small=person.username, marks=[] if person.is_active else [gettext("已停用")]
            ),
            register.Cell(person.unit.name if person.unit else ""),
            register.Cell(len(sessions)),
            register.Cell(gettext("有") if person.pk in factors else gettext("无")),
            register.Cell(local(until), marks=["!" + gettext("已锁定")] if until else []),
        ],
        key=person.username,
    )


@require_POST
def unlock(request: HttpRequest) -> HttpResponse:
    """Unlock the ticked accounts."""
    actor = request.viewer.actor  # type: ignore[attr-defined]
    for username in request.POST.getlist("key"):
        verbs.unlock(username=username, actor=actor, now=timezone.now())
    return _back(request)


@require_POST
def end(request: HttpRequest) -> HttpResponse:
    """End every session of the ticked people."""
    viewer = request.viewer  # type: ignore[attr-defined]
    for username in request.POST.getlist("key"):
        person = queries.administered(viewer).filter(username=username).first()
        if person is None:
            raise Refused("not_found", person=username)
        verbs.end_all(person=person, why="ended", actor=viewer.actor, now=timezone.now())
    return _back(request)


@require_POST
def reset(request: HttpRequest) -> HttpResponse:
    """Take the second factors of the ticked people away."""
    actor = request.viewer.actor  # type: ignore[attr-defined]
    for username in request.POST.getlist("key"):
        verbs.reset_factors(username=username, actor=actor, now=timezone.now())
    return _back(request)


def _back(request: HttpRequest) -> HttpResponse:
    count = len(request.POST.getlist("key"))
    if count:
        messages.success(
            request, ngettext("已处理 %(n)d 个人员。", "已处理 %(n)d 个人员。", count) % {"n": count}
        )
    return redirect("signins")


@require_GET
def key_list(request: HttpRequest) -> HttpResponse:
    """List the keys of the people an administrator looks after."""
    now, viewer = timezone.now(), request.viewer  # type: ignore[attr-defined]
    number = register.page_of(register.only(request.GET, {"page"}))
    start = (number - 1) * SIZE
    rows = list(key_queries.administered(viewer)[start : start + SIZE + 1])
    revoke = register.Button(gettext("吊销选中的密钥"), reverse("key_revoke"), "ban", name="administered")
    shown = register.Listed(
        title=gettext("下属人员的密钥"),
        intro=gettext("密钥由本人开立；没有人登录的账号，用服务器上的命令 suyuan key make 开立。"),
        heads=keys.heads(),
        rows=[keys.line(key, now, owner=True) for key in rows[:SIZE]],
        empty=register.Empty(
            gettext("还没有密钥"), gettext("您管理的人员都没有开立过密钥。"), "lock", calm=True
        ),
        buttons=[register.Button(gettext("返回"), reverse("signins"))],
        bulk=[revoke] if any(key.revoked_at is None for key in rows) else [],
        page=number,
        has_next=len(rows) > SIZE,
    )
    return register.listed(request, shown)


urls = [
    path("signins/", page, name="signins"),
    path("signins/unlock/", unlock, name="signins_unlock"),
    path("signins/end/", end, name="signins_end"),
    path("signins/reset/", reset, name="signins_reset"),
    path("signins/keys/", key_list, name="signins_keys"),
]
