"""Where a case may go next, who may send it there, and what must be true first.

A procedure is a closed table of steps. Buttons, permission checks, the commands, the tests and the
diagrams in docs/procedures.md are all read from it; nothing else knows the order of the stages.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from .discipline import belongs
from .errors import BadInput, Refused
from .fields import Field
from .sheet import Circulation
from .staff import reaching
from .vocabulary import CLOSED, Role, State

SAME = "same"
"""A target: the case stays where it is."""

BEFORE = "before"
"""A target: the state the case was in before the verb this one undoes."""


CHOSEN = "chosen"
"""A target: the state that the form's field ``back_to`` names."""

RECALL = "recall"
"""The verb that takes a step back which no other verb leads back from: asked for as an undo alone."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a user name and the roles held, each over the unit path it was granted for."""

    username: str
    grants: frozenset[tuple[Role, str]]
    staff: bool = False
    """Whether an administrator's staff session is open: only then do his grants reach cases."""
    home: frozenset[str] = frozenset()
    """The paths of the units the person is of: where they work, and where anything was granted to them."""

    @property
    def places(self) -> frozenset[str]:
        """Return every unit path that ties the person to a unit."""
        return self.home | {path for _, path in self.grants}

    @property
    def reaching(self) -> frozenset[tuple[Role, str]]:
        """Return the grants that reach cases."""
        return reaching(self.grants, staff=self.staff)

    def over_case(self, unit_path: str) -> frozenset[Role]:
        """Return the roles that reach a case of the unit at ``unit_path``."""
        return frozenset(role for role, path in self.reaching if unit_path.startswith(path))

    def roles_over(self, unit_path: str) -> frozenset[Role]:
        """Return the roles that reach the unit at ``unit_path``."""
        return frozenset(role for role, path in self.grants if unit_path.startswith(path))


SYSTEM = Actor("system", frozenset())
"""The machine itself: clock rungs, imports, schedules."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What the rules need to know about a case, and nothing more."""

    procedure: str
    state: State
    unit_path: str
    business_type: str = ""
    specialty: str = ""
    state_before: str = ""
    handlers: frozenset[str] = frozenset()
    """Everybody who ever handled it, former handlers included."""
    moments: frozenset[str] = frozenset()
    """The milestones that have been reached in this episode."""
    finding: str = ""
    satisfaction: str = ""
    paused: bool = False
    returns: int = 0
    returns_allowed: int = 0
    """How often a unit may send an order back: a rulebook parameter."""
    unreached: int = 0
    attempts_needed: int = 0
    """Attempts after which a customer counts as unreached: a rulebook parameter."""
    episode: int = 1
    """How often it was begun: a second handling and an archived case opened again count on."""
    responsibility: str = ""
    """What the responsibility analysis of this episode came to."""
    restricted: bool = False
    restricting: bool = False
    """Whether what the case is about restricts it: its business type or its category."""
    entrusted: str = ""
    """Whom the audit desk named to work on a restricted case beside itself."""
    accused_path: str = ""
    """The unit the case accuses; one named in the form counts already."""
    to_path: str = ""
    """The unit the form names to send the case to."""
    secrecy: str = ""
    owner: str = ""
    """Who is the customer's one face."""
    card: str = ""
    """What the case says of its satisfaction card in this episode."""
    earlier_card: bool = False
    """Whether a card of an earlier episode was not handed in yet."""
    objection: str = ""
    """Whether a sampling audit objected to it: open, answered, or empty."""
    orders: int = 0
    """Rectification orders that stand on the case."""
    unsigned: tuple[str, ...] = ()
    """Those of them that are not countersigned, by number."""
    relays: int = 0
    """What was passed on and is not answered."""
    promises: int = 0
    """What was promised to the customer and is still open."""
    unrated: int = 0
    """Requests for support that were answered and not rated."""
    circulation: Circulation | None = None
    """The sheet that goes round, while it is out for signature."""
    sheets: frozenset[str] = frozenset()
    """The sheets that stand in this episode, by the verb that writes each."""
    missing: tuple[str, ...] = ()
    """The sheets the rulebook asks for that do not stand."""
    unanalysed: bool = False
    """Whether the rulebook asks the specialty for an analysis that does not stand."""
    unjudged: tuple[str, ...] = ()
    """The items that have no finding that stands, by number."""
    doubts: tuple[str, ...] = ()
    """What is doubtful in the reply that was handed in, by code."""
    shares_whole: bool = False
    """Whether the shares of a liability make up the whole, each on evidence."""
    named: frozenset[str] = frozenset()
    """The paths of the units that have a share; of a whole company everybody is a part, so it is none."""
    objections: tuple[str, ...] = ()
    """The shares that were objected to and of which nobody said whether rightly, by number."""
    apart: frozenset[str] = frozenset()
    """Of an appeal or a review of a claim: who took part in what it is about, and decides nothing of it."""
    seal_level: str = ""
    """The level whose seal an appeal waits for."""
    sealed_by: frozenset[str] = frozenset()
    """Who put down its seals so far."""
    undoing: bool = False
    """Whether the verb takes a step back: whoever did it asks, in time, and nobody did anything since."""
    form: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))
    """What is being handed in with the verb."""
    handed_in: bool = False
    """Whether a form is handed in, if only an empty one; False while only asking for buttons."""


