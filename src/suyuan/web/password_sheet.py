"""First passwords on paper: who has none, then one sheet with a slip for each, shown this once."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from suyuan.actions.org import handing
from suyuan.domain.errors import BadInput
from suyuan.store.queries import people

from . import errors, register
from .checks import is_loopback
from .templatetags.ui import post_name


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """List the people in reach who have no password, as many as one sheet holds."""
    register.only(request.GET, set())
    viewer, most = request.viewer, handing.most_at_once()  # type: ignore[attr-defined]
    found = list(people.without_password(viewer)[: most + 1])
    titles = (gettext("人员"), gettext("单位"), gettext("岗位"))
    every = register.Button(
        gettext("全部发（%(n)d 人）") % {"n": min(len(found), most)},
        reverse("people_passwords_made"),
        "lock",
        primary=True,
        name="all",
    )
    said = gettext("口令只在下一页显示一次，打印后剪开，当面交给本人；第一次登录必须改。")
    if len(found) > most:
        said += gettext("一次最多 %(most)d 人，发完再来。") % {"most": most}
    listed = register.Listed(
        title=gettext("还没有口令的人员"),
        intro=said,
        heads=[register.Head(title, wide=not n) for n, title in enumerate(titles)],
        rows=[_row(person) for person in found[:most]],
        empty=register.Empty(
            gettext("人人都有口令"),
            gettext("新导入的人员会出现在这里。某个人忘了口令，在他自己的页面上重发。"),
            "users",
            calm=True,
        ),
        buttons=[register.Button(gettext("返回"), reverse("people"))],
        bulk=[every, register.Button(gettext("发给选中的"), reverse("people_passwords_made"), "user")],
    )
    return register.listed(request, listed)


def _row(person) -> register.Row:  # type: ignore[no-untyped-def]
    return register.Row(
        key=person.username,
        cells=[
            register.Cell(person.name, reverse("person", args=[person.username]), small=person.username),
            register.Cell(person.unit.name if person.unit else ""),
            register.Cell(post_name(person.held_now[0].post) if person.held_now else ""),
        ],
    )


@require_POST
def made(request: HttpRequest) -> HttpResponse:
    """Make first passwords for the ticked people, or all who have none, and show the sheet."""
    viewer = request.viewer  # type: ignore[attr-defined]
    verb, ticked = request.POST.get("verb", ""), request.POST.getlist("key")
    if verb not in ("", "all"):
        raise BadInput("unknown_value", field="verb", value=verb[:60])
    if verb == "all":
        ticked = [person.username for person in people.without_password(viewer)[: handing.most_at_once()]]
    if not ticked:
        raise BadInput("nothing_ticked")
    for username in ticked:
        people.get(viewer, username)
    sheet = handing.first_passwords(usernames=ticked, actor=viewer.actor, now=timezone.now())
    return shown(request, sheet)


def shown(request: HttpRequest, sheet: handing.Sheet) -> HttpResponse:
    """Return the sheet as a page: in the answer alone, in no session and no message."""
    refused = [(username, errors.words_for(code)) for username, code in sheet.refused]
    page = {"sheet": sheet, "refused": refused, "address": _address(request)}
    return render(request, "web/password_sheet.html", page)


def _address(request: HttpRequest) -> str:
    """Return where people reach the console; nothing where this machine alone does."""
    if settings.CSRF_TRUSTED_ORIGINS:
        return f"{settings.CSRF_TRUSTED_ORIGINS[0]}/"
    return "" if is_loopback(request.get_host().rsplit(":", 1)[0]) else request.build_absolute_uri("/")


urls = [
    path("people/passwords/", page, name="people_passwords"),
    path("people/passwords/made/", made, name="people_passwords_made"),
]
