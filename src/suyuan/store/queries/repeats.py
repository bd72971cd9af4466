"""Which contacts are held to be one event: of a case, of a caller at the desk, of late."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from suyuan.analytics import repeats as method
from suyuan.analytics.repeats import Contact, Event, Terms
from suyuan.domain.disclosure import kept_secret
from suyuan.domain.parts import OF_THE_HOUSE
from suyuan.domain.vocabulary import State
from suyuan.store import rules, seal
from suyuan.store.models import Case, ClaimReview, RepeatEvent, RepeatMember, Urge

from . import exact, reach
from .desks import known
from .personal import standing
from .viewer import Viewer

COLUMNS = (
    *("number", "accepted_at", "business_type", "account_index", "phone_index", "area", "line", "brief"),
    *("archived_at", "parent_number", "urges"),
)
ROUNDS, MOST = 6, 400
"""How often what was found leads on to more, and of how many contacts an event is drawn at most."""


def terms() -> Terms:
    """Return the figures of the rulebook."""
    figures = rules.rulebook().figures
    return method.terms({name: figures[f"repeat.{name}"][-1].terms for name in method.FIGURES})


def _countable() -> QuerySet[Case]:
    """Return the cases that stand for contacts of customers who may be recognised."""
    rows = Case.objects.filter(secrecy="", restricted=False)
    return rows.exclude(procedure__in=OF_THE_HOUSE).exclude(state=State.VOID).order_by()


def _read(*sought: Q) -> dict[str, Contact]:
    """Return the contacts that meet any of some conditions, each looked up by an index of its own."""
    first, *others = (_countable().filter(each).values_list(*COLUMNS) for each in sought)
    rows = first.union(*others) if others else first
    return {row[0]: _contact(row) for row in rows[:MOST]}


def _contact(row: tuple[Any, ...]) -> Contact:
    return Contact(*row[:-1], times=1 + row[-1])


def _near(some: Sequence[Contact], by: Terms) -> list[Q]:
    """Return the conditions for contacts that share something with one of some, near enough in time."""
    long, moments = max(by.within, by.while_open), [one.at for one in some]
    around = Q(accepted_at__range=(min(moments) - long, max(moments) + long))
    found = [~Q(parent_number="") & Q(parent_number__in=[one.number for one in some])]
    if accounts := {one.account for one in some if one.account}:
        found.append(around & Q(account_index__in=accounts))
    if phones := {one.phone for one in some if one.phone}:
        found.append(around & Q(phone_index__in=phones))
    if parents := {one.parent for one in some if one.parent}:
        found.append(Q(number__in=parents))
    return found + [_there(one, by) for one in some if (one.line if one.kind in by.outages else one.area)]


def _there(one: Contact, by: Terms) -> Q:
    """Return the condition for contacts of one kind and place at about the same time."""
    outage = one.kind in by.outages
    within = by.outage_within if outage else by.place_within
    place = {"line": one.line} if outage else {"area": one.area}
    return Q(business_type=one.kind, accepted_at__range=(one.at - within, one.at + within), **place)


def event_of(case: Case) -> Event:
    """Return the event of a case, whoever asks; where the caller is kept secret it is that case alone."""
    by = terms()
    known = _read(Q(pk=case.pk))
    if not known:
        return Event([Contact(case.number, case.accepted_at, case.business_type, times=1 + case.urges)])
    asked: set[str] = set()
    event = Event(list(known.values()))
    for _ in range(ROUNDS):
        further = [one for one in event.contacts if one.number not in asked]
        if not further or len(known) >= MOST:
            break
        asked |= {one.number for one in further}
        known |= _read(*_near(further[:50], by))
        event = next(
            each
            for each in method.events(known.values(), by)
            if any(one.number == case.number for one in each.contacts)
        )
    return event


@dataclass(frozen=True, slots=True)
class Same:
    """Another contact on the event of a case: why it is held to be one, and by which contact it is linked."""

    case: Case
    ways: tuple[str, ...]
    similarity: float
    through: str
    """The contact it was linked by, where that is not the case itself."""
    times: int


@dataclass(frozen=True, slots=True)
class Found:
    """The event of a case as somebody may see it."""

    contacts: int
    """How many contacts there were in all, urges included."""
    cases: int
    same: tuple[Same, ...]
    """The other cases in reach, the first one first."""


def find(viewer: Viewer | None, case: Case) -> Found:
    """Return the other contacts on the event of a case that was found in reach; nobody sees every one.

    Nothing where the caller is kept secret from the viewer: the others would say who it is.
    """
    if viewer is not None and kept_secret(standing(viewer.actor, case)):
        return Found(1 + case.urges, 1, ())
    event, by = event_of(case), terms()
    contacts = {one.number: one for one in event.contacts}
    rows = Case.objects.filter(number__in=contacts.keys() - {case.number})
    if viewer is not None:
        rows = rows.filter(viewer.scope(), exact.knowable(viewer))
    links = {link.number: link for link in reversed(event.links)}
    same = []
    for row in rows.select_related("unit").order_by("accepted_at", "number"):
        own = method.held(contacts[case.number], contacts[row.number], by)
        link = links.get(row.number)
        why, through = (own, "") if own or link is None else (link.held, link.earlier)
        ways, alike = (why.ways, why.similarity) if why else ((), 0.0)
        same.append(Same(row, ways, alike, through, contacts[row.number].times))
    return Found(event.times, len(contacts), tuple(same))


@dataclass(frozen=True, slots=True)
class Caller:
    """How often a number called of late, this time included, and whether a person speaks with him."""

    calls: int
    hours: int
    person: bool


def caller(phone: str, now: datetime) -> Caller | None:
    """Return how often a telephone called of late, or None where it did not."""
    index = seal.index("phone", phone) if phone else ""
    if not index:
        return None
    figure = rules.rulebook().figures["repeat.caller"][-1].terms
    since = now - timedelta(hours=figure["hours"])
    cases = Case.objects.filter(phone_index=index, accepted_at__gt=since).count()
    urges = Urge.objects.filter(case__phone_index=index, at__gt=since).count()
    calls = cases + urges + 1
    return Caller(calls, figure["hours"], calls >= figure["calls"]) if calls > 1 else None


def of_late(now: datetime) -> list[Event]:
    """Return the events that many spoke of, the last time of late; an outage has its own procedure.

    A claim that two people found malicious counts for nothing as long as that holds.
    Read are the contacts of late and what is still open: an order closed before them is not counted here.
    A past moment is told as it was then: what was closed later was open, who urged later had not.
    """
    by = terms()
    long, recent = now - max(by.within, by.while_open), now - by.within
    malicious = ClaimReview.objects.filter(upheld=True, lifted_at=None, until__gt=now)
    rows = _countable().exclude(number__in=malicious.values("case__parent_number"))
    open_then = Q(is_open=True) | Q(archived_at__gt=now)
    rows = rows.filter(accepted_at__range=(long, now)).filter(Q(accepted_at__gt=recent) | open_then)
    every = _as_of([_contact(row) for row in rows.values_list(*COLUMNS).iterator()], now)
    apart = [replace(one, area="", line="") if one.kind in by.outages else one for one in every]
    least = rules.figure("repeat.event", "calls")
    return [one for one in method.events(apart, by) if one.times >= least]


def _as_of(contacts: list[Contact], now: datetime) -> list[Contact]:
    """Return contacts as they stood at a moment: urges by then, and open where they were closed later."""
    urged = Urge.objects.filter(at__gt=now, case__accepted_at__lte=now).order_by()
    later = dict(urged.values_list("case__number").annotate(n=Count("pk")))
    return [
        replace(
            one,
            times=one.times - later.get(one.number, 0),
            open_until=one.open_until if one.open_until and one.open_until <= now else None,
        )
        for one in contacts
    ]


def under(path: str) -> QuerySet[RepeatEvent]:
    """Return the events many spoke of of a unit and those below it, of which something is still open."""
    rows = RepeatEvent.objects.filter(_going(), _begun_by(Q(unit__path__startswith=path)))
    return rows.prefetch_related("first__unit").order_by("-contacts", "pk")


def _begun_by(which: Q) -> Exists:
    """Return the condition for events whose first case meets another; there are fewer of them than cases."""
    return Exists(Case.objects.filter(which, pk=OuterRef("first"), restricted=False, secrecy=""))


def _going() -> Exists:
    return Exists(RepeatMember.objects.filter(event=OuterRef("pk"), case__is_open=True))


SHOWN = ("open", "")
"""Events of which something is still open, or all."""


def listed(viewer: Viewer, show: str = "open", unit: str = "") -> QuerySet[RepeatEvent]:
    """Return the events many spoke of whose first case lies in reach, those with most contacts first."""
    known("show", show, SHOWN)
    units = reach.unit_ids(viewer, reach.narrowed(viewer, unit))
    within = viewer.scope() if units is None else viewer.scope() & Q(unit__in=units)
    rows = RepeatEvent.objects.filter(_begun_by(within)).prefetch_related("first__unit")
    if show == "open":
        return rows.filter(_going()).order_by("-contacts", "-last_at", "-pk")
    return rows.order_by("-last_at", "-pk")
