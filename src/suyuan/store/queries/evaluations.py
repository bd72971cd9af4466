"""Technical assessment orders in reach, the one that is open about something, and what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, F, Q, QuerySet

from suyuan.analytics import display
from suyuan.domain.evaluation import NODE, About
from suyuan.domain.vocabulary import State
from suyuan.store import rules
from suyuan.store.models import Case, Evaluation

from . import reach
from .desks import known, seen
from .viewer import Viewer

STATES = ("open", "watched", "closed", "")
"""Those at work, those of them whose effect is watched, those that are over, or all."""


DONE = (State.CHECKING, State.ARCHIVED)
"""Where an entry of the improvement register stands once it was carried out: whether it helped or not."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which orders a list shows: how they stand, of a unit and those below it."""

    state: str = "open"
    unit: str = ""


def listed(viewer: Viewer, wanted: Wanted) -> QuerySet[Evaluation]:
    """Return the orders in reach that are asked for: open ones by their due, others the newest first."""
    known("state", wanted.state, STATES)
    units = reach.unit_ids(viewer, reach.narrowed(viewer, wanted.unit))
    found = Evaluation.objects.filter(seen(viewer)).select_related("case__unit")
    if units is not None:
        found = found.filter(case__unit__in=units)
    if wanted.state == "closed":
        return found.filter(case__is_open=False).order_by("-case__accepted_at", "-pk")
    if wanted.state in ("open", "watched"):
        still = Q(case__is_open=True) if wanted.state == "open" else Q(case__state=State.CHECKING)
        return found.filter(still).order_by(F("case__next_due_at").asc(nulls_last=True), "pk")
    return found.order_by("-case__accepted_at", "-pk")


def of_case(case: Case) -> Evaluation | None:
    """Return what an order holds beside its case, None of every other case."""
    return Evaluation.objects.filter(case=case).first() if case.procedure == "evaluation" else None


def open_about(key: str) -> Evaluation | None:
    """Return the order that is open about something, by its key."""
    return Evaluation.objects.filter(key=key, case__is_open=True).select_related("case").first()


def open_keys(keys: Sequence[str]) -> dict[str, str]:
    """Return the number of the open order about each of these keys that has one."""
    found = Evaluation.objects.filter(key__in=keys, case__is_open=True)
    return dict(found.values_list("key", "case__number"))


def reachable(viewer: Viewer, numbers: Sequence[str]) -> list[Case]:
    """Return those of some cases that lie in reach and are open to everybody there, the newest first."""
    found = Case.objects.filter(viewer.scope(), number__in=numbers, restricted=False)
    return list(found.order_by("-accepted_at", "-pk"))


def measures(number: str) -> tuple[list[str], list[str]]:
    """Return the measures an order led to, by number: those carried out, and those that are not yet."""
    found = Case.objects.filter(parent_number=number, procedure="improvement").exclude(state=State.VOID)
    every = list(found.order_by("pk").values_list("number", "state"))
    done = [one for one, state in every if state in DONE]
    return done, [one for one, state in every if state not in DONE]


def days_watched(one: Evaluation) -> int:
    """Return over how many days before and since an effect is told: no more than were looked at before."""
    assert one.watch_from is not None
    assert one.watch_until is not None
    return min((one.watch_until - one.watch_from).days, (one.last - one.first).days) + 1


def counts(one: Evaluation, unit_path: str) -> tuple[tuple[int, int], tuple[int, int]]:
    """Return how many customers brought it up before and since: here, and everywhere else."""
    assert one.watch_until is not None
    span = timedelta(days=days_watched(one) - 1)
    spans = (one.last - span, one.last), (one.watch_until - span, one.watch_until)
    here = Q(unit__path__startswith=unit_path)
    if one.level in ("line", "area"):
        here &= Q(**{one.level: one.place})
    about = _about(one)
    within, outside = (tuple(_customers(about & where, *days) for days in spans) for where in (here, ~here))
    return (within[0], within[1]), (outside[0], outside[1])


def _about(one: Evaluation) -> Q:
    if one.subject == NODE:
        return Q(procedure="complaint")
    if one.kind in rules.rulebook().business_types:
        return Q(business_type=one.kind, category="")
    if "." not in one.kind:
        return Q(category=one.kind)
    return Q(category=one.kind) | Q(category__startswith=f"{one.kind}.")


def _customers(wanted: Q, first: date, last: date) -> int:
    zone = rules.rulebook().calendar.zone
    begin, end = (datetime.combine(day, time(), zone) for day in (first, last + timedelta(days=1)))
    found = Case.objects.filter(wanted, accepted_at__gte=begin, accepted_at__lt=end)
    found = found.filter(is_child=False, restricted=False).exclude(state__in=("void", "merged"))
    counted = found.aggregate(
        known=Count("account_index", distinct=True, filter=~Q(account_index="")),
        others=Count("pk", filter=Q(account_index="")),
    )
    return int(counted["known"]) + int(counted["others"])


def sentence(about: About) -> str:
    """Return what gave rise to an order, in one sentence with its figures."""
    what = about.kind if about.subject == NODE else title(about.kind)
    where = f"{about.place} · {what}" if about.place else what
    said = about.figures
    days = f"{about.first:%Y-%m-%d} – {about.last:%Y-%m-%d}"
    ratio = f"{display.rounded(float(said['ratio']))} ({_bounds(said['low'], said['high'])})"
    return (
        f"{where}：{days} {said['n']} 件，预期 {display.rounded(float(said['expected']))} 件，为其 {ratio} 倍"
    )


def _bounds(low: float | int | str, high: float | int | str) -> str:
    return f"{display.rounded(float(low))}–{display.rounded(float(high))}"


def title(kind: str, language: str = "zh") -> str:
    """Return a kind of contact in words: a category, or a business type."""
    book = rules.rulebook()
    shelf = "category" if kind in book.categories else "business_type"
    return rules.label(shelf, kind, language)
