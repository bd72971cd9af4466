"""Every current table, cell by cell, whatever it says: no dead row, no idle guard, no case that gets stuck.

``test_procedures.py`` holds the tables to a specification written by hand. Here each is held to itself: facts
are tried one or two at a time until a row opens, a guard objects, or nobody is found who can go on.
"""

import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import fields as fields_of
from dataclasses import replace
from functools import cache
from itertools import chain, combinations
from pathlib import Path
from types import MappingProxyType
from typing import get_type_hints

import pytest

import suyuan.rulebook
from suyuan.domain import procedures, secrecy
from suyuan.domain.appeal import Level
from suyuan.domain.fields import Field, Type
from suyuan.domain.order import MILESTONES
from suyuan.domain.procedure import (
    BEFORE,
    SAME,
    Actor,
    Facts,
    Guard,
    Procedure,
    Step,
    knows,
    refusal,
    verbs,
)
from suyuan.domain.sheet import Act, Circulation, Mark, Node, Place
from suyuan.domain.vocabulary import CLOSED, FINDINGS, SATISFACTIONS, SECRECIES, SPECIALTIES, Role, State

LABELS = tomllib.loads((Path(suyuan.rulebook.__path__[0]) / "labels.toml").read_text(encoding="utf-8"))
NAMES = sorted(procedures.CURRENT)
HERE, ELSEWHERE = "/01/0101/", "/02/"
PEOPLE = ("somebody", "another")
PLACES = tuple(Place(role, role) for role in Role)
WAITING = Circulation((Node("all", (*PLACES, Place("none", "none")), "all", "back_to_draft"),), "d")
SHEETS = (
    None,
    WAITING,
    *(replace(WAITING, marks=(Mark("all", "none", Act.SIGNED, who, digest="d"),)) for who in PEOPLE),
    Circulation((Node("none", (Place("none", "none"),), "all", "back_to_draft"),), "d"),
)
"""No sheet, one that waits for everybody, one that somebody signed, one that waits for nobody here."""
WORDS = {
    "business_type": ("", "complaint", "consult", "named_warning"),
    "specialty": ("", *SPECIALTIES),
    "finding": ("", *FINDINGS),
    "satisfaction": ("", *SATISFACTIONS),
    "secrecy": ("", *SECRECIES),
    "card": ("", "issued", "taken"),
    "objection": ("", "open", "answered"),
    "moments": (frozenset(), frozenset(MILESTONES)),
    "circulation": SHEETS,
    "named": (frozenset(), frozenset({"/01/"})),
    "seal_level": ("", *Level),
}
FIXED = {"procedure", "state", "unit_path", "state_before", "form"}
BY_TYPE = {
    bool: (False, True),
    int: (0, 1, 2, 9),
    str: ("", HERE, *PEOPLE),
    frozenset[str]: (frozenset(), *(frozenset({who}) for who in PEOPLE)),
    tuple[str, ...]: ((), ("1",), ("1", "2")),
}
"""What a fact can be, where ``WORDS`` does not say it in the words of the field."""
SHIELDS = (secrecy.restricted_hands, secrecy.not_restricted_peer)
"""Put before rows of every kind: with nothing to say where all who may act reach restricted cases anyway."""
TYPES = get_type_hints(Facts)
VALUES = {
    name: WORDS.get(name) or BY_TYPE[TYPES[name]]
    for name in (one.name for one in fields_of(Facts))
    if name not in FIXED
}
Changes = dict[str, object]


def plain(procedure: str, state: State) -> Facts:
    """Return the facts of a case of which nothing more is known than where it stands."""
    return Facts(procedure=procedure, state=state, unit_path=HERE, state_before=State.HANDLING.value)


@cache
def holder(role: Role, name: str = "somebody") -> Actor:
    return Actor(name, frozenset({(role, "/01/")}))


def filled(asked: Field) -> object:
    """Return something a field could hold."""
    if asked.choices:
        return asked.choices[0]
    return True if asked.type is Type.BOOL else "1"


def forms(step: Step) -> list[MappingProxyType[str, object]]:
    """Return forms of a step: none, all of it, what must be, and each choice of each field by itself."""
    whole = {asked.name: filled(asked) for asked in step.form}
    needed = {asked.name: filled(asked) for asked in step.form if asked.required}
    chosen = [needed | {asked.name: choice} for asked in step.form for choice in asked.choices]
    return [MappingProxyType(form) for form in (whole, needed, *chosen) if form]


