"""What shows whose step a complaint came from: limits that ran out, orders that came back, items, the log."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from suyuan.analytics.trace import chains
from suyuan.analytics.trace.chains import Chain
from suyuan.domain.liability import Evidence, Node, Share, Sign, node_of, propose
from suyuan.domain.rulebook import assessable
from suyuan.domain.trace_verdict import VERB, Verdict
from suyuan.domain.vocabulary import FOUND_TRUE
from suyuan.store import event_log, nodes, rules
from suyuan.store.models import Case, Clock, Event, Unit
from suyuan.store.queries import inquiry, org, trace_verdicts
from suyuan.store.queries.trace_verdicts import Last

from . import traced

DISPATCH, SERVED = "order.dispatch", "order.handle"
"""The nodes of what came back, and of what no other node is said of."""
BACK = ("return", "transfer")
SHORT = 16
"""Characters of a digest that stand for an event."""


def proposed(case: Case, now: datetime) -> tuple[Share, ...]:
    """Return the shares that what is known of a case proposes; the unit itself where nothing is."""
    known = nodes.nodes()
    source = _source(traced.traced_of(case.number), trace_verdicts.last(case), known)
    found = [
        *source.evidence,
        *_breaches(case, known, now),
        *_returned(case),
        *_found_true(case, known),
    ]
    if not found:
        node = node_of(known, case.category) or SERVED
        found = [Evidence(Sign.FINDING, node, case.unit.code, _mark(case, "judged", now))]
    return propose(found, nodes.weights(), source.spared)


@dataclass(frozen=True, slots=True)
class _Source:
    """What log and people lead back to, and the units that alone should not answer."""

    evidence: tuple[Evidence, ...] = ()
    spared: tuple[str, ...] = ()


def _source(answer: traced.Answer | None, last: Last | None, known: tuple[Node, ...]) -> _Source:
    """Return the source of a complaint: what a person said of its trace goes before what the log says.

    A rejection holds for what was rejected: where another log names another source, that is not judged yet.
    """
    sure = answer.chain if answer else None
    if last is None:
        return _of_log(answer, sure, known)
    mark, said = f"{VERB} {last.digest[:SHORT]}", last.said
    if last.verdict is Verdict.CORRECTED:
        assert said.unit is not None
        return _Source((Evidence(Sign.TRACED, said.node, said.unit.code, mark),))
    named = _naming(answer, said.activity, said.source)
    if last.verdict is Verdict.CONFIRMED:
        return _of_log(answer, named, known, mark) if named else _remembered(last, known, mark)
    return _Source() if sure is None or sure is named else _of_log(answer, sure, known)


def _naming(answer: traced.Answer | None, activity: str, unit: str) -> Chain | None:
    """Return the surest chain whose source is a step of a unit, None where none is."""
    if answer is None:
        return None
    log = answer.log
    for chain in answer.traced.chains:
        source = chain.nodes[0]
        whose = log.objects[source.unit] if source.unit >= 0 else ""
        if (log.activities[source.activity], whose) == (activity, unit):
            return chain
    return None


def _of_log(
    answer: traced.Answer | None, chain: Chain | None, known: tuple[Node, ...], mark: str = ""
) -> _Source:
    """Return what one chain of the log leads back to, with the event of who confirmed it."""
    if answer is None or chain is None:
        return _Source()
    log, source = answer.log, chain.nodes[0]
    spared = tuple(log.objects[unit] for unit in chains.spared(log, chain, answer.units))
    unit = log.objects[source.unit] if source.unit >= 0 else ""
    if not org.exists(unit):
        return _Source(spared=spared)
    node = node_of(known, log.activities[source.activity]) or SERVED
    thing = log.objects[source.thing]
    named = "" if event_log.is_reference(thing) else thing
    shows = " ".join(filter(None, (f"log:{log.events[source.events[-1]]}", named, mark)))
    return _Source((Evidence(Sign.TRACED, node, unit, shows),), spared)


def _remembered(last: Last, known: tuple[Node, ...], mark: str) -> _Source:
    """Return what was confirmed where no log tells of it any more."""
    if not org.exists(last.said.source):
        return _Source()
    node = node_of(known, last.said.activity) or SERVED
    return _Source((Evidence(Sign.TRACED, node, last.said.source, mark),))


def _breaches(case: Case, known: tuple[Node, ...], now: datetime) -> Iterator[Evidence]:
    """Yield the limits that ran out, of which one may judge: what is only remembered shows nothing."""
    rows = Clock.objects.filter(case=case, provisional=False).exclude(state="void").order_by("due_at", "pk")
    for clock in rows:
        over = (clock.stopped_at or now) > clock.due_at
        node = node_of(known, clock.limit)
        if over and node and assessable(rules.certainty(clock)):
            at = clock.stopped_at or clock.due_at
            yield Evidence(Sign.BREACH, node, _of(case, node, known), _mark(case, clock.limit, at))


def _returned(case: Case) -> Iterator[Evidence]:
    """Yield what came back from where it was sent, or had to be sent on: it was sent to the wrong place."""
    told = Event.objects.filter(stream=f"case:{case.number}", verb__in=BACK).order_by("seq")
    for verb, digest in told.values_list("verb", "digest"):
        yield Evidence(Sign.RETURNED, DISPATCH, _desk(case).code, f"{verb} {digest[:SHORT]}")


def _found_true(case: Case, known: tuple[Node, ...]) -> Iterator[Evidence]:
    """Yield the items that are true, each at the node of its category, on the clause it was found by."""
    for item in inquiry.items_of(case):
        if item.finding in FOUND_TRUE:
            node = node_of(known, item.category or case.category) or SERVED
            mark = f"item:{item.seq} {item.clause} {item.signed[:SHORT]}".strip()
            yield Evidence(Sign.FINDING, node, case.unit.code, mark)


def _of(case: Case, node: str, known: tuple[Node, ...]) -> str:
    """Return whose a node of a case is: the desk's where the office answers for it, else the unit's."""
    department = next(one.department for one in known if one.code == node)
    return _desk(case).code if department == "service" else case.unit.code


def _desk(case: Case) -> Unit:
    return case.desk or org.root_of(case.unit)


def _mark(case: Case, what: str, at: datetime) -> str:
    """Return what is named, with the digest of the event by which it was so: the last until then.

    An order from a file had no events here before it was taken in: its number is all that leads to it.
    """
    rows = Event.objects.filter(stream=f"case:{case.number}", at__lte=at).order_by("-seq")
    digest = rows.values_list("digest", flat=True).first() or ""
    return f"{what} {digest[:SHORT]}" if digest else case.number
