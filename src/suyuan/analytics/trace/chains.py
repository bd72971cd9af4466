"""From a complaint to its sources: chains of deviations, each joined to the next by what may cause it.

A deviation stands at the end of a chain by its own support (``support``): how much it adds to the rate of
complaints. Edges of the rules lead from it upstream: an order blocks another, a value needs data that never
came, a defect trips a line. What stands upstream of a deviation takes its place as the source; without an
edge a deviation is its own source. Nodes of one chain share what it weighs, the source the most.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from .causality import Edge, End, Mode, Relation, Rules, fits
from .deviations import DAY, Deviation
from .eventlog import EventLog
from .support import Support

LONGEST = 6
"""So many deviations one chain has at most."""
MOST = 10
"""So many chains are told of one complaint."""
LEAST = 0.02
"""A chain that weighs less is not told."""
RULED = 1.0
"""What a rule lets lead to a complaint adds to its rate at least so often the base rate."""
UPSTREAM = 0.5
"""What a node has of the share of all nodes from itself down to the complaint; the rest is theirs below."""
SURE = 0.5
"""A chain that weighs so much explains more than all else together: its source is believed."""
SYMPTOMS = (Mode.REFUSED, Mode.WRONG)
BORNE = (Mode.MISSING, Mode.LATE, Mode.SKIPPED, Mode.TURNED, Mode.REPEATED, Mode.BOUNCED)
"""What rules may lead to that shows on orders, and what else may then be told of those by numbers alone."""


@dataclass(frozen=True, slots=True)
class Lift:
    """How much oftener a deviation lies before complaints than around controls, with the counts."""

    lift: float
    had: int
    complaints: int
    usual: int
    controls: int


@dataclass(frozen=True, slots=True)
class Link:
    """Why one node of a chain leads to the next."""

    relation: Relation
    because: str
    """The rule that allows it, or the lift against controls."""
    events: tuple[int, ...]
    lift: Lift | None = None
    """Given where no rule allows it."""


@dataclass(frozen=True, slots=True)
class Chain:
    """Deviations from a source to the complaint, what joins each to the next, and what they weigh."""

    nodes: tuple[Deviation, ...]
    links: tuple[Link, ...]
    """One fewer than nodes, and one more: the last leads to the complaint."""
    weight: float
    """The part of the complaint's rate that the chain adds, 0 to 1."""


Led = tuple[tuple[Deviation, ...], tuple[Link, ...]]
"""What stands upstream of a deviation, source first, and what joins each to the next."""


@dataclass(frozen=True, slots=True)
class Traced:
    """What a complaint came from."""

    complaint: int
    chains: tuple[Chain, ...]
    unexplained: float
    """The part of its rate that nothing found explains."""
    shares: dict[tuple[int, int, int], float] = field(default_factory=dict)
    """Of each object, step and unit over all chains; they add up to 1."""


def chains(
    log: EventLog, complaint: int, found: Sequence[Deviation], support: Support, rules: Rules
) -> Traced:
    """Return the chains to a complaint from what deviates around it, the heaviest first."""
    about = log.label.get(complaint, "")
    upstream = _Upstream(log, found, rules.edges)
    support = support.without(complaint, about)
    alike: dict[object, int] = defaultdict(int)
    for one in found:
        alike[one.kind(log.type), one.size] += 1
    base = nothing = support.unexplained(about)
    scored: dict[Deviation, float] = {}
    for one in found:
        feature = (one.kind(log.type), one.size)
        allowed = one.named or upstream.to_complaint(one, about)
        adds = support.of(feature, about) / alike[feature]
        part = 1.0 if allowed else support.fraction(feature, about)
        if allowed:
            adds = max(adds, RULED * nothing / alike[feature])
        scored[one] = adds * part
        base += adds * (1 - part)
    whole = base + sum(scored.values())
    by_source: dict[tuple[int, int, int], Chain] = {}
    led = {last: upstream.of(last) for last in scored}
    for last, score in _borne(log, scored, led).items():
        nodes, links = led[last]
        chain = Chain(
            (*nodes, last),
            (*links, _to_complaint(log, last, support, upstream.to_complaint(last, about))),
            score / whole,
        )
        source = node(chain.nodes[0])
        had = by_source.get(source)
        by_source[source] = chain if had is None else _joined(had, chain)
    told = sorted(by_source.values(), key=lambda one: (-one.weight, -one.nodes[0].since, one.nodes[0].thing))
    told = [one for one in told if one.weight >= LEAST][:MOST]
    return Traced(complaint, tuple(told), base / whole, _shares(told))


