"""Every procedure, written down by hand and held to its table: each state times each verb times each role.

``WHO`` is the specification (superset flow and flow rules of the service procedures: 受理→…→归档). A row
reads: verb, the states it leaves, the state it leads to, the roles that may do it. What is not listed is
refused.
"""

from dataclasses import replace

import pytest

from suyuan.domain import procedures
from suyuan.domain.errors import BadInput, Refused
from suyuan.domain.procedure import Actor, Facts, Procedure, advance, refusal, target_of, verbs
from suyuan.domain.sheet import Act, Circulation, Mark, Node, Place
from suyuan.domain.signatures import SHEETS
from suyuan.domain.vocabulary import Role, State

DESK = "agent lead office"
FLOW = "received registered dispatched handling"

INTAKE = f"""
register       | received                        | registered | {DESK}
void           | received registered             | void       | {DESK}
classify       | registered dispatched handling  | same       | lead office
reclassify     | registered dispatched handling  | registered | lead office
dispatch       | registered                      | dispatched | {DESK}
return         | dispatched                      | registered | station
"""
CLOSING = f"""
call_back      | callback | same     | {DESK}
second_handle  | callback | handling | lead office marketing
analyse_responsibility | handling callback | same | lead office marketing operations
archive        | callback | archived | {DESK}
reopen         | archived | handling | lead office
answer_objection | archived | same     | station lead office
"""
BY_AUDIT = "\n".join(row.rpartition("|")[0] + "| audit" for row in CLOSING.strip().splitlines()) + "\n"
RECALLED = f"""
recall         | dispatched | registered | {DESK}
recall         | handling   | dispatched | station
"""
"""Taking back a dispatch and a taking on, as an undo alone."""
SHARED = "station marketing operations"
ITEMS = f"""
add_item         | registered dispatched handling reviewing     | same     | {DESK} {SHARED}
drop_item        | registered dispatched handling reviewing     | same     | {DESK} {SHARED}
judge_item       | reviewing callback                           | same     | marketing operations office
review_amend     | reviewing                                    | callback | marketing operations office
write_report     | handling reviewing callback                  | same     | station
work_out_billing | handling reviewing callback                  | same     | station
work_out_damage  | handling reviewing callback                  | same     | station
check_meter      | handling reviewing callback                  | same     | station
check_voltage    | handling reviewing callback                  | same     | station
check_connection | handling reviewing callback                  | same     | station
visit_site       | dispatched handling reviewing callback       | same     | office audit {SHARED}
"""
"""What a complaint asks for, item by item, and the sheets of its investigation."""
CHECKED = """
review_pass    | reviewing | callback | marketing operations office
review_return  | reviewing | handling | marketing operations office
"""


def beside(states: str) -> str:
    """Return the rows that are open as long as the case is in one of ``states``."""
    return f"""
urge           | {states} | same   | {DESK}
supervise      | {states} | same   | office leader audit
note           | {states} | same   | {DESK} station marketing operations audit
pause          | {states} | same   | office lead
resume         | {states} | same   | office lead
merge          | {states} | merged | lead office
unmerge        | merged   | before | lead office
"""


def beside_child(states: str) -> str:
    """Return the rows beside the flow of a case that was opened from another."""
    return "\n".join(row for row in beside(states).splitlines() if "merge" not in row)


DISCIPLINE = f"""
accuse           | received registered                       | same | {DESK} audit
accuse           | dispatched handling reviewing callback    | same | audit
restrict         | {FLOW} reviewing callback                 | same | audit
lift_restriction | {FLOW} reviewing callback                 | same | audit
entrust          | {FLOW} reviewing callback                 | same | audit
"""
DESKS = f"""\
hand_over_owner | {FLOW} reviewing callback | same | lead office
"""

