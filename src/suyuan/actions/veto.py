"""Veto 一票否决: proposed from what was verified, signed, appealed against; it is over with its day."""

from datetime import date

from suyuan.domain.errors import BadInput, Refused
from suyuan.domain.veto import latest
from suyuan.domain.vocabulary import EXCLUDED, Role, State
from suyuan.store import rules
from suyuan.store.models import Case, Event, Person, Veto
from suyuan.store.queries import org, vetoes

from . import handle
from ._change import Change, not_between
from ._open_child import open_child


def propose_veto(change: Change) -> State | None:
    """Propose that a unit, or one of its people, be kept from rewards until a day."""
    unit, username = org.unit(change.text("unit")), change.text("liable_person")
    _refuse_excluded(change.case)
    if not vetoes.is_concerned(unit, change.case):
        raise BadInput("bad_form", fields={"unit": "not_of_that_case"})
    if username and not Person.objects.filter(username=username, unit=unit).exists():
        raise BadInput("bad_form", fields={"liable_person": "not_of_that_unit"})
    if there := vetoes.there(change.case, unit, username, rules.local_day(change.now)):
        raise Refused("veto_there_already", number=there)
    until, today = change.form["veto_until"], rules.local_day(change.now)
    last = latest(today, rules.figure("veto.longest", "months"))
    assert isinstance(until, date)
    if not today <= until <= last:
        raise not_between("veto_until", today, last)
    number = open_child(change, "veto", tells=(Role.AUDIT, Role.LEADER))
    case = Case.objects.get(number=number)
    case.handlers = [change.actor.username]
    case.save(update_fields=["handlers"])
    Veto.objects.create(
        case=case,
        unit=unit,
        person=username,
        reason=change.text("reason"),
        evidence=change.text("evidence"),
        until_on=until,
    )
    change.detail["opened"] = number
    return None


def sign_veto(change: Change) -> State | None:
    """Sign a veto as its second person: it stands, back to the day of what it rests on.

    Else a month could be rewarded in which the deed was done, once the next one has begun.
    """
    about = Case.objects.get(number=change.case.parent_number)
    _refuse_excluded(about)
    handle.work(change)
    found = _of(change)
    found.begins_on = rules.local_day(about.accepted_at)
    found.save(update_fields=["begins_on"])
    return None


def appeal_veto(change: Change) -> State | None:
    """Appeal against a veto, once; it stands until somebody decides."""
    if Event.objects.filter(stream=f"case:{change.case.number}", verb=change.step.verb).exists():
        raise Refused("veto_appealed_already", number=change.case.number)
    handle.work(change)
    return None


def keep_veto(change: Change) -> State | None:
    """Find that an appeal against a veto is not right."""
    handle.work(change)
    return None


def lift_veto(change: Change) -> State | None:
    """Find that an appeal against a veto is right: from then on it never stood."""
    handle.work(change)
    return None


def _refuse_excluded(about: Case) -> None:
    """Refuse a veto for what an appeal has taken out of the assessment."""
    if about.finding_assessed == EXCLUDED:
        raise Refused("taken_out_of_assessment", number=about.number)


def _of(change: Change) -> Veto:
    found = vetoes.of(change.case)
    assert found is not None
    return found
