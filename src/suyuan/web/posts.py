"""Posts 岗位, what each gives, and what each role may do."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from suyuan.actions import org
from suyuan.domain import procedures, staffing
from suyuan.domain.fields import Field, Type
from suyuan.domain.vocabulary import Role
from suyuan.store import rules
from suyuan.store.queries import people

from . import access, register
from .register import Button, Cell, Empty, Head, Listed, Row
from .register_forms import Ask, answer
from .templatetags.ui import joined, lang, post_duties, post_name

CODE = Field("code", Type.TEXT)
HEADS = (
    Head(_("岗位"), wide=True),
    Head(_("职责")),
    Head(_("角色")),
    Head(_("管辖")),
    Head(_("在岗"), number=True),
)
ROLE_HEADS = (Head(_("角色"), wide=True), Head(_("可以做的操作")), Head(_("给这个角色的岗位")))


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """List the posts."""
    held, people_of = people.holders(), _people(request)
    may = access.may_open(request, "post_add")
    add = Button(gettext("新增岗位"), reverse("post_add"), "plus", primary=True) if may else None
    rows = [
        Row(
            cells=(
                Cell(post_name(post), reverse("post", args=[post.code]) if may else "", small=post.code),
                Cell(lines=post_duties(post)),
                Cell("", marks=[rules.label("role", role, lang()) for role in post.roles]),
                Cell(rules.label("over", post.over, lang())),
                Cell(held.get(post.pk, 0), f"{people_of}?post={post.code}" if people_of else ""),
            )
        )
        for post in people.posts()
    ]
    shown = Listed(
        title=gettext("岗位"),
        intro=gettext("岗位决定角色：谁上岗谁就有，离岗就收回。改岗位的角色，在岗的人跟着变。"),
        heads=HEADS,
        rows=rows,
        buttons=[
            Button(gettext("角色说明"), reverse("roles"), "info-circle"),
            *([add] if add else []),
        ],
        empty=Empty(gettext("还没有岗位。"), gettext("先建岗位，再在人员表里写岗位名称。"), "users", add),
    )
    return register.listed(request, shown)


def _people(request: HttpRequest) -> str:
    """Return the address of the list of people, empty for whoever may not open it."""
    return reverse("people") if access.may_open(request, "people") else ""


@require_GET
def roles(request: HttpRequest) -> HttpResponse:
    """Explain the roles: what each may do to a case, and which posts give it."""
    posts, people_of = people.posts(), _people(request)
    may: dict[str, dict[str, None]] = {role: {} for role in Role}
    for procedure in procedures.CURRENT.values():
        for step in procedure.steps:
            for role in step.roles:
                may[role][rules.label("verb", step.verb, lang())] = None
    rows = [
        Row(
            cells=(
                Cell(rules.label("role", role, lang()), f"{people_of}?role={role}" if people_of else ""),
                Cell(joined(may[role]) or gettext("不办工单")),
                Cell(joined(post_name(post) for post in posts if role in post.roles)),
            )
        )
        for role in Role
    ]
    shown = Listed(
        title=gettext("角色"),
        intro=gettext("角色管到被授的单位和它的全部下级。没有写在这里的，就是不能做。"),
        heads=ROLE_HEADS,
        rows=rows,
        empty=Empty("", ""),
    )
    return register.listed(request, shown)


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Make a post."""
    return _asked(request, "", {"over": "unit"})


@require_http_methods(["GET", "POST"])
def one(request: HttpRequest, post: str) -> HttpResponse:
    """Change a post."""
    known = people.post(post)
    values = {
        "post_name": known.name,
        "duties": known.duties,
        "specialty": known.specialty,
        "roles": " ".join(known.roles),
        "over": known.over,
    }
    return _asked(request, post, values)


def _asked(request: HttpRequest, code: str, values: dict[str, str]) -> HttpResponse:
    fields = staffing.POST_FORM if code else (CODE, *staffing.POST_FORM)
    ask = Ask(
        values.get("post_name") or gettext("新增岗位"),
        fields,
        gettext("保存"),
        reverse("posts"),
        gettext("已保存，在岗人员的角色已跟着变。"),
        values=values,
        choices={"roles": [(role.value, rules.label("role", role, lang())) for role in Role]},
    )

    def do(typed: dict[str, str]) -> None:
        named = code or typed.pop("code", "")
        org.save_post(
            code=named,
            form=typed,
            actor=request.viewer.actor,  # type: ignore[attr-defined]
            now=timezone.now(),
        )

    return answer(request, ask, do)


@require_POST
def close(request: HttpRequest, post: str) -> HttpResponse:
    """Close a post nobody holds."""
    org.close_post(code=post, actor=request.viewer.actor, now=timezone.now())  # type: ignore[attr-defined]
    return redirect("posts")


urls = [
    path("roles/", roles, name="roles"),
    path("posts/", page, name="posts"),
    path("posts/add/", add, name="post_add"),
    path("posts/<str:post>/", one, name="post"),
    path("posts/<str:post>/close/", close, name="post_close"),
]
