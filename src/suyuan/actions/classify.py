"""Classify: what kind of matter it is, and so which procedure and which limits."""

from suyuan.domain import masking, procedures
from suyuan.domain.vocabulary import State
from suyuan.store.models import Message

from . import discipline, ladder
from ._change import Change
from .privacy import remask


def register(change: Change) -> State | None:
    """Take a contact on as an order of a business type."""
    _take_type(change)
    _take_facts(change)
    change.case.owner = change.case.owner or change.actor.username
    return None


def classify(change: Change) -> State | None:
    """Correct category, level or site; the clocks follow."""
    change.detail["was"] = {
        "category": change.case.category,
        "level": change.case.level,
        "site": change.case.site,
    }
    _take_facts(change)
    return None


def reclassify(change: Change) -> State | None:
    """Move the order to another business type, and so perhaps to another procedure."""
    change.detail["was"] = {"business_type": change.case.business_type, "procedure": change.case.procedure}
    _take_type(change)
    change.case.category = ""
    _take_facts(change)
    change.case.registered_at = change.case.registered_at or change.now
    return None


def _take_type(change: Change) -> None:
    case = change.case
    case.business_type = change.text("business_type")
    procedure = procedures.current(change.rules.business_types[case.business_type].procedure)
    case.procedure, case.version = procedure.name, procedure.version


def _take_facts(change: Change) -> None:
    before = change.rules.categories.get(change.case.category)
    level = change.case.level
    for name in ("category", "level", "site", "secrecy"):
        if value := change.text(name):
            setattr(change.case, name, value)
    if change.text("secrecy"):
        remask.of_case(change.case)
        change.case.brief = masking.mask_whole(change.case.brief)  # lists show it as it stands
        _withdraw(change.case.number)
    category = change.rules.categories.get(change.case.category)
    mapped = before.specialty if before else ""
    if category is not None and category.specialty and change.case.specialty in ("", mapped):
        change.case.specialty = category.specialty  # one that somebody chose by hand stays
    discipline.follow(change)
    ladder.tell_level(change, level)


def _withdraw(number: str) -> None:
    """Let nothing leave to a caller who asks to stay unknown."""
    waiting = Message.objects.filter(case_number=number, state="queued").exclude(address=None)
    waiting.update(state="withdrawn", next_at=None)
