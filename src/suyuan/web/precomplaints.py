"""Pre-complaint cases: what is open, promoting one from a case, what the page of a case says of it."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods

from suyuan.actions import precomplaint
from suyuan.domain.errors import BadInput
from suyuan.domain.fields import NOTE, SITUATION
from suyuan.domain.precomplaint import FOLLOW_ON, GRADES, MAY, OUTCOMES, Origin
from suyuan.store import rules
from suyuan.store.queries import listing, org, precomplaints
from suyuan.store.queries.precomplaints import Wanted
from suyuan.store.queries.viewer import Viewer

from . import handed_once, register, register_forms
from .register import Cell, Empty, Filter, Head, Listed, Row
from .register_forms import Ask, answer
from .templatetags.ui import lang, local

SIZE = 50
FORM = (SITUATION, FOLLOW_ON, NOTE.optional)
KEYS = {"state", "risk", "outcome", "unit", "page"}


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """List the cases in reach."""
    query = register.only(request.GET, KEYS)
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    at, now = register.page_of(query), timezone.now()
    state = query.get("state", "open")
    wanted = Wanted(state, query.get("risk", ""), query.get("outcome", ""), query.get("unit", ""))
    start = listing.start_of(at, SIZE)
    rows = list(precomplaints.listed(viewer, wanted, rules.local_day(now))[start : start + SIZE + 1])
    return register.listed(
        request,
        Listed(
            title=gettext("预投诉"),
            intro=_intro(viewer),
            heads=_heads(),
            rows=[_row(one, now) for one in rows[:SIZE]],
            filters=_filters(viewer, wanted),
            page=at,
            has_next=len(rows) > SIZE,
            empty=Empty(
                gettext("没有这样的预投诉"),
                gettext("在意见、咨询、报修等工单的页面上提升：客户不满意、催办、再次来电的，先联系再说。"),
                "headset",
                calm=True,
            ),
        ),
    )


def _intro(viewer: Viewer) -> str:
    told = precomplaints.counts(viewer)
    counted = {"open": told.get("", 0), **{name: told.get(name, 0) for name in OUTCOMES}}
    return (
        gettext(
            "客户不满意但还没有投诉的，先联系、先办。在办 %(open)s 件；"
            "已平息 %(calmed)s，成为投诉 %(complained)s，联系不上 %(unreached)s。"
        )
        % counted
    )


def _filters(viewer: Viewer, wanted: Wanted) -> tuple[Filter, ...]:
    places = [(one.code, one.name) for one in org.every() if viewer.sees(one.path)]
    states = [("open", gettext("在办")), ("follow", gettext("到跟进日")), ("closed", gettext("已结束"))]
    risks = [(one, rules.label("risk_grade", one, lang())) for one in GRADES]
    outcomes = [(one, rules.label("precomplaint_outcome", one, lang())) for one in OUTCOMES]
    return (
        Filter("state", gettext("状态"), wanted.state, states),
        Filter("risk", gettext("风险等级"), wanted.risk, risks),
        Filter("outcome", gettext("结果"), wanted.outcome, outcomes),
        Filter("unit", gettext("单位"), wanted.unit, places),
    )


def _heads() -> tuple[Head, ...]:
    return (
        Head(gettext("预投诉"), wide=True),
        Head(gettext("单位")),
        Head(gettext("风险等级")),
        Head(gettext("来源")),
        Head(gettext("跟进日")),
        Head(gettext("在哪里")),
        Head(gettext("到期")),
        Head(gettext("结果")),
    )


def _row(one, now: datetime) -> Row:  # type: ignore[no-untyped-def]
    case = one.case
    outcome = rules.label("precomplaint_outcome", one.outcome, lang()) if one.outcome else ""
    return Row(
        (
            Cell(case.number, reverse("case", args=(case.number,)), case.brief),
            Cell(case.unit.name),
            Cell(rules.label("risk_grade", one.risk, lang()), small=signs(one.signs)),
            Cell(_said_of(one), _origin_at(one)),
            Cell(f"{one.follow_on:%Y-%m-%d}" if one.follow_on else "", short=True),
            Cell(rules.label("state", case.state, lang())),
            Cell(local(case.next_due_at), light=listing.light(case, now), short=True),
            Cell(outcome, small=one.complaint),
        )
    )


def _said_of(one) -> str:  # type: ignore[no-untyped-def]
    """Return in words what a case was promoted from."""
    said = gettext("工单 %(ref)s") if one.kind == "case" else gettext("信号 %(ref)s")
    return said % {"ref": one.ref}


def _origin_at(one) -> str:  # type: ignore[no-untyped-def]
    return reverse("case", args=(one.ref,)) if one.kind == "case" else reverse("signal", args=(int(one.ref),))


def signs(found: Mapping[str, int]) -> str:
    """Return signs of discontent in words, each with its count where it was there more than once."""
    names = rules.rulebook().figures[precomplaints.WEIGHTS][-1].terms  # one database keeps no order of keys
    words = ((rules.label("discontent", name, lang()), found[name]) for name in names if name in found)
    return "、".join(word if count == 1 else f"{word} ×{count}" for word, count in words)


@require_http_methods(["GET", "POST"])
def begin(request: HttpRequest) -> HttpResponse:
    """Promote a case or a signal to a pre-complaint case, or join the one that is open of it."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    now = timezone.now()
    origin = _origin(request, viewer)
    said = signs(origin.signs) or gettext("系统没有看到迹象，由您判断")
    ask = Ask(
        gettext("提升为预投诉"),
        FORM,
        gettext("提升"),
        reverse("case", args=(origin.parent,)) if origin.parent else reverse("precomplaints"),
        "",
        values={"follow_on": _follow_on(now)},
        intro=gettext("工单 %(case)s：%(signs)s。客户的联系方式在原工单上看。")
        % {"case": origin.parent or "—", "signs": said},
        makes=True,
    )

    before = precomplaints.open_of(origin)

    def do(typed: dict[str, str]) -> register_forms.Done:
        def make() -> str:
            return precomplaint.promote(actor=viewer.actor, origin=origin, form=dict(typed), now=now).number

        number = handed_once.number(request, typed, make)
        joined = before is not None and before.case.number == number
        said = gettext("已并入在办的预投诉 %(n)s。") if joined else gettext("已提升为预投诉 %(n)s。")
        return register_forms.Done(said % {"n": number}, reverse("case", args=(number,)))

    return answer(request, ask, do)


