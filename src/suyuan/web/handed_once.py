"""A form that makes something: opened once and handed in twice, it makes one."""

import secrets
from collections.abc import Callable, Mapping

from django.http import HttpRequest
from django.utils import timezone

from suyuan.actions import once

MARK = "mark"
"""What tells a form opened once from one handed in twice."""


def mark(request: HttpRequest, *, fresh: bool = False) -> str:
    """Return the mark of a form that is shown: the one it was handed in with, or a fresh one."""
    kept = "" if fresh else request.POST.get(MARK, "")
    return kept or secrets.token_urlsafe(18)


def number(request: HttpRequest, what: Mapping[str, object], make: Callable[[], str]) -> str:
    """Return the number of what a form makes: the first one's where this form was handed in before."""
    given = request.POST.get(MARK, "")
    if not given:
        return make()
    asked = once.Asked(by=f"form:{request.viewer.actor.username}", mark=given, what=what)  # type: ignore[attr-defined]
    return str(once.once(asked=asked, work=lambda: {"number": make()}, now=timezone.now())["number"])
