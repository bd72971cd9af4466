"""A new contact: what the customer says, with the earlier cases of the same account beside it."""

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.csrf import csrf_failure
from django.views.decorators.http import require_http_methods, require_POST

from suyuan.actions import intake
from suyuan.actions.privacy import find
from suyuan.domain.errors import BadInput, Refused
from suyuan.domain.fields import BUSINESS_TYPE, SECRECY, Field, Type
from suyuan.store import rules
from suyuan.store.queries import customer, history
from suyuan.store.queries.viewer import Viewer

from . import errors, filings, forms, handed_once, repeats, reporter

WHO = (
    Field("phone", Type.TEXT, required=False, personal=True),
    Field("account", Type.TEXT, required=False, personal=True),
    Field("customer", Type.TEXT, required=False, personal=True),
    Field("address", Type.TEXT, required=False, personal=True),
)
"""Who calls: asked first, because it finds the earlier cases."""

LAST_CHANNEL = "last_channel"
"""Session key: a desk takes one channel all day."""


def what() -> tuple[Field, ...]:
    """Return the fields of what the customer says."""
    channel = Field("channel", Type.CHOICE, choices=tuple(rules.rulebook().channels))
    return (channel, BUSINESS_TYPE, Field("text", Type.LONGTEXT, personal=True), SECRECY)


@require_http_methods(["GET", "POST"])
def contact(request: HttpRequest) -> HttpResponse:
    """Take a contact in, or show the form."""
    if request.method == "GET":
        return _form(request, {"channel": request.session.get(LAST_CHANNEL, "")}, {})
    typed = forms.read((*WHO, *what()), request.POST)
    if "lookup" in request.POST:
        return _form(request, typed, {})
    said = dict.fromkeys(("channel", "business_type", "text"), "") | typed
    try:
        number = _taken_in(request, said)
    except BadInput as bad:
        return _form(request, typed, errors.field_problems(bad), errors.status(bad))
    except Refused as refused:
        if refused.code != "asked_otherwise":
            raise
        return _other_contact(request, typed, refused)
    request.session[LAST_CHANNEL] = said["channel"]
    if said.get(SECRECY.name) == "anonymous" and not reporter.has_code(number):
        return reporter.handed_out(request, number)
    messages.success(request, gettext("已受理，工单编号 %(number)s。请接着登记。") % {"number": number})
    return redirect("case", number=number)


def _taken_in(request: HttpRequest, said: dict[str, str]) -> str:
    """Return the number of the case of a contact: the first one's where this form was handed in before."""
    actor, now = request.viewer.actor, timezone.now()  # type: ignore[attr-defined]

    def make() -> str:
        return intake.receive(incoming=intake.Incoming(**said), actor=actor, now=now)

    return handed_once.number(request, said, make)


def _other_contact(request: HttpRequest, typed: dict[str, str], refused: Refused) -> HttpResponse:
    """Show a form that has made a case already, filled in otherwise, as the form of another contact."""
    said = gettext("这张表已经受理为 %(number)s。如果这是另一个来电，请再点一次“受理”。")
    messages.warning(request, said % {"number": refused.facts["number"]})
    return _form(request, typed, {}, errors.status(refused), fresh=True)


def begun(request: HttpRequest, known: dict[str, str]) -> HttpResponse:
    """Show the form of a contact with what is known of the caller filled in, to be handed in as any other."""
    channel = request.session.get(LAST_CHANNEL, "")
    return _form(request, {"channel": channel, **known}, {}, action=reverse("contact"))


def kept(request: HttpRequest, status: int) -> HttpResponse:
    """Show what was typed again where it could not be taken: nobody is signed in, or the page is out of date.

    Nothing of it is stored: it stays in the page until somebody who may hands it in.
    """
    return _form(request, forms.read((*WHO, *what()), request.POST), {}, status)


def out_of_date(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose token is no longer good, as after signing in again in another tab."""
    if request.path == reverse("contact"):
        return kept(request, HTTPStatus.FORBIDDEN)
    return csrf_failure(request, reason=reason)


def _form(
    request: HttpRequest,
    typed: dict[str, str],
    wrong: dict[str, str],
    status: int = 200,
    *,
    fresh: bool = False,
    action: str = "",
) -> HttpResponse:
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    entry = forms.Entry(typed, wrong)
    page = {
        "mark": handed_once.mark(request, fresh=fresh),
        "who": forms.boxes(viewer, WHO, entry, "who"),
        "what": forms.boxes(viewer, what(), entry, "what"),
        "wrong": wrong,
        "action": action,
        "signed_out": not request.user.is_authenticated,
        "stale": status == HTTPStatus.FORBIDDEN and request.user.is_authenticated,
    }
    if request.user.is_authenticated:
        page |= _earlier(viewer, typed)
    return render(request, "web/contact.html", page, status=status)


def _earlier(viewer: Viewer, typed: dict[str, str]) -> dict[str, object]:
    account, phone, name = (typed.get(each, "") for each in ("account", "phone", "customer"))
    named = "" if account or phone else name
    rows = history.earlier(viewer, account, phone, named)
    now = timezone.now()
    callers = customer.of_caller(viewer, account, phone, now)
    asked = {"phone": phone, "account": account, "customer": named}
    find.look_up(viewer=viewer, asked=asked, callers=len(callers), now=now)
    found = {"asked": bool(account or phone or name), "earlier": rows, "callers": callers, "named": named}
    found |= repeats.of_caller(viewer, phone, [] if named else rows, now)
    return found | filings.told_to(viewer, filings.Asked(account, phone, callers, rows), now)


@require_POST
def lookup(request: HttpRequest) -> HttpResponse:
    """Return who has the account or telephone number typed, and earlier cases, by name where neither is."""
    typed = forms.read(WHO, request.POST)
    return render(request, "web/_looked_up.html", _earlier(request.viewer, typed))  # type: ignore[attr-defined]


urls = [
    path("contact/new/", contact, name="contact"),
    path("contact/lookup/", lookup, name="contact_lookup"),
]
