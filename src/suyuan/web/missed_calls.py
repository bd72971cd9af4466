"""Abandoned calls to call back: who waits how long, the attempt written down, the number seen."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from suyuan.actions import call as actions
from suyuan.domain.errors import BadInput
from suyuan.domain.missed_call import FORM, OPEN, PURPOSE, STATES
from suyuan.store import rules
from suyuan.store.queries import listing, missed_calls

from . import access, contacts, errors, forms, register
from .names import Named, named
from .register import Button, Cell, Empty, Filter, Head, Listed, Row
from .register_forms import Ask, answer
from .templatetags.ui import lang, left, local

SIZE = 50
both = require_http_methods(["GET", "POST"])


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """List whom to call back, who waits longest first."""
    query = register.only(request.GET, {"state", "page"})
    at, state = register.page_of(query), query.get("state") or OPEN
    viewer, now = request.viewer, timezone.now()  # type: ignore[attr-defined]
    start = listing.start_of(at, SIZE)
    found = list(missed_calls.listed(viewer, state)[start : start + SIZE + 1])
    who = named(one.closed_by for one in found if one.closed_by)
    waiting, late = missed_calls.overdue(viewer, now)
    said = gettext(
        "没等到坐席接听就挂断的来电，同一号码合成一行，回拨一次全部了结。"
        "%(waiting)s 个号码待回拨，其中 %(late)s 个已超过 %(minutes)s 分钟（只提醒，不考核）。"
    )
    minutes = missed_calls.within().seconds // 60
    return register.listed(
        request,
        Listed(
            title=gettext("放弃来电"),
            intro=said % {"waiting": waiting, "late": late, "minutes": minutes},
            heads=_heads(),
            rows=[_row(one, who, now) for one in found[:SIZE]],
            filters=(
                Filter(
                    "state",
                    gettext("状态"),
                    state,
                    [(one, rules.label("call_state", one, lang())) for one in STATES],
                ),
            ),
            page=at,
            has_next=len(found) > SIZE,
            buttons=_buttons(request),
            empty=_empty(request, state),
        ),
    )


def _heads() -> list[Head]:
    return [
        Head(gettext("号码"), wide=True),
        Head(gettext("来电时间")),
        Head(gettext("等待秒数"), number=True),
        Head(gettext("来电次数"), number=True),
        Head(gettext("单位")),
        Head(gettext("状态")),
    ]


def _buttons(request: HttpRequest) -> list[Button]:
    if not access.may_open(request, "call_files"):
        return []
    return [Button(gettext("导入来电记录"), reverse("call_files"), "upload")]


def _empty(request: HttpRequest, state: str) -> Empty:
    if state != OPEN:
        return Empty(
            gettext("没有这样的来电"), gettext("回拨以后，了结的来电列在这里。"), "phone-plus", calm=True
        )
    buttons = _buttons(request)
    return Empty(
        gettext("没有待回拨的来电"),
        gettext(
            "班长或优服办导入交换机的来电记录（csv 或 xlsx）后，没等到坐席就挂断的列在这里；"
            "后来接通的、又来电登记过的自动了结。"
        ),
        "circle-check",
        next(iter(buttons), None),
        calm=not buttons,
    )


def _row(one, who: dict[str, Named], now: datetime) -> Row:  # type: ignore[no-untyped-def]
    waits = one.state == OPEN
    due = one.at + missed_calls.within()
    return Row(
        (
            Cell(one.masked, reverse("missed_call", args=(one.pk,)) if waits else "", one.queue, short=True),
            Cell(local(one.at), short=True),
            Cell("" if one.waited is None else one.waited),
            Cell(one.calls),
            Cell(one.unit.name),
            Cell(
                rules.label("call_state", one.state, lang()),
                small=left(due, now) if waits else _ended(one, who),
                marks=_marks(one, late=waits and due < now),
            ),
        )
    )


def _marks(one, *, late: bool) -> list[str]:  # type: ignore[no-untyped-def]
    tried = gettext("未联系上 %(n)s 次") % {"n": one.attempts} if one.state == OPEN and one.attempts else ""
    return [mark for mark in (f"!{gettext('超时')}" if late else "", tried) if mark]


def _ended(one, who: dict[str, Named]) -> str:  # type: ignore[no-untyped-def]
    by = who[one.closed_by].name if one.closed_by else ""
    why = rules.label("reason.unreached", one.outcome, lang()) if one.outcome else ""
    return " · ".join(filter(None, [local(one.closed_at), str(by), why]))


@both
def show(request: HttpRequest, call_id: int) -> HttpResponse:
    """Write down that somebody was called back."""
    register.only(request.GET, frozenset())
    viewer = request.viewer  # type: ignore[attr-defined]
    one = missed_calls.one(viewer, call_id)
    ask = Ask(
        _title(one),
        FORM,
        gettext("记下回拨"),
        reverse("missed_calls"),
        gettext("已记下。"),
        intro=_tried(one),
        more=_ways(one),
    )

    def do(typed: dict[str, str]) -> None:
        actions.return_call(viewer=viewer, call=call_id, form=typed, now=timezone.now())

    return answer(request, ask, do)


def _title(one) -> str:  # type: ignore[no-untyped-def]
    return f"{gettext('回拨')} {one.masked} · {local(one.at)}"


def _tried(one) -> str:  # type: ignore[no-untyped-def]
    said = gettext("已试 %(n)s 次；满 %(most)s 次未联系上就不再回拨。联系上了，这个号码的来电全部了结。")
    return said % {"n": one.attempts, "most": rules.figure("calls.attempts", "times")}


def _ways(one) -> list[Button]:  # type: ignore[no-untyped-def]
    return [
        Button(gettext("看号码"), reverse("missed_call_number", args=(one.pk,)), "phone-plus", primary=True),
        Button(gettext("登记来电"), reverse("missed_call_contact", args=(one.pk,)), "inbox", post=True),
    ]


@both
def number(request: HttpRequest, call_id: int) -> HttpResponse:
    """Ask why the number is to be seen; then show it above the form that writes the call down."""
    register.only(request.GET, frozenset())
    viewer = request.viewer  # type: ignore[attr-defined]
    one = missed_calls.one(viewer, call_id)
    if request.method == "GET":
        return _purpose(request, one, {}, {})
    typed = forms.read(PURPOSE, request.POST)
    try:
        seen = actions.reveal_call(viewer=viewer, call=call_id, form=typed, now=timezone.now())
    except BadInput as bad:
        return _purpose(request, one, typed, errors.field_problems(bad), errors.status(bad))
    shown = register.Asked(
        title=f"{gettext('回拨')} {seen}",
        boxes=forms.boxes(viewer, FORM, forms.Entry(), "r"),
        submit=gettext("记下回拨"),
        back=reverse("missed_calls"),
        intro=f"{gettext('离开本页后不再显示。本次查看已记入审计链。')} {_tried(one)}",
        action=reverse("missed_call", args=(one.pk,)),
    )
    return register.asked(request, shown)


def _purpose(  # type: ignore[no-untyped-def]
    request: HttpRequest, one, typed: dict[str, str], wrong: dict[str, str], status: int = 200
) -> HttpResponse:
    viewer = request.viewer  # type: ignore[attr-defined]
    shown = register.Asked(
        title=f"{gettext('看号码')} {one.masked}",
        boxes=forms.boxes(viewer, PURPOSE, forms.Entry(typed, wrong), "r"),
        submit=gettext("查看一次"),
        back=reverse("missed_call", args=(one.pk,)),
        intro=gettext("原值只显示这一次；谁在何时为何查看会记入审计链，监审和本人都能看到。"),
    )
    return register.asked(request, shown, status)


@require_POST
def contact(request: HttpRequest, call_id: int) -> HttpResponse:
    """Show the form of a contact with the number filled in; that it was seen is written down."""
    now, form = timezone.now(), {"purpose": "call_back"}
    seen = actions.reveal_call(viewer=request.viewer, call=call_id, form=form, now=now)  # type: ignore[attr-defined]
    return contacts.begun(request, {"phone": seen})


urls = [
    path("missed-calls/", page, name="missed_calls"),
    path("missed-calls/<int:call_id>/", show, name="missed_call"),
    path("missed-calls/<int:call_id>/number/", number, name="missed_call_number"),
    path("missed-calls/<int:call_id>/contact/", contact, name="missed_call_contact"),
]
