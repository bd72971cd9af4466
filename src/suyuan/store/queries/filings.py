"""Filings in reach, those that count at a place now, and the units that may file nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from suyuan.domain import filing
from suyuan.domain.vocabulary import State
from suyuan.store.models import Case, Filing, FilingBan, Unit

from . import cases, reach, served
from .desks import known, seen
from .viewer import Viewer

STATES = ("in_force", "waiting", "over", "")
"""Those that count, those that wait for approval, those that are over or refused, or all."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which filings a list shows: how they stand, of a unit and those below it."""

    state: str = "in_force"
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody is supplied: the unit that serves them, the feeder, the transformer area."""

    unit_path: str
    line: str = ""
    area: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """A filing to tell somebody of, and whether whoever tells it may open its case."""

    filing: Filing
    reachable: bool


def listed(viewer: Viewer, wanted: Wanted) -> QuerySet[Filing]:
    """Return the filings in reach that are asked for: those that end first, or the newest first."""
    known("state", wanted.state, STATES)
    units = reach.unit_ids(viewer, reach.narrowed(viewer, wanted.unit))
    rows = Filing.objects.filter(seen(viewer)).select_related("case__unit")
    if units is not None:
        rows = rows.filter(case__unit__in=units)
    if wanted.state == "in_force":
        return rows.filter(case__state=State.IN_FORCE).order_by("counts_until", "pk")
    if wanted.state == "waiting":
        waiting = (State.REVIEWING, State.SIGNING)
        return rows.filter(case__state__in=waiting).order_by("counts_from", "pk")
    if wanted.state == "over":
        rows = rows.filter(case__is_open=False)
    return rows.order_by("-case__accepted_at", "-pk")


def counting(now: datetime) -> list[Filing]:
    """Return the filings that count now, whoever asks: they are made to be told.

    Their cases are read afterwards: with a join, SQLite would begin with all cases.
    """
    rows = Filing.objects.filter(counts_from__lte=now, counts_until__gt=now)
    read = rows.prefetch_related("case__unit", "case__accused").order_by("counts_until", "pk")
    return [one for one in read if one.case.state == State.IN_FORCE]


def told_at(viewer: Viewer, places: Sequence[Place], now: datetime) -> list[Told]:
    """Return the filings to tell somebody of who is supplied at one of these places."""
    if not places:
        return []
    return [
        Told(one, cases.may_see(viewer.actor, one.case))
        for one in counting(now)
        if any(_counts_at(one, place) for place in places)
    ]


def _counts_at(one: Filing, place: Place) -> bool:
    within = place.unit_path.startswith(one.case.unit.path)
    return filing.counts_at(one.line, one.area, of_line=place.line, of_area=place.area, within=within)


def place_of(case: Case) -> Place:
    """Return where the customer of a case is supplied."""
    return Place(case.unit.path, case.line, case.area)


def of_case(case: Case) -> Filing | None:
    """Return what a filing holds beside its case, None of every other case."""
    return Filing.objects.filter(case=case).first() if case.procedure == "filing" else None


def ban_of(case: Case) -> FilingBan | None:
    """Return the suspension that a false filing led to."""
    return FilingBan.objects.filter(case=case).select_related("case").first()


def ban_on(unit: Unit, line: str, area: str, now: datetime) -> FilingBan | None:
    """Return what keeps a filing from being made at a place now, the longest.

    A suspension holds for its unit and those below, and for a filing of one above that would count there.
    """
    about = Q(unit__path__in=_prefixes(unit.path)) | Q(unit__path__startswith=unit.path)
    rows = FilingBan.objects.filter(about, since__lte=now, until__gt=now).order_by("-until", "pk")
    found = rows.select_related("unit", "case__filing")
    return next((one for one in found if _holds(one, unit, {"line": line, "area": area})), None)


def _holds(ban: FilingBan, unit: Unit, named: dict[str, str]) -> bool:
    """Tell whether a suspension holds for a filing: one of a unit above is free of it elsewhere alone."""
    if unit.path.startswith(ban.unit.path):
        return True
    false = ban.case.filing
    return all(
        name == getattr(false, place) or _may_serve(ban.unit, unit, place, name)
        for place, name in named.items()
        if name
    )


def _may_serve(suspended: Unit, above: Unit, place: str, name: str) -> bool:
    """Tell whether a feeder or area may lie in a suspended unit: not where it is known elsewhere alone."""
    own = served.serves(suspended, place, name)
    return bool(own) if own is not None else served.serves(above, place, name) is None


def with_bans(rows: Sequence[Filing]) -> list[tuple[Filing, datetime | None]]:
    """Return filings, each with until when it suspended its unit where it was false."""
    bans = FilingBan.objects.filter(case__in=[one.case_id for one in rows])
    until = dict(bans.values_list("case_id", "until"))
    return [(one, until.get(one.case_id)) for one in rows]


def over(now: datetime) -> list[str]:
    """Return the numbers of the filings whose end has passed and that still stand in force."""
    rows = Filing.objects.filter(case__state=State.IN_FORCE, counts_until__lte=now)
    return list(rows.order_by("counts_until", "pk").values_list("case__number", flat=True)[:500])


def _prefixes(path: str) -> list[str]:
    parts = path.strip("/").split("/")
    return ["/" + "/".join(parts[: n + 1]) + "/" for n in range(len(parts))]
