"""One complaint traced to the step that caused it, and who alone should not answer for it."""

from dataclasses import asdict, dataclass
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from suyuan.actions import trace, traced
from suyuan.analytics.trace import told
from suyuan.analytics.trace.chains import Chain, Link, node
from suyuan.domain.errors import BadInput
from suyuan.domain.trace_verdict import may_judge
from suyuan.store import event_log, rules
from suyuan.store.queries import cases

from . import errors, trace_verdict, traces, uploads, words
from .templatetags.ui import lang
from .trace_words import LEADS, TO_DO

SUFFIXES = (".sqlite", ".sqlite3", ".db")


WAYS, SHOWN = 3, 8
"""So many chains are drawn, and so many events of each node stand in the table: one page holds them."""


SURE = 99
"""Nothing that is estimated is wholly sure: so many percent at most are shown."""


@dataclass(frozen=True, slots=True)
class Proof:
    """One event of the log that a chain stands on."""

    at: datetime
    activity: str
    thing: str
    event: str


@dataclass(frozen=True, slots=True)
class Lead:
    """Why one step leads to the next, and the events that show it."""

    how: str
    because: str
    events: list[Proof]


@dataclass(frozen=True, slots=True)
class Step:
    """One node as drawn: what it is, what went wrong, whose it is, and what led to it."""

    role: str
    title: str
    says: str
    who: str
    share: int | None
    since: datetime
    lead: Lead | None


@dataclass(frozen=True, slots=True)
class Way:
    """One chain from a source to the complaint, with how sure it is in percent."""

    sure: int
    sentence: str
    steps: list[Step]


@require_GET
def listed(request: HttpRequest) -> HttpResponse:
    """List the complaints in reach that came from another unit, and how often the method was right."""
    found = traces.found(request.viewer)  # type: ignore[attr-defined]
    return _list(request, {"found": found, "scorecard": trace_verdict.scorecard()})


def _list(request: HttpRequest, shown: dict[str, object], status: int = 200) -> HttpResponse:
    shown |= {"log": event_log.path().exists(), "suffixes": ",".join(SUFFIXES)}
    return render(request, "web/trace_list.html", shown, status=status)


@require_POST
def take(request: HttpRequest) -> HttpResponse:
    """Take an event log over and let go of the file at once."""
    try:
        kept = uploads.keep(request.FILES.get("file"), request.user.get_username(), SUFFIXES)
        with uploads.accepted(kept) as clear:
            taken = trace.take_log(
                path=clear,
                actor=request.viewer.actor,  # type: ignore[attr-defined]
                now=timezone.now(),
                zone=request.POST.get("zone", ""),
            )
    except BadInput as error:
        said = errors.words_for(error.code) + errors.aside(error.facts)
        return _list(request, {"problem": said, "found": []}, errors.status(error))
    uploads.drop(kept)
    told = {"events": f"{taken.events:,}", "referenced": f"{taken.referenced:,}"}
    messages.success(request, gettext("已装入 %(events)s 条事件，%(referenced)s 个对象换成代号。") % told)
    return redirect("traces")


@require_GET
def one(request: HttpRequest, number: str) -> HttpResponse:
    """Show what one complaint came from."""
    found = traces.of(request.viewer, number)  # type: ignore[attr-defined]
    shown: dict[str, object] = {"number": number, "found": found, "log": event_log.path().exists()}
    if found is not None and found.answer.traced.chains:
        source = found.answer.traced.chains[0].nodes[0]
        shown |= {
            "ways": [way(found, chain) for chain in found.answer.traced.chains[:WAYS]],
            "proofs": proofs(found),
            "sure": found.answer.chain is not None,
            "spared": found.spared,
            "said": trace_verdict.said(cases.get(request.viewer, number)),  # type: ignore[attr-defined]
            "may_judge": _may_judge(request, number),
            "to_do": TO_DO[source.mode] % {"activity": found.log.activities[source.activity]},
            "open_for": words.duration((found.at - traces.moment(source.since)).days, "days"),
        }
    return render(request, "web/trace.html", shown)


def _may_judge(request: HttpRequest, number: str) -> bool:
    viewer = request.viewer  # type: ignore[attr-defined]
    case = cases.get(viewer, number)
    return may_judge(viewer.actor.over_case(case.unit.path), restricted=case.restricted)


def way(found: traces.Traced, chain: Chain) -> Way:
    """Return a chain as drawn, the source first and the complaint last."""
    log, shares = found.log, found.answer.traced.shares
    steps = [
        Step(
            role="source" if at == 0 else "then",
            title=f"{log.types[int(log.type[one.thing])]} {log.objects[one.thing]}",
            says=told.deviates(log, one, lang()),
            who=log.objects[one.unit] if one.unit >= 0 else gettext("未记单位"),
            share=round(100 * shares[node(one)]),
            since=traces.moment(one.since),
            lead=_lead(found, chain.links[at - 1]) if at else None,
        )
        for at, one in enumerate(chain.nodes)
    ]
    about = gettext("客户投诉：%(category)s") % {"category": rules.label("category", found.category, lang())}
    end = Step("complaint", found.number, about, "", None, found.at, _lead(found, chain.links[-1]))
    return Way(min(round(100 * chain.weight), SURE), told.of_chain(log, chain, lang()), [*steps, end])


def _lead(found: traces.Traced, link: Link) -> Lead:
    """Return why one step leads to the next: how, by which rule or how much oftener, shown by what."""
    if link.lift is None:
        because = traced.reasons()[link.because]["title"][lang()]
    else:
        one = link.lift
        because = gettext(
            "投诉之前是平常的 %(lift)s 倍"
            "（%(complaints)d 件投诉中 %(had)d 件，%(controls)d 个对照中 %(usual)d 个）"
        ) % {"lift": f"{one.lift:.1f}", **asdict(one)}
    events = [_proof(found, event, "") for event in link.events[: told.SHOWN]]
    return Lead(str(LEADS[link.relation]), because, events)


def proofs(found: traces.Traced) -> list[Proof]:
    """Return the first events of each node of the first chain, the oldest first."""
    log, rows = found.log, []
    for one in found.answer.traced.chains[0].nodes:
        thing = f"{log.types[int(log.type[one.thing])]} {log.objects[one.thing]}"
        rows += [_proof(found, event, thing) for event in one.events[:SHOWN]]
    first = found.answer.log.first(found.answer.traced.complaint)
    rows.append(_proof(found, first, found.number))
    return sorted(rows, key=lambda row: (row.at, row.event))


def _proof(found: traces.Traced, event: int, thing: str) -> Proof:
    log = found.log
    return Proof(
        traces.moment(int(log.at[event])), log.activities[int(log.activity[event])], thing, log.events[event]
    )


urls = [
    *trace_verdict.urls,
    path("trace/", listed, name="traces"),
    path("event-log/", take, name="trace_take"),
    path("trace/<str:number>/", one, name="trace"),
]
