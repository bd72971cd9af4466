"""Staff protection: what a colleague met with is written down, help is asked for, arranged, looked after."""

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import transaction

from suyuan.domain import protection as rule
from suyuan.domain.errors import BadInput, Refused
from suyuan.domain.vocabulary import State
from suyuan.store import rules
from suyuan.store.models import Case, Protection
from suyuan.store.queries import cases, protections
from suyuan.store.queries.viewer import Viewer

from . import _order
from ._change import Change
from ._forms import clean
from ._open_child import Opened, begin
from ._tell import Notice, tell

DUE = "protection.due"
"""The clock that runs to the day on which somebody asks how it went."""
RECORDED, ARRANGED = "protection_recorded", "protection_arranged"


@transaction.atomic
def record(*, viewer: Viewer, form: Mapping[str, object], now: datetime) -> str:
    """Write down what somebody met with, oneself or a colleague one sees to; return its number.

    Nothing is written on the case at which it happened: whoever sees that one need not know of this.
    """
    rules.look(now)
    given = clean(rule.RECORD_FORM, form, now)
    actor = viewer.actor
    person = protections.person(str(given.get("protected") or actor.username))
    if person is None or person.unit is None:
        raise BadInput("bad_form", fields={"protected": "no_colleague"})
    if no := rule.refusal_to_record(actor, person.unit.path, person.username):
        raise Refused(no, verb="record_protection")
    about = str(given.get("about_case") or "")
    if about:
        cases.get(viewer, about)
    asked = rule.INCIDENT_FORM
    case = begin(Opened("protection", "protection", (*asked, rule.CARE), given, actor, now), person.unit, ())
    case.restricted, case.entrusted, case.parent_number = True, person.username, about
    case.save(update_fields=["restricted", "entrusted", "parent_number"])
    Protection.objects.create(case=case, incident=str(given["incident"]), care=str(given.get("care") or ""))
    told = protections.carers(person.unit) - {actor.username}
    _tell(case, RECORDED, told, now)
    return case.number


def log_incident(change: Change) -> State | None:
    """Write down that it happened again."""
    Protection.objects.filter(case=change.case).update(incident=change.text("incident"))
    return None


def ask_care(change: Change) -> State | None:
    """Ask for help."""
    Protection.objects.filter(case=change.case).update(care=change.text("care"))
    people = protections.carers(change.case.unit) - {change.actor.username}
    change.also += [(RECORDED, f"person:{name}") for name in sorted(people)]
    return None


def arrange_care(change: Change) -> State | None:
    """Say what help there is, and by when somebody asks how it went."""
    _until(change)
    Protection.objects.filter(case=change.case).update(care=change.text("care"))
    change.also.append((ARRANGED, f"person:{change.case.entrusted}"))
    return None


def follow_up(change: Change) -> State | None:
    """Say how it went: over, or to be looked at again on another day."""
    if not change.form["more_needed"]:
        return None
    if not change.form.get("due_on"):
        raise BadInput("bad_form", fields={"due_on": "required"})
    change.detail["unmarked"] = ("archived_at",)
    _until(change)
    return State.HANDLING


def _until(change: Change) -> None:
    day = _order.due_on(change)
    Protection.objects.filter(case=change.case).update(due_on=day)
    _order.run_to(change.case, day, change.rules, change.now, DUE)


def _tell(case: Case, template: str, people: Collection[str], now: datetime) -> None:
    """Tell people by name, in the app alone: what is told of a restricted case leaves by no channel."""
    notices = [
        Notice(
            key=f"{case.changed_event}:{template}:{name}",
            template=template,
            recipient=f"person:{name}",
            unit_id=case.unit_id,
            case_number=case.number,
            facts={"verb": RECORDED, "state": case.state},
            restricted=True,
        )
        for name in sorted(people)
    ]
    tell(notices, now)