def singles(names: Iterable[str]) -> list[Changes]:
    """Return every change of one of some facts."""
    return [{name: value} for name in names if name in VALUES for value in VALUES[name]]


class Read:
    """Facts that note which of them a guard looked at."""

    def __init__(self, facts: Facts, names: set[str]) -> None:
        self._facts, self._names = facts, names

    def __getattr__(self, name: str) -> object:
        self._names.add(name)
        return getattr(self._facts, name)


@cache
def looked_at(guard: Guard) -> frozenset[str]:
    """Return the facts a guard looks at."""
    names: set[str] = set()
    for facts in everything_else():
        read = Read(facts, names)
        for role in Role:
            guard(read, holder(role))  # type: ignore[arg-type]
    return frozenset(names)


@cache
def everything_else() -> list[Facts]:
    """Return a case in every state with each other thing that may be so, one at a time."""
    changes = ({}, *singles(VALUES), {"form": {"note": "1"}})
    return [replace(plain("complaint", state), **change) for state in State for change in changes]


def changes_for(step: Step, asked: Iterable[Guard]) -> Iterator[Changes]:
    """Return the changes that can matter to guards of a step, last of all that the case is restricted."""
    names = sorted(set().union(*map(looked_at, asked)), key=lambda name: (name == "restricted", name))
    filled_in = [{"form": form} for form in forms(step)] if "form" in names else []
    return tries([*singles(names), *filled_in])


def tries(one: list[Changes]) -> Iterator[Changes]:
    """Return no change, each of some changes of one fact, and each two of them."""
    pairs = (first | second for first, second in combinations(one, 2) if not first.keys() & second.keys())
    return chain([{}], one, pairs)


def anybody(step: Step) -> tuple[Role, ...]:
    """Return whoever may do a step, on a restricted case or on another."""
    return tuple(dict.fromkeys((*step.roles, *step.when_restricted)))


@cache
def answers(guard: Guard, step: Step) -> frozenset[str | None]:
    """Return the reasons a guard was seen to give in a row, None among them where it let somebody through."""
    found: set[str | None] = set()
    for changes in changes_for(step, [guard]):
        for state in step.source:
            facts = replace(plain("complaint", state), **changes)
            found |= {guard(facts, holder(role)) for role in anybody(step)}
        if None in found and len(found) > 1:
            break
    return frozenset(found)


@cache
def opened(name: str, verb: str, state: State, role: Role) -> Facts | None:
    """Return facts with which a step is open to a role, guard after guard; None where there are none."""
    step = procedures.current(name).step(verb, state)
    assert step is not None
    facts, actor = plain(name, state), holder(role)
    for place, guard in enumerate(step.guards, start=1):
        until = step.guards[:place]
        ways = (replace(facts, **changes) for changes in changes_for(step, [guard]))
        facts = next((way for way in ways if not any(one(way, actor) for one in until)), None)
        if facts is None:
            return None
    return facts


def cells(name: str) -> Iterator[tuple[Step, State, str, Role]]:
    """Return every state times every verb times every role of a table, with the row there is."""
    table = procedures.current(name)
    for state in State:
        for verb in dict.fromkeys(step.verb for step in table.steps):
            for role in Role:
                yield table.step(verb, state), state, verb, role


@pytest.mark.parametrize("name", NAMES)
def test_each_state_times_each_verb_times_each_role_is_open_or_refused_for_the_reason_the_table_gives(name):
    table = procedures.current(name)
    wrong = []

    for step, state, verb, role in cells(name):
        if step is None or role not in step.roles:
            expected = "not_from_here" if step is None else "not_your_role"
            anybody = step and opened(name, verb, state, step.roles[0])
            facts = anybody or plain(name, state)
        else:
            expected, facts = None, opened(name, verb, state, role)
        if facts is None or (said := refusal(table, facts, verb, holder(role))) != expected:
            wrong.append((state.value, verb, role.value, expected, "never open" if facts is None else said))

    assert wrong == []


@pytest.mark.parametrize("name", NAMES)
def test_every_guard_of_every_row_can_refuse_and_can_let_through(name):
    idle = [
        (step.verb, guard.__name__, *found)
        for step in procedures.current(name).steps
        for guard in step.guards
        if None not in (found := answers(guard, step))
        or (len(found) == 1 and not (guard in SHIELDS and set(anybody(step)) <= {Role.AUDIT, Role.LEADER}))
    ]

    assert idle == []


def on_the_way(step: Step) -> bool:
    """Return whether a step takes a case further: a remark beside the flow and a merge do not."""
    return bool(step.marks) or step.target not in (SAME, State.MERGED)


