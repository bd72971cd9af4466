"""The detectors: what each goes by, what it did on planted truth, and what became of its signals here."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from suyuan.actions import detecting
from suyuan.analytics import display
from suyuan.domain.errors import Refused
from suyuan.store import rules

from . import register
from .register import Button, Cell, Empty, Head, Listed, Row
from .templatetags.ui import joined, lang

Card = Mapping[str, Any]
BOOK = "figure"
DASH = "—"
_OF_CASES = frozenset(
    {
        "hot_spot", "case_overdue_soon", "commitment_breaking", "order_stuck", "account_conflict",
        "silent_dissatisfaction", "repeat_contact", "shirking", "under_registration", "misclassified",
        "reply_quality", "named_unit",
    }
)  # fmt: skip
"""Those that docs/methods/detectors.md speaks of; the others are in detectors-supply.md."""


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """List the detectors with their scorecards."""
    register.only(request.GET, frozenset())
    return register.listed(
        request,
        Listed(
            title=gettext("探测器"),
            intro=gettext(
                "每个探测器看什么、凭什么数值、有多准。信号和预警单是本系统留存的；"
                "“模拟”是在模拟数据上埋入已知问题量得的，是上限，不代表本单位的客户。"
            ),
            heads=_heads(),
            rows=[_row(one) for one in detecting.scores(timezone.now())],
            empty=Empty(gettext("没有探测器"), gettext("规则库里没有生效的探测数值。"), "bolt", calm=True),
        ),
    )


def _heads() -> list[Head]:
    return [
        Head(gettext("探测器"), wide=True),
        Head(gettext("确定度")),
        Head(gettext("信号（现存/全部）"), number=True),
        Head(gettext("预警单（在办/全部）"), number=True),
        Head(gettext("属实（属实/已定）"), number=True),
        Head(gettext("随后投诉（投诉/可查）"), number=True),
        Head(gettext("模拟：找出"), number=True),
        Head(gettext("模拟：每月误报"), number=True),
    ]


def _row(one: Card) -> Row:
    lived, measured = one["lived"], one["measured"]
    return Row(
        (
            Cell(_title(one), reverse("detector", args=(one["detector"],))),
            Cell(rules.label("certainty", one["certainty"])),
            Cell(
                f"{display.count(lived['standing'])}/{display.count(lived['signals'])}",
                small=_came_true(lived),
            ),
            Cell(f"{display.count(lived['open'])}/{display.count(lived['warnings'])}"),
            Cell(_share(lived), small=_between(lived)),
            Cell(_followed(lived), small=_lead(lived)),
            Cell(f"{measured['found']}/{measured['of']}" if measured else DASH, small=_delay(measured)),
            Cell(_false(measured), small=_beside(measured)),
        )
    )


def _title(one: Card) -> str:
    return str(one["title"]["en" if lang().startswith("en") else "zh"])


def _note(one: Card) -> str:
    """Return what a detector looks for and what its figures mean, in the reader's language."""
    said = rules.label("detector_note", one["detector"])
    return said if lang().startswith("en") else f"{said}。{one['note']}"


def _came_true(lived: Card) -> str:
    n = lived["came_true"]
    return gettext("应验 %(n)s") % {"n": display.count(n)} if n else ""


def _basis(one: Card) -> str:
    """Return where the figures come from; in English where it is the shipped figure that is in force."""
    shipped = rules.label("detector_basis", one["detector"], "zh") == one["basis"]
    return rules.label("detector_basis", one["detector"], lang()) if shipped else str(one["basis"])


def _share(lived: Card) -> str:
    decided = lived["confirmed"] + lived["dismissed"]
    return f"{display.count(lived['confirmed'])}/{display.count(decided)}" if decided else DASH


def _between(lived: Card) -> str:
    if lived["share"] is None:
        return ""
    low, share, high = (display.rounded(100 * lived[name], 0) for name in ("low", "share", "high"))
    return f"{share} % ({low}–{high})"


def _followed(lived: Card) -> str:
    watched = lived["watched"]
    return f"{display.count(lived['followed'])}/{display.count(watched)}" if watched else DASH