WRITERS = "station office lead marketing operations audit"
SIGNERS = f"{WRITERS} leader party agent"
BESIDE = beside(f"{FLOW} reviewing callback")
WHO = {
    "complaint": f"""{DISCIPLINE}{INTAKE}{RECALLED}{CLOSING}{CHECKED}{ITEMS}{BESIDE}
accept         | dispatched                    | handling   | station
transfer       | dispatched handling reviewing | dispatched | lead office
contact        | handling                      | handling   | station office
submit_finding | handling                      | reviewing  | station
recall         | reviewing                     | handling   | station
order_rectification | callback archived        | same       | office lead marketing operations
issue_card     | callback                      | same       | station agent lead office
take_card      | callback archived             | same       | agent lead office
{DESKS}""",
    "report": f"""{DISCIPLINE}{INTAKE}{BY_AUDIT}{beside(f"{FLOW} reviewing callback")}
accept         | dispatched                    | handling   | audit
transfer       | dispatched handling reviewing | dispatched | lead office
contact        | handling                      | handling   | audit
submit_finding | handling                      | reviewing  | audit
recall         | dispatched                    | registered | {DESK}
recall         | handling                      | dispatched | audit
recall         | reviewing                     | handling   | audit
review_pass    | reviewing                     | callback   | audit leader
review_return  | reviewing                     | handling   | audit leader
review_amend   | reviewing                     | callback   | audit leader
add_item       | registered dispatched handling reviewing | same | audit
drop_item      | registered dispatched handling reviewing | same | audit
judge_item     | reviewing callback            | same       | audit leader
write_report   | handling reviewing callback   | same       | audit
visit_site     | dispatched handling reviewing callback | same | audit
order_rectification | callback archived        | same       | audit
""",
    "rectification": f"""{beside_child("drafted signing rectifying checking")}
revise         | drafted signing | same       | {WRITERS}
void           | drafted         | void       | office lead audit
circulate      | drafted         | signing    | station office lead audit
sign           | signing         | rectifying | {SIGNERS}
reject         | signing         | drafted    | {SIGNERS}
withdraw       | signing         | same       | {SIGNERS}
delegate       | signing         | same       | {SIGNERS}
pull_back      | signing         | drafted    | office lead audit
carry_out      | rectifying      | checking   | station audit
verify_effect  | checking        | archived   | marketing operations office audit
""",
    "opinion": f"""{INTAKE}{RECALLED}{CLOSING}{CHECKED}{beside(f"{FLOW} reviewing callback")}
close_in_call  | registered                    | archived   | {DESK}
accept         | dispatched                    | handling   | station
transfer       | dispatched handling reviewing | dispatched | lead office
contact        | handling                      | handling   | station office
answer         | handling                      | reviewing  | station
{DESKS}""",
    "enquiry": f"""{INTAKE}{CLOSING}{beside(f"{FLOW} callback")}
close_in_call  | registered          | archived   | {DESK}
accept         | dispatched          | handling   | station marketing operations
transfer       | dispatched handling | dispatched | lead office
answer         | handling            | callback   | station marketing operations
recall         | dispatched          | registered | {DESK}
recall         | handling            | dispatched | station marketing operations
{DESKS.replace("reviewing ", "")}""",
    "repair": f"""{INTAKE}{RECALLED}{CLOSING}{beside(f"{FLOW} on_site restored callback")}
accept         | dispatched          | handling   | station
transfer       | dispatched handling | dispatched | lead office
arrive         | handling            | on_site    | station
restore        | on_site             | restored   | station
answer         | restored            | callback   | station
issue_card     | on_site restored callback | same | station agent lead office
take_card      | callback archived   | same       | agent lead office
{DESKS.replace("reviewing", "on_site restored")}""",
    "application": f"""{INTAKE}{RECALLED}{CLOSING}{beside(f"{FLOW} on_site callback")}
accept         | dispatched                  | handling   | station
transfer       | dispatched handling on_site | dispatched | lead office
contact        | handling                    | handling   | station office
arrive         | handling                    | on_site    | station
answer         | handling on_site            | callback   | station
work_out_damage | handling on_site           | same       | station
{DESKS.replace("reviewing", "on_site")}""",
    "imported": f"""
reclassify     | open | registered | lead office
close          | open | archived   | lead office
urge           | open | same       | {DESK}
supervise      | open | same       | office leader audit
note           | open | same       | {DESK} station marketing operations audit
""",
}


def specified(name: str) -> dict[tuple[str, str], tuple[str, set[str]]]:
    """Return ``(verb, state) → (target, roles)`` as written above."""
    rows = (map(str.strip, line.split("|")) for line in WHO[name].splitlines() if line)
    return {
        (verb, state): (target, set(roles.split()))
        for verb, states, target, roles in rows
        for state in states.split()
    }


def willing(procedure: Procedure, state: str, verb: str) -> Facts:
    """Return the facts of a case on which no guard has anything to say."""
    in_call = verb == "close_in_call"
    late = verb in SHEETS and verb != "visit_site" and state != "handling"
    return Facts(
        procedure=procedure.name,
        state=State(state),
        unit_path="/01/0101/",
        business_type="consult" if in_call else "complaint",
        state_before="handling",
        moments=frozenset({"contacted_at", "arrived_at", "called_back_at"}),
        finding="verified",
        satisfaction="dissatisfied" if verb == "second_handle" else "satisfied",
        paused=verb == "resume",
        returns_allowed=1,
        attempts_needed=3,
        missing=("write_report",) if late else (),
        unjudged=("1",) if verb == "judge_item" else (),
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
        (state, verb, role): refusal(procedure, willing(procedure, state, verb), verb, somebody(role))
        for state, verb, role in every
    }

    assert answers == {
        (state, verb, role): "not_from_here"
        if (verb, state) not in rows
        else (None if role in rows[verb, state][1] else "not_your_role")
        for state, verb, role in every
    }


@pytest.mark.parametrize("name", WHO)
def test_every_verb_leads_where_specified(name):
    procedure, rows = procedures.current(name), specified(name)

    led = {
        (verb, state): advance(procedure, willing(procedure, state, verb), verb, somebody(min(roles)))[1]
        for (verb, state), (_, roles) in rows.items()
    }

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
