"""Whom an entry of the ledger is about, and which case or period."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from suyuan.analytics import period as periods
from suyuan.analytics.period import ALL, Period
from suyuan.domain.errors import BadInput, Refused
from suyuan.domain.rulebook.tariff import OF_CASE, Ground
from suyuan.store import rules
from suyuan.store.models import Case, Post, Unit
from suyuan.store.queries import cases, org, people
from suyuan.store.queries import ledger as queries
from suyuan.store.queries.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Concerned:
    """A unit, a post of it or one of its people; and the case or the period."""

    unit: Unit
    post: Post | None
    person: str
    case: Case | None
    span: Period

    @property
    def period(self) -> str:
        """Return how the period is written, empty for none."""
        return "" if self.span is ALL else self.span.label

    def mark(self, ground: Ground, words: str) -> str:
        """Return what two entries that stand never share; without a case other words are another matter."""
        of = f"case:{self.case.pk}" if self.case else f"period:{self.period}"
        said = f"|{sha256(words.encode()).hexdigest()[:16]}" if words and ground is Ground.OTHER else ""
        post = f"|post:{self.post.code}" if self.post else ""
        person = f"|person:{self.person}" if self.person else ""
        return f"{ground.value}|{of}|unit:{self.unit.code}{post}{person}{said}"


def concerned(viewer: Viewer, ground: Ground, given: Mapping[str, object], now: datetime) -> Concerned:
    """Return whom and what a form names; raise BadInput with every box that is wrong."""
    _fits(ground, given)
    case = cases.get(viewer, str(given["ledger_case"])) if given.get("ledger_case") else None
    span = _span(ground, given, now)
    unit, person = _whom(viewer, given, case)
    post = people.post(str(given["ledger_post"])) if given.get("ledger_post") else None
    return Concerned(unit, post, person, case, span)


def _fits(ground: Ground, given: Mapping[str, object]) -> None:
    """Raise where a box is empty that the ground needs, or filled in that it does not ask for."""
    named = {name for name, value in given.items() if value}
    wanted, odd = _asked(ground, named)
    if {"ledger_person", "ledger_post"} <= named:
        odd = odd | {"ledger_post"}
    problems = dict.fromkeys(wanted - named, "required") | dict.fromkeys(odd & named, "not_asked")
    if problems:
        raise BadInput("bad_form", fields=problems)


def _asked(ground: Ground, named: set[str]) -> tuple[set[str], set[str]]:
    """Return the boxes that have to be filled in, and those that must not be."""
    if ground in OF_CASE:
        return {"ledger_case"}, {"ledger_period"}
    if ground is Ground.ZERO_COMPLAINTS:
        return {"unit", "ledger_period"}, {"ledger_case", "ledger_person", "ledger_post"}
    return (set(), {"ledger_period"}) if "ledger_case" in named else ({"ledger_period"}, set())


def _span(ground: Ground, given: Mapping[str, object], now: datetime) -> Period:
    """Return the period named; of one without complaints the last day has to be over."""
    if not given.get("ledger_period"):
        return ALL
    found = queries.whole(periods.parse(str(given["ledger_period"])))
    assert found.last is not None
    if ground is Ground.ZERO_COMPLAINTS and found.last >= rules.local_day(now):
        raise BadInput("bad_form", fields={"ledger_period": "period_not_over"})
    return found


def _whom(viewer: Viewer, given: Mapping[str, object], case: Case | None) -> tuple[Unit, str]:
    """Return the unit and the user name: a person's unit, else the one named, else the case's."""
    named = str(given.get("unit", ""))
    if username := str(given.get("ledger_person", "")):
        try:
            found = people.get(viewer, username)
        except Refused:
            raise BadInput("bad_form", fields={"ledger_person": "unknown_person"}) from None
        if found.unit is None or named not in ("", found.unit.code):
            raise BadInput("bad_form", fields={"unit": "not_of_that_unit"})
        return found.unit, username
    if named:
        return org.unit(named), ""
    if case is None:
        raise BadInput("bad_form", fields={"unit": "required"})
    return queries.concerned(case), ""
