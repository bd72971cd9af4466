"""The addresses of the programs' door together, and how a no is said there."""

from collections.abc import Mapping
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from suyuan import __version__
from suyuan.config.statuses import status
from suyuan.domain.errors import BadInput, RuleError
from suyuan.domain.masking import mask
from suyuan.store.queries import told as queries

from . import cases, contacts, me, receipts

api = NinjaAPI(
    title="Suyuan 溯源",
    version=__version__,
    description="What a power company's customers say. Send a key: Authorization: Bearer sy_…",
    urls_namespace="api",
    docs_url=None,
)
api.add_router("", me.router)
api.add_router("", cases.router)
api.add_router("", contacts.router)
api.add_router("", receipts.router)

CODES = {
    "missing": "required",
    "extra_forbidden": "unknown_field",
    "bad_characters": "bad_characters",
    "string_too_long": "too_long",
    "bool_parsing": "not_yes_or_no",
    "bool_type": "not_yes_or_no",
    "int_parsing": "not_a_number",
    "int_type": "not_a_number",
    "date_from_datetime_parsing": "bad_day",
    "date_parsing": "bad_day",
}
"""What the shapes find wrong, in the words of our forms."""


@api.exception_handler(RuleError)
def refused(request: HttpRequest, error: RuleError) -> HttpResponse:
    """Answer a rule's no with its code, its facts and its status."""
    told = {
        "refused": error.code,
        "facts": queries.refusal({name: _masked(fact) for name, fact in error.facts.items()}),
    }
    answer = api.create_response(request, told, status=status(error))
    if answer.status_code == HTTPStatus.UNAUTHORIZED:
        answer["WWW-Authenticate"] = "Bearer"
    if error.code == "too_many_requests":
        answer["Retry-After"] = str(error.facts["seconds"])
    return answer


def _masked(fact: object) -> object:
    """Return a fact with what somebody handed in masked, field names too: an answer may end in a log."""
    if isinstance(fact, Mapping):
        return {mask(str(name)): _masked(value) for name, value in fact.items()}
    if isinstance(fact, list | tuple):
        return [_masked(each) for each in fact]
    return mask(fact) if isinstance(fact, str) else fact


@api.exception_handler(ValidationError)
def misshapen(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Answer what has not the shape asked for, field by field."""
    wrong = {str(one["loc"][-1]): CODES.get(str(one["type"]), "unknown_value") for one in error.errors}
    beside = "unknown_field" in wrong.values() and _of_a_verb(request)
    where = {"under": "form"} if beside else {}
    return refused(request, BadInput("bad_form", fields=wrong, **where))


def _of_a_verb(request: HttpRequest) -> bool:
    return request.resolver_match is not None and "verb" in request.resolver_match.kwargs


@api.exception_handler(HttpError)
def unreadable(request: HttpRequest, _error: HttpError) -> HttpResponse:
    """Answer a body that is no JSON."""
    return refused(request, BadInput("bad_json"))
