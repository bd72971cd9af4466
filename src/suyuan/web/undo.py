"""The offer to take back what was just done: words of success with a button beside them, on the next page."""

import json

from django.contrib import messages
from django.http import HttpRequest


def offer(request: HttpRequest, said: str, url: str, **hidden: object) -> None:
    """Say what was done, with a button that posts ``hidden`` to ``url`` and so takes it back."""
    messages.success(request, said, extra_tags=json.dumps({"url": url, "hidden": hidden}))


def read(tags: str) -> dict[str, object]:
    """Return the offer that stands with a message, nothing where there is none."""
    found: dict[str, object] = json.loads(tags) if tags.startswith("{") else {}
    return found
