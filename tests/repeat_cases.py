"""Cases that somebody calls about again, and those on which something was promised."""

from suyuan.store.models import Case, RepeatEvent
from tests.factories import FORMS, NOW, case_at, do


def repeated() -> RepeatEvent:
    """Return an event that many contacts spoke of."""
    case = case_at("registered")
    event = RepeatEvent.objects.create(first=case, contacts=3, last_at=NOW, told_at=NOW)
    event.members.create(case=case)
    return event


def promised() -> Case:
    """Return a case on which something was promised."""
    case = case_at("registered")
    return do(case, "promise", "agent", **FORMS["promise"](case))
