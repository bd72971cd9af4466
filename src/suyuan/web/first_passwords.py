"""First passwords: they open the page that changes them alone; some wait for a second person first."""

from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from suyuan.actions import org
from suyuan.domain import signin as rule
from suyuan.domain.errors import Refused
from suyuan.store.queries import second
from suyuan.store.queries import signin as queries

from . import errors, register
from .names import named
from .proofs import proofs
from .templatetags.ui import local

SIZE = 50
OPEN = ("account_change_password", "account_logout", "set_language")
"""Addresses open to somebody who has yet to change a first password."""


def turned_away(request: HttpRequest, person: AbstractBaseUser) -> HttpResponse | None:
    """Return the page for somebody whose first password nobody else confirmed, None for anybody else."""
    made_by, confirmed_by = person.password_by, person.password_confirmed_by  # type: ignore[attr-defined]
    if not made_by or not rule.waits(made_by, confirmed_by, second.weighty(person)):  # type: ignore[arg-type]
        return None
    facts = {"made_by": made_by, "at": local(person.password_at)}  # type: ignore[attr-defined]
    return errors.page(request, Refused("password_waits", **facts))


def is_held(request: HttpRequest) -> bool:
    """Return whether somebody is in by a password that is not yet his own."""
    person = request.user
    return bool(person.password_by) and "password" in proofs(request, person)  # type: ignore[union-attr]


def to_change(request: HttpRequest, name: str) -> HttpResponse | None:
    """Send somebody with a first password to where it is changed, and say who made it and when."""
    person = request.user
    away = turned_away(request, person)  # type: ignore[arg-type]
    if away is not None or name in OPEN:
        return away
    said = gettext("这个口令是 %(by)s 于 %(at)s 发的。请先改成只有您自己知道的，再继续工作。")
    facts = {"by": person.password_by, "at": local(person.password_at)}  # type: ignore[union-attr]
    messages.warning(request, said % facts)
    return redirect("account_change_password")


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """List the first passwords that wait for a second person, to whoever may be that person."""
    number = register.page_of(register.only(request.GET, {"page"}))
    start = (number - 1) * SIZE
    rows = queries.waiting(request.viewer)[start : start + SIZE + 1]  # type: ignore[attr-defined]
    who = named({person.password_by for person in rows})
    titles = (gettext("人员"), gettext("单位"), gettext("谁发的"), gettext("时间"))
    shown = register.Listed(
        title=gettext("待确认的初始口令"),
        intro=gettext(
            "管理员、监审、领导的初始口令，须由另一位管理员或监审确认后才能使用。先当面或打电话问本人是否要求过重置。"
        ),
        heads=[register.Head(title, wide=not n) for n, title in enumerate(titles)],
        rows=[
            register.Row(
                key=person.username,
                cells=[
                    register.Cell(person.name, small=person.username),
                    register.Cell(person.unit.name if person.unit else ""),
                    register.Cell(str(who[person.password_by])),
                    register.Cell(local(person.password_at)),
                ],
            )
            for person in rows[:SIZE]
        ],
        empty=register.Empty(
            gettext("没有待确认的初始口令"),
            gettext("您自己发的、发给您自己的，不在这里。"),
            "lock",
            calm=True,
        ),
        buttons=[register.Button(gettext("待确认的授权"), reverse("role_requests"), "shield-check")],
        bulk=[
            register.Button(gettext("确认"), reverse("passwords_confirm"), "circle-check", primary=True),
            register.Button(gettext("作废"), reverse("passwords_refuse"), "ban"),
        ],
        page=number,
        has_next=len(rows) > SIZE,
    )
    return register.listed(request, shown)


@require_POST
def confirm(request: HttpRequest) -> HttpResponse:
    """Let the ticked first passwords be used."""
    for username in request.POST.getlist("key"):
        actor = request.viewer.actor  # type: ignore[attr-defined]
        org.confirm_password(username=username, actor=actor, now=timezone.now())
    return redirect("passwords")


@require_POST
def refuse(request: HttpRequest) -> HttpResponse:
    """Take the ticked first passwords away."""
    for username in request.POST.getlist("key"):
        actor = request.viewer.actor  # type: ignore[attr-defined]
        org.refuse_password(username=username, actor=actor, now=timezone.now())
    return redirect("passwords")


urls = [
    path("signins/passwords/", page, name="passwords"),
    path("signins/passwords/confirm/", confirm, name="passwords_confirm"),
    path("signins/passwords/refuse/", refuse, name="passwords_refuse"),
]