def _borne(
    log: EventLog, scored: Mapping[Deviation, float], led: Mapping[Deviation, Led]
) -> dict[Deviation, float]:
    """Return scores in which a symptom bears what stands on its own orders: it is no source beside the chain.

    A symptom is what rules lead to and a sign shows, a refusal or a wrong value; on the orders of its events
    what is told by numbers alone, from then on, came of it.
    """
    carried = {
        int(thing): (int(log.at[one.events[0]]), last, nodes[0].thing)
        for last, (nodes, _) in led.items()
        for one in (*nodes[1:], last)
        if nodes and one.mode in SYMPTOMS
        for event in one.events
        for thing in log.touched.of(event)
    }
    found = dict.fromkeys(scored, 0.0)
    for one, score in scored.items():
        since, last, source = carried.get(one.thing, (0, one, -1))
        own = one.mode not in BORNE or one.rule or one.named or led[one][0] or one.thing == source
        found[one if own or one.since < since else last] += score
    return {one: score for one, score in found.items() if score}


def node(one: Deviation) -> tuple[int, int, int]:
    """Return what makes a node: object, step and unit."""
    return one.thing, one.activity, one.unit


def sure(traced: Traced) -> Chain | None:
    """Return the chain whose source is believed; None where none weighs enough."""
    first = traced.chains[0] if traced.chains else None
    return first if first is not None and first.weight >= SURE else None


def spared(log: EventLog, chain: Chain, units: frozenset[int]) -> tuple[int, ...]:
    """Return the units of a chain that alone should not answer: they came after a source that is another's.

    ``units`` are the types of objects that are units.
    """
    source, later = chain.nodes[0], chain.nodes[1:]
    there = [one.unit for one in later if one.unit >= 0]
    there += [
        int(each)
        for one in later
        for event in one.events
        for each in log.touched.of(event)
        if int(log.type[each]) in units
    ]
    return tuple(dict.fromkeys(each for each in there if each != source.unit))


def _joined(one: Chain, other: Chain) -> Chain:
    """Return two chains of one source as one: the longer, with the weight of both."""
    first, second = (one, other) if len(one.nodes) >= len(other.nodes) else (other, one)
    return Chain(first.nodes, first.links, first.weight + second.weight)


def _to_complaint(log: EventLog, last: Deviation, support: Support, edge: Edge | None) -> Link:
    if edge is not None:
        return Link(edge.relation, edge.id, last.events)
    feature = (last.kind(log.type), last.size)
    had, usual = support.seen.get(feature, (0, 0))
    lift = Lift(support.lift(feature), had, support.complaints, usual, support.controls)
    said = f"lift {lift.lift:.3g} ({had}/{lift.complaints} against {usual}/{lift.controls})"
    return Link(Relation.PRECEDES, said, last.events, lift)


def _shares(told: Iterable[Chain]) -> dict[tuple[int, int, int], float]:
    """Return what each node has of all chains; of a chain half is the source's, and so on downwards."""
    parts: dict[tuple[int, int, int], float] = defaultdict(float)
    for chain in told:
        left = chain.weight
        for at, one in enumerate(chain.nodes):
            part = left if at == len(chain.nodes) - 1 else left * UPSTREAM
            parts[node(one)] += part
            left -= part
    whole = sum(parts.values())
    return {key: part / whole for key, part in parts.items()} if whole else {}