def chosen(step: Step) -> set[str]:
    """Return the states among which the form of a step chooses where it leads."""
    return {state for asked in step.form if asked.name == "back_to" for state in asked.choices}


def reached(table: Procedure, state: State) -> frozenset[str]:
    """Return the milestones that every way into a state reaches."""
    into = [
        step for step in table.steps if state not in step.source and state in {step.target, *chosen(step)}
    ]
    ways = [set(step.marks) for step in into]
    return frozenset(set.intersection(*ways)) if ways and state != table.initial else frozenset()


def further(table: Procedure, state: State) -> list[tuple[str, Actor]]:
    """Return each verb that takes a case further from a state, with each who may do it; the freest first."""
    steps = [step for step in table.steps if state in step.source and on_the_way(step)]
    steps.sort(key=lambda step: len(step.guards))
    return [(step.verb, holder(role, who)) for step in steps for who in PEOPLE for role in anybody(step)]


MENDED = {
    "hand_over_owner": {"owner": "somebody"},
    "analyse_responsibility": {"responsibility": "staff"},
}
"""What a step beside the flow makes true, that a step of the flow asks for."""


def mended(table: Procedure, facts: Facts) -> Facts:
    """Return the facts after the steps beside the flow that somebody may do on them."""
    for verb, changes in MENDED.items():
        if not knows(table, verb) or (step := table.step(verb, facts.state)) is None:
            continue
        people = [holder(role, who) for who in PEOPLE for role in anybody(step)]
        if any(refusal(table, facts, verb, one) is None for one in people):
            facts = replace(facts, **changes)
    return facts


@pytest.mark.parametrize("name", NAMES)
def test_whatever_is_true_of_an_open_case_somebody_can_take_it_further(name):
    table = procedures.current(name)
    stuck = []

    for state in {state for step in table.steps for state in step.source} - CLOSED:
        held, ask = reached(table, state), further(table, state)
        asked = {guard for verb, _ in ask for guard in table.step(verb, state).guards}
        for changes in tries(singles({"restricted"}.union(*map(looked_at, asked)))):
            facts = replace(plain(name, state), **changes)
            facts = replace(facts, moments=facts.moments | held)
            if all(refusal(table, mended(table, facts), verb, one) for verb, one in ask):
                stuck.append((state.value, changes))

    assert stuck == []


@pytest.mark.parametrize("name", NAMES)
def test_every_step_leads_to_an_end_or_a_state_that_others_lead_out_of_and_names_known_words(
    name,
):
    table = procedures.current(name)
    led_out_of = {state for step in table.steps for state in step.source}
    known = {SAME, BEFORE, *MILESTONES, *Role, *led_out_of, *CLOSED}
    if name == "imported":
        known.add(State.REGISTERED)  # from there on it walks as another procedure
    named = {
        (step.verb, word)
        for step in table.steps
        for word in (*(chosen(step) or {step.target}), *step.marks, *step.tells)
    }

    assert {(verb, word) for verb, word in named if word not in known} == set()
    assert [step.verb for step in table.steps if not step.roles or not step.source] == []


def test_a_guard_that_cannot_refuse_or_cannot_pass_is_seen():
    step = procedures.current("complaint").steps_of("accept")[0]

    assert [answers(guard, step) for guard in (never, always)] == [{None}, {"restricted"}]


def never(facts: Facts, actor: Actor) -> str | None:
    return None


def always(facts: Facts, actor: Actor) -> str | None:
    return "restricted"


@pytest.mark.parametrize("name", NAMES)
def test_the_buttons_of_a_state_answer_as_the_rule_does(name):
    table = procedures.current(name)

    for state in table.states:
        facts, actor = plain(name, state), holder(Role.OFFICE)
        for verb, said in verbs(table, facts, actor):
            assert said == refusal(table, facts, verb, actor)


def test_every_reason_a_guard_gives_and_every_verb_has_words_in_both_languages():
    rows = [step for name in NAMES for step in procedures.current(name).steps]
    reasons = {reason for step in rows for guard in step.guards for reason in answers(guard, step) if reason}
    said = {"refusal": reasons | {"not_from_here", "not_your_role"}, "verb": {step.verb for step in rows}}

    missing = [
        (kind, code)
        for kind, codes in said.items()
        for code in sorted(codes)
        if not {"zh", "en"} <= LABELS[kind].get(code, {}).keys()
    ]

    assert missing == []
