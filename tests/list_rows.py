"""Rows of lists: messages made through the real queue, orders that change hands."""

from django.utils import timezone

from suyuan.actions.notice.queue import Draft, queue
from suyuan.domain.procedure import SYSTEM
from suyuan.store.models import Message
from tests.factories import NOW, case_at, do, unit
from tests.lakes import fresh_lake


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


def passed_on(n: int) -> None:
    """Have an order change hands between two units of which no other one did."""
    case = case_at("dispatched")
    if n:
        to = {"unit": ("0102", "0109")[n - 1], "specialty": "marketing", "reason": "other_unit"}
        do(case, "transfer", "office", **to)
    fresh_lake()
