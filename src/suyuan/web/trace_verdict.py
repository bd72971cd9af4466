"""A person confirms, corrects or rejects the trace of a complaint; how often the method was right."""

from collections import Counter
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from suyuan.actions import trace
from suyuan.analytics import display
from suyuan.analytics.intervals import wilson
from suyuan.analytics.trace import scorecard as method
from suyuan.domain import trace_verdict as rule
from suyuan.store import nodes, rules
from suyuan.store.queries import cases, texts, trace_verdicts
from suyuan.store.queries.viewer import Viewer

from .names import named
from .register_forms import Ask, answer
from .templatetags.ui import lang, local


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody said of a trace, in words."""

    verdict: str
    instead: str
    note: str
    by: str
    at: str


@require_http_methods(["GET", "POST"])
def judge(request: HttpRequest, number: str) -> HttpResponse:
    """Ask what a person says of a trace, and write it down."""
    viewer = request.viewer  # type: ignore[attr-defined]
    cases.get(viewer, number)
    ask = Ask(
        title=gettext("核定溯源 · %(number)s") % {"number": number},
        fields=rule.FORM,
        submit=gettext("写下核定"),
        back=reverse("trace", args=[number]),
        done=gettext("已核定。"),
        intro=gettext("源头另有其处时，选“更正”并写明是哪个节点、哪个单位；别的核定不写。"),
        choices={
            rule.LIABILITY_NODE.name: [(one.code, nodes.title(one.code, lang())) for one in nodes.nodes()],
        },
    )

    def do(typed: dict[str, str]) -> None:
        trace.judge(number=number, actor=viewer.actor, now=timezone.now(), form=typed)

    return answer(request, ask, do)


def may(viewer: Viewer, case) -> bool:  # type: ignore[no-untyped-def]
    """Tell whether somebody says of a case whether its trace is right."""
    return rule.may_judge(viewer.actor.over_case(case.unit.path), restricted=case.restricted)


def said(case) -> list[Said]:  # type: ignore[no-untyped-def]
    """Return what was said of the trace of a case, the last first."""
    found, draw = trace_verdicts.of(case), texts.drawn(case)
    who = named(one.judged_by for one in found)
    return [
        Said(
            rules.label("trace_verdict", one.verdict, lang()),
            f"{nodes.title(one.node, lang())} · {one.unit.name}" if one.unit else "",
            draw(one.note.masked),
            str(who[one.judged_by]),
            local(one.judged_at),
        )
        for one in found
    ]


@dataclass(frozen=True, slots=True)
class Scorecard:
    """How often the method was right, in words."""

    verdicts: list[tuple[str, str]]
    bands: list[tuple[str, str, str]]
    """How sure it was, how many of them were right, and its mean confidence."""
    error: str


def scorecard() -> Scorecard | None:
    """Return how many judged traces each verdict and each band of confidence has; None before any."""
    judged = trace_verdicts.judged()
    if not judged:
        return None
    tally = Counter(one.verdict for one in judged)
    bands = method.bands(judged)
    error = method.calibration_error(bands)
    return Scorecard(
        [
            (rules.label("trace_verdict", verdict, lang()), _part(tally[verdict], len(judged)))
            for verdict in rule.Verdict
        ],
        [(_span(one), _part(one.right, one.judged), _percent(one.confidence)) for one in bands],
        _percent(error),
    )


def _span(band: method.Band) -> str:
    ends = {"low": round(100 * band.low), "high": round(100 * band.high)}
    if band.high == 1:
        return gettext("把握 %(low)s%% 以上") % ends
    return (
        gettext("把握不足 %(high)s%%") % ends if not band.low else gettext("把握 %(low)s–%(high)s%%") % ends
    )


def _percent(share: float | None) -> str:
    return display.NOTHING if share is None else f"{display.rounded(100 * share, 0)}%"


def _part(n: int, of: int) -> str:
    """Return a part of a whole with its interval."""
    span = wilson(n, of)
    if span is None:
        return f"{n} / {of}"
    low, high = (display.rounded(100 * each, 0) for each in span)
    return f"{n} / {of} (95% {low}–{high}%)"


urls = [path("trace/<path:number>/judge/", judge, name="trace_judge")]
