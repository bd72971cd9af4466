"""Contacts that other systems bring in: the telephone platform, an app, a hotline of the city."""

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Status

from suyuan.actions import intake

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
    """Take a contact in and return the number of the case that stands for it."""
    actor, now = request.auth.actor, timezone.now()  # type: ignore[attr-defined]
    incoming = intake.Incoming(**said.model_dump())

    def work() -> dict[str, object]:
        return {"number": intake.receive(incoming=incoming, actor=actor, now=now)}

    return Status(201, answered(request, {"contact": said.model_dump()}, work))
