"""Rows of the lists of messages, made through the real queue."""

from django.utils import timezone

from suyuan.actions.notice.queue import Draft, queue
from suyuan.domain.procedure import SYSTEM
from suyuan.store.models import Message
from tests.factories import NOW, unit


def told(n: int) -> object:
    """Return a message that stands in the app."""
    draft = Draft(f"told-{n}", "in_app", "test", "office@01", facts={"title": f"途径{n}"})
    return queue(draft=draft, actor=SYSTEM, now=timezone.now())


def sent(n: int) -> object:
    """Return a message that left this system, as the carrier of a channel would find it."""
    return Message.objects.create(
        key=f"sent-{n}",
        channel="sms",
        template="test",
        recipient="office@01",
        unit=unit("01"),
        queued_at=NOW,
        facts={"title": f"途径{n}"},
        state="done",
    )
