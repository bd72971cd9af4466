"""One complaint drawn back to the step that caused it, and who should not be assessed for it."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from suyuan.actions import trace
from suyuan.analytics.trace.blocked import Chain, Node
from suyuan.analytics.trace.log import Event
from suyuan.domain.errors import BadInput
from suyuan.store import event_log, rules

from . import errors, traces, uploads, words
from .templatetags.ui import lang

SUFFIXES = (".sqlite", ".sqlite3", ".db")


@dataclass(frozen=True, slots=True)
class Link:
    """One node as drawn: what it is, what happened, and why the one after it caused it."""

    node: Node
    title: str
    says: str
    why: str
    who: str


@dataclass(frozen=True, slots=True)
class Proof:
    """One event of the log that the chain stands on."""

    at: datetime
    activity: str
    thing: str
    event: Event


@require_GET
def listed(request: HttpRequest) -> HttpResponse:
    """List the complaints in reach that can be drawn back."""
    viewer = request.viewer  # type: ignore[attr-defined]
    found = [traces.traced(viewer, number) for number in traces.in_reach(viewer)]
    return _list(request, {"found": found})


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
    """Show the chain behind one complaint."""
    found = traces.traced(request.viewer, number)  # type: ignore[attr-defined]
    shown: dict[str, object] = {"number": number, "found": found, "log": event_log.path().exists()}
    if found is not None:
        shown |= {
            "links": links(found),
            "proofs": proofs(found),
            "spared": _people(found, found.chain.spared),
        }
        shown |= {
            "owners": _people(found, found.chain.owners),
            "open_for": words.duration(found.chain.open_for.days, "days"),
        }
    return render(request, "web/trace.html", shown)


def links(found: traces.Traced) -> list[Link]:
    """Return the chain as drawn, the complaint first and the cause last."""
    chain = found.chain
    facts = {
        "category": rules.label("category", found.category, lang()),
        "account": found.account,
        "times": len(chain.symptom.events),
        "symptom": _last(chain.symptom),
        "stuck": _thing(chain.stuck),
        "proof": _activities(chain.stuck),
        "blocker": _thing(chain.blocker),
        "last": _last(chain.blocker),
        "open_for": words.duration(chain.open_for.days, "days"),
    }
    texts = (
        (gettext("投诉"), gettext("客户投诉：%(category)s"), ""),
        (
            gettext("现象"),
            gettext("户号 %(account)s 连续 %(times)d 次“%(symptom)s”"),
            gettext("因为电量一直是零"),
        ),
        (gettext("卡住的工单"), gettext("%(stuck)s：%(proof)s"), gettext("因为系统里没有新表信息")),
        (
            gettext("原因"),
            gettext("%(blocker)s从未归档，停在“%(last)s”，到投诉时已挂了 %(open_for)s"),
            _how(chain),
        ),
    )
    return [
        Link(node, title, says % facts, why, _people(found, node.actors))
        for node, (title, says, why) in zip(chain.nodes, texts, strict=True)
    ]


def _how(chain: Chain) -> str:
    return {
        "named": gettext("因为同一户号不能同时走两张工单，被拒记录点名了它"),
        "account": gettext("因为同一户号不能同时走两张工单，它占着同一户号"),
        "place": gettext("因为同一户号不能同时走两张工单，它占着同一台区或线路"),
    }[chain.how]


def _thing(node: Node) -> str:
    return f"{node.type} {traces.called(node.thing)}"


def _last(node: Node) -> str:
    return node.events[-1].activity


def _activities(node: Node) -> str:
    counts: dict[str, int] = {}
    for event in node.events:
        counts[event.activity] = counts.get(event.activity, 0) + 1
    return "，".join(name if n == 1 else f"{name}×{n}" for name, n in counts.items())


def _people(found: traces.Traced, actors: tuple[str, ...]) -> str:
    """Return the units by name, and whether people of theirs took part, unnamed."""
    units = list(dict.fromkeys(found.names[actor] for actor in actors if found.names[actor]))
    return "、".join(units) or gettext("日志未记单位")


def proofs(found: traces.Traced) -> list[Proof]:
    """Return every event the chain stands on, the oldest first."""
    chain = found.chain
    things = {chain.symptom.thing: found.account}
    rows = [
        Proof(
            event.at,
            event.activity,
            f"{node.type} {things.get(node.thing) or traces.called(node.thing)}",
            event,
        )
        for node in chain.nodes
        for event in node.events
    ]
    return sorted(rows, key=lambda row: (row.at, row.event.id))


urls = [
    path("trace/", listed, name="traces"),
    path("event-log/", take, name="trace_take"),
    path("trace/<str:number>/", one, name="trace"),
]
