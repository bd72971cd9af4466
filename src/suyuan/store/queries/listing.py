"""Lists of cases: one query each, the viewer's units first, never a count of everything."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta

from django.db.models import F, Q, QuerySet
from django.db.models.expressions import RawSQL

from suyuan.domain.errors import BadInput
from suyuan.domain.procedures import CURRENT
from suyuan.domain.vocabulary import FINDINGS, SATISFACTIONS, Role, State
from suyuan.domain.wording import Marked, marked
from suyuan.store import rules, search
from suyuan.store.models import Case, Contact

from . import exact
from .cases import LOCAL
from .viewer import Viewer, under

LIGHTS = ("red", "amber", "green", "paused", "none", "done")
AMBER = timedelta(hours=8)
"""A case within this of its due shows amber in lists; its own page shows each clock's rungs."""

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
    open_only: bool = False
    mine: bool = False
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
    lights: dict[int, str] = field(default_factory=dict)


def listing(viewer: Viewer, filters: Filters, *, now: datetime, page: int = 1, size: int = 50) -> Page:
    """Return one page of the cases in reach that pass the filters."""
    start = (max(page, 1) - 1) * size
    rows = list(found(viewer, filters, now)[start : start + size + 1])
    shown = rows[:size]
    return Page(shown, max(page, 1), len(rows) > size, {case.pk: light(case, now) for case in shown})


def found(viewer: Viewer, filters: Filters, now: datetime) -> QuerySet[Case]:
    """Return the cases in reach that pass the filters, in order."""
    _known("order", filters.order, ORDERS)
    _known("state", filters.state, [state.value for state in State])
    _known("business_type", filters.business_type, rules.rulebook().business_types)
    _known("procedure", filters.procedure, CURRENT)
    _known("finding", filters.finding, FINDINGS)
    _known("satisfaction", filters.satisfaction, SATISFACTIONS)
    rows = Case.objects.select_related("unit").filter(viewer.scope(), unrestricted(viewer))
    rows = rows.filter(_plain(filters), _dates(filters))
    if filters.mine:
        rows = rows.filter(mine(viewer))
    if filters.light:
        rows = rows.filter(_light(filters.light, now))
    if filters.q:
        rows = rows.filter(_query(viewer, filters))
    return rows.order_by(*ORDERS[_order(filters)])


def _order(filters: Filters) -> str:
    """Return the order of a list: what is closed falls due no more, so all orders begin with the newest."""
    due = filters.open_only or filters.mine or filters.light in ("red", "amber", "green", "paused")
    return filters.order if due else "accepted"


def snippets(rows: Iterable[Case], query: str) -> dict[int, Marked]:
    """Return, by case, the part of its masked text that a search found, its hits marked; one query."""
    hits = [way for said in search.alternatives(query) for way in said]
    if not hits:
        return {}
    texts = Contact.objects.filter(case__in=[case.pk for case in rows]).order_by("pk")
    return {case: marked(text, hits) for case, text in texts.values_list("case_id", "masked")}


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


def mine(viewer: Viewer) -> Q:
    """Return the condition for open cases on which one of the viewer's roles has the next step."""
    waiting = Q(pk__in=())
    for procedure in CURRENT.values():
        for role, path in viewer.actor.reaching:
            states = {
                state.value
                for step in procedure.steps
                if role in step.roles
                and step.target not in ("same", "before")
                and step.verb not in ("void", "merge", "reclassify", "transfer", "reopen")
                for state in step.source
            }
            if states:
                waiting |= Q(procedure=procedure.name, state__in=states, unit__path__startswith=path)
    return waiting & Q(is_open=True) & ~Q(state=State.MERGED)


def unrestricted(viewer: Viewer) -> Q:
    """Return the condition that leaves out restricted cases for whom they are not meant."""
    trusted = {path for role, path in viewer.actor.reaching if role in (Role.AUDIT, Role.LEADER)}
    return Q(restricted=False) | under(trusted, "unit__")


def _plain(filters: Filters) -> Q:
    kept = Q()
    for name in ("state", "business_type", "procedure", "finding", "satisfaction"):
        if value := getattr(filters, name):
            kept &= Q(**{name: value})
    if filters.category:
        kept &= Q(category=filters.category) | Q(category__startswith=filters.category + ".")
    if filters.unit:
        kept &= Q(unit__path__contains=f"/{filters.unit}/")
    if filters.open_only:
        kept &= Q(is_open=True)
    if filters.numbers:
        kept &= Q(number__in=filters.numbers)
    if filters.ids is not None:
        kept &= Q(pk__in=filters.ids)
    return kept


def _dates(filters: Filters) -> Q:
    kept = Q()
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


def _query(viewer: Viewer, filters: Filters) -> Q:
    """Return the condition of a search: a number, exactly who called, or words of the text."""
    text = filters.q.strip()
    ids = set(Case.objects.filter(number=text).values_list("pk", flat=True)) if text else set()
    if filters.exact and text:
        ids |= exact.ids(viewer, phone=text, account=text, name=text)
    words = search.condition(text)
    if words is None or ids:
        return Q(pk__in=ids)
    sql, values = words
    return Q(pk__in=RawSQL(sql, tuple(values)))  # noqa: S611 our own SQL, values bound
