"""The public page on which a secret reporter asks with a code, and where the desk hands one out."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from suyuan.actions import reporter
from suyuan.domain.errors import BadInput, Refused
from suyuan.domain.fields import FURTHER, REPORTER_CODE
from suyuan.domain.proof import SHOWS
from suyuan.domain.reporter import refusal
from suyuan.store.queries import cases, history
from suyuan.store.queries import reporter as queries
from suyuan.store.queries.viewer import Viewer

from . import errors, forms, register, status
from .signin import address_of

FORM = (REPORTER_CODE, FURTHER)


@never_cache
@require_http_methods(["GET", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """Ask for the code; show where the case stands and its answer, or take what the reporter adds."""
    if request.method != "POST":
        return _page(request, forms.Entry())
    typed = forms.read(FORM, request.POST)
    try:
        if typed.get(FURTHER.name, "").strip():
            _add(request, typed)
            messages.success(request, gettext("已收到您补充的情况。"))
            return redirect("reporter")
        return _found(request, typed)
    except BadInput as bad:
        entry = forms.Entry(typed, errors.field_problems(bad))
        return _page(request, entry, code=errors.status(bad))
    except Refused as no:
        return _page(request, forms.Entry(typed), errors.words_for(no.code), errors.status(no))


def _add(request: HttpRequest, typed: dict[str, str]) -> None:
    reporter.say_more(
        code=typed.get(REPORTER_CODE.name, ""),
        text=typed[FURTHER.name],
        address=address_of(request),
        now=timezone.now(),
    )


def _found(request: HttpRequest, typed: dict[str, str]) -> HttpResponse:
    now = timezone.now()
    case, said = reporter.ask(code=typed.get(REPORTER_CODE.name, ""), address=address_of(request), now=now)
    clocks = history.clocks(case, now)
    told = {
        "received_at": case.received_at,
        "line": status.line(case, clocks, at_a_door=True),
        "answer": said,
    }
    return _page(request, forms.Entry(typed), told=told)


def _page(
    request: HttpRequest,
    entry: forms.Entry,
    problem: str = "",
    code: int = 200,
    told: dict[str, object] | None = None,
) -> HttpResponse:
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    asked = register.Asked(
        title=gettext("凭码查询"),
        boxes=forms.boxes(viewer, FORM, entry, "r"),
        submit=gettext("查询或提交"),
        back="",
        intro=gettext(
            "请输入受理时给您的查询码。只写查询码是查询；写了补充情况就一并提交。"
            "这里不需要、也不会显示您的姓名、电话或户号，请不要把它们写进补充情况。"
        ),
        problem=problem,
    )
    return render(request, "web/reporter.html", {"asked": asked, "told": told}, status=code)


@require_POST
def give(request: HttpRequest, number: str) -> HttpResponse:
    """Hand out a code for the reporter of a case, and show it this once."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    cases.get(viewer, number)
    return handed_out(request, number)


def handed_out(request: HttpRequest, number: str) -> HttpResponse:
    """Return the page that shows a fresh code for the reporter of a case."""
    code = reporter.hand_out(number=number, actor=request.viewer.actor, now=timezone.now())  # type: ignore[attr-defined]
    address = request.build_absolute_uri(reverse("reporter"))
    return render(request, "web/code_made.html", {"number": number, "code": code, "address": address})


def has_code(number: str) -> bool:
    """Return whether a code was handed out for a case."""
    return queries.has_code(cases.unscoped(number))


def panel(viewer: Viewer, case) -> dict[str, object]:  # type: ignore[no-untyped-def]
    """Return whether the page of a case offers a code for its reporter, and whether one was handed out."""
    offered = refusal(cases.facts(case), viewer.actor) is None
    proves = bool(viewer.actor.over_case(case.unit.path) & SHOWS)
    return {
        "proves": proves,
        "code_offered": offered,
        "code_given": bool(case.secrecy) and queries.has_code(case),
    }


urls = [
    path("ask/", page, name="reporter"),
    path("case/<path:number>/code/", give, name="reporter_code"),
]
