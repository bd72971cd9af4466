"""Receipts: what an SMS gateway says later. Opened by a signature over time and body instead of a key."""

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema

from suyuan.actions.notice import receipts
from suyuan.domain.notice import Call

from .me import NOES

router = Router(tags=["receipts"])


class RefusedReceipt(Schema):
    """A receipt that changed nothing, and why."""

    key: str
    reason: str


class ReceiptsTaken(Schema):
    """What became of the receipts of one call."""

    accepted: int
    refused: list[RefusedReceipt]


@router.post(
    "/receipts/{channel}", auth=None, response={200: ReceiptsTaken, **NOES}, summary="Report deliveries"
)
def take_receipts(request: HttpRequest, channel: str) -> dict[str, object]:
    """Take the receipts of a call signed as docs/outbox.md says; what is not believed is refused whole."""
    call = Call(
        timestamp=request.headers.get("X-Suyuan-Timestamp", ""),
        signature=request.headers.get("X-Suyuan-Signature", ""),
        body=request.body,
    )
    taken = receipts.receive(channel=channel, call=call, now=timezone.now())
    return {"accepted": taken.accepted, "refused": taken.refused}
