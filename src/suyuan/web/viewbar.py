"""The bar of views over a list: the house's, the person's own, those shared; and the one that opens first."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from suyuan.store.queries import attention, views
from suyuan.store.queries.viewer import Viewer

from . import access

LISTS = {
    "queue": _("工单列表"),
    "inbox": _("消息箱"),
    "outbox": _("发件箱"),
    "people": _("人员"),
    "rules_proposals": _("规则草案"),
}
"""The lists whose filters can be kept as a view, by the name of their address."""

HOUSE = {
    "queue": (
        (_("等我办的"), "scope=mine"),
        (_("已超期"), "scope=open&light=red"),
        (_("临期"), "scope=open&light=amber"),
        (_("暂停中"), "scope=open&light=paused"),
        (_("等我会签的"), "scope=to_sign"),
        (_("全部在办"), "scope=open"),
        (_("全部工单"), "scope=all&order=accepted"),
    )
}
"""The views everybody has; a list without any has one, which shows it as it comes."""
AS_IT_COMES = ((_("默认"), "page=1"),)


@dataclass(frozen=True, slots=True)
class Chip:
    """One view as it stands in the bar."""

    name: object
    url: str
    on: bool
    view: object = None
    """The saved view, none for one of the house."""
    first: bool = False
    """Whether the list opens with it."""
    mine: bool = False


@dataclass(frozen=True, slots=True)
class Bar:
    """The bar over one list."""

    page: str
    here: str
    """The filters that stand on the page, as a query string."""
    chips: list[Chip]
    may_keep: bool


def here_of(request: HttpRequest) -> str:
    """Return the filters of an address as a query string: what is empty, and the page, left out."""
    return urlencode({name: value for name, value in request.GET.items() if value and name != "page"})


def bar(request: HttpRequest, may_keep: bool | None = None) -> Bar | None:
    """Return the bar over the list that is asked for, None where it has no views."""
    page = access.name_of(request)
    if page not in LISTS:
        return None
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    here, address = here_of(request), reverse(page)
    house = HOUSE.get(page, AS_IT_COMES)
    chips = [
        Chip(name, f"{address}?{of}", of == here or (not here and of == house[0][1])) for name, of in house
    ]
    saved = views.of_page(viewer, page)
    opens = attention.preference(viewer).opens.get(page) if saved else None
    chips += [
        Chip(one.name, f"{address}?{one.query}", one.query == here, one, one.pk == opens, not one.shared_id)
        for one in saved
    ]
    return Bar(page, here, chips, bool(here) if may_keep is None else may_keep)


def opening(request: HttpRequest) -> HttpResponse | None:
    """Return the way to the view a list opens with; None where an address says what it wants, or none is."""
    page = access.name_of(request)
    if request.GET or request.method != "GET" or page not in LISTS:
        return None
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    chosen = attention.preference(viewer).opens.get(page)
    found = views.seen(viewer).filter(pk=chosen, page=page).first() if chosen else None
    return redirect(f"{reverse(page)}?{found.query}") if found is not None and found.query else None
