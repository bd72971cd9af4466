"""Every contact with the customer of a case on one page, in one order, to be read back when it matters."""

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from suyuan.domain.errors import BadInput
from suyuan.domain.fields import Field
from suyuan.domain.procedures import CURRENT
from suyuan.store import handed_in, rules
from suyuan.store.queries import cases
from suyuan.store.queries import interactions as queries
from suyuan.store.queries.viewer import Viewer

from . import register
from .names import Named, named
from .register import Button, Cell, Empty, Filter, Head, Listed, Row
from .templatetags.ui import lang, local

SIZE = 100


@require_GET
def page(request: HttpRequest, number: str) -> HttpResponse:
    """List the interactions of a case, or of all cases of its customer in reach; the newest first."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    query = register.only(request.GET, {"scope", "kind", "page"})
    if (scope := query.get("scope", "")) not in ("", "account"):
        raise BadInput("unknown_value", field="scope", value=scope[:40])
    kind, at = query.get("kind", ""), register.page_of(query)
    case = cases.get(viewer, number)
    found = queries.of(viewer, case, account=scope == "account", kind=kind)[::-1]
    shown = found[(at - 1) * SIZE : at * SIZE]
    people = named({line.who for line in shown if line.who})
    return register.listed(
        request,
        Listed(
            title=f"{gettext('往来记录')} {case.number}",
            intro=gettext(
                "来话、联系、到场、答复、消息和回执、满意卡、催办、证据，按时间排在一起。文字都已遮盖。"
            ),
            heads=_heads(),
            rows=[_row(line, people) for line in shown],
            empty=Empty(
                gettext("没有这类往来"), gettext("换一个类型，或者看客户名下的全部往来。"), calm=True
            ),
            filters=(
                Filter("kind", gettext("类型"), kind, _labels("interaction", queries.KINDS)),
                Filter(
                    "scope", gettext("范围"), scope, [("account", gettext("同户号、同电话的其他工单也算"))]
                ),
            ),
            buttons=(Button(gettext("返回"), reverse("case", args=[case.number])),),
            page=at,
            has_next=len(found) > at * SIZE,
        ),
    )


def _heads() -> tuple[Head, ...]:
    titles = (
        *(gettext("时间"), gettext("往来"), gettext("渠道")),
        *(gettext("经手"), gettext("内容"), gettext("工单")),
    )
    return tuple(Head(title, wide=not place) for place, title in enumerate(titles))


def _labels(kind: str, codes: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(code, rules.label(kind, code, lang())) for code in codes]


def _row(line: queries.Line, people: dict[str, Named]) -> Row:
    verb = rules.label("verb", line.verb, lang()) if line.verb else ""
    said = "\n".join(filter(None, (*_facts(line), line.text)))
    return Row(
        (
            Cell(local(line.at), short=True),
            Cell(rules.label("interaction", line.kind, lang()), small=verb),
            Cell(_door(line)),
            Cell(people.get(line.who, "")),
            Cell("", lines=said, small=line.mark[:16]),
            Cell(line.number, reverse("case", args=[line.number])),
        )
    )


def _door(line: queries.Line) -> str:
    if not line.door or line.kind in ("message", "receipt"):
        return line.door
    return rules.label("evidence_kind" if line.kind == "evidence" else "channel", line.door, lang())


FIELDS: dict[str, Field] = {
    field.name: field for table in CURRENT.values() for step in table.steps for field in step.form
}


def _facts(line: queries.Line) -> list[str]:
    """Return what the form of a step said, in words."""
    return [f"{rules.label('field', name, lang())}：{_value(name, value)}" for name, value in line.form]


def _value(name: str, value: str) -> str:
    if name == "template":
        return rules.label("template", value, lang())
    if name in ("message_state", "receipt_outcome"):
        return rules.label(name, value, lang())
    return handed_in.words(FIELDS.get(name), name, value, {}, lang())


urls = [path("case/<path:number>/interactions/", page, name="interactions")]
