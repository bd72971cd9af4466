"""Route: which unit works on it, and how it changes hands."""

from datetime import datetime

from suyuan.domain.errors import BadInput, Refused
from suyuan.domain.rulebook import Route
from suyuan.domain.vocabulary import Role, State
from suyuan.store import rules
from suyuan.store.models import Case, Event
from suyuan.store.queries import cases, org, viewer

from . import _clocks, discipline
from ._change import Change


def dispatch(change: Change) -> State | None:
    """Send the order to the unit that is to handle it."""
    case = change.case
    change.keep_before("specialty", "dispatched_at")
    change.detail["was"] |= {"unit": case.unit.code, "desk": case.desk.code if case.desk else ""}  # type: ignore[operator]
    row = suggested(case, change.now)
    if row is not None:
        change.detail["route"] = {"row": row.id, "followed": row.unit == change.text("unit")}
    case.desk = case.desk or case.unit
    case.unit = org.unit(change.text("unit"))
    case.specialty = change.text("specialty")
    discipline.follow(change)
    return None


def suggested(case: Case, now: datetime) -> Route | None:
    """Return the routing row that fits a case today; whoever dispatches confirms it or chooses another."""
    book = rules.rulebook()
    facts = _clocks.facts(case) | {"area": case.area}
    return book.route(facts, now.astimezone(book.calendar.zone).date())


def transfer(change: Change) -> State | None:
    """Send the order on to another unit; its handler is let go."""
    case = change.case
    change.detail["was"] = {"unit": case.unit.code, "specialty": case.specialty, "handler": case.handler}
    if change.text("unit") == case.unit.code:
        raise Refused("same_unit", unit=case.unit.code)
    case.unit = org.unit(change.text("unit"))
    case.specialty = change.text("specialty")
    case.handler = ""
    case.taken_at = None
    return None


def give_back(change: Change) -> State | None:
    """Return the order to the desk that sent it, with a reason and evidence."""
    case = change.case
    change.detail["was"] = {"unit": case.unit.code}
    case.returns += 1
    case.unit = case.desk or org.root_of(case.unit)
    case.dispatched_at = None
    return None


DESK = frozenset({Role.AGENT, Role.LEAD, Role.OFFICE})
"""Who can face a customer."""


def hand_over_owner(change: Change) -> State | None:
    """Let somebody else of the desk be the customer's one face: whoever was has left or is absent."""
    case, name = change.case, change.text("owner")
    if name == case.owner:
        raise Refused("same_owner", owner=name)
    found = viewer.named(name)
    if found is None:
        raise BadInput("bad_form", fields={"owner": "unknown_person"})
    if not found.actor.over_case(case.unit.path) & DESK:
        raise BadInput("bad_form", fields={"owner": "not_at_the_desk"})
    change.detail["was"] = {"owner": case.owner}
    change.objects.append(("person", name))
    change.also.append(("hand_over_owner", f"person:{name}"))
    case.owner = name
    return None


def merge(change: Change) -> State | None:
    """Let another case carry this one; both stay, and it can be taken back."""
    into = cases.locked(change.text("into"))
    if into.pk == change.case.pk:
        raise Refused("merge_into_itself", number=into.number)
    if into.state == State.MERGED:
        raise Refused("merge_into_merged", number=into.number)
    change.keep_before("parent_number", "is_child")
    change.case.parent_number, change.case.is_child = into.number, True
    change.objects.append(("case", into.number))
    return None


def unmerge(change: Change) -> State | None:
    """Take a merged case back to where it stood: one that was opened from another is that one's again."""
    case = change.case
    change.objects.append(("case", case.parent_number))
    merged = Event.objects.filter(stream=f"case:{case.number}", verb="merge").latest("seq")
    was = merged.detail.get("was", {"parent_number": "", "is_child": False})
    case.parent_number, case.is_child = was["parent_number"], was["is_child"]
    return None
