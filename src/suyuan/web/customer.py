"""The customer of a case: flags with consent, contacts and preferences, asked for on a form of their own."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from suyuan.actions import customer as verbs
from suyuan.domain import customer as rule
from suyuan.domain import portrait
from suyuan.domain.errors import BadInput, Refused
from suyuan.domain.fields import Field
from suyuan.store import rules
from suyuan.store.queries import cases, customer, personal
from suyuan.store.queries.viewer import Viewer

from . import errors, forms, register
from .templatetags.ui import lang


@dataclass(frozen=True, slots=True)
class What:
    """One thing that can be written down about a customer: its verb, its form, and what to know before."""

    verb: Callable[..., object]
    asks: tuple[Field, ...]
    intro: object
    danger: bool = False


@dataclass(frozen=True, slots=True)
class Tried:
    """What was typed, and what was wrong with it."""

    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    problem: str = ""
    status: int = 200


KINDS: Mapping[str, What] = {
    "set_flag": What(
        verbs.set_flag,
        rule.FLAG_FORM,
        _("个人的标记须本人同意：写明怎样取得、用于什么、哪一天。同意撤回或到期，标记立即不再显示。"),
    ),
    "withdraw_consent": What(
        verbs.withdraw_consent,
        rule.WITHDRAW_FORM,
        _("客户不再同意时用：标记从这一刻起在任何地方都不再显示。"),
        danger=True,
    ),
    "clear_flag": What(
        verbs.clear_flag,
        rule.CLEAR_FORM,
        _("情况变化时撤销标记。生命维持设备的标记须第二个人再撤一次才算撤销。"),
        danger=True,
    ),
    "correct_contact": What(
        verbs.correct_contact,
        rule.CONTACT_FORM,
        _("选了现有的一个，它就此作废，由新填的代替；不选就是新增一个。"),
    ),
    "set_preferences": What(
        verbs.set_preferences,
        rule.PREFERENCE_FORM,
        _("客户希望怎样、什么时候联系；勿扰时段内不打电话。"),
    ),
    "opt_out": What(
        verbs.opt_out,
        rule.OPT_OUT_FORM,
        _("客户不愿被分析、不愿接先手电话时用：从这一刻起不再显示画像、不再评分、不再列入先手单。照常服务。"),
        danger=True,
    ),
    "opt_in": What(verbs.opt_in, rule.OPT_OUT_FORM, _("客户改变主意、重新同意时用。")),
}


def panel(viewer: Viewer, case, now: datetime) -> dict[str, object]:
    """Return what the page of a case shows of the register: the customer, and what may be written down."""
    found = customer.of_case(viewer, case, now)
    if found is None:
        return {}
    open_verbs = list(KINDS) if customer.may_keep(personal.standing(viewer.actor, case)) else []
    if not found.marks:
        open_verbs = [name for name in open_verbs if name not in ("withdraw_consent", "clear_flag")]
    if not found.ways:
        open_verbs = [name for name in open_verbs if name != "set_preferences"]
    out = found.account.customer.opted_out_at is not None
    open_verbs = [name for name in open_verbs if name != ("opt_out" if out else "opt_in")]
    may_look = portrait.refusal(personal.standing(viewer.actor, case), opted_out=out) is None
    return {"registered": found, "customer_verbs": open_verbs, "opted_out": out, "may_portray": may_look}


@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest, number: str, what: str) -> HttpResponse:
    """Ask for what a verb on the customer of a case needs, and do it."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    case, now = cases.get(viewer, number), timezone.now()
    kind = KINDS.get(what)
    found = customer.of_case(viewer, case, now)
    if kind is None or found is None:
        raise Refused("not_found", number=number)
    if request.method == "GET":
        return _form(request, case, what, found, Tried())
    typed = forms.read(kind.asks, request.POST)
    try:
        done = kind.verb(number=number, actor=viewer.actor, now=now, form=typed)
    except BadInput as bad:
        tried = Tried(typed, errors.field_problems(bad), status=errors.status(bad))
        return _form(request, case, what, found, tried)
    except Refused as no:
        tried = Tried(typed, {}, errors.words_for(no.code), errors.status(no))
        return _form(request, case, what, found, tried)
    waits = done is False
    said = gettext("已记下，等第二个人确认。") if waits else gettext("已写入客户档案。")
    messages.success(request, said)
    return redirect("case", number=number)


def _form(request: HttpRequest, case, what: str, found: customer.Shown, tried: Tried) -> HttpResponse:
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    kind = KINDS[what]
    choices = {"contact_way": [(str(way.pk), way.masked) for way in found.ways]}
    if what in ("withdraw_consent", "clear_flag"):
        choices["special_flag"] = [
            (mark.code, rules.label("reason.special_flag", mark.code, lang())) for mark in found.marks
        ]
    shown = register.Asked(
        title=f"{rules.label('verb', what, lang())} · {case.number}",
        boxes=forms.boxes(viewer, kind.asks, forms.Entry(tried.values, tried.errors, choices=choices), what),
        submit=rules.label("verb", what, lang()),
        back=reverse("case", args=[case.number]),
        intro=kind.intro,
        problem=tried.problem,
        danger=kind.danger,
    )
    return register.asked(request, shown, tried.status)


urls = [
    path("case/<path:number>/customer/<str:what>/", ask, name="customer"),
]
