"""What may be done to a person: entered, changed, moved, put into a post, given roles, ended."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from suyuan.actions import org
from suyuan.domain import staffing
from suyuan.domain.fields import UNIT, Field, Type
from suyuan.domain.vocabulary import Role
from suyuan.store import rules
from suyuan.store.queries import people, second

from . import offered, password_sheet
from .register_forms import Ask, answer
from .templatetags.ui import joined, lang, post_name

USERNAME = Field("username", Type.TEXT)
POST = Field("post", Type.CHOICE, required=False)
SUCCESSOR = Field("successor", Type.TEXT, required=False)
both = require_http_methods(["GET", "POST"])


def _say(request: HttpRequest) -> dict:  # type: ignore[type-arg]
    return {"actor": request.viewer.actor, "now": timezone.now()}  # type: ignore[attr-defined]


def _say_waiting(request: HttpRequest, username: str) -> None:
    """Say which roles of somebody wait for a second person, if any do."""
    person = people.get(request.viewer, username)  # type: ignore[attr-defined]
    roles = [rules.label("role", each.role, lang()) for each in second.waiting_of(person)]
    if roles:
        said = gettext("%(roles)s：已申请，须由另一位管理员或监审在“待确认的授权”里确认后才有。")
        messages.warning(request, said % {"roles": joined(roles)})


def _posts() -> dict[str, list[tuple[str, str]]]:
    return {"post": [(post.code, post_name(post)) for post in people.posts()]}


@both
def add(request: HttpRequest) -> HttpResponse:
    """Enter somebody, with the post held from the first day."""

    def do(typed: dict[str, str]) -> None:
        name, post = typed.pop("username", ""), typed.pop("post", "")
        org.save_person(username=name, unit=typed.pop("unit", ""), form=typed, **_say(request))
        if post:
            org.take_post(username=name, post=post, **_say(request))
            _say_waiting(request, name)

    fields = (USERNAME, UNIT, POST, *staffing.PERSON_FORM)
    back = reverse("people")
    done = gettext("已登记。要登录还需在人员页面发一个初始口令。")
    return answer(
        request,
        Ask(gettext("新增人员"), fields, gettext("保存"), back, done, choices=_posts()),
        do,
    )


@both
def edit(request: HttpRequest, username: str) -> HttpResponse:
    """Change what is known of somebody."""
    person = people.get(request.viewer, username)  # type: ignore[attr-defined]
    back = reverse("person", args=[username])
    values = {one.name: str(getattr(person, one.name) or "") for one in staffing.PERSON_FORM}
    ask = Ask(person.name, staffing.PERSON_FORM, gettext("保存"), back, gettext("已保存。"), values=values)
    return answer(
        request, ask, lambda typed: org.save_person(username=username, unit="", form=typed, **_say(request))
    )


@both
def move(request: HttpRequest, username: str) -> HttpResponse:
    """Move somebody to another unit, into the same post or another."""
    person = people.get(request.viewer, username)  # type: ignore[attr-defined]
    held = next((one for one in people.holdings(person) if one.until is None), None)
    values = {"unit": person.unit.code if person.unit else "", "post": held.post.code if held else ""}
    ask = Ask(
        gettext("%(name)s：单位与岗位") % {"name": person.name},
        (UNIT, POST),
        gettext("保存"),
        reverse("person", args=[username]),
        gettext("已保存，岗位带来的角色已跟着变。"),
        values=values,
        choices=_posts(),
    )

    def do(typed: dict[str, str]) -> None:
        unit, post = typed.get("unit", ""), typed.get("post", "")
        org.move_person(username=username, unit=unit, post=post, **_say(request))
        if not post:
            org.take_post(username=username, post="", **_say(request))
        _say_waiting(request, username)

    return answer(request, ask, do)


@both
def give(request: HttpRequest, username: str) -> HttpResponse:
    """Give somebody a role for itself."""
    person = people.get(request.viewer, username)  # type: ignore[attr-defined]
    ask = Ask(
        gettext("给%(name)s授权") % {"name": person.name},
        staffing.GRANT_FORM,
        gettext("授权"),
        reverse("person", args=[username]),
        gettext("已保存。"),
        intro=gettext("日常的角色请用岗位给。单独授权用于代班、专项，写明原因，最好有到期时间。"),
    )

    def do(typed: dict[str, str]) -> None:
        org.give(username=username, form=typed, **_say(request))
        _say_waiting(request, username)

    return answer(request, ask, do)


@require_POST
def withdraw(request: HttpRequest, grant_id: int) -> HttpResponse:
    """Take a role away that was given for itself."""
    grant = people.grant_of(request.viewer, grant_id)  # type: ignore[attr-defined]
    org.withdraw(grant=grant.pk, **_say(request))
    messages.success(request, gettext("已收回。"))
    return redirect("person", username=grant.person.username)


@both
def end(request: HttpRequest, username: str) -> HttpResponse:
    """End somebody's work here, the open cases going to a successor."""
    person = people.get(request.viewer, username)  # type: ignore[attr-defined]
    ask = Ask(
        gettext("%(name)s离岗") % {"name": person.name},
        (SUCCESSOR,),
        gettext("办理离岗"),
        reverse("person", args=[username]),
        gettext("已办理离岗，角色已全部收回。"),
        intro=gettext("手里还有在办工单时，请写接手人的用户名；接手人必须看得到这些工单。"),
        suggest={"successor": offered.words(request.viewer, _colleagues(person))},
        danger=True,
    )
    return answer(
        request,
        ask,
        lambda typed: org.end_person(
            username=username, successor=typed.get("successor", ""), **_say(request)
        ),
    )


def _colleagues(person):  # type: ignore[no-untyped-def]
    """Return who could take over from somebody: those at work over the same unit."""
    found = people.over(person.unit.path, set(Role)) if person.unit else []
    return [one for one in found if one.pk != person.pk]


@require_POST
def password(request: HttpRequest, username: str) -> HttpResponse:
    """Make a first password and show it once."""
    person = people.get(request.viewer, username)  # type: ignore[attr-defined]
    sheet = org.password_again(username=person.username, **_say(request))
    return password_sheet.shown(request, sheet)


urls = [
    path("people/add/", add, name="person_add"),
    path("people/<str:username>/edit/", edit, name="person_edit"),
    path("people/<str:username>/move/", move, name="person_move"),
    path("people/<str:username>/grant/", give, name="person_grant"),
    path("people/<str:username>/end/", end, name="person_end"),
    path("people/<str:username>/password/", password, name="person_password"),
    path("people/grants/<int:grant_id>/withdraw/", withdraw, name="grant_withdraw"),
]
