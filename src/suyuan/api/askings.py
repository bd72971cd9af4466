"""What comes again under one ``Idempotency-Key`` is answered as the first time, and done once."""

from collections.abc import Callable, Mapping

from django.http import HttpRequest
from django.utils import timezone

from suyuan.actions import once

HEADER = "Idempotency-Key"
MARKED = {
    "parameters": [
        {
            "in": "header",
            "name": HEADER,
            "required": False,
            "schema": {"type": "string", "minLength": 1, "maxLength": 200},
            "description": "Sent again with the same body, it gets the first answer; nothing is done twice.",
        }
    ]
}
"""How the OpenAPI document says it."""


def answered(
    request: HttpRequest, what: Mapping[str, object], work: Callable[[], once.Answer]
) -> once.Answer:
    """Return what the work answers, or answered when the same was asked for under this key before."""
    mark = request.headers.get(HEADER)
    if mark is None:
        return work()
    owner = request.key.owner.username  # type: ignore[attr-defined]
    asked = once.Asked(by=f"api:{owner}", mark=mark, what=what)
    return once.once(asked=asked, work=work, now=timezone.now())
