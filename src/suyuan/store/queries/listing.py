"""Lists of cases: one query each, the viewer's units first, never a count of everything."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta

from django.db.models import F, Q, QuerySet
from django.db.models.expressions import RawSQL

from suyuan.domain.characters import storable
from suyuan.domain.errors import BadInput
from suyuan.domain.parts import Part
from suyuan.domain.procedures import CURRENT
from suyuan.domain.vocabulary import FINDINGS, SATISFACTIONS, State
from suyuan.domain.wording import Marked, marked
from suyuan.store import rules, search
from suyuan.store.models import Case, Contact

from . import countersign, exact, parts, pressing, reach, restricted, texts, walk
from .callbacks import AGAIN
from .cases import LOCAL
from .viewer import Viewer

DEEPEST = 10_000
"""Rows of a list that pages are turned to; whoever wants more narrows it, or takes it out as a file."""
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2999, 12, 31)
"""Days that a list can be narrowed to: beyond, moments of other zones leave the calendar."""
LONGEST = 200
"""Characters of a search: every word becomes a question to the index."""
LIGHTS = ("red", "amber", "green", "paused", "none", "done")
AMBER = timedelta(hours=8)
"""A case within this of its due shows amber in lists; its own page shows each clock's rungs."""

WALKED = ("state", "business_type", "finding", "satisfaction")
"""Filters that name one value of a column with an index of its own."""
ORDERS = {
    "due": (F("next_due_at").asc(nulls_last=True), "-accepted_at", "-id"),
    "accepted": ("-accepted_at", "-id"),
}


