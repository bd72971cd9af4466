"""First moves: the morning's list of a desk, one call on a telephone's page, what came of it."""

from collections.abc import Mapping
from datetime import date, datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from suyuan.actions import firstmoves as verbs
from suyuan.actions.firstmoves.words import promise, words
from suyuan.domain import first_move as rule
from suyuan.domain.errors import BadInput
from suyuan.store import rules
from suyuan.store.queries import firstmoves as queries
from suyuan.store.queries import listing, moves_day
from suyuan.store.queries.viewer import Viewer

from . import access, contacts, errors, forms, register
from .names import Named, named
from .register import Button, Cell, Empty, Filter, Head, Listed, Row
from .templatetags.ui import lang, left, local

SIZE = 50
both = require_http_methods(["GET", "POST"])


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """List whom the desks in reach call on a day, the last one there is a list of unless told."""
    query = register.only(request.GET, {"day", "show", "unit", "page"})
    viewer, now = _viewer(request), timezone.now()
    at, show, unit = register.page_of(query), query.get("show", ""), query.get("unit", "")
    today, asked = rules.local_day(now), query.get("day")
    days = queries.days(viewer, today)
    day = moves_day.not_ahead(_day(asked), now) if asked else days[0]
    days = days if day in days else [day, *days]
    start = listing.start_of(at, SIZE)
    found = list(queries.listed(viewer, day, show, unit)[start : start + SIZE + 1])
    who = named({one.done_by or one.taken_by for one in found} - {""})
    lists = list(queries.lists(viewer, day))
    return register.listed(
        request,
        Listed(
            title=f"{gettext('先手单')} {day:%Y-%m-%d}",
            intro=_intro(lists) if asked or day == today else _of_before(viewer, day, now) + _intro(lists),
            heads=_heads(),
            rows=[_row(one, who, now) for one in found[:SIZE]],
            filters=(
                Filter("day", gettext("日期"), f"{day:%Y-%m-%d}", [(f"{one:%Y-%m-%d}",) * 2 for one in days]),
                Filter("show", gettext("状态"), show, _labels("move_state", queries.SHOWN[1:])),
                Filter("unit", gettext("班组"), unit, [(one.unit.code, one.unit.name) for one in lists]),
            ),
            page=at,
            has_next=len(found) > SIZE,
            buttons=_buttons(request),
            empty=_empty("" if show or found else _why(viewer, day, now, unit)),
        ),
    )


def _why(viewer: Viewer, day: date, now: datetime, unit: str = "") -> str:
    """Return in words why a day has nobody to call, and when it will."""
    found = moves_day.why_empty(viewer, day, now, unit)
    if found is None:
        return ""
    said = rules.label("move_why", found.code, lang())
    return f"{said} ({local(found.at)})" if found.at else said


def _empty(why: str) -> Empty:
    rule_said = gettext("名单在每个工作日早晨生成：承诺快到期、不满意未处理、探测器看出问题的客户排在前面。")
    return Empty(why[:1].upper() + why[1:] or gettext("没有要先打的电话"), rule_said, "phone-plus", calm=True)


def _of_before(viewer: Viewer, day: date, now: datetime) -> str:
    """Say that the list shown is of an earlier day, and why there is none of today."""
    said = gettext("今天：%(why)s。下面是 %(day)s 的名单，没打完的仍可以打。")
    return said % {"why": _why(viewer, rules.local_day(now), now), "day": f"{day:%Y-%m-%d}"}


def _viewer(request: HttpRequest) -> Viewer:
    return request.viewer  # type: ignore[attr-defined, no-any-return]


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadInput("unknown_value", field="day", value=text[:40]) from None


def _intro(lists) -> str:  # type: ignore[no-untyped-def]
    done, every = sum(one.done for one in lists), sum(one.listed for one in lists)
    said = gettext("客户再打来之前，先打过去。%(every)s 户，已打 %(done)s 户。") % {
        "every": every,
        "done": done,
    }
    if over := sum(one.unfinished for one in lists):
        said += gettext("上一张名单有 %(over)s 户没有打完，不再累加；还有理由的已重新排进来。") % {
            "over": over
        }
    return said


def _heads() -> tuple[Head, ...]:
    return (
        Head(gettext("客户"), wide=True),
        Head(gettext("为什么打"), wide=True),
        Head(gettext("先说什么"), wide=True),
        Head(gettext("承诺")),
        Head(gettext("状态")),
    )


def _labels(kind: str, codes: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(code, rules.label(kind, code, lang())) for code in codes]


def _buttons(request: HttpRequest) -> list[Button]:
    every = (
        Button(gettext("成效"), reverse("first_moves_effect"), "chart-bar"),
        Button(gettext("留出的"), reverse("first_moves_held"), "lock"),
    )
    names = ("first_moves_effect", "first_moves_held")
    return [button for button, name in zip(every, names, strict=True) if access.may_open(request, name)]


def called(one) -> str:  # type: ignore[no-untyped-def]
    """Return what an entry is called by: the masked name of the customer, else the number of the case."""
    masked = one.customer.masked if one.customer else ""
    return masked or (one.case.number if one.case else gettext("客户"))


