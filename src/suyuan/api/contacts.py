"""Contacts that other systems bring in: the telephone platform, an app, a hotline of the city."""

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Status

from suyuan.actions import intake, reporter

from .askings import MARKED, answered
from .keys import KeyFor
from .me import NOES
from .shapes import Contact, Received

router = Router(tags=["contacts"])


@router.post(
    "/contacts",
    auth=KeyFor("intake"),
    response={201: Received, **NOES},
    summary="Take a contact in",
    openapi_extra=MARKED,
)
def receive(request: HttpRequest, said: Contact) -> Status:
    """Take a contact in and return the number of its case, with a code for a reporter who is kept secret."""
    actor, now = request.auth.actor, timezone.now()  # type: ignore[attr-defined]
    incoming = intake.Incoming(**said.model_dump())

    def work() -> dict[str, object]:
        return {"number": intake.receive(incoming=incoming, actor=actor, now=now)}

    answer = answered(request, {"contact": said.model_dump()}, work)
    # no code is kept to be told again: a request that is sent again gets another one
    code = reporter.hand_out_at_intake(number=str(answer["number"]), actor=actor, now=now)
    return Status(201, {**answer, "code": code})