Guard = Callable[[Facts, Actor], str | None]
"""Returns a reason code to refuse, or None to let the step through."""


@dataclass(frozen=True, slots=True)
class Step:
    """One row of a procedure."""

    verb: str
    source: tuple[State, ...]
    target: str
    roles: tuple[Role, ...]
    guards: tuple[Guard, ...] = ()
    form: tuple[Field, ...] = ()
    marks: tuple[str, ...] = ()
    """Milestones this verb sets; the limits that start or stop at them are the rulebook's affair."""
    tells: tuple[Role, ...] = ()
    """Roles at the case's unit who get a message."""
    when_restricted: tuple[Role, ...] = ()
    """Who may do it on a restricted case; the same roles where it is empty."""

    def who(self, *, restricted: bool) -> tuple[Role, ...]:
        """Return the roles that may do it."""
        return self.when_restricted if restricted and self.when_restricted else self.roles


@dataclass(frozen=True, slots=True)
class Procedure:
    """A closed step table."""

    name: str
    version: int
    initial: State
    steps: tuple[Step, ...]

    @property
    def states(self) -> tuple[State, ...]:
        """Return every state, in the order a case meets them."""
        seen = dict.fromkeys([self.initial])
        for step in self.steps:
            seen |= dict.fromkeys(step.source)
            if step.target not in (SAME, BEFORE, CHOSEN):
                seen[State(step.target)] = None
        return tuple(seen)

    def steps_of(self, verb: str) -> tuple[Step, ...]:
        """Return the rows of ``verb``; raise BadInput for a verb this procedure does not know."""
        rows = tuple(step for step in self.steps if step.verb == verb)
        if not rows:
            raise BadInput("unknown_verb", procedure=self.name, verb=verb)
        return rows

    def step(self, verb: str, state: State) -> Step | None:
        """Return the row that ``verb`` takes from ``state``, or None if it leads nowhere from there."""
        return next((row for row in self.steps_of(verb) if state in row.source), None)


def refusal(procedure: Procedure, facts: Facts, verb: str, actor: Actor) -> str | None:
    """Return why ``actor`` may not do ``verb`` now, or None if they may."""
    step = procedure.step(verb, facts.state)
    if step is None:
        return "not_from_here"
    if not actor.over_case(facts.unit_path) & set(step.who(restricted=facts.restricted)):
        return "not_your_role"
    if belongs(facts.accused_path, actor.places):
        return "of_accused_unit"
    return next(filter(None, (guard(facts, actor) for guard in step.guards)), None)


def advance(procedure: Procedure, facts: Facts, verb: str, actor: Actor) -> tuple[Step, State]:
    """Return the step ``verb`` takes and the state it leads to; raise Refused if it may not."""
    step = procedure.step(verb, facts.state)
    if reason := refusal(procedure, facts, verb, actor):
        raise Refused(reason, verb=verb, state=facts.state.value, **because(reason, facts, step))
    assert step is not None
    return step, target_of(step, facts)


def target_of(step: Step, facts: Facts) -> State:
    """Return where ``step`` leads a case with these facts."""
    if step.target == SAME:
        return facts.state
    if step.target == CHOSEN:
        return State(str(facts.form.get("back_to", facts.state)))
    return State(facts.state_before) if step.target == BEFORE else State(step.target)


DEPARTMENTS = frozenset({Role.MARKETING.value, Role.OPERATIONS.value})
"""The specialties that are a department of their own."""
LISTED = {
    "sheets_missing": "missing",
    "items_unjudged": "unjudged",
    "doubts_unanswered": "doubts",
    "rectification_unsigned": "unsigned",
    "objections_unanswered": "objections",
}
"""The refusals that say which: the fact that lists them."""


def because(code: str, facts: Facts, step: Step | None) -> dict[str, object]:
    """Return what a refusal tells beside its code: whose step it is, or which things it means."""
    if code == "not_your_role" and step is not None:
        return {"roles": sorted({role.value for role in step.who(restricted=facts.restricted)})}
    if code == "not_your_specialty":  # what is of neither department is the office's
        of_one = facts.specialty in DEPARTMENTS
        return {"specialty": facts.specialty} if of_one else {"roles": [Role.OFFICE.value]}
    fact = LISTED.get(code)
    return {} if fact is None else {TOLD[fact]: list(getattr(facts, fact))}


TOLD = {
    "missing": "owed",
    "unjudged": "items",
    "doubts": "doubts",
    "unsigned": "rectification_orders",
    "objections": "shares",
}


def verbs(procedure: Procedure, facts: Facts, actor: Actor) -> list[tuple[str, str | None]]:
    """Return every verb that leaves this state with its refusal: the buttons, greyed ones with a reason."""
    rows = dict.fromkeys(step.verb for step in procedure.steps if facts.state in step.source)
    rows.pop(RECALL, None)
    return [(verb, refusal(procedure, facts, verb, actor)) for verb in rows]


def knows(procedure: Procedure, verb: str) -> bool:
    """Return whether a version of a procedure has a verb."""
    return any(step.verb == verb for step in procedure.steps)


def is_open(state: str) -> bool:
    """Return whether somebody still owes something on a case in ``state``."""
    return State(state) not in CLOSED
