"""The chains of a trace in words and as drawn: steps, what leads to them, the events that show it."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext

from suyuan.actions import traced
from suyuan.analytics.intervals import compare_rates
from suyuan.analytics.trace import chains, told
from suyuan.analytics.trace.causality import Mode
from suyuan.analytics.trace.chains import Chain, Lift, Link, node
from suyuan.analytics.trace.deviations import Deviation
from suyuan.gateways import kept_log
from suyuan.store import event_log, rules
from suyuan.store.queries import cases
from suyuan.store.queries.cases import LOCAL
from suyuan.store.queries.viewer import Viewer

from . import traces
from .chain_drawing import PHONE, SMALL, WIDE, Drawing, Stop, draw
from .templatetags.ui import lang, local
from .trace_words import LEADS

WAYS = 3
"""So many chains are drawn."""
SHOWN, PRINTED = 8, 12
"""So many events of each node stand in the table at most; of all so many on paper, which one sheet holds."""


SURE = 99
"""Nothing that is estimated is wholly sure: so many percent at most are shown."""
HALF = round(100 * chains.SURE)


@dataclass(frozen=True, slots=True)
class Proof:
    """One event of the log that a chain stands on."""

    at: datetime
    activity: str
    thing: str
    event: str
    is_printed: bool = True


@dataclass(frozen=True, slots=True)
class Lead:
    """Why one step leads to the next, and the events that show it."""

    how: str
    because: str
    events: list[Proof]


@dataclass(frozen=True, slots=True)
class Step:
    """One node as drawn: what it is, what went wrong, whose it is, what led to it and what shows it."""

    role: str
    title: str
    says: str
    who: str
    share: int | None
    since: datetime
    until: datetime
    is_open: bool
    lead: Lead | None
    events: list[Proof]
    url: str = ""
    """The page of the order, where there is one in reach."""


@dataclass(frozen=True, slots=True)
class Way:
    """One chain from a source to the complaint, with how sure it is in percent."""

    sure: int
    sentence: str
    steps: list[Step]
    drawings: list[tuple[str, Drawing]]
    """The chain as drawn, and on a phone, each by what shows it."""


def ways(viewer: Viewer, found: traces.Traced) -> list[Way]:
    """Return the chains to a complaint as drawn on a page, the surest first."""
    most = found.answer.traced.chains[:WAYS]
    leads_to = _pages(viewer, found, most)
    return [_way(found, chain, leads_to, WIDE) for chain in most]


def surest(found: traces.Traced) -> Way | None:
    """Return the surest chain as drawn in a column of a page, None where the evidence is too thin."""
    every = found.answer.traced.chains
    return _way(found, every[0], {}, SMALL) if every else None


def _pages(viewer: Viewer, found: traces.Traced, some: Iterable[Chain]) -> dict[int, str]:
    """Return the page of each order of some chains: of a case here in reach, else of the foreign order."""
    names = found.answer.log.objects
    things = {one.thing: names[one.thing] for chain in some for one in chain.nodes}
    ours = cases.seen(viewer, tuple(name for name in things.values() if not event_log.is_reference(name)))
    signs = kept_log.signs(event_log.path(), things.values())
    pages = {name: reverse("trace_order", args=[sign]) for name, sign in signs.items()}
    pages |= {name: reverse("case", args=[name]) for name in ours}
    return {at: pages[name] for at, name in things.items() if name in pages}


def _way(found: traces.Traced, chain: Chain, leads_to: dict[int, str], width: int) -> Way:
    """Return a chain as drawn, the source first and the complaint last."""
    leads = [_lead(found, link) for link in chain.links]
    steps = [
        _step(found, one, "then" if at else "source", leads[at - 1] if at else None, leads_to)
        for at, one in enumerate(chain.nodes)
    ]
    steps.append(_end(found, leads[-1]))
    why = [f"{one.how} · {one.because}" for one in leads]
    stops = [_stop(step) for step in steps]
    drawings = [("wide", draw(stops, why, LOCAL, width)), ("narrow", draw(stops, why, LOCAL, PHONE))]
    sentence = told.of_chain(found.log, chain, lang())
    return Way(sure_of(chain), sentence, steps, drawings)


def sure_of(chain: Chain) -> int:
    """Return how sure a chain is, in percent: what is not half sure is not shown as if it were."""
    percent = min(round(100 * chain.weight), SURE)
    return percent if chain.weight >= chains.SURE else min(percent, HALF - 1)


def _step(
    found: traces.Traced, one: Deviation, role: str, lead: Lead | None, leads_to: dict[int, str]
) -> Step:
    log = found.log
    is_open = one.mode is Mode.MISSING
    shown = [_proof(found, event, "") for event in one.events[: told.SHOWN]]
    since = traces.moment(one.since)
    return Step(
        role=role,
        title=f"{log.types[int(log.type[one.thing])]} {log.objects[one.thing]}",
        says=told.deviates(log, one, lang()),
        who=log.objects[one.unit] if one.unit >= 0 else gettext("未记单位"),
        share=round(100 * found.answer.traced.shares[node(one)]),
        since=since,
        until=found.at if is_open else max([since, *(each.at for each in shown)]),
        is_open=is_open,
        lead=lead,
        events=shown,
        url=leads_to.get(one.thing, ""),
    )


def _end(found: traces.Traced, lead: Lead) -> Step:
    """Return the complaint, at which every chain ends."""
    about = gettext("客户投诉：%(category)s") % {"category": rules.label("category", found.category, lang())}
    first = found.answer.log.first(found.answer.traced.complaint)
    shown = [_proof(found, first, "")]
    return Step(
        "complaint", found.number, about, "", None, found.at, found.at, is_open=False, lead=lead, events=shown
    )


def _stop(step: Step) -> Stop:
    """Return a step as the drawing takes it."""
    title, who, span = step.title, step.who, gettext("自 %(at)s") % {"at": local(step.since)}
    if step.role == "complaint":
        title, span = gettext("投诉 %(number)s") % {"number": title}, local(step.since)
    else:
        who += " · " + gettext("占 %(n)s%%") % {"n": step.share}
    if step.role == "source":
        title = gettext("源头：%(title)s") % {"title": title}
    return Stop(step.role, title, step.says, who, span, step.since, step.until, step.is_open)


def _lead(found: traces.Traced, link: Link) -> Lead:
    """Return why one step leads to the next: how, by which rule or how much oftener, shown by what."""
    if link.lift is None:
        because = traced.reasons()[link.because]["title"][lang()]
    else:
        one = link.lift
        least = _at_least(one)
        said = gettext("投诉之前至少是平常的 %(least)s 倍") if least > 1 else gettext("件数太少，说不准倍数")
        counts = gettext("（%(complaints)d 件投诉中 %(had)d 件，%(controls)d 个对照中 %(usual)d 个）")
        because = (said + counts) % {"least": f"{least:.1f}", **asdict(one)}
    events = [_proof(found, event, "") for event in link.events[: told.SHOWN]]
    return Lead(str(LEADS[link.relation]), because, events)


def _at_least(one: Lift) -> float:
    """Return how many times as often at least, by the lower end of the exact interval of the ratio (95 %)."""
    compared = compare_rates((one.had, one.complaints), (one.usual, one.controls))
    return compared.low if compared else 0.0


def proofs(found: traces.Traced) -> list[Proof]:
    """Return the first events of each node of the first chain, the oldest first."""
    log, nodes, rows = found.log, found.answer.traced.chains[0].nodes, []
    each = PRINTED // len(nodes)
    for one in nodes:
        thing = f"{log.types[int(log.type[one.thing])]} {log.objects[one.thing]}"
        shown = enumerate(one.events[:SHOWN])
        rows += [replace(_proof(found, event, thing), is_printed=at < each) for at, event in shown]
    first = found.answer.log.first(found.answer.traced.complaint)
    rows.append(_proof(found, first, found.number))
    return sorted(rows, key=lambda row: (row.at, row.event))


def _proof(found: traces.Traced, event: int, thing: str) -> Proof:
    log = found.log
    return Proof(
        traces.moment(int(log.at[event])), log.activities[int(log.activity[event])], thing, log.events[event]
    )
