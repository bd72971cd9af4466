"""Whether a case still stands as it did when somebody was handed its form."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from suyuan.domain.errors import Refused
from suyuan.domain.procedure import Procedure, Step
from suyuan.domain.procedures import frozen
from suyuan.store import seal
from suyuan.store.fingerprint import Fingerprint
from suyuan.store.models import Case, Event

MOVED_BY = frozenset({"import_update", "migrate"})
"""What the machine does that makes a form out of date; a clock's warning does not."""


@dataclass(frozen=True, slots=True)
class HandedIn:
    """A form as somebody hands it in: made for a case as ``seen``, by whom, for what, saying what."""

    seen: Fingerprint
    by: str
    verb: str
    typed: str
    """Stands for what was typed: the same words give the same reference, and no words can be read from it."""

    @property
    def marks(self) -> dict[str, str]:
        """Return what the event keeps, so that the same form is known when it comes again."""
        return {"form_mark": self.seen.signature, "form_typed": self.typed}

    def is_of(self, event: Event) -> bool:
        """Tell whether an event is what came of this very form."""
        kept = {name: event.detail.get(name) for name in self.marks}
        return kept == self.marks and (event.actor, event.verb) == (self.by, self.verb)


def typed(verb: str, form: Mapping[str, object]) -> str:
    """Return the reference of what was typed into the form of a verb; what was left empty says nothing."""
    said = {name: str(value) for name, value in form.items() if value not in (None, "")}
    return seal.reference(json.dumps([verb, said], sort_keys=True, ensure_ascii=False))


def since(case: Case, procedure: Procedure, event: int) -> list[Event]:
    """Return what was done on a case after an event, oldest first; what only stands beside it left out."""
    moving = {step.verb for step in procedure.steps} | MOVED_BY
    later = Event.objects.filter(stream=f"case:{case.number}", pk__gt=event).order_by("seq")
    return [each for each in later if each.verb in moving]


def step_of(seen: Fingerprint, verb: str) -> Step | None:
    """Return the step the verb took from where the case stood; None if there was none."""
    procedure = frozen.pinned(seen.procedure, seen.version)
    return next((s for s in procedure.steps if s.verb == verb and seen.state in s.source), None)


def refuse_moved(case: Case, procedure: Procedure, form: HandedIn) -> None:
    """Raise Refused if this very form was handed in before, or something was done on the case since.

    The case is locked, so of two who hand in a form each one finds what the other did. Only what the same
    person did by the same verb with the same words is the same form: anything else was not done yet.
    """
    later = since(case, procedure, form.seen.event)
    for each in later:
        if form.is_of(each):
            raise Refused("form_used", number=case.number, event=each.pk, verb=each.verb, **told(each))
    if later:
        raise Refused("moved_on", number=case.number, since=[{"verb": e.verb, **told(e)} for e in later])


def telling_last(no: Refused, case: Case, procedure: Procedure) -> Refused:
    """Return a refusal; where the case stands elsewhere it tells which step took it there, and whose.

    Whoever hands in no fingerprint, as programs and commands do not, learns so who was faster.
    """
    if no.code != "not_from_here":
        return no
    moved = [one for one in since(case, procedure, 0) if one.detail.get("from") != one.detail.get("to")]
    last = {"last_step": {"verb": moved[-1].verb, **told(moved[-1])}} if moved else {}
    return Refused(no.code, **no.facts, **last)


def told(event: Event) -> dict[str, str]:
    """Return when, by whom and where to an event took a case."""
    return {
        "at": event.at.isoformat(),
        "by": event.actor,
        "state": str(event.detail.get("to", "")),
    }
