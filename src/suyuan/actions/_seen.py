"""Whether a case still stands as it did when somebody was handed its form."""

from suyuan.domain.errors import Refused
from suyuan.domain.procedure import Procedure, Step
from suyuan.domain.procedures import frozen
from suyuan.store.fingerprint import Fingerprint
from suyuan.store.models import Case, Event

MOVED_BY = frozenset({"import_update", "migrate"})
"""What the machine does that makes a form out of date; a clock's warning does not."""


def since(case: Case, procedure: Procedure, event: int) -> list[Event]:
    """Return what was done on a case after an event, oldest first; what only stands beside it left out."""
    moving = {step.verb for step in procedure.steps} | MOVED_BY
    later = Event.objects.filter(stream=f"case:{case.number}", pk__gt=event).order_by("seq")
    return [each for each in later if each.verb in moving]


def step_of(seen: Fingerprint, verb: str) -> Step | None:
    """Return the step the verb took from where the case stood; None if there was none."""
    procedure = frozen.pinned(seen.procedure, seen.version)
    return next((s for s in procedure.steps if s.verb == verb and seen.state in s.source), None)


def refuse_moved(case: Case, procedure: Procedure, seen: Fingerprint) -> None:
    """Raise Refused if the form was handed in before, or something was done on the case since.

    The case is locked, so of two who hand in the same form one finds what the other did.
    """
    later = since(case, procedure, seen.event)
    for each in later:
        if each.detail.get("form_mark") == seen.signature:
            raise Refused("form_used", number=case.number, event=each.pk, verb=each.verb, **told(each))
    if later:
        raise Refused("moved_on", number=case.number, since=[{"verb": e.verb, **told(e)} for e in later])


def told(event: Event) -> dict[str, str]:
    """Return when, by whom and where to an event took a case."""
    return {
        "at": event.at.isoformat(),
        "by": event.actor,
        "state": str(event.detail.get("to", "")),
    }
