"""The complaints traced on the log: from elsewhere, from the unit itself, too thin; judged or disputed."""

from collections import Counter
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from suyuan.analytics import period as periods
from suyuan.domain.errors import BadInput
from suyuan.store import event_log, nodes, rules
from suyuan.store.queries import listing, trace_verdicts
from suyuan.store.queries.desks import known
from suyuan.store.queries.trace_verdicts import Standing

from . import register, supply_kept, trace_files, trace_verdict, trace_wait, traces
from .names import Named, named
from .register import Button, Cell, Empty, Filter, Head, Listed, Row
from .templatetags.ui import lang, local
from .trace_ways import sure_of
from .traces import Came, Placed, Traced

SIZE = 50
SUFFIXES = (".sqlite", ".sqlite3", ".db", ".json", ".jsonocel", ".xml", ".xmlocel", ".xes", ".csv", ".gz")
LOG, SUPPLY = "log", "supply"
"""What may have been handed in on this page."""
JUDGED = ("open", "judged", "disputed")
KEYS = frozenset({"came", "month", "judged", "page"})


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """List the complaints in reach by where they came from, and how often the method was right."""
    return shown(request, register.only(request.GET.dict(), KEYS))


def shown(
    request: HttpRequest, query: dict[str, str], problem: str = "", status: int = 200, *, of: str = LOG
) -> HttpResponse:
    """Return the list that is asked for; ``problem`` is what is wrong ``of`` a log or table handed in."""
    viewer, at = request.viewer, register.page_of(query)  # type: ignore[attr-defined]
    came, judged = query.get("came", Came.ELSEWHERE), query.get("judged", "")
    known("came", came, (*Came, ""))
    known("judged", judged, (*JUDGED, ""))
    month = _month(query)
    if not problem and (wait := trace_wait.traces(request, gettext("投诉溯源"))):
        return wait
    every = traces.placed(viewer, month)
    count = Counter(one.came for one in every)
    stands = trace_verdicts.standing([one.case.number for one in every])
    found = [one for one in every if came in ("", one.came) and _is(judged, one, stands)]
    start = listing.start_of(at, SIZE)
    wanted = Listed(
        title=gettext("投诉溯源：一线背后的原因"),
        intro=gettext("不选月份时看日志里最近的 %(most)d 件。") % {"most": traces.MOST},
        heads=_heads(),
        rows=_rows(found[start : start + SIZE], stands),
        filters=_filters(query, came, judged),
        buttons=[Button(gettext("外部工单"), reverse("trace_orders"), "list")],
        page=at,
        has_next=len(found) > start + SIZE,
        empty=_empty(came),
    )
    log = event_log.path().exists()
    more = {
        "tallies": [
            (_said(each), count[each], _link(query, each), each == came)
            for each in (Came if log or every or query else ())
            if count[each] or each != Came.NOBODY
        ],
        "scorecard": trace_verdict.scorecard(),
        "log": log,
        "suffixes": ",".join(SUFFIXES),
        **_taken({of: problem}),
    }
    return register.listed(request, wanted, status, "web/trace_list.html", **more)


def _taken(problems: dict[str, str]) -> dict[str, object]:
    """Return what other systems handed in: logs with what may read them, and tables of supply."""
    return {
        "problem": problems.get(LOG, ""),
        "supply_problem": problems.get(SUPPLY, ""),
        "layouts": trace_files.layouts(),
        "sources": trace_files.sources(),
        **supply_kept.shown(),
    }


def _month(query: dict[str, str]) -> periods.Period | None:
    """Return the month asked for; raise BadInput for what is none."""
    if not query.get("month"):
        return None
    found = periods.parse(query["month"])
    if found.kind != "month":
        raise BadInput("unknown_value", field="month", value=query["month"][:20])
    return found


def _is(judged: str, one: Placed, stands: dict[str, Standing]) -> bool:
    """Tell whether a trace is one that is asked for: to be judged, judged, or doubted by somebody."""
    said = stands.get(one.case.number)
    if judged == "open":
        return said is None and bool(one.answer.traced.chains)
    if judged == "disputed":
        return said is not None and said.is_disputed
    return not judged or said is not None


def _said(came: Came) -> str:
    return {
        Came.ELSEWHERE: gettext("源头在别的单位"),
        Came.OWN: gettext("出在本单位一线"),
        Came.NOBODY: gettext("源头未记单位"),
        Came.THIN: gettext("证据不足一半"),
    }[came]


def _link(query: dict[str, str], came: Came) -> str:
    """Return the way to the list of what came from somewhere, with the other filters as they are."""
    kept = {key: value for key, value in query.items() if key != "page"}
    return f"?{urlencode(kept | {'came': came.value})}"


def _heads() -> tuple[Head, ...]:
    return (
        Head(gettext("结论"), wide=True),
        Head(gettext("投诉")),
        Head(gettext("把握"), number=True),
        Head(gettext("源头单位")),
        Head(gettext("核定")),
    )


def _filters(query: dict[str, str], came: str, judged: str) -> tuple[Filter, ...]:
    months = [(one.label, one.label) for one in traces.months()]
    said = [("open", gettext("待核定")), ("judged", gettext("已核定")), ("disputed", gettext("有争议"))]
    return (
        Filter("month", gettext("月份"), query.get("month", ""), months),
        Filter("came", gettext("源头"), came, [(each.value, _said(each)) for each in Came]),
        Filter("judged", gettext("核定"), judged, said),
    )


def _rows(here: list[Placed], stands: dict[str, Standing]) -> list[Row]:
    who = named(stands[one.case.number].said.judged_by for one in here if one.case.number in stands)
    return [
        _row(one, told, stands.get(one.case.number), who)
        for one, told in zip(here, traces.tell(here), strict=True)
    ]


def _row(one: Placed, told: Traced, stands: Standing | None, who: dict[str, Named]) -> Row:
    number = one.case.number
    chains = one.answer.traced.chains
    return Row(
        (
            Cell(told.sentence),
            Cell(number, reverse("trace", args=(number,)), local(told.at)),
            Cell(f"{sure_of(chains[0])}%" if chains else "", short=True),
            Cell(told.source),
            _judged(stands, who) if stands or chains else Cell(),
        )
    )


def _judged(stands: Standing | None, who: dict[str, Named]) -> Cell:
    """Return what was said last of a trace, by whom and when."""
    if stands is None:
        return Cell(marks=(gettext("待核定"),))
    said = stands.said
    text = rules.label("trace_verdict", said.verdict, lang())
    if said.unit:
        text += f"：{nodes.title(said.node, lang())} · {said.unit.name}"
    marks = (f"!{gettext('有争议')}",) if stands.is_disputed else ()
    return Cell(text, small=f"{who[said.judged_by]} {local(said.judged_at)}", marks=marks)


def _empty(came: str) -> Empty:
    if came == Came.ELSEWHERE:
        said = gettext("事件日志里没有您可查看、源头又在别的单位的投诉。")
    else:
        said = gettext("事件日志里没有您可查看的这样的投诉。")
    return Empty(said, gettext("换一个月份，或看出在本单位的和证据不足的。"), "git-branch", calm=True)
