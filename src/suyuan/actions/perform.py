"""Doing one verb on one case: the door every page, command and worker goes through."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from suyuan.domain.errors import Refused
from suyuan.domain.fields import Field
from suyuan.domain.procedure import Actor, verbs
from suyuan.domain.procedures import frozen
from suyuan.store import rules
from suyuan.store.fingerprint import Fingerprint
from suyuan.store.models import Case
from suyuan.store.queries import cases
from suyuan.store.queries.viewer import Viewer

from . import _change, _seen, ladder
from ._effects import EFFECTS
from ._forms import clean


@dataclass(frozen=True, slots=True)
class Done:
    """What a verb did."""

    number: str
    verb: str
    state: str
    event_id: int
    undone: str = ""
    """The verb it took back, empty where it was no undo."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A verb asked for on one case; ``undoes`` is the event of the step it takes back, 0 for none."""

    number: str
    verb: str
    actor: Actor
    now: datetime
    form: Mapping[str, object]
    seen: Fingerprint | None = None
    undoes: int = 0

    @property
    def handed_in(self) -> _seen.HandedIn | None:
        """Return the form as it comes back from whoever it was made for; None where it does not say."""
        if self.seen is None:
            return None
        typed = _seen.typed(self.verb, self.form)
        return _seen.HandedIn(self.seen, self.actor.username, self.verb, typed)


def perform(
    *,
    number: str,
    verb: str,
    actor: Actor,
    now: datetime,
    form: Mapping[str, object],
    seen: Fingerprint | None = None,
) -> Done:
    """Do ``verb`` on a case with what the form holds; raise Refused or BadInput and change nothing.

    ``seen`` is how the case stood when the form was made: it is refused once the case has moved on.
    """
    return carry_out(Asked(number, verb, actor, now, form, seen))


@transaction.atomic
def carry_out(asked: Asked) -> Done:
    """Do what is asked for, as ``perform`` does."""
    rules.look(asked.now)
    actor, now = asked.actor, asked.now
    case, procedure = _change.open_change(asked.number, asked.form.get("into"))
    handed = asked.handed_in
    if handed is not None:
        _seen.refuse_moved(case, procedure, handed)
    undoing = bool(asked.undoes)
    try:
        step, _ = _change.ask(case, procedure, asked.verb, actor, None, undoing=undoing)
    except Refused as no:
        raise _seen.telling_last(no, case, procedure) from None
    book = _change.rules_of(case)
    fields = rules.asked(case.procedure, step, now).form
    standing = {one.name: getattr(case, one.name, None) for one in fields}
    filled = clean(fields, asked.form, now, standing)
    step, target = _change.ask(case, procedure, asked.verb, actor, filled, undoing=undoing)
    step = rules.asked(case.procedure, step, now)
    change = _change.Change(case, procedure, step, actor, now, filled, book)
    if handed is not None:
        change.detail |= handed.marks
    if asked.undoes:
        change.detail["undoes"] = asked.undoes
    _change.in_order(change)
    effect = EFFECTS.get(asked.verb)
    if effect is not None:
        target = effect(change) or target
    ladder.follow(change)
    event = _change.commit(change, target)
    return Done(number=case.number, verb=asked.verb, state=case.state, event_id=event)


@dataclass(frozen=True, slots=True)
class Button:
    """One verb that leaves the case's state: open, or greyed with the reason."""

    verb: str
    refusal: str | None
    form: tuple[Field, ...]

    @property
    def title(self) -> str:
        """Return the verb in words."""
        return rules.label("verb", self.verb)

    @property
    def refusal_title(self) -> str:
        """Return why it is greyed, in words."""
        return rules.label("refusal", self.refusal or "")


def buttons(viewer: Viewer, case: Case, now: datetime) -> list[Button]:
    """Return the verbs of the state the case is in, as this viewer finds them."""
    procedure = frozen.pinned(case.procedure, case.version)
    facts = cases.facts(case)
    found = []
    for verb, refusal in verbs(procedure, facts, viewer.actor):
        step = procedure.step(verb, facts.state)
        assert step is not None
        found.append(Button(verb, refusal, rules.asked(case.procedure, step, now).form))
    return found
