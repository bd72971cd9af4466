"""Every procedure, written down by hand and held to its table: each state times each verb times each role.

``procedure_rows.WHO`` is the specification.
"""

from dataclasses import replace

import pytest
from procedure_rows import WHO
from restricted_rows import RESTRICTED

from suyuan.domain import procedures
from suyuan.domain.appeal import SEALERS
from suyuan.domain.errors import BadInput, Refused
from suyuan.domain.procedure import Actor, Facts, Procedure, advance, because, refusal, target_of, verbs
from suyuan.domain.sheet import Act, Circulation, Mark, Node, Place
from suyuan.domain.signatures import SHEETS
from suyuan.domain.vocabulary import SPECIALTIES, Role, State


def specified(name: str) -> dict[tuple[str, str], tuple[str, set[str]]]:
    """Return ``(verb, state) → (target, roles)`` as written above."""
    rows = (map(str.strip, line.split("|")) for line in WHO[name].splitlines() if line)
    return {
        (verb, state): (target, set(roles.split()))
        for verb, states, target, roles in rows
        for state in states.split()
    }


CHECKING = [
    ("complaint", "reviewing", "judge_item"),
    ("complaint", "reviewing", "review_pass"),
    ("complaint", "reviewing", "review_amend"),
    ("complaint", "reviewing", "review_return"),
    ("opinion", "reviewing", "review_pass"),
    ("opinion", "reviewing", "review_return"),
    ("rectification", "checking", "verify_effect"),
]
"""What is for the specialty of a case, by procedure and state."""


def willing(procedure: Procedure, state: str, verb: str, role: str = "") -> Facts:
    """Return the facts of a case on which no guard has anything to say to somebody with a role."""
    kind = {"close_in_call": "consult", "reply_warning": "named_warning"}.get(verb, "complaint")
    late = verb in SHEETS and verb != "visit_site" and state != "handling"
    return Facts(
        procedure=procedure.name,
        state=State(state),
        unit_path="/01/0101/",
        business_type=kind,
        specialty=role if role in ("marketing", "operations") else "",
        state_before="handling",
        moments=frozenset({"contacted_at", "arrived_at", "called_back_at"})
        | ({"reviewed_at"} if verb in ("sign_shares", "appeal_penalty", "put_in_effect") else set()),
        finding="verified",
        satisfaction="dissatisfied" if verb == "second_handle" else "satisfied",
        paused=verb == "resume",
        returns_allowed=1,
        attempts_needed=3,
        relays=1,
        promises=1,
        unrated=1,
        missing=("write_report",) if late else (),
        unjudged=("1",) if verb == "judge_item" else (),
        shares_whole=True,
        named=frozenset({"/01/"} if verb == "object_share" else ()),
        objections=("1",) if verb == "answer_share" else (),
        seal_level=next((level for level, may in SEALERS.items() if role in may), ""),
        entrusted="somebody" if procedure.name == "protection" or verb == "appeal_penalty" else "",
        undoing=verb == "recall",
        restricted=verb in ("lift_restriction", "entrust"),
        orders=1,
        objection="open",
        episode=2,
        responsibility="staff",
        card="issued" if verb == "take_card" else "",
        circulation=sheet(verb),
        form={"back_to": "handling"} if verb == "review_return" else {},
    )


def sheet(verb: str) -> Circulation:
    """Return a sheet on which anybody is waited for, and on which somebody signed if that is withdrawn."""
    places = tuple(Place(role, role) for role in Role)
    node = Node("all", (*places, Place("none", "none")), "all", "back_to_draft")
    signed = (Mark("all", "none", Act.SIGNED, "somebody", digest="d"),)
    return Circulation((node,), "d", signed if verb == "withdraw" else ())


def somebody(role: str) -> Actor:
    return Actor("somebody", frozenset({(Role(role), "/01/")}))


def test_there_is_a_specification_for_every_procedure():
    assert sorted(WHO) == sorted(procedures.CURRENT)


@pytest.mark.parametrize("name", WHO)
def test_a_procedure_knows_the_specified_verbs_and_no_others(name):
    assert {step.verb for step in procedures.current(name).steps} == {verb for verb, _ in specified(name)}


