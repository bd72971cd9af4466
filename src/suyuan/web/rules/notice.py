"""Next year's holidays: the notice pasted, or a table, shown as months before anybody approves."""

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from suyuan.actions import knowledge
from suyuan.domain.errors import BadInput, RulebookError
from suyuan.domain.fields import Field, Type
from suyuan.domain.rulebook import Notice
from suyuan.domain.rulebook.prose import notice_from_text
from suyuan.store import rules
from suyuan.store.queries.viewer import Viewer

from .. import errors, forms
from . import said

ASKED = (
    Field("notice", Type.LONGTEXT, required=False),
    Field("basis", Type.TEXT),
    Field("why", Type.TEXT, required=False),
)
LARGEST = 64 * 1024
"""Bytes of an uploaded notice: a year fits in two thousand."""


@dataclass(frozen=True, slots=True)
class Day:
    """One day of a month grid; ``number`` 0 fills a week."""

    number: int
    kind: str = ""
    """holiday, makeup, weekend or nothing."""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Month:
    """One month as weeks from Monday."""

    title: str
    weeks: Sequence[Sequence[Day]]
    rest: int
    work: int


def months(found: Notice) -> list[Month]:
    """Return the months a notice speaks of, the December before it only where it moves a day there."""
    rest, makeup = dict(found.holidays), dict(found.makeup)
    first = min([found.first, *rest, *makeup])
    every = sorted({(day.year, day.month) for day in _days(first, found.last)})
    return [_month(year, month, rest, makeup) for year, month in every]


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _month(year: int, month: int, rest: dict[date, str], makeup: dict[date, str]) -> Month:
    weeks = [
        [_day(day, month, rest, makeup) for day in week]
        for week in calendar.Calendar().monthdatescalendar(year, month)
    ]
    every = [day for week in weeks for day in week if day.number]
    free = sum(day.kind in ("holiday", "weekend") for day in every)
    return Month(f"{year}-{month:02}", weeks, free, len(every) - free)


def _day(day: date, month: int, rest: dict[date, str], makeup: dict[date, str]) -> Day:
    if day.month != month:
        return Day(0)
    if day in rest:
        return Day(day.day, "holiday", rest[day])
    if day in makeup:
        return Day(day.day, "makeup", makeup[day])
    return Day(day.day, "weekend" if day.weekday() > 4 else "")


@require_http_methods(["GET", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """Take a notice, show the months it makes, and hand it in for approval."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    typed = forms.read(ASKED, request.POST)
    found, problem, status = None, "", 200
    if request.method == "POST":
        try:
            typed |= _uploaded(request)
            found = _read(typed)
            if "hand_in" in request.POST:
                return _hand_in(request, viewer, found, typed)
        except BadInput as bad:
            problem = said.told(bad)
            status = errors.status(bad)
    book = rules.rulebook()
    shown = {
        "boxes": forms.boxes(viewer, ASKED, forms.Entry(typed), "notice"),
        "months": months(found) if found else [],
        "found": found,
        "problem": problem,
        "covered": book.calendar.last,
    }
    return render(request, "web/rules_notice.html", shown, status=status)


def _uploaded(request: HttpRequest) -> dict[str, str]:
    file = request.FILES.get("file")
    if file is None:
        return {}
    if file.size is None or file.size > LARGEST:
        raise BadInput("too_large", limit=LARGEST)
    try:
        return {"notice": file.read().decode("utf-8-sig")}
    except UnicodeDecodeError:
        raise BadInput("not_utf8") from None


def _read(typed: dict[str, str]) -> Notice:
    if not typed.get("notice") or not typed.get("basis"):
        missing = [name for name in ("notice", "basis") if not typed.get(name)]
        raise BadInput("bad_form", fields=dict.fromkeys(missing, "required"))
    fixed = rules.rulebook().calendar.fixed_statutory
    try:
        return notice_from_text(typed["notice"], typed["basis"], fixed)
    except RulebookError as wrong:
        facts = {name: wrong.facts.get(name, "") for name in ("table", "key", "problem")}
        raise BadInput("entry_does_not_fit", **facts) from None


def _hand_in(request: HttpRequest, viewer: Viewer, found: Notice, typed: dict[str, str]) -> HttpResponse:
    now = timezone.now()
    proposed = knowledge.Proposed("calendar", found.plain(), typed.get("why", ""))
    draft = knowledge.propose(proposed=proposed, actor=viewer.actor, now=now)
    knowledge.submit(draft=draft.pk, actor=viewer.actor, now=now)
    messages.success(request, gettext("已提交，等另一人批准。"))
    return redirect("rules_proposal", draft=draft.pk)


urls = [path("rules/notice/", page, name="rules_notice")]
