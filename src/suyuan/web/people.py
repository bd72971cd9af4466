"""People: the list, and one person with roles, posts and what was done."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from suyuan.domain import staffing
from suyuan.domain.masking import mask_phone
from suyuan.domain.vocabulary import Role
from suyuan.store import rules
from suyuan.store.queries import people, second
from suyuan.store.queries.viewer import Viewer

from . import access, forms, offered, org_file, password_sheet, person_forms, register
from .register import Button, Cell, Empty, Filter, Head, Listed, Row
from .templatetags.ui import joined, lang, local, post_name

SIZE = 50
KEYS = frozenset({"q", "unit", "role", "post", "tag", "ended", "page"})
HEADS = (Head(_("姓名"), wide=True), Head(_("单位")), Head(_("岗位")), Head(_("角色")), Head(_("坐席号")))


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """List the people in reach."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    query = register.only(request.GET.dict(), KEYS)
    wanted = people.Wanted(
        q=query.get("q", "").strip(),
        unit=query.get("unit", ""),
        role=query.get("role", ""),
        post=query.get("post", ""),
        ended=bool(query.get("ended")),
        tag=query.get("tag", ""),
    )
    number = register.page_of(query)
    rows = list(people.listed(viewer, wanted)[(number - 1) * SIZE : number * SIZE + 1])
    may = access.may_open(request, "person_add")
    add = Button(gettext("导入人员表"), reverse("people_file"), "upload", primary=True)
    shown = Listed(
        title=gettext("人员"),
        intro=gettext("角色随岗位给、随岗位收；另外单独授的角色有原因和期限。离职前在办工单要先有人接。"),
        heads=HEADS,
        rows=[_row(one) for one in rows[:SIZE]],
        filters=_filters(viewer, query),
        buttons=[add, *_more()] if may else [],
        empty=Empty(
            gettext("没有这样的人员。"),
            gettext("导入一张人员表最省事：姓名、工号、单位、岗位四列就够了。"),
            "users",
            add if may else None,
        ),
        page=number,
        has_next=len(rows) > SIZE,
    )
    return register.listed(request, shown)


def _more() -> list[Button]:
    return [
        Button(gettext("新增人员"), reverse("person_add"), "user"),
        Button(gettext("发初始口令"), reverse("people_passwords"), "lock"),
    ]


def _filters(viewer: Viewer, query: dict[str, str]) -> list[Filter]:
    posts = [(post.code, post_name(post)) for post in people.posts()]
    return [
        Filter("q", gettext("姓名、用户名、工号、坐席号"), query.get("q", "")),
        Filter("unit", rules.label("field", "unit", lang()), query.get("unit", ""), forms.units(viewer)),
        Filter("role", rules.label("field", "role", lang()), query.get("role", ""), roles()),
        Filter("post", rules.label("field", "post", lang()), query.get("post", ""), posts),
        Filter("tag", rules.label("field", "tags", lang()), query.get("tag", ""), competences()),
        Filter("ended", gettext("在岗情况"), query.get("ended", ""), [("1", gettext("已离岗"))]),
    ]


def roles() -> forms.Choices:
    """Return the roles with their words."""
    return [(role.value, rules.label("role", role, lang())) for role in Role]


def competences() -> forms.Choices:
    """Return the competences of the rulebook with their words."""
    return rules.choices(staffing.TAGS, lang())


def _row(person) -> Row:  # type: ignore[no-untyped-def]
    post = post_name(person.held_now[0].post) if person.held_now else ""
    held = dict.fromkeys(rules.label("role", grant.role, lang()) for grant in person.grants.all())
    return Row(
        dim=not person.is_active,
        cells=(
            Cell(
                person.name,
                reverse("person", args=[person.username]),
                small=" · ".join(dict.fromkeys(filter(None, (person.username, person.employee_number)))),
            ),
            Cell(person.unit.name if person.unit else ""),
            Cell(post, small=joined(offered.tags(person))),
            Cell("", marks=list(held) or [gettext("!没有角色")]),
            Cell(person.seat),
        ),
    )


@require_GET
def one(request: HttpRequest, username: str) -> HttpResponse:
    """Show somebody: what is known, the posts and roles, the last things done."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    person, now = people.get(viewer, username), timezone.now()
    may = access.may_open(request, "person_edit")
    grants, asked = people.grants(person), second.waiting_of(person)
    did = [
        (local(event.at), rules.label("verb", event.verb, lang()), event.stream.removeprefix("case:"))
        for event in people.did(viewer, person, now)
    ]
    page = {
        "person": person,
        "tags": offered.tags(person),
        "may": may,
        "phone": mask_phone(person.phone) if may else "",
        "holdings": people.holdings(person),
        "grants": grants,
        "fixed": _fixed(viewer, person, grants),
        "asked": asked,
        "verbs": _verbs(viewer, person, grants, asked) if may else (),
        "did": [(at, what, on if not on.startswith("register") else "") for at, what, on in did],
        "left": people.left_open(viewer, person, now) if person.ended_at else [],
    }
    return render(request, "web/person.html", page)


def _fixed(viewer: Viewer, person, grants) -> set[int]:  # type: ignore[no-untyped-def]
    """Return which of the roles somebody holds the viewer could not take away."""
    who = [(one.pk, Role(one.role), one.unit.path) for one in grants]
    named = person.username
    return {pk for pk, *held in who if staffing.refusal_to_take(viewer.actor, named, *held) is not None}


def _verbs(viewer: Viewer, person, grants, asked) -> set[str]:  # type: ignore[no-untyped-def]
    """Return the verbs on somebody that the viewer is not refused for the unit or the roles they touch."""
    actor, named = viewer.actor, person.username
    if person.ended_at or not staffing.keeps_register(actor, person.unit.path if person.unit else "/"):
        return set()
    fixed, found = _fixed(viewer, person, grants), {"edit", "grant"}
    if not any(one.pk in fixed for one in grants if one.holding_id):
        found.add("move")
    if not fixed and named != actor.username:
        found.add("end")
    if not fixed and not any(
        staffing.refusal_to_give(actor, named, Role(one.role), one.unit.path) for one in asked
    ):
        found.add("password")
    return found


urls = [
    path("people/", page, name="people"),
    *org_file.urls,
    *password_sheet.urls,
    *person_forms.urls,
    path("people/<str:username>/", one, name="person"),
]
