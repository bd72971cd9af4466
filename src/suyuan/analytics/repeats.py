"""Which contacts are about one event? The same account, telephone or place, near in time, and alike in words.

Two contacts of one customer are held to be one event where the later one asks after the earlier (an urge, a
word like "again"), where both are of one type and not unlike, or soon after each other while the earlier is
open, or where what is said is alike. Two of one area are, where both are of one type and alike, a short while
apart; where a trip puts out a line, those of the line. A recorded link, of an order file or of the house,
holds by itself. The event of a contact is all that can be reached from it so; whoever asks after an order
asks after the nearest one that is open.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from suyuan.analytics.text.similar import jaccard, normal, shingles

RECORDED, ACCOUNT, NUMBER, PLACE, TEXT, ASKS = "recorded", "account", "number", "place", "text", "asks_after"
SOON = "soon_after"
WAYS = (RECORDED, ACCOUNT, NUMBER, PLACE, ASKS, SOON, TEXT)
"""Why two contacts are held to be one event."""


@dataclass(frozen=True, slots=True)
class Terms:
    """The figures of the rulebook."""

    within: timedelta
    """How long after a contact another of the same customer may be about the same."""
    while_open: timedelta
    """How long after, where the earlier order is still open."""
    soon: timedelta
    """How long after an open order another of its type is about it, whatever is said."""
    place_within: timedelta
    outage_within: timedelta
    text: float
    """From which similarity two texts of one customer are alike, whatever their types."""
    same_type: float
    """From which, where both are of one type."""
    same_place: float
    """From which, where two customers of one place are of one type."""
    outages: tuple[str, ...]
    """Types of those who are without power: one line is one place to them, whatever they say."""
    asking: tuple[str, ...]
    """Types that ask after another order."""
    phrases: tuple[str, ...]
    """Words with which somebody asks after what he reported before."""
    idle: tuple[str, ...]
    """Phrases that every record has and that say nothing."""


FIGURES = ("customer", "place", "alike", "words")
"""The figures of the rulebook that make the terms, each named ``repeat.`` and this."""


def terms(figures: Mapping[str, Mapping[str, Any]]) -> Terms:
    """Return the terms that some figures of the rulebook make, by the names of ``FIGURES``."""
    words, alike, place = figures["words"], figures["alike"], figures["place"]
    return Terms(
        within=timedelta(hours=figures["customer"]["hours"]),
        while_open=timedelta(days=figures["customer"]["open_days"]),
        soon=timedelta(hours=figures["customer"]["soon_hours"]),
        place_within=timedelta(hours=place["hours"]),
        outage_within=timedelta(minutes=place["outage_minutes"]),
        text=float(alike["text"]),
        same_type=float(alike["same_type"]),
        same_place=float(alike["same_place"]),
        outages=tuple(words["outages"]),
        asking=tuple(words["asking"]),
        phrases=tuple(words["phrases"]),
        idle=tuple(words["idle"]),
    )


@dataclass(frozen=True, slots=True)
class Contact:
    """One order as far as it matters here: keyed indexes instead of a customer, a masked text."""

    number: str
    at: datetime
    kind: str
    account: str = ""
    phone: str = ""
    area: str = ""
    line: str = ""
    text: str = ""
    open_until: datetime | None = None
    """When it was closed; None as long as it is open."""
    parent: str = ""
    times: int = 1
    """How many contacts stand behind it: the first and every urge."""


@dataclass(frozen=True, slots=True)
class Held:
    """Why two contacts are held to be one event, and how alike their texts are."""

    ways: tuple[str, ...]
    similarity: float


@lru_cache(maxsize=20_000)
def _runs(text: str, idle: tuple[str, ...]) -> Mapping[str, int]:
    return shingles(normal(text, idle))


def similarity(one: Contact, other: Contact, terms: Terms) -> float:
    """Return how alike what is said in two contacts is."""
    return jaccard(_runs(one.text, terms.idle), _runs(other.text, terms.idle))


def held(one: Contact, other: Contact, terms: Terms) -> Held | None:
    """Return why two contacts are held to be one event, or None."""
    first, then = (one, other) if one.at <= other.at else (other, one)
    same, apart = _same(first, then), then.at - first.at
    if then.parent == first.number or first.parent == then.number:
        return Held((RECORDED, *same), similarity(first, then, terms))
    if ACCOUNT in same or NUMBER in same:
        return _of_customer(first, then, same, apart, terms)
    return _of_place(first, then, apart, terms)


def _same(first: Contact, then: Contact) -> tuple[str, ...]:
    """Return what of a customer and a place two contacts share."""
    pairs = (
        (ACCOUNT, first.account, then.account),
        (NUMBER, first.phone, then.phone),
        (PLACE, first.area, then.area),
    )
    return tuple(way for way, here, there in pairs if here and here == there)


def _of_customer(
    first: Contact, then: Contact, same: tuple[str, ...], apart: timedelta, terms: Terms
) -> Held | None:
    waits = first.open_until is None or first.open_until >= then.at
    if apart > (terms.while_open if waits else terms.within):
        return None
    alike = similarity(first, then, terms)
    if waits and asks(then, terms):
        return Held((*same, ASKS), alike)
    if alike >= (terms.same_type if first.kind == then.kind else terms.text):
        return Held((*same, TEXT), alike)
    soon = waits and first.kind == then.kind and apart <= terms.soon
    return Held((*same, SOON), alike) if soon else None


def asks(contact: Contact, terms: Terms) -> bool:
    """Return whether somebody asks after what was reported before."""
    return contact.kind in terms.asking or any(phrase in contact.text for phrase in terms.phrases)


def _of_place(first: Contact, then: Contact, apart: timedelta, terms: Terms) -> Held | None:
    if first.kind != then.kind:
        return None
    if first.kind in terms.outages:
        near = first.line and first.line == then.line and apart <= terms.outage_within
        return Held((PLACE,), similarity(first, then, terms)) if near else None
    if not first.area or first.area != then.area or apart > terms.place_within:
        return None
    alike = similarity(first, then, terms)
    return Held((PLACE, TEXT), alike) if alike >= terms.same_place else None


@dataclass(frozen=True, slots=True)
class Link:
    """By which earlier contact one came into an event, and why."""

    number: str
    earlier: str
    held: Held


@dataclass(slots=True)
class Event:
    """Contacts held to be about one thing, the first one first, and what holds them together."""

    contacts: list[Contact] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)

    @property
    def times(self) -> int:
        """Return how many contacts there were, urges included."""
        return sum(one.times for one in self.contacts)


def events(contacts: Iterable[Contact], terms: Terms) -> list[Event]:
    """Return the events of some contacts, each contact in exactly one, the earliest event first."""
    ordered = sorted(contacts, key=lambda one: (one.at, one.number))
    root = list(range(len(ordered)))

    def top(at: int) -> int:
        while root[at] != at:
            root[at] = root[root[at]]
            at = root[at]
        return at

    links: dict[int, list[Link]] = defaultdict(list)
    asked: set[int] = set()
    for earlier, later in _pairs(ordered, terms):
        if top(earlier) == top(later) or (why := held(ordered[earlier], ordered[later], terms)) is None:
            continue
        if ASKS in why.ways:
            if later in asked:
                continue
            asked.add(later)
        links[later].append(Link(ordered[later].number, ordered[earlier].number, why))
        root[max(top(earlier), top(later))] = min(top(earlier), top(later))
    found: dict[int, Event] = defaultdict(Event)
    for at, each in enumerate(ordered):
        found[top(at)].contacts.append(each)
        found[top(at)].links += links[at]
    return list(found.values())


def _pairs(ordered: Sequence[Contact], terms: Terms) -> Iterable[tuple[int, int]]:
    """Yield the pairs that share something and are near enough in time to be looked at, nearest first."""
    long = max(terms.within, terms.while_open)
    keys: tuple[tuple[Callable[[Contact], str], timedelta], ...] = (
        (lambda one: one.account, long),
        (lambda one: one.phone, long),
        (lambda one: "" if one.kind in terms.outages else one.area, terms.place_within),
        (lambda one: one.line if one.kind in terms.outages else "", terms.outage_within),
    )
    number_of = {one.number: at for at, one in enumerate(ordered)}
    yield from ((number_of[one.parent], at) for at, one in enumerate(ordered) if one.parent in number_of)
    for key, within in keys:
        groups: dict[str, list[int]] = defaultdict(list)
        for at, one in enumerate(ordered):
            if key(one):
                groups[key(one)].append(at)
        for group in groups.values():
            yield from _near(group, ordered, within)


def _near(group: Sequence[int], ordered: Sequence[Contact], within: timedelta) -> Iterable[tuple[int, int]]:
    for nth, at in enumerate(group):
        for earlier in reversed(group[:nth]):
            if ordered[at].at - ordered[earlier].at > within:
                break
            yield earlier, at
