"""The portrait of a customer: asked for with a purpose from within a case or a first move, shown once."""

from collections.abc import Callable, Mapping

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from suyuan.actions import customer as verbs
from suyuan.domain.errors import BadInput, Refused
from suyuan.domain.portrait import FORM
from suyuan.store import rules
from suyuan.store.queries import cases, firstmoves, texts
from suyuan.store.queries.portrait import Portrait
from suyuan.store.queries.viewer import Viewer

from . import errors, forms, register
from .templatetags.ui import lang

both = require_http_methods(["GET", "POST"])
Look = Callable[[Mapping[str, str]], Portrait]


@both
def of_case(request: HttpRequest, number: str) -> HttpResponse:
    """Show the portrait of the customer of a case, once a purpose is said."""
    register.only(request.GET, frozenset())
    viewer = _viewer(request)
    if request.method == "GET":
        verbs.may_look(viewer, cases.get(viewer, number))

    def look(typed: Mapping[str, str]) -> Portrait:
        return verbs.look_from_case(viewer=viewer, number=number, form=typed, now=timezone.now())

    return _answer(request, look, reverse("case", args=[number]), "handle_case")


@both
def of_move(request: HttpRequest, move_id: int) -> HttpResponse:
    """Show the portrait of who is to be called, once a purpose is said."""
    register.only(request.GET, frozenset())
    viewer = _viewer(request)
    firstmoves.one(viewer, move_id)

    def look(typed: Mapping[str, str]) -> Portrait:
        return verbs.look_from_move(viewer=viewer, move=move_id, form=typed, now=timezone.now())

    return _answer(request, look, reverse("first_move", args=[move_id]), "first_move")


def _viewer(request: HttpRequest) -> Viewer:
    return request.viewer  # type: ignore[attr-defined, no-any-return]


def _answer(request: HttpRequest, look: Look, back: str, purpose: str) -> HttpResponse:
    if request.method == "GET":
        return _form(request, forms.Entry({"portrait_purpose": purpose}), back)
    typed = forms.read(FORM, request.POST)
    try:
        found = look(typed)
    except BadInput as bad:
        return _form(request, forms.Entry(typed, errors.field_problems(bad)), back, status=errors.status(bad))
    except Refused as no:
        if errors.status(no) == 404:
            raise
        return _form(request, forms.Entry(typed), back, errors.words_for(no.code), errors.status(no))
    answer = render(request, "web/portrait.html", _shown(found, typed["portrait_purpose"], back))
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _form(
    request: HttpRequest, entry: forms.Entry, back: str, problem: str = "", status: int = 200
) -> HttpResponse:
    shown = register.Asked(
        title=gettext("客户画像"),
        boxes=forms.boxes(_viewer(request), FORM, entry, "portrait"),
        submit=gettext("查看一次"),
        back=back,
        intro=gettext(
            "往来历史、敏感程度、联系偏好、未了结的承诺、特殊标记，只为这次办理看。"
            "谁在何时为何查看会记入审计链；客户不同意的不显示。"
        ),
        problem=problem,
    )
    return register.asked(request, shown, status)


def _shown(found: Portrait, purpose: str, back: str) -> dict[str, object]:
    draws = texts.drawn_each(one.case for one in found.promises)
    signs = found.sensitivity.signs
    return {
        "portrait": found,
        "registered": found.registered,
        "purpose": rules.label("reason.portrait", purpose, lang()),
        "level": rules.label("portrait_level", found.sensitivity.level, lang()),
        "signs": [(rules.label("portrait_sign", name, lang()), count) for name, count in signs.items()],
        "promises": [(one, draws[one.case_id](one.what.masked)) for one in found.promises],
        "kinds": [(rules.label("business_type", kind, lang()), n) for kind, n in sorted(found.kinds.items())],
        "back": back,
    }


urls = [
    path("case/<path:number>/portrait/", of_case, name="portrait"),
    path("first-moves/<int:move_id>/portrait/", of_move, name="first_move_portrait"),
]
