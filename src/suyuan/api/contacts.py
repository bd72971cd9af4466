"""Contacts that other systems bring in: the telephone platform, an app, a hotline of the city."""

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Status

from suyuan.actions import intake

from .keys import KeyFor
from .me import NOES
from .shapes import Contact, Received

router = Router(tags=["contacts"])


@router.post(
    "/contacts", auth=KeyFor("intake"), response={201: Received, **NOES}, summary="Take a contact in"
)
def receive(request: HttpRequest, said: Contact) -> Status:
    """Take a contact in and return the number of the case that stands for it."""
    number = intake.receive(
        incoming=intake.Incoming(**said.model_dump()),
        actor=request.auth.actor,  # type: ignore[attr-defined]
        now=timezone.now(),
    )
    return Status(201, {"number": number})
