"""What shows whose step a complaint came from: limits that ran out, orders that came back, items, the log."""

from collections.abc import Iterator
from datetime import datetime

from suyuan.domain.liability import Evidence, Node, Share, Sign, node_of, propose
from suyuan.domain.rulebook import assessable
from suyuan.domain.vocabulary import FOUND_TRUE
from suyuan.store import event_log, nodes, rules
from suyuan.store.models import Case, Clock, Event, Unit
from suyuan.store.queries import inquiry, org

from . import traced

DISPATCH, SERVED = "order.dispatch", "order.handle"
"""The nodes of what came back, and of what no other node is said of."""
BACK = ("return", "transfer")
SHORT = 16
"""Characters of a digest that stand for an event."""


def proposed(case: Case, now: datetime) -> tuple[Share, ...]:
    """Return the shares that what is known of a case proposes; the unit itself where nothing is."""
    known = nodes.nodes()
    answer = traced.traced_of(case.number)
    spared = answer.spared if answer else ()
    found = [
        *_traced(answer, known),
        *_breaches(case, known, now),
        *_returned(case),
        *_found_true(case, known),
    ]
    if not found:
        node = node_of(known, case.category) or SERVED
        found = [Evidence(Sign.FINDING, node, case.unit.code, _mark(case, "judged", now))]
    return propose(found, nodes.weights(), spared)


def _traced(answer: traced.Answer | None, known: tuple[Node, ...]) -> Iterator[Evidence]:
    """Yield what the log leads back to: the step and the unit of the source that is believed."""
    if answer is None or answer.chain is None or not org.exists(answer.source):
        return
    log, source = answer.log, answer.chain.nodes[0]
    node = node_of(known, log.activities[source.activity]) or SERVED
    thing = log.objects[source.thing]
    mark = f"log:{log.events[source.events[-1]]} {'' if event_log.is_reference(thing) else thing}"
    yield Evidence(Sign.TRACED, node, answer.source, mark.strip())


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
