"""The page instead of one about the log as long as the server learns from it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from suyuan.actions import population, traced

PATIENCE = 2.0
"""So many seconds a page waits for what somebody else learns; then it says so."""


def traces(request: HttpRequest, title: str) -> HttpResponse | None:
    """Return the page that says the log is being learned from and asks again; None where it is not."""
    return _learning(request, title) if traced.is_busy(PATIENCE) else None


def whole(request: HttpRequest, title: str) -> HttpResponse | None:
    """Return the same of the whole log, which is looked over after it is learned from."""
    return _learning(request, title) if population.is_busy(PATIENCE) else None


def _learning(request: HttpRequest, title: str) -> HttpResponse:
    return render(request, "web/trace_learning.html", {"title": title})