def _lead(lived: Card) -> str:
    if lived["lead_days"] is None:
        return ""
    return gettext("提前 %(days)s 天") % {"days": display.rounded(lived["lead_days"], 1)}


def _delay(measured: Card | None) -> str:
    if measured is None or measured["delay_days"] is None:
        return ""
    return gettext("延迟 %(days)s 天") % {"days": display.rounded(measured["delay_days"], 1)}


def _false(measured: Card | None) -> str:
    if measured is None or measured["false_a_month"] is None:
        return DASH
    return display.rounded(measured["false_a_month"], 2)


def _beside(measured: Card | None) -> str:
    if measured is None or measured["beside_a_month"] is None:
        return ""
    return gettext("埋入之外每月另报 %(n)s") % {"n": display.rounded(measured["beside_a_month"], 1)}


@require_GET
def show(request: HttpRequest, detector: str) -> HttpResponse:
    """Show one detector: its figures, their source, and its scorecard."""
    register.only(request.GET, frozenset())
    every = {one["detector"]: one for one in detecting.scores(timezone.now())}
    if (one := every.get(detector)) is None:
        raise Refused("not_found", detector=detector[:60])
    record = f"detect.{detector}"
    book = Button(gettext("规则库中的数值"), reverse("rules_entry", args=(BOOK, record)), "book")
    return register.listed(
        request,
        Listed(
            title=_title(one),
            intro=_note(one),
            heads=[Head(gettext("参数"), wide=True), Head(gettext("数值"))],
            rows=[Row((Cell(term), Cell(_value(value)))) for term, value in one["terms"].items()],
            buttons=[book],
            empty=Empty(gettext("没有参数"), gettext("这个探测器不用数值。"), "adjustments", calm=True),
        ),
        template="web/detector.html",
        facts=[*_facts(one), *_scores(one)],
    )


def _value(value: object) -> str:
    if isinstance(value, Sequence) and not isinstance(value, str):
        return joined(str(one) for one in value)
    return str(value)


def _facts(one: Card) -> list[tuple[str, str]]:
    return [
        (gettext("代码"), str(one["detector"])),
        (gettext("依据"), _basis(one)),
        (gettext("确定度"), rules.label("certainty", one["certainty"])),
        (gettext("方法说明"), f"{_method(one['detector'])} ({one['detector']})"),
    ]


def _method(detector: str) -> str:
    """Return which page says how a detector counts."""
    return f"docs/methods/{'detectors' if detector in _OF_CASES else 'detectors-supply'}.md"


def _scores(one: Card) -> list[tuple[str, str]]:
    """Return what became of its signals here, and what it did on planted truth."""
    lived, measured = one["lived"], one["measured"]
    scores = [
        (gettext("信号（现存/全部）"), f"{lived['standing']}/{lived['signals']} {_came_true(lived)}".strip()),
        (gettext("预警单（在办/全部）"), f"{lived['open']}/{lived['warnings']}"),
        (gettext("属实（属实/已定）"), f"{_share(lived)} {_between(lived)}".strip()),
        (gettext("随后投诉（投诉/可查）"), f"{_followed(lived)} {_lead(lived)}".strip()),
    ]
    if measured is None:
        return [*scores, (gettext("模拟数据"), gettext("还没有量过"))]
    told = gettext(
        "找出 %(found)s/%(of)s，%(delay)s，每月误报 %(false)s 次。%(on)s，随机种子 %(seed)s：%(what)s"
    )
    what = measured["en" if lang().startswith("en") else "zh"]
    filled = {
        "found": measured["found"],
        "of": measured["of"],
        "delay": _delay(measured) or DASH,
        "false": _false(measured),
        "on": measured["on"],
        "seed": measured["seed"],
        "what": what,
    }
    beside = [(gettext("埋入之外"), _beside(measured))] if _beside(measured) else []
    return [*scores, (gettext("模拟数据"), told % filled), *beside]


urls = [
    path("detectors/", page, name="detectors"),
    path("detectors/<slug:detector>/", show, name="detector"),
]
