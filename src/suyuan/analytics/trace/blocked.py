"""Was the order that would have helped the customer stopped by another one that nobody archived?

The case in the literature: a meter is exchanged on site, but a batch address change that was never archived
holds the account, so the exchange cannot be started, the new meter is unknown to the system, and the reader
enters zero month after month. Who assesses the reader assesses the last person, not the cause.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from suyuan.analytics.trace.log import Event, Log
from suyuan.analytics.trace.rules import Blocking, matches


@dataclass(frozen=True, slots=True)
class Node:
    """One link of the chain: an object, the events that prove it, and who did them."""

    role: str
    """``complaint``, ``symptom``, ``stuck`` or ``blocker``."""
    thing: str
    type: str
    events: tuple[Event, ...]
    actors: tuple[str, ...]

    @property
    def first_at(self) -> datetime:
        """Return when its evidence begins."""
        return self.events[0].at

    @property
    def last_at(self) -> datetime:
        """Return when its evidence ends."""
        return self.events[-1].at


@dataclass(frozen=True, slots=True)
class Chain:
    """A complaint drawn back to the order that was never archived, the complaint first."""

    rule: str
    complaint: Node
    symptom: Node
    stuck: Node
    blocker: Node
    how: str
    """What ties the two orders: ``named`` in the refusal, the same ``account`` or the same ``place``."""
    open_for: timedelta
    """How long the blocker had stood open when the customer complained."""

    @property
    def nodes(self) -> tuple[Node, ...]:
        """Return the links from the complaint back to the cause."""
        return (self.complaint, self.symptom, self.stuck, self.blocker)

    @property
    def spared(self) -> tuple[str, ...]:
        """Return who should not be assessed: those who did the symptom and not the cause."""
        return tuple(actor for actor in self.symptom.actors if actor not in self.blocker.actors)

    @property
    def owners(self) -> tuple[str, ...]:
        """Return who last held the order that blocks and has to finish it."""
        return self.blocker.actors


def trace(log: Log, complaint: str, rule: Blocking) -> Chain | None:
    """Return the chain from ``complaint`` to the order that blocked it, or None if the log shows none."""
    told = log.events(complaint)
    if not told:
        return None
    for account in sorted(_things(log, complaint, rule)):
        run = _run(log.events(account), told[0].at, rule)
        if len(run) < rule.at_least:
            continue
        for order, proof in _stuck(log, account, run, rule):
            found = _blocker(log, account, order, proof, rule)
            if found is not None:
                blocker, how = found
                return Chain(
                    rule=rule.id,
                    complaint=_node(log, "complaint", complaint, told[:1], rule),
                    symptom=_node(log, "symptom", account, run, rule),
                    stuck=_node(log, "stuck", order, proof, rule),
                    blocker=_last(log, blocker, rule),
                    how=how,
                    open_for=told[0].at - log.events(blocker)[0].at,
                )
    return None


def _node(log: Log, role: str, thing: str, events: list[Event], rule: Blocking) -> Node:
    return Node(role, thing, log.types.get(thing, ""), tuple(events), _who(log, events, rule))


def _last(log: Log, blocker: str, rule: Blocking) -> Node:
    """Return the order that blocks with its own steps; whoever did the last one holds it."""
    events = [event for event in log.events(blocker) if not matches(event.activity, rule.refused)]
    return Node("blocker", blocker, log.types.get(blocker, ""), tuple(events), _who(log, events[-1:], rule))


def _who(log: Log, events: Iterable[Event], rule: Blocking) -> tuple[str, ...]:
    """Return the units and people who did these events, in the order they first appear."""
    done = (thing for event in events for thing in log.objects(event))
    return tuple(dict.fromkeys(thing for thing in done if matches(log.types.get(thing, ""), rule.actors)))


def _things(log: Log, thing: str, rule: Blocking) -> set[str]:
    """Return what a thing touches that is neither somebody who acts nor a case."""
    skip = (*rule.actors, *rule.complaints)
    return {near for near in log.neighbours(thing) if not matches(log.types.get(near, ""), skip)}


def _run(events: list[Event], until: datetime, rule: Blocking) -> list[Event]:
    """Return the symptoms in a row that the account still suffered from when the customer complained."""
    run: list[Event] = []
    for event in events:
        if not until - timedelta(days=rule.within_days) <= event.at <= until:
            continue
        if matches(event.activity, rule.symptom):
            run.append(event)
        elif matches(event.activity, rule.normal):
            run.clear()
    return run


def _stuck(log: Log, account: str, run: list[Event], rule: Blocking) -> list[tuple[str, list[Event]]]:
    """Return the orders on the account that were refused, or called for and never begun, with the proof."""
    found = []
    for order in sorted(_things(log, account, rule)):
        events = [event for event in log.events(order) if account in log.objects(event)]
        before = [event for event in events if event.at <= run[-1].at]
        refused = [event for event in before if matches(event.activity, rule.refused)]
        called = [event for event in before if matches(event.activity, rule.trigger)]
        begun = any(matches(event.activity, (*rule.begun, *rule.opened)) for event in before)
        if not begun and (refused or called):
            found.append((order, sorted({*refused, *called}, key=lambda event: (event.at, event.id))))
    return found


def _blocker(
    log: Log, account: str, order: str, proof: list[Event], rule: Blocking
) -> tuple[str, str] | None:
    """Return the order that stood open when ``order`` could not start, and what ties the two."""
    stopped_at = proof[-1].at
    named = {thing for event in proof for thing in log.objects(event)} | log.linked(order)
    near = _things(log, account, rule)
    places = (thing for thing in near if matches(log.types.get(thing, ""), rule.places))
    further = {thing for place in places for thing in log.neighbours(place)}
    for how, things in (("named", named), ("account", near), ("place", further)):
        open_then = [
            (opening.at, thing)
            for thing in things - {order, account}
            if (opening := _opening(log, thing, rule))
            and opening.at < stopped_at
            and not _archived(log, thing, rule)
        ]
        if open_then:
            return max(open_then)[1], how
    return None


def _opening(log: Log, thing: str, rule: Blocking) -> Event | None:
    """Return the event that opened an order; None for a thing that is not an order."""
    if matches(log.types.get(thing, ""), (*rule.actors, *rule.complaints, *rule.places)):
        return None
    events = log.events(thing)
    return events[0] if events and matches(events[0].activity, rule.opened) else None


def _archived(log: Log, thing: str, rule: Blocking) -> bool:
    return any(matches(event.activity, rule.archived) for event in log.events(thing))
