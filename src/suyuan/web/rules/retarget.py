"""Putting running clocks under the edition in force: what it would do first, then batch by batch."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from suyuan.actions import clock
from suyuan.store import rules

from .. import register, words
from ..templatetags.ui import lang


@require_http_methods(["GET", "POST"])
def page(request: HttpRequest, record: str) -> HttpResponse:
    """Show what a re-target would do, or do one batch of it."""
    now = timezone.now()
    edition = clock.in_force(record, now)
    if request.method == "POST":
        actor = request.viewer.actor  # type: ignore[attr-defined]
        after = request.POST.get("after", "")
        done = clock.retarget(limit=record, actor=actor, now=now, after=after)
        told = {"moved": done.moved, "left": done.left, "passed": done.passed_over}
        messages.success(
            request,
            gettext("已改 %(moved)s 个钟；%(passed)s 张工单不适用新版；仍有 %(left)s 个钟按旧版运行。")
            % told,
        )
        more = f"?{urlencode({'after': done.last})}" if done.left and done.last else ""
        return redirect(reverse("rules_retarget", args=[record]) + more)
    seen = clock.preview(edition=edition, now=now, book=rules.rulebook())
    shown = {
        "record": record,
        "title": getattr(edition.title, lang()),
        "edition": edition,
        "budget": words.duration(edition.amount, edition.unit),
        "seen": seen,
        "same": seen.looked_at - seen.later - seen.earlier - seen.passed_over,
        "most": clock.MANY,
        "looked_at": clock.LOOKED_AT,
        "after": register.only(request.GET, frozenset({"after"})).get("after", ""),
    }
    return render(request, "web/rules_retarget.html", shown)


urls = [path("rules/retarget/<path:record>/", page, name="rules_retarget")]