@pytest.mark.parametrize("name", WHO)
def test_every_state_times_every_verb_times_every_role_answers_as_specified(name):
    procedure, rows = procedures.current(name), specified(name)
    every = [(state, verb, role) for state in State for verb in {v for v, _ in rows} for role in Role]

    answers = {
        (state, verb, role): refusal(procedure, willing(procedure, state, verb, role), verb, somebody(role))
        for state, verb, role in every
    }

    assert answers == {
        (state, verb, role): "not_from_here"
        if (verb, state) not in rows
        else (None if role in rows[verb, state][1] else "not_your_role")
        for state, verb, role in every
    }


def kept(name: str) -> dict[tuple[str, str], set[str]]:
    """Return ``(verb, state) → roles`` on a restricted case, as written above."""
    rows = (map(str.strip, line.split("|")) for line in RESTRICTED[name].splitlines() if line)
    return {
        (verb, state): set(roles.split())
        for verbs, states, roles in rows
        for verb in verbs.split()
        for state in states.split()
    }


def test_every_procedure_that_keeps_a_case_apart_says_who_may_do_what_on_it():
    shielding = {
        name
        for name, table in procedures.CURRENT.items()
        if any(step.when_restricted for step in table.steps)
    }

    assert set(RESTRICTED) == shielding


@pytest.mark.parametrize("name", RESTRICTED)
def test_every_state_times_every_verb_times_every_role_answers_as_specified_on_a_restricted_case(name):
    procedure, rows = procedures.current(name), kept(name)
    found: dict[tuple[str, str], set[str]] = {}
    for verb, state in specified(name):
        for role in Role:
            facts = replace(willing(procedure, state, verb, role), restricted=True)
            if refusal(procedure, facts, verb, somebody(role)) is None:
                found.setdefault((verb, state), set()).add(role.value)

    assert found == rows


@pytest.mark.parametrize("role", [Role.STATION, Role.MARKETING, Role.OPERATIONS, Role.OFFICE])
@pytest.mark.parametrize("name", ["complaint", "report"])
def test_whom_audit_entrusted_a_case_to_does_the_work_on_it_and_nobody_else_of_that_role(name, role):
    procedure = procedures.current(name)
    work = [("accept", "dispatched"), ("call_back", "callback")]
    work += [(verb, "handling") for verb in ("contact", "write_report", "submit_finding")]
    for verb, state in work:
        facts = replace(willing(procedure, state, verb), restricted=True)
        asked = [replace(facts, entrusted=who) for who in ("somebody", "another")]

        assert [refusal(procedure, one, verb, somebody(role)) for one in asked] == [None, "restricted"]


@pytest.mark.parametrize("specialty", ["", *SPECIALTIES])
@pytest.mark.parametrize(("name", "state", "verb"), CHECKING)
def test_what_is_neither_marketings_nor_operations_is_checked_by_the_office(name, state, verb, specialty):
    procedure = procedures.current(name)
    facts = replace(willing(procedure, state, verb), specialty=specialty)

    may = {role for role in Role if refusal(procedure, facts, verb, somebody(role)) is None}

    assert may == {"office"} | ({"marketing", "operations"} & {specialty})


@pytest.mark.parametrize("name", WHO)
def test_every_verb_leads_where_specified(name):
    procedure, rows = procedures.current(name), specified(name)

    def leads(verb: str, state: str, role: str) -> str:
        return advance(procedure, willing(procedure, state, verb, role), verb, somebody(role))[1]

    led = {(verb, state): leads(verb, state, min(roles)) for (verb, state), (_, roles) in rows.items()}

    assert led == {
        (verb, state): {"same": state, "before": "handling"}.get(target, target)
        for (verb, state), (target, _) in rows.items()
    }


@pytest.mark.parametrize("name", WHO)
def test_no_two_rows_of_a_procedure_claim_the_same_verb_and_state(name):
    claims = [(step.verb, state) for step in procedures.current(name).steps for state in step.source]

    assert len(claims) == len(set(claims))