@dataclass(frozen=True, slots=True)
class Filters:
    """What narrows a list. Empty means any."""

    q: str = ""
    state: str = ""
    business_type: str = ""
    procedure: str = ""
    category: str = ""
    unit: str = ""
    light: str = ""
    finding: str = ""
    satisfaction: str = ""
    again: str = ""
    part: str = ""
    """As which of those who answer for a case the viewer asks: see ``domain.parts``; of open cases alone."""
    priority: str = ""
    """``pressing`` for what was urged or is supervised, ``high`` for the gravest of it: open cases."""
    open_only: bool = False
    mine: bool = False
    to_sign: bool = False
    accepted_from: date | None = None
    accepted_to: date | None = None
    numbers: tuple[str, ...] = ()
    ids: tuple[int, ...] | None = None
    exact: bool = False
    """Whether ``q`` may also be a telephone number, an account or a name: only where it was posted."""
    order: str = "due"

    def but(self, **changes: object) -> "Filters":
        """Return these filters with some changed."""
        return replace(self, **changes)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list."""

    rows: list[Case]
    page: int
    has_next: bool
    cut: bool = False
    """Whether the list goes on where no page does: see ``DEEPEST``."""
    lights: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Query:
    """What is searched for: its condition, and whether it leaves few cases."""

    condition: Q = field(default_factory=Q)
    few: bool = False


def start_of(page: int, size: int) -> int:
    """Return how many rows lie before a page of a list; raise BadInput where no list goes so deep."""
    start = (max(page, 1) - 1) * size
    if start >= DEEPEST:
        raise BadInput("list_too_deep", page=page, most=DEEPEST // size)
    return start


def listing(viewer: Viewer, filters: Filters, *, now: datetime, page: int = 1, size: int = 50) -> Page:
    """Return one page of the cases in reach that pass the filters."""
    start = start_of(page, size)
    ids, words = _sought(viewer, filters)
    stop, rows = start + size + 1, None
    if words is not None:
        rows = walk.near(_found(viewer, filters, now, Query()), words, start, stop)
    if rows is None:
        rows = list(_found(viewer, filters, now, _query(ids, words))[start:stop])
    shown, more, last = rows[:size], len(rows) > size, start + size >= DEEPEST
    lights = {case.pk: light(case, now) for case in shown}
    return Page(shown, max(page, 1), more and not last, more and last, lights)


def found(viewer: Viewer, filters: Filters, now: datetime) -> QuerySet[Case]:
    """Return the cases in reach that pass the filters, in order."""
    return _found(viewer, filters, now, _query(*_sought(viewer, filters)))


def count(viewer: Viewer, filters: Filters, now: datetime) -> int:
    """Return how many cases in reach pass the filters."""
    return found(viewer, filters, now).order_by().count()


def _found(viewer: Viewer, filters: Filters, now: datetime, query: Query) -> QuerySet[Case]:
    _known("order", filters.order, ORDERS)
    _known("state", filters.state, [state.value for state in State])
    _known("business_type", filters.business_type, rules.rulebook().business_types)
    _known("category", filters.category, rules.rulebook().categories)
    _known("procedure", filters.procedure, CURRENT)
    _known("finding", filters.finding, FINDINGS)
    _known("satisfaction", filters.satisfaction, SATISFACTIONS)
    _known("again", filters.again, AGAIN)
    # No join: SQLite would walk the units first. Units are read afterwards, once for all rows.
    rows = Case.objects.prefetch_related("unit").filter(
        restricted.open_to(viewer), _plain(filters), _dates(filters)
    )
    _known("priority", filters.priority, pressing.PRIORITIES)
    led = query.few or filters.ids is not None or bool(filters.numbers or filters.priority)
    asked, opened = _asked(viewer, filters), _opened(filters)
    leading = "" if led else walk.leading(asked, opened)
    rows = walk.narrowed(rows.filter(query.condition), asked, leading)
    _known("part", filters.part, list(Part))
    if filters.part:
        rows = rows.filter(parts.held(viewer, Part(filters.part)))
    if filters.mine:
        rows = rows.filter(parts.mine(viewer, filters.part, led=led or bool(leading)))
    if filters.to_sign:
        rows = rows.filter(pk__in=countersign.awaited(viewer))
    if filters.light:
        rows = rows.filter(_light(filters.light, now))
    if filters.priority and filters.order == "due":
        return rows.order_by(*pressing.FIRST)
    return rows.order_by(*ORDERS[_order(filters)])


def _asked(viewer: Viewer, filters: Filters) -> dict[str, list[object]]:
    """Return the values a case may have in each column that lists are walked by."""
    asked: dict[str, list[object]] = {
        name: [getattr(filters, name)] for name in WALKED if getattr(filters, name)
    }
    if filters.category:
        below = filters.category + "."
        every = rules.rulebook().categories
        asked["category"] = [one for one in every if one == filters.category or one.startswith(below)]
    units = reach.unit_ids(viewer, reach.narrowed(viewer, filters.unit))
    return asked if units is None else asked | {"unit": [*units]}


def _opened(filters: Filters) -> bool:
    """Return whether a list holds open cases alone."""
    running = filters.light in ("red", "amber", "green", "paused")
    return bool(
        filters.open_only or filters.mine or filters.to_sign or filters.part or filters.priority or running
    )


def _order(filters: Filters) -> str:
    """Return the order of a list: what is closed falls due no more, so all orders begin with the newest."""
    return filters.order if _opened(filters) else "accepted"


def snippets(rows: Iterable[Case], query: str) -> dict[int, Marked]:
    """Return, by case, the part of its masked text that a search found, its hits marked; one query."""
    hits = [way for each in search.alternatives(query) for way in each]
    if not hits:
        return {}
    draws = texts.drawn_each(rows)
    said = Contact.objects.filter(case__in=list(draws)).order_by("pk").values_list("case_id", "masked")
    return {case: marked(draws[case](text), hits) for case, text in said if case is not None}


def _known(field: str, value: str, among: Collection[str]) -> None:
    """Refuse a value that no case can have: an empty list would pass for an answer."""
    if value and value not in among:
        raise BadInput("unknown_value", field=field, value=value)


def light(case: Case, now: datetime) -> str:
    """Return the light a case shows in lists."""
    if not case.is_open:
        return "done"
    if case.paused:
        return "paused"
    if case.next_due_at is None:
        return "none"
    if case.next_due_at <= now:
        return "red"
    return "amber" if case.next_due_at <= now + AMBER else "green"


def _plain(filters: Filters) -> Q:
    kept = AGAIN.get(filters.again, Q()) & pressing.of(filters.priority)
    if filters.procedure:
        kept &= Q(procedure=filters.procedure)
    if filters.open_only:
        kept &= Q(is_open=True)
    if filters.numbers:
        kept &= Q(number__in=filters.numbers)
    if filters.ids is not None:
        kept &= Q(pk__in=filters.ids)
    return kept


def _dates(filters: Filters) -> Q:
    kept = Q()
    for name, day in (("from", filters.accepted_from), ("to", filters.accepted_to)):
        if day and not FIRST_DAY <= day <= LAST_DAY:
            raise BadInput("day_out_of_range", field=name, value=day.isoformat())
    if filters.accepted_from:
        kept &= Q(accepted_at__gte=datetime.combine(filters.accepted_from, time(), LOCAL))
    if filters.accepted_to:
        kept &= Q(accepted_at__lt=datetime.combine(filters.accepted_to + timedelta(days=1), time(), LOCAL))
    return kept


def _light(wanted: str, now: datetime) -> Q:
    if wanted not in LIGHTS:
        raise BadInput("unknown_value", field="light", value=wanted)
    if wanted == "done":
        return Q(is_open=False)
    running = Q(is_open=True, paused=wanted == "paused")
    return (
        running
        & {
            "paused": Q(),
            "none": Q(next_due_at=None),
            "red": Q(next_due_at__lte=now),
            "amber": Q(next_due_at__gt=now, next_due_at__lte=now + AMBER),
            "green": Q(next_due_at__gt=now + AMBER),
        }[wanted]
    )


def _sought(viewer: Viewer, filters: Filters) -> tuple[set[int] | None, search.Question | None]:
    """Return what is searched for: the cases of a number or of who called, else what finds words."""
    text = filters.q.strip()
    if len(text) > LONGEST or not storable(text):
        raise BadInput("bad_form", fields={"q": "too_long" if len(text) > LONGEST else "bad_characters"})
    if not text:
        return (set() if filters.q else None), None
    ids = set(Case.objects.filter(number=text).values_list("pk", flat=True))
    if filters.exact:
        ids |= exact.ids(viewer, phone=text, account=text, name=text)
    words = None if ids else search.question(text)
    return (ids if words is None else None), words


def _query(ids: set[int] | None, words: search.Question | None) -> Query:
    """Return the condition for what is searched for."""
    if words is None:
        return Query() if ids is None else Query(Q(pk__in=ids), few=True)
    matches = search.matches(words)
    among = RawSQL(matches.sql, tuple(matches.values))  # noqa: S611 our own SQL, values bound
    return Query(Q(pk__in=among), few=True) if matches.few else Query(walk.apart("id", among))
