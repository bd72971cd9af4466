"""Filing: filed ahead by a unit, approved at two levels, ended; a false one suspends the unit's filing."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from suyuan.domain import filing, masking
from suyuan.domain.errors import BadInput, Refused
from suyuan.domain.procedure import SYSTEM, Actor
from suyuan.domain.procedures import frozen
from suyuan.domain.vocabulary import State
from suyuan.store import bulk, rows, rules
from suyuan.store.models import Filing, FilingBan, Unit
from suyuan.store.queries import cases, filings, final_answers, org, served

from . import _change, final_answer, handle
from ._change import Change
from ._forms import clean
from ._open_child import Opened, begin

LONGEST, FALSE = "filing.longest", "filing.false"
"""The figures: how many days a filing of a kind may last, for how many months a false one suspends."""
SUSPENDING = "register:filing"
"""What those who suspend a unit's filing and those who file or approve wait for: either sees the other."""


@transaction.atomic
def file(*, actor: Actor, form: Mapping[str, object], now: datetime) -> str:
    """File what is known ahead, to be approved at two levels; return the number of the filing."""
    rules.look(now)
    given = clean(filing.FORM, form, now)
    unit = org.unit(str(given["unit"]))
    if not actor.over_case(unit.path) & filing.MAY:
        raise Refused("not_your_role", roles=sorted(filing.MAY))
    bulk.one_at_a_time(SUSPENDING)
    line, area = str(given.get("line", "")), str(given.get("area", ""))
    _refuse_suspended(unit, line, area, now)
    _refuse_unserved(unit, {"line": line, "area": area})
    kind, first, until = str(given["filing_kind"]), given["counts_from"], given["counts_until"]
    assert isinstance(first, datetime)
    assert isinstance(until, datetime)
    filing.Span(first, until).check(now, rules.figure(LONGEST, kind))
    case = begin(Opened("filing", "filing", filing.FORM, given, actor, now), unit, filing.COUNTY)
    case.handlers = [actor.username]
    rows.update(case, ("handlers",))
    Filing.objects.create(
        case=case,
        kind=kind,
        line=line,
        area=area,
        counts_from=first,
        counts_until=until,
        script=masking.mask(str(given["script"])),
    )
    return case.number


def _refuse_suspended(unit: Unit, line: str, area: str, now: datetime) -> None:
    """Refuse a filing that a suspension keeps from being made: whose, until when, because of which filing."""
    if (ban := filings.ban_on(unit, line, area, now)) is not None:
        until, number = rules.local_day(ban.until).isoformat(), ban.case.number
        raise Refused("filing_suspended", unit=ban.unit.code, until=until, because_of=number)


def _refuse_unserved(unit: Unit, named: Mapping[str, str]) -> None:
    """Refuse a feeder or area known not to lie within the unit: it would be told to others' customers."""
    wrong = {
        place: name for place, name in named.items() if name and served.serves(unit, place, name) is False
    }
    if wrong:
        fields = dict.fromkeys(wrong, "not_served_by_unit")
        raise BadInput("bad_form", fields=fields, value=list(wrong.values()), unit=unit.code)


def endorse(change: Change) -> State | None:
    """Let it go on to the service office; whoever did cannot approve it there."""
    handle.work(change)
    return None


def approve(change: Change) -> State | None:
    """Let it count, unless the unit's filing was suspended or its time ran out meanwhile."""
    if change.case.procedure == "filing":
        found = Filing.objects.get(case=change.case)
        bulk.one_at_a_time(SUSPENDING)
        _refuse_suspended(change.case.unit, found.line, found.area, change.now)
        if found.counts_until <= change.now:
            raise Refused("filing_over", until=rules.local_day(found.counts_until).isoformat())
    else:
        final_answer.approve(change)
    handle.work(change)
    return None


def find_false(change: Change) -> State | None:
    """Take a filing that was false out of force, and suspend the filing of its unit."""
    months = change.form["suspended_months"]
    assert isinstance(months, int)
    allowed = rules.figure(FALSE, "least_months"), rules.figure(FALSE, "most_months")
    bulk.one_at_a_time(SUSPENDING)
    until = filing.suspended_until(change.now, months, allowed)
    FilingBan.objects.create(case=change.case, unit=change.case.unit, since=change.now, until=until)
    change.detail["suspended_until"] = until.isoformat()
    return None


def lapse(*, now: datetime) -> int:
    """End the filings and final answers whose time has run out; return how many."""
    over = [*filings.over(now), *final_answers.over(now)]
    return sum(_lapse(number, now) for number in over)


ENDS = {"filing": "end_filing", "final_answer": "end_answer"}
"""By procedure, the verb that ends it."""


@transaction.atomic
def _lapse(number: str, now: datetime) -> int:
    """End one, unless somebody did meanwhile."""
    case = cases.locked(number)
    if case.state != State.IN_FORCE:
        return 0
    procedure = frozen.pinned(case.procedure, case.version)
    step = procedure.step(ENDS[case.procedure], State.IN_FORCE)
    assert step is not None
    _change.commit(Change(case, procedure, step, SYSTEM, now, {}, _change.rules_of(case)), State.ARCHIVED)
    return 1