@pytest.mark.parametrize("name", WHO)
def test_every_state_is_reached_from_the_first_and_every_open_one_reaches_an_end(name):
    procedure = procedures.current(name)
    leads = {
        state: {step.target for step in procedure.steps if state in step.source} & set(procedure.states)
        for state in procedure.states
    }

    def reach(state: str) -> set[str]:
        seen, ahead = {state}, [state]
        while ahead:
            new = leads[ahead.pop()] - seen
            seen, ahead = seen | new, [*ahead, *new]
        return seen

    own = set(procedure.states)
    outside = (
        {"registered"} if name == "imported" else set()
    )  # a reclassified import goes on as another procedure
    assert reach(procedure.initial) | outside == own | outside
    assert [s for s in own - outside if not reach(s) & {"archived", "void", "merged"}] == []


@pytest.mark.parametrize("name", WHO)
def test_the_buttons_are_the_verbs_that_leave_the_state_each_with_its_reason(name):
    procedure, rows = procedures.current(name), specified(name)
    nobody = Actor("nobody", frozenset())

    for state in State:
        shown = dict(verbs(procedure, willing(procedure, state, ""), nobody))

        buttons = {verb for verb, source in rows if source == state} - {"recall"}
        assert shown == dict.fromkeys(buttons, "not_your_role")


@pytest.mark.parametrize("name", WHO)
def test_a_refusal_names_each_role_once(name):
    procedure = procedures.current(name)

    for step in procedure.steps:
        for restricted in (False, True):
            facts = replace(willing(procedure, step.source[0], step.verb), restricted=restricted)
            roles = because("not_your_role", facts, step)["roles"]
            assert roles == sorted({role.value for role in step.who(restricted=restricted)})


def test_a_role_counts_over_its_own_units_and_those_below_alone():
    complaint = procedures.current("complaint")
    facts = willing(complaint, "dispatched", "accept")
    held = {
        path: Actor("s", frozenset({(Role.STATION, path)}))
        for path in ("/", "/01/", "/01/0101/", "/01/0102/", "/02/")
    }

    said = {path: refusal(complaint, facts, "accept", actor) for path, actor in held.items()}

    assert said == {
        "/": None,
        "/01/": None,
        "/01/0101/": None,
        "/01/0102/": "not_your_role",
        "/02/": "not_your_role",
    }


def test_a_verb_the_procedure_does_not_know_is_an_error_not_a_refusal():
    complaint = procedures.current("complaint")

    with pytest.raises(BadInput) as bad:
        refusal(complaint, willing(complaint, "received", "fly"), "fly", somebody("agent"))

    assert (bad.value.code, bad.value.facts) == ("unknown_verb", {"procedure": "complaint", "verb": "fly"})


def test_an_unknown_procedure_is_answered_with_the_known_ones():
    with pytest.raises(BadInput) as bad:
        procedures.current("wish")

    assert (bad.value.code, bad.value.facts) == ("unknown_procedure", {"name": "wish", "known": sorted(WHO)})


def test_a_refused_step_raises_with_its_reason_its_verb_and_the_state():
    complaint = procedures.current("complaint")

    with pytest.raises(Refused) as refused:
        advance(complaint, willing(complaint, "received", "accept"), "accept", somebody("station"))

    assert (refused.value.code, refused.value.facts) == (
        "not_from_here",
        {"verb": "accept", "state": "received"},
    )


@pytest.mark.parametrize("before", ["received", "dispatched", "callback"])
def test_an_undone_merge_returns_the_case_to_where_it_stood(before):
    complaint = procedures.current("complaint")
    facts = replace(willing(complaint, "merged", "unmerge"), state_before=before)
    step = complaint.step("unmerge", State.MERGED)

    assert target_of(step, facts) == State(before)


def test_the_first_guard_that_objects_is_the_one_that_speaks():
    complaint = procedures.current("complaint")
    facts = replace(
        willing(complaint, "reviewing", "review_pass"),
        handlers=frozenset({"somebody"}),
        specialty="operations",
        missing=("write_report",),
    )

    assert refusal(complaint, facts, "review_pass", somebody("marketing")) == "own_work"
    assert (
        refusal(complaint, replace(facts, handlers=frozenset()), "review_pass", somebody("marketing"))
        == "not_your_specialty"
    )
    assert (
        refusal(complaint, replace(facts, handlers=frozenset()), "review_pass", somebody("operations"))
        == "sheets_missing"
    )
    assert (
        refusal(
            complaint,
            replace(facts, handlers=frozenset(), missing=(), unjudged=("1", "2")),
            "review_pass",
            somebody("operations"),
        )
        == "items_unjudged"
    )