@dataclass(frozen=True)
class _Upstream:
    """Finds what leads to a deviation, by the edges of the rules."""

    log: EventLog
    found: Sequence[Deviation]
    edges: Sequence[Edge]
    near: dict[Deviation, set[int]] = field(default_factory=dict)
    """What was found around a deviation: it is asked of every pair."""

    def of(self, last: Deviation) -> tuple[tuple[Deviation, ...], tuple[Link, ...]]:
        """Return the deviations upstream of one, source first, and what joins each to the next."""
        nodes: list[Deviation] = []
        links: list[Link] = []
        now = last
        while len(nodes) < LONGEST:
            above = self._above(now, {last, *nodes})
            if above is None:
                break
            now, link = above
            nodes.insert(0, now)
            links.insert(0, link)
        return tuple(nodes), tuple(links)

    def _above(self, target: Deviation, seen: set[Deviation]) -> tuple[Deviation, Link] | None:
        """Return the deviation that leads to one most closely: named by it, else last before it."""
        best: tuple[tuple[int, bool, int, int], Deviation, Link] | None = None
        first = min(int(self.log.at[e]) for e in target.events)
        for edge in self.edges:
            if edge.target.about or not self._is(edge.target, target):
                continue
            for source in self.found:
                if source in seen or source.thing == target.thing or not self._is(edge.source, source):
                    continue
                if source.since > first or first - source.since > edge.within_days * DAY:
                    continue
                close = self._closeness(source, target, edge)
                if not close:
                    continue
                first_come = -source.since if edge.relation is Relation.FEEDS else source.since
                rank = (close, self._is_led_to(source), first_come, source.thing)
                if best is None or rank > best[0]:
                    best = rank, source, Link(edge.relation, edge.id, (*source.events, *target.events))
        return best and (best[1], best[2])

    def _is_led_to(self, one: Deviation) -> bool:
        """Tell whether a rule has something that leads to deviations like this one."""
        return any(not edge.target.about and self._is(edge.target, one) for edge in self.edges)

    def to_complaint(self, one: Deviation, about: str) -> Edge | None:
        """Return the rule by which a deviation leads to a complaint about something, if one does."""
        for edge in self.edges:
            if edge.target.about and fits(about, edge.target.about) and self._is(edge.source, one):
                return edge
        return None

    def _is(self, end: End, one: Deviation) -> bool:
        log = self.log
        return (
            fits(one.mode.value, end.modes)
            and fits(log.activities[one.activity], end.activities)
            and fits(log.types[int(log.type[one.thing])], end.types)
        )

    def _closeness(self, source: Deviation, target: Deviation, edge: Edge) -> int:
        """Return 2 where the target's events name the source, 1 where both share an object, else 0."""
        log = self.log
        if any(source.thing in log.touched.of(event) for event in target.events):
            return 2
        mine, theirs = self._around(source), self._around(target)
        common = mine & theirs
        return int(any(fits(log.types[int(log.type[each])], edge.shared) for each in common))

    def _around(self, one: Deviation) -> set[int]:
        """Return the objects a deviation is on: its own, its events', and what those belong to."""
        if one not in self.near:
            log = self.log
            near = {one.thing, *log.out.of(one.thing).tolist()}
            near.update(*(log.touched.of(event).tolist() for event in one.events))
            self.near[one] = near.union(*(log.out.of(thing).tolist() for thing in near))
        return self.near[one]


def modes(chain: Chain) -> tuple[Mode, ...]:
    """Return how the nodes of a chain deviate, source first."""
    return tuple(one.mode for one in chain.nodes)


def moment(log: EventLog, complaint: int) -> int:
    """Return when a complaint was made: at its first event."""
    first = log.first(complaint)
    return int(log.at[first]) if first >= 0 else int(np.iinfo(np.int64).min)
