"""Countersign: who may sign, what a rejection leads to, and that nobody is ever waited for in vain."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suyuan.domain import countersign as rule
from suyuan.domain.errors import BadInput, Refused
from suyuan.domain.sheet import Act, Circulation, Hand, Node, Outcome, Place, check

UNIT = Node("unit", (Place("station", "station"),), "all", "back_to_draft")
BOTH = Node(
    "departments",
    (Place("marketing", "marketing"), Place("operations", "operations")),
    "all",
    "decided_by:leader",
)
OFFICE = Node("office", (Place("office", "office"),), "all", "back_to_node:departments")
SHEET = Circulation((UNIT, BOTH, OFFICE), "now")


def hand(role, username="", path="/01/"):
    return Hand(username or role, frozenset({(role, path)}))


def signed(sheet, *roles):
    for role in roles:
        sheet = rule.sign(sheet, hand(role))
    return sheet


def rejected(sheet, role):
    return rule.sign(sheet, hand(role), agreed=False)


def awaited(sheet):
    return [place.code for place in sheet.awaited]


def test_nodes_come_one_after_the_other_and_the_places_of_one_as_they_like():
    assert [awaited(SHEET), awaited(signed(SHEET, "station"))] == [["station"], ["marketing", "operations"]]
    assert awaited(signed(SHEET, "station", "operations")) == ["marketing"]
    done = signed(SHEET, "station", "operations", "marketing", "office")
    assert (done.outcome, awaited(done)) == (Outcome.AGREED, [])


def test_the_places_of_a_node_in_order_are_waited_for_one_at_a_time():
    sheet = Circulation((replace(BOTH, in_order=True),), "now")

    assert [awaited(sheet), awaited(signed(sheet, "marketing"))] == [["marketing"], ["operations"]]


@pytest.mark.parametrize(
    ("quorum", "signers", "passes"),
    [("any", 1, True), ("2", 1, False), ("2", 2, True), ("all", 2, False), ("all", 3, True), ("9", 3, True)],
)
def test_a_node_passes_with_its_quorum(quorum, signers, passes):
    roles = ("station", "marketing", "office")
    node = Node("n", tuple(Place(role, role) for role in roles), quorum, "back_to_draft")

    sheet = signed(Circulation((node,), "now"), *roles[:signers])

    assert (sheet.outcome is Outcome.AGREED) == passes


def test_a_rejection_within_the_quorum_stops_nothing():
    node = Node("n", tuple(Place(r, r) for r in ("station", "marketing", "office")), "2", "back_to_draft")

    sheet = rejected(Circulation((node,), "now"), "station")

    assert (sheet.outcome, awaited(sheet)) == (Outcome.OPEN, ["marketing", "office"])
    assert rejected(sheet, "office").outcome is Outcome.RETURNED


def test_a_rejection_that_a_role_decides_is_overruled_or_upheld_by_it():
    open_to_others = rejected(signed(SHEET, "station"), "marketing")
    assert awaited(open_to_others) == ["operations"]
    with pytest.raises(Refused):
        signed(open_to_others, "leader")
    sheet = signed(open_to_others, "operations")
    assert awaited(sheet) == ["decision"]

    assert awaited(signed(sheet, "leader")) == ["office"]
    assert rejected(sheet, "leader").outcome is Outcome.RETURNED
    assert awaited(rule.withdraw(signed(sheet, "leader"), "leader")) == ["decision"]
    assert awaited(rule.withdraw(signed(sheet, "leader"), "operations")) == ["operations"]
    assert awaited(rejected(open_to_others, "operations")) == ["decision"]


def test_a_rejection_that_goes_back_to_a_node_opens_it_and_all_after_it_again():
    sheet = rejected(signed(SHEET, "station", "marketing", "operations"), "office")

    assert awaited(sheet) == ["marketing", "operations"]
    assert [mark.ended for mark in sheet.marks] == ["", "sent_back", "sent_back", "sent_back"]


def test_what_was_withdrawn_is_waited_for_again_and_what_came_after_stands():
    sheet = rule.withdraw(signed(SHEET, "station", "marketing"), "station")

    assert awaited(sheet) == ["station"]
    assert awaited(signed(sheet, "station")) == ["operations"]
    with pytest.raises(Refused) as nothing:
        rule.withdraw(sheet, "station")
    assert nothing.value.code == "nothing_signed"


def test_nobody_signs_twice_whatever_roles_they_hold():
    both = Hand("li", frozenset({("marketing", "/01/"), ("operations", "/01/")}))
    sheet = rule.sign(signed(SHEET, "station"), both)

    assert (rule.refusal(sheet, both), awaited(sheet)) == ("signed_already", ["operations"])


def test_a_delegate_signs_for_whoever_delegated_and_passes_nothing_on():
    sheet = rule.delegate(SHEET, hand("station"), "wang")
    wang = hand("agent", "wang")

    assert rule.delegation_refusal(sheet, wang) == "delegates_no_further"
    after = rule.sign(sheet, wang)
    assert [(m.act, m.by, m.on_behalf_of) for m in after.marks] == [
        (Act.DELEGATED, "station", ""),
        (Act.SIGNED, "wang", "station"),
    ]
    assert rule.sign(sheet, hand("station")).marks[-1].on_behalf_of == ""


@pytest.mark.parametrize(
    ("to", "why"), [("station", "delegate_to_oneself"), ("marketing", "delegate_has_signed")]
)
def test_a_delegate_is_another_who_has_not_signed(to, why):
    sheet = signed(Circulation((replace(UNIT, places=(*UNIT.places, *BOTH.places)),), "now"), "marketing")

    with pytest.raises(Refused) as refused:
        rule.delegate(sheet, hand("station"), to)

    assert refused.value.code == why


def test_a_later_delegation_takes_the_place_of_the_one_before():
    sheet = rule.delegate(rule.delegate(SHEET, hand("station"), "wang"), hand("station"), "zhao")

    assert rule.refusal(sheet, hand("agent", "wang")) == "not_awaited"
    assert rule.refusal(sheet, hand("agent", "zhao")) is None


def test_whoever_signed_what_reads_otherwise_now_signs_again():
    sheet = signed(SHEET, "station", "marketing")

    assert rule.amend(sheet, "now") == sheet
    changed = rule.amend(sheet, "later")
    assert (awaited(changed), [m.ended for m in changed.marks]) == (["station"], ["content_changed"] * 2)


def test_what_was_signed_stands_over_a_return_and_the_rejection_does_not():
    sheet = signed(rejected(signed(SHEET, "station"), "marketing"), "operations")
    sheet = rule.returned(rejected(sheet, "leader"))

    assert [(m.by, m.ended) for m in sheet.marks] == [
        ("station", ""),
        ("marketing", "returned"),
        ("operations", ""),
        ("leader", "returned"),
    ]
    assert awaited(sheet) == ["marketing"]


def test_a_place_may_want_the_grant_of_one_unit_or_one_person():
    company = Place("office@01", "office", "/01/")
    node = Node("n", (company, Place("person:li", person="li")), "all", "back_to_draft")
    sheet = Circulation((node,), "now")

    assert rule.refusal(sheet, hand("office", path="/01/0101/")) == "not_awaited"
    assert rule.place_for(sheet, hand("office")).code == "office@01"
    assert rule.place_for(sheet, hand("agent", "li")).code == "person:li"


@pytest.mark.parametrize(
    ("nodes", "node", "problem"),
    [
        ((), "", "no_node"),
        ((replace(UNIT, places=()),), "unit", "places"),
        ((replace(UNIT, places=UNIT.places * 2),), "unit", "places"),
        ((replace(UNIT, quorum="0"),), "unit", "quorum"),
        ((replace(UNIT, quorum="most"),), "unit", "quorum"),
        ((replace(UNIT, on_reject="back_to_node:office"), OFFICE), "unit", "on_reject"),
        ((replace(UNIT, on_reject="decided_by:chief"),), "unit", "on_reject"),
        ((replace(UNIT, on_reject="nothing"),), "unit", "on_reject"),
    ],
)
def test_nodes_that_could_not_be_gone_through_are_named(nodes, node, problem):
    with pytest.raises(BadInput) as bad:
        check(nodes)

    assert (bad.value.code, bad.value.facts) == ("bad_circulation", {"node": node, "problem": problem})


ROLES = ("station", "marketing", "operations", "office", "leader", "agent")
PEOPLE = tuple(Hand(f"{role}{n}", frozenset({(role, "/01/")})) for role in ROLES for n in range(3)) + (
    Hand("two", frozenset({("marketing", "/01/"), ("operations", "/01/")})),
)


@st.composite
def circulations(draw):
    """Return nodes as a rulebook could write them."""
    nodes = []
    for number in range(draw(st.integers(1, 4))):
        roles = draw(st.lists(st.sampled_from(ROLES[:4]), min_size=1, max_size=3, unique=True))
        back = st.integers(0, number).map(lambda n: f"back_to_node:n{n}")
        nodes.append(
            Node(
                f"n{number}",
                tuple(Place(role, role) for role in roles),
                draw(st.sampled_from(("all", "any", "1", "2"))),
                draw(st.one_of(st.just("back_to_draft"), st.just("decided_by:leader"), back)),
                draw(st.booleans()),
            )
        )
    check(nodes)
    return Circulation(tuple(nodes), "d")


TURNS = st.lists(
    st.tuples(
        st.sampled_from(("sign", "sign", "sign", "reject", "withdraw", "delegate")), st.sampled_from(PEOPLE)
    ),
    max_size=25,
)


def turned(sheet, act, who, turn):
    """Return the sheet after an attempt; what is refused changes nothing."""
    try:
        if act == "withdraw":
            return rule.withdraw(sheet, who.username)
        if act == "delegate":
            return rule.delegate(sheet, who, PEOPLE[turn % len(PEOPLE)].username)
        return rule.sign(sheet, who, agreed=act == "sign")
    except Refused:
        return sheet


@given(circulations(), TURNS)
def test_whatever_happens_it_is_decided_or_somebody_may_act_and_nobody_counts_twice(sheet, turns):
    for turn, (act, who) in enumerate(turns):
        if sheet.outcome is not Outcome.OPEN:
            break
        sheet = turned(sheet, act, who, turn)
        counted = [m.by for m in sheet.standing() if m.act is not Act.DELEGATED and m.place != "decision"]
        assert len(counted) == len(set(counted))
        if sheet.outcome is Outcome.OPEN:
            assert any(rule.refusal(sheet, each) is None for each in PEOPLE)
    passed = [node for node in sheet.nodes if sheet.has_passed(node)]
    for node in passed:
        marks = sheet.decided(node)
        signers = {mark.by for mark in marks.values() if mark.act is Act.SIGNED and mark.place != "decision"}
        overruled = "decision" in marks and marks["decision"].act is Act.SIGNED
        assert overruled or len(signers) >= node.needed
    if sheet.outcome is Outcome.AGREED:
        assert len(passed) == len(sheet.nodes)
