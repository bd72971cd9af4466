"""What the remote workstation passed on, to whom and when, and what came back."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from suyuan.store import rules
from suyuan.store.queries import desks, listing, texts
from suyuan.store.queries.texts import Drawn

from . import register
from .names import Named, named
from .register import Cell, Empty, Filter, Head, Listed, Row
from .templatetags.ui import lang, local, span

SIZE = 50


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """List the messages relayed about cases in reach: those that wait, or those answered too."""
    query = register.only(request.GET, {"show", "to", "page"})
    at, now = register.page_of(query), timezone.now()
    show, to = query.get("show", "waiting"), query.get("to", "")
    start = listing.start_of(at, SIZE)
    viewer = request.viewer  # type: ignore[attr-defined]
    found = list(desks.relays(viewer, show, to)[start : start + SIZE + 1])
    who = named(name for one in found for name in (one.sent_by, one.answered_by) if name)
    draws = texts.drawn_each(one.case for one in found)
    bodies = [(one.code, getattr(one.title, lang())) for one in rules.rulebook().reasons["relay"]]
    return register.listed(
        request,
        Listed(
            title=gettext("转告记录"),
            intro=gettext("远程工作站把什么转告给了谁、谁转的、什么时候、得到什么回音。没有回音的排在前面。"),
            heads=(
                Head(gettext("工单"), wide=True),
                Head(gettext("转告给")),
                Head(gettext("转告内容")),
                Head(gettext("转告人和时间")),
                Head(gettext("回音")),
            ),
            rows=[row(one, draws[one.case_id], who, now) for one in found[:SIZE]],
            filters=(
                Filter("show", gettext("范围"), show, _shows()),
                Filter("to", gettext("转告给"), to, bodies),
            ),
            page=at,
            has_next=len(found) > SIZE,
            empty=Empty(
                gettext("没有等回音的转告") if show == "waiting" else gettext("没有转告记录"),
                gettext("在工单页点“转告”，写明转告给谁和内容；得到回音后点“记录回音”。"),
                "send",
                calm=True,
            ),
        ),
    )


def _shows() -> list[tuple[str, str]]:
    return [("waiting", gettext("等回音")), ("answered", gettext("已有回音"))]


def row(one, draw: Drawn, who: dict[str, Named], now: datetime) -> Row:  # type: ignore[no-untyped-def]
    """Return one message as a row."""
    kind = rules.label("business_type", one.case.business_type, lang())
    if one.came_back is None:
        waits = f"!{gettext('等了 %(long)s') % {'long': span(now - one.sent_at)}}"
        back = Cell(marks=[waits])
    else:
        back = Cell(
            lines=draw(one.came_back.masked), small=f"{who.get(one.answered_by, '')} {local(one.answered_at)}"
        )
    return Row(
        (
            Cell(one.case.number, reverse("case", args=(one.case.number,)), f"{kind} · {one.case.unit.name}"),
            Cell(rules.label("reason.relay", one.to, lang())),
            Cell(lines=draw(one.message.masked)),
            Cell(who.get(one.sent_by, ""), small=local(one.sent_at)),
            back,
        ),
    )


urls = [path("relays/", page, name="relays")]
