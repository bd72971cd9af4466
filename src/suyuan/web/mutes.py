"""Mutes: which signals open no warning, why and until when; muting some, and ending mutes."""

import functools
from collections.abc import Mapping

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from suyuan.actions.warn import muting
from suyuan.analytics.detect.index import DETECTORS
from suyuan.domain import warning as rule
from suyuan.domain.errors import BadInput, Refused
from suyuan.domain.fields import UNIT, Field, Type
from suyuan.store import rules
from suyuan.store.queries import listing, mutes, org, signals
from suyuan.store.queries.mutes import Wanted
from suyuan.store.queries.viewer import Viewer

from . import access, errors, handed_once, register
from . import signal_words as words
from .names import Named, named
from .register import Button, Cell, Empty, Filter, Head, Listed, Row
from .register_forms import Ask, answer
from .templatetags.ui import lang, local

SIZE = 50
SCOPES = ("signal", "detector")
SCOPE = Field("mute_scope", Type.CHOICE, choices=SCOPES)
"""Of one signal alone, or of its detector at its unit."""
FORM = (rule.DETECTOR.optional, UNIT, *rule.MUTE)


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """List the mutes of units in reach."""
    query = register.only(request.GET.dict(), {"state", "detector", "unit", "page"})
    viewer, now = request.viewer, timezone.now()  # type: ignore[attr-defined]
    at = register.page_of(query)
    wanted = Wanted(query.get("state", "held"), query.get("detector", ""), query.get("unit", ""))
    start = listing.start_of(at, SIZE)
    found = list(mutes.listed(viewer, wanted, now)[start : start + SIZE + 1])
    who = named(one.muted_by for one in found)
    may = access.may_open(request, "mute_add")
    add = Button(gettext("静默一类信号"), reverse("mute_add"), "plus", primary=True)
    places = [(one.code, one.name) for one in org.every() if viewer.sees(one.path)]
    states = [("held", gettext("静默中")), ("ended", gettext("已结束"))]
    return register.listed(
        request,
        Listed(
            title=gettext("静默"),
            intro=gettext("静默的信号照常留存，到期前不开预警单；每条静默都有理由和截止日。"),
            heads=_heads(),
            rows=[_row(one, who, may and wanted.state == "held") for one in found[:SIZE]],
            filters=(
                Filter("state", gettext("状态"), wanted.state, states),
                Filter("detector", gettext("探测器"), wanted.detector, words.detectors(DETECTORS)),
                Filter("unit", gettext("单位"), wanted.unit, places),
            ),
            buttons=(add,) if may else (),
            bulk=(Button(gettext("结束静默"), reverse("mutes_end"), "ban"),) if may and found else (),
            page=at,
            has_next=len(found) > SIZE,
            empty=Empty(
                gettext("没有这样的静默"),
                gettext("在一个信号上点“静默”，写明理由和截止日。"),
                "ban",
                calm=True,
            ),
        ),
    )


def _heads() -> tuple[Head, ...]:
    return (
        Head(gettext("静默的信号"), wide=True),
        Head(gettext("单位")),
        Head(gettext("理由")),
        Head(gettext("谁、何时")),
        Head(gettext("到（含当天）")),
    )


def _row(one, who: Mapping[str, Named], ticks: bool) -> Row:  # type: ignore[no-untyped-def]
    what = words.detector(one.detector) if one.detector else gettext("所有探测器")
    ended = gettext("%(at)s 提前结束") % {"at": local(one.ended_at)} if one.ended_at else ""
    return Row(
        (
            Cell(what, small=words.about(one) if one.object else ""),
            Cell(one.unit.name),
            Cell(rules.label("reason.mute", one.reason, lang()), small=one.note),
            Cell(who[one.muted_by], small=local(one.since)),
            Cell(f"{one.until:%Y-%m-%d}", small=ended, short=True),
        ),
        key=str(one.pk) if ticks else "",
    )


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Mute one signal, its detector at its unit, or a detector at a unit of one's own choice."""
    query = register.only(request.GET.dict(), {"signal"})
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    one = signals.get(viewer, _number(query["signal"])) if "signal" in query else None
    fields = FORM if one is None else (SCOPE, *rule.MUTE)
    ask = Ask(
        gettext("静默"),
        fields,
        gettext("静默"),
        reverse("mutes") if one is None else words.address(one),
        gettext("已静默。"),
        intro=" · ".join([words.sentence(one), one.unit.name, *_limits(one)] if one else _limits(None)),
        values={"mute_scope": SCOPES[0]} if one else {"unit": ""},
        choices={"detector": words.detectors(DETECTORS)} if one is None else {},
        makes=True,
    )

    def do(typed: dict[str, str]) -> None:
        what = _what(typed, one)
        form = {field.name: typed.get(field.name, "") for field in rule.MUTE}

        def make() -> str:
            return str(muting.mute(actor=viewer.actor, what=what, form=form, now=timezone.now()))

        handed_once.number(request, typed, make)

    return answer(request, ask, do)


def _limits(one) -> list[str]:  # type: ignore[no-untyped-def]
    """Return for how long one may mute, and what more is asked where a whole company could be meant."""
    figure = functools.partial(rules.figure, "warning.mute")
    most = gettext("最多 %(n)s 天") % {"n": figure("days")}
    if one is not None and one.unit.parent_id is not None:
        return [most]
    whole = gettext("整个公司的一类信号只由优服办静默，最多 %(n)s 天，说明不少于 %(words)s 字")
    return [most, whole % {"n": figure("company_days"), "words": figure("company_words")}]


def _what(typed: dict[str, str], one) -> muting.What:  # type: ignore[no-untyped-def]
    if one is None:
        if not typed.get("unit"):
            raise BadInput("bad_form", fields={"unit": "required"})
        return muting.What(typed["unit"], typed.get("detector", ""))
    if typed.get("mute_scope") not in SCOPES:
        raise BadInput("bad_form", fields={"mute_scope": "required"})
    alone = typed["mute_scope"] == SCOPES[0]
    return muting.What(one.unit.code, one.detector, one.object if alone else "")


def _number(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 19):
        raise BadInput("unknown_value", field="signal", value=text[:60])
    return int(text)


@require_POST
def end(request: HttpRequest) -> HttpResponse:
    """End the mutes that were ticked; one that is over already is said to be."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    for key in request.POST.getlist("key")[:SIZE]:
        one = mutes.get(viewer, _number(key))
        try:
            muting.unmute(actor=viewer.actor, mute=one.pk, now=timezone.now())
        except Refused as no:
            messages.warning(request, errors.words_for(no.code))
        else:
            messages.success(request, gettext("已结束静默。"))
    return redirect("mutes")


urls = [
    path("mutes/", page, name="mutes"),
    path("mutes/add/", add, name="mute_add"),
    path("mutes/end/", end, name="mutes_end"),
]
