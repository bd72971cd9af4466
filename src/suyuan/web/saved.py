"""Saved views: kept, renamed, put in order, shared in a unit, opened first, forgotten and brought back."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from suyuan.actions import views as verbs
from suyuan.domain.errors import BadInput
from suyuan.domain.fields import Field, Type
from suyuan.store.queries import attention, views
from suyuan.store.queries.viewer import Viewer

from . import access, register, undo
from .register import Button, Cell, Empty, Head, Listed, Row
from .register_forms import Ask, answer
from .viewbar import LISTS

both = require_http_methods(["GET", "POST"])
NAME = Field("view_name", Type.TEXT)
PLACE = Field("view_place", Type.INTEGER)
OPENS = Field("view_opens", Type.BOOL, required=False)
SHARED = Field("view_unit", Type.UNIT, required=False)


@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """Keep the filters of a list under a name."""
    page, query = request.POST.get("page", "queue"), request.POST.get("query", "")
    if page not in LISTS or not access.may_open(request, page):
        raise BadInput("unknown_value", field="page", value=page[:60])
    name = request.POST.get("name", "")
    verbs.save(person=request.user, name=name, query=query, page=page, now=timezone.now())
    return redirect(reverse(page) + (f"?{query}" if query else ""))


@require_POST
def forget(request: HttpRequest) -> HttpResponse:
    """Forget a view of one's own, and offer to bring it back."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    found = views.get(viewer, _number(request.POST.get("view", "")))
    verbs.forget(viewer=viewer, view=found.pk, now=timezone.now())
    said = gettext("已删除视图“%(name)s”。") % {"name": found.name}
    undo.offer(request, said, reverse("view_restore"), view=found.pk)
    return redirect(f"{reverse(found.page)}?page=1")


@require_POST
def restore(request: HttpRequest) -> HttpResponse:
    """Bring a forgotten view back and open it."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    back = verbs.restore(viewer=viewer, view=_number(request.POST.get("view", "")), now=timezone.now())
    messages.success(request, gettext("视图“%(name)s”又在了。") % {"name": back.name})
    return redirect(f"{reverse(back.page)}?{back.query}")


def _number(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 19):
        raise BadInput("unknown_value", field="view", value=text[:60])
    return int(text)


@require_GET
def listed(request: HttpRequest) -> HttpResponse:
    """Show every view somebody sees, private ones first, in their order."""
    register.only(request.GET.dict(), set())
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    opens = attention.preference(viewer).opens
    shown = Listed(
        title=gettext("视图"),
        intro=gettext(
            "视图是存下来的筛选。自己的只有自己看见；共享的，单位里的人都看见。打开一个即可改名、排序。"
        ),
        heads=[
            Head(gettext("视图名称"), wide=True),
            Head(gettext("所在列表")),
            Head(gettext("谁看得见")),
            Head(gettext("打开")),
        ],
        rows=[_row(view, opens) for view in views.seen(viewer) if access.may_open(request, view.page)],
        empty=Empty(
            gettext("还没有存过视图"),
            gettext("在工单列表里筛选，再点“存为视图”，下次一点就是这些工单。"),
            "bookmark",
            Button(
                gettext("看全部工单"), f"{reverse('queue')}?scope=all&order=accepted", "inbox", primary=True
            ),
        ),
    )
    return register.listed(request, shown)


def _row(view: views.SavedView, opens: dict[str, int]) -> Row:
    seen_by = gettext("只有自己")
    if view.shared is not None:
        seen_by = gettext("%(unit)s，由%(name)s存下") % {"unit": view.shared.name, "name": view.owner.name}
    first = opens.get(view.page) == view.pk
    return Row(
        [
            Cell(view.name, reverse("view", args=[view.pk]), marks=[gettext("先打开")] if first else ()),
            Cell(LISTS[view.page]),
            Cell(seen_by),
            Cell(gettext("打开"), f"{reverse(view.page)}?{view.query}"),
        ]
    )


@both
def one(request: HttpRequest, view_id: int) -> HttpResponse:
    """Say whether a list opens with a view; rename and move a private one."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    found = views.get(viewer, view_id)
    opens = attention.preference(viewer).opens.get(found.page) == found.pk
    private = found.shared_id is None
    ask = Ask(
        gettext("视图“%(name)s”") % {"name": found.name},
        (NAME, PLACE, OPENS) if private else (OPENS,),
        gettext("保存"),
        reverse("views"),
        gettext("已保存。"),
        intro="" if private else gettext("这是单位里共享的视图，改名和排序由能共享视图的人来做。"),
        values=_values(found) | {"view_opens": "1" if opens else "0"},
        more=_more(request, found),
    )

    def do(typed: dict[str, str]) -> None:
        if private:
            _change(request, found, typed)
        first = typed.get("view_opens") == "1"
        if first is not opens:
            verbs.opens(viewer=viewer, page=found.page, view=view_id if first else None, now=timezone.now())

    return answer(request, ask, do)


@both
def share(request: HttpRequest, view_id: int) -> HttpResponse:
    """Share a view in a unit, and change one that is shared."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    found = views.get(viewer, view_id)
    ask = Ask(
        gettext("共享视图“%(name)s”") % {"name": found.name},
        (NAME, PLACE, SHARED),
        gettext("保存"),
        reverse("views"),
        gettext("已保存。"),
        intro=gettext(
            "选一个单位，在它和它下面工作的人都会看见这个视图；各人看到的仍只是自己范围内的内容。不选就只有存它的人看见。"
        ),
        values=_values(found) | {"view_unit": found.shared.code if found.shared else ""},
    )

    def do(typed: dict[str, str]) -> None:
        _change(request, found, typed)
        unit = typed.get("view_unit", "")
        if unit != (found.shared.code if found.shared else ""):
            verbs.share(viewer=viewer, view=view_id, unit=unit, now=timezone.now())

    return answer(request, ask, do)


def _values(view: views.SavedView) -> dict[str, str]:
    return {"view_name": view.name, "view_place": str(view.place + 1)}


def _change(request: HttpRequest, view: views.SavedView, typed: dict[str, str]) -> None:
    if _values(view) == {name: typed.get(name, "") for name in ("view_name", "view_place")}:
        return
    place = typed.get("view_place", "")
    if not (place.isascii() and place.isdecimal() and 1 <= int(place) <= 999):
        raise BadInput("bad_form", fields={"view_place": "not_a_number"})
    verbs.change(
        viewer=request.viewer,  # type: ignore[attr-defined]
        view=view.pk,
        name=typed.get("view_name", ""),
        place=int(place),
        now=timezone.now(),
    )


def _more(request: HttpRequest, view: views.SavedView) -> list[Button]:
    may = access.may_open(request, "view_share")
    return [Button(gettext("在单位内共享"), reverse("view_share", args=[view.pk]), "users")] if may else []


urls = [
    path("views/", listed, name="views"),
    path("views/save/", save, name="view_save"),
    path("views/forget/", forget, name="view_forget"),
    path("views/restore/", restore, name="view_restore"),
    path("views/<int:view_id>/", one, name="view"),
    path("views/<int:view_id>/share/", share, name="view_share"),
]