def _row(one, who: Mapping[str, Named], now: datetime) -> Row:  # type: ignore[no-untyped-def]
    said = words(one.reasons, one.list.day, lang())
    by = who.get(one.done_by or one.taken_by)
    state = rules.label("move_outcome", one.outcome, lang()) or rules.label("move_state", one.state, lang())
    waits = one.state in (rule.OPEN, rule.TAKEN)
    return Row(
        (
            Cell(called(one), reverse("first_move", args=(one.pk,)), small=one.list.unit.name),
            Cell(lines=" → ".join(said.why)),
            Cell(lines=said.say),
            Cell(promise(one.reasons, lang()), small=_due(one, now)),
            Cell(by.name if by else "", marks=[state]),
        ),
        dim=not waits,
    )


def _due(one, now: datetime) -> str:  # type: ignore[no-untyped-def]
    return f"{local(one.due_at)} · {left(one.due_at, now)}" if one.due_at else ""


@both
def show(request: HttpRequest, move_id: int) -> HttpResponse:
    """Show one call: why, what to say, the number for a purpose; write down what came of it."""
    register.only(request.GET, frozenset())
    one = queries.one(_viewer(request), move_id)
    if request.method == "GET":
        return _shown(request, one)
    typed = forms.read(rule.FORM, request.POST)
    try:
        outcome = verbs.record_outcome(viewer=_viewer(request), move=move_id, form=typed, now=timezone.now())
    except BadInput as bad:
        return _shown(request, one, typed, errors.field_problems(bad), status=errors.status(bad))
    if outcome == rule.COMPLAINED and access.may_open(request, "contact"):
        messages.success(request, gettext("已记下。请把投诉登记为来电。"))
        return redirect("first_move", move_id)
    messages.success(request, gettext("已记下。"))
    return redirect("first_moves")


def _shown(  # type: ignore[no-untyped-def]
    request: HttpRequest,
    one,
    typed: Mapping[str, str] | None = None,
    wrong: Mapping[str, str] | None = None,
    *,
    number: str = "",
    status: int = 200,
) -> HttpResponse:
    viewer, now = _viewer(request), timezone.now()
    said = words(one.reasons, one.list.day, lang())
    waits = one.state in (rule.OPEN, rule.TAKEN)
    mine = one.taken_by in ("", viewer.actor.username)
    hours = queries.hours(queries.phone_of(one))
    asked = (rule.AGAIN_ON,) if number else (rule.CONTACTED, rule.AGAIN_ON)
    shown = {
        "move": one,
        "title": called(one),
        "traced": one.case is not None and one.case.business_type == "complaint",
        "why": said.why,
        "say": said.say,
        "promise": promise(one.reasons, lang()),
        "left": left(one.due_at, now) if one.due_at else "",
        "hours": "、".join(f"{first:%H:%M}–{last:%H:%M}" for first, last in hours),
        "number": number,
        "may_call": waits and mine,
        "taken_by": named([one.taken_by]).get(one.taken_by) if one.taken_by and not mine else "",
        "outcomes": _labels("move_outcome", rule.OUTCOMES),
        "boxes": forms.boxes(viewer, asked, forms.Entry(typed or {}, wrong or {}), "move"),
        "may_portray": one.taken_by == viewer.actor.username and one.account_id is not None,
        "may_register": one.outcome == rule.COMPLAINED and access.may_open(request, "contact"),
    }
    return render(request, "web/first_move.html", shown, status=status)


@both
def number(request: HttpRequest, move_id: int) -> HttpResponse:
    """Ask what the number is to be seen for; take the call on and show it, to be called at once."""
    register.only(request.GET, frozenset())
    viewer, now = _viewer(request), timezone.now()
    one = queries.one(viewer, move_id)
    if request.method == "GET":
        return _purpose(request, one, {"purpose": "call_back"}, {})
    typed = forms.read(rule.PURPOSE, request.POST)
    try:
        seen = verbs.call_number(viewer=viewer, move=move_id, form=typed, now=now)
    except BadInput as bad:
        return _purpose(request, one, typed, errors.field_problems(bad), errors.status(bad))
    return _shown(request, queries.one(viewer, move_id), number=seen)


def _purpose(  # type: ignore[no-untyped-def]
    request: HttpRequest, one, typed: Mapping[str, str], wrong: Mapping[str, str], status: int = 200
) -> HttpResponse:
    shown = register.Asked(
        title=f"{gettext('看号码')} · {called(one)}",
        boxes=forms.boxes(_viewer(request), rule.PURPOSE, forms.Entry(typed, wrong), "r"),
        submit=gettext("看号码并拨打"),
        back=reverse("first_move", args=(one.pk,)),
        intro=gettext(
            "看号码即接下这一户，同事不再重复打。谁在何时为何查看会记入审计链，监审和本人都能看到。"
        ),
    )
    return register.asked(request, shown, status)


@require_POST
def contact(request: HttpRequest, move_id: int) -> HttpResponse:
    """Show the form of a contact with the number of who complained filled in."""
    seen = verbs.number_to_register(viewer=_viewer(request), move=move_id, now=timezone.now())
    return contacts.begun(request, {"phone": seen})


urls = [
    path("first-moves/", page, name="first_moves"),
    path("first-moves/<int:move_id>/", show, name="first_move"),
    path("first-moves/<int:move_id>/number/", number, name="first_move_number"),
    path("first-moves/<int:move_id>/contact/", contact, name="first_move_contact"),
]
