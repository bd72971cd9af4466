"""Contacts that messages no longer reach: whoever keeps customers asks for a better one on the next call."""

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from suyuan.domain.errors import BadInput
from suyuan.store import rules
from suyuan.store.queries import bounced

from . import register
from .register import Cell, Head, Row
from .templatetags.ui import lang

KINDS = ("phone", "email", "wechat")


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """List the contacts that bounce, masked, the worst first."""
    query = register.only(request.GET, frozenset({"kind", "page"}))
    kind, number = query.get("kind", ""), register.page_of(query)
    if kind and kind not in KINDS:
        raise BadInput("unknown_value", field="kind", value=kind)
    rows, more = bounced.bad_contacts(request.viewer, kind, number)  # type: ignore[attr-defined]
    shown = register.Listed(
        title=gettext("失效的联系方式"),
        intro=gettext("发出的消息连续没有送达。下次通话时问一个能用的，在工单的客户页更正；更正后不再列出。"),
        heads=[
            Head(gettext("联系方式"), wide=True),
            Head(gettext("连续未送达"), number=True),
            Head(gettext("户号")),
            Head(gettext("单位")),
            Head(gettext("最近的工单")),
        ],
        rows=[_row(one) for one in rows],
        empty=register.Empty(
            gettext("没有失效的联系方式。"),
            gettext("网关或邮件回执说没有送达的，会列在这里，直到更正或又能送达。"),
            "circle-check",
        ),
        filters=[
            register.Filter(
                "kind",
                gettext("种类"),
                kind,
                [(one, rules.label("contact_kind", one, lang())) for one in KINDS],
            )
        ],
        page=number,
        has_next=more,
    )
    return register.listed(request, shown)


def _row(one: bounced.Bad) -> Row:
    way = one.way
    return Row(
        [
            Cell(
                way.masked,
                small=" · ".join(
                    rules.label(*code, lang()) for code in (("contact_kind", way.kind), ("whose", way.whose))
                ),
            ),
            Cell(way.bounced),
            Cell(one.account.masked, short=True),
            Cell(one.account.unit.name),
            Cell(one.case.number, reverse("case", args=[one.case.number]), short=True),
        ]
    )


urls = [path("customers/bounced/", page, name="customers_bounced")]