def _origin(request: HttpRequest, viewer: Viewer) -> Origin:
    query = register.only(request.GET, frozenset({"case", "signal"}))
    signal = query.get("signal", "")
    if not signal:
        return precomplaints.from_case(viewer, query.get("case", ""))
    if not signal.isascii() or not signal.isdigit():
        raise BadInput("unknown_value", field="signal", value=signal)
    return precomplaints.from_signal(viewer, int(signal))


def _follow_on(now: datetime) -> str:
    return (rules.local_day(now) + timedelta(days=rules.figure("precomplaint.follow", "days"))).isoformat()


def panel(viewer: Viewer, case) -> dict[str, object]:  # type: ignore[no-untyped-def]
    """Return what the page of a case says: of a pre-complaint case its origin; of another what it led to."""
    if (one := precomplaints.of_case(case)) is not None:
        return {"precomplaint": one, "precomplaint_signs": signs(one.signs)}
    fits = precomplaints.fits(case)
    may = fits and bool(viewer.actor.over_case(case.unit.path) & MAY)
    led_to = precomplaints.opened_from(viewer, case.number) if fits or case.procedure == "complaint" else ()
    return {"precomplaints": led_to, "may_promote": may}


urls = [
    path("precomplaints/", page, name="precomplaints"),
    path("precomplaints/open/", begin, name="precomplaint_open"),
]
