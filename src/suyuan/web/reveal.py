"""A personal field in clear, once, for a purpose; and who looked at what."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods

from suyuan.actions.privacy import reveal as revealing
from suyuan.domain.errors import BadInput, Refused
from suyuan.store import rules
from suyuan.store.queries import cases, personal
from suyuan.store.queries.viewer import Viewer

from . import errors, forms, register
from .names import Named, named
from .templatetags.ui import lang, local


@require_http_methods(["GET", "POST"])
def reveal(request: HttpRequest, number: str) -> HttpResponse:
    """Ask what is to be seen and why; show it once."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    case = cases.get(viewer, number)
    if reason := personal.hidden(viewer, case):
        raise Refused(reason)
    if request.method == "GET":
        return _form(request, case, {}, {}, "")
    typed = forms.read(revealing.FORM, request.POST)
    try:
        value = revealing.reveal(number=number, actor=viewer.actor, now=timezone.now(), form=typed)
    except BadInput as bad:
        return _form(request, case, typed, errors.field_problems(bad), "", errors.status(bad))
    except Refused as refused:
        return _form(request, case, typed, {}, errors.words_for(refused.code), errors.status(refused))
    page = {"case": case, "name": typed["personal_field"], "value": value}
    answer = render(request, "web/revealed.html", page)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _form(
    request: HttpRequest, case, typed: dict[str, str], wrong: dict[str, str], problem: str, status: int = 200
) -> HttpResponse:
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    there = [(name, rules.label("field", name, lang())) for name in personal.revealable(viewer, case)]
    entry = forms.Entry(typed, wrong, choices={"personal_field": there})
    shown = register.Asked(
        title=gettext("查看原值 · %(number)s") % {"number": case.number},
        boxes=forms.boxes(viewer, revealing.FORM, entry, "reveal"),
        submit=gettext("查看一次"),
        back=reverse("case", args=[case.number]),
        intro=gettext("原值只显示这一次；谁在何时为何查看会记入审计链，监审和本人都能看到。"),
        problem=problem or ("" if there else gettext("这张工单没有您可以查看的原值。")),
    )
    return register.asked(request, shown, status)


@require_GET
def looks(request: HttpRequest) -> HttpResponse:
    """List who looked at what: for audit every look in its units, for others their own."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    page = register.page_of(register.only(request.GET, {"page"}))
    rows, more = personal.looks(viewer, page=page)
    who = named(look.actor for look in rows)
    return register.listed(
        request,
        register.Listed(
            title=gettext("个人信息查看记录"),
            intro=gettext(
                "每次查看原值、按原值查找、导出和清除都记入审计链，不可更改。监审看到本单位的全部记录，其他人看到自己的。"
            ),
            heads=[
                register.Head(gettext("时间")),
                register.Head(gettext("谁")),
                register.Head(gettext("操作"), wide=True),
                register.Head(gettext("工单")),
                register.Head(gettext("用途")),
            ],
            rows=[register.Row(_cells(look, who[look.actor])) for look in rows],
            empty=register.Empty(
                gettext("还没有人查看过"),
                gettext("在工单页“查看原值”、导出工单或个人信息后，会出现在这里。"),
                "lock",
                calm=True,
            ),
            page=page,
            has_next=more,
        ),
    )


def _cells(look: personal.Look, who: Named) -> list[register.Cell]:
    return [
        register.Cell(local(look.at)),
        register.Cell(who.name, small=who.login),
        register.Cell(rules.label("verb", look.verb, lang()), small=_named(look)),
        register.Cell(look.number, url=reverse("case", args=[look.number]) if look.number else ""),
        register.Cell(_why(look), small=_found(look)),
    ]


def _named(look: personal.Look) -> str:
    return " / ".join(rules.label("field", name, lang()) for name in look.field.split())


def _why(look: personal.Look) -> str:
    """Return what somebody looked for; of a search, where it was asked."""
    group = "reason.reveal" if look.hits is None else "find_place"
    group = "reason.portrait" if look.verb == "portrait" else group
    return rules.label(group, look.purpose, lang())


def _found(look: personal.Look) -> str:
    return "" if look.hits is None else gettext("找到 %(count)s 条") % {"count": look.hits}


urls = [
    path("case/<path:number>/reveal/", reveal, name="reveal"),
    path("looks/", looks, name="looks"),
]
