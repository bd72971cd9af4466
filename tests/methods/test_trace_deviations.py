"""Each way in which something goes otherwise than usual, on small logs written by hand (row A8)."""

import pytest

from tests.trace_rows import answer, found, tracer

STEPS = ("asked", "planned", "built", "tested", "billed", "closed")
UNITS = ("front", "plan", "field", "lab", "money", "front")


def order(n, day, steps=range(6), units=UNITS, home=None):
    """Return the rows of one order, a step a day."""
    place = f"home:{n if home is None else home}"
    return [(day + k, STEPS[step], f"job:{n} {place} u:{units[step]}") for k, step in enumerate(steps)]


USUAL = [row for n in range(10, 40) for row in order(n, n)]


def complaint(day, home=1):
    return (day, "complained", f"T:1 home:{home} u:desk")


def test_an_order_that_goes_to_and_fro_between_units_is_named_with_the_events_of_it():
    bounced = order(1, 100, (0, 1, 2, 1, 2, 1, 2))

    traces = tracer([*USUAL, *bounced, complaint(107.5)])

    assert found(traces) == {("bounced", "job:1", "planned", "u:plan")}
    chain = answer(traces)["chains"][0]
    assert chain["sentence"] == (
        "The source is u:plan: job job:1: it was sent back and forth at “planned”; "
        "so the customer complained."
    )
    assert answer(traces, language="zh")["sentence"] == (
        "源头在u:plan：job job:1 在“planned”上来回退转，客户因此投诉。"
    )
    assert len(chain["nodes"][0]["events"]) == 5


def test_an_order_that_comes_back_to_the_desk_it_began_at_as_all_do_did_not_bounce():
    traces = tracer([*USUAL, *order(1, 100), complaint(105.5)])

    assert {mode for mode, *_ in found(traces)} == {"contact"}


def test_where_nobody_says_who_did_what_a_loop_is_told_once_at_the_step_it_went_back_to():
    rows = [
        (day, done, " ".join(name for name in things.split() if not name.startswith("u:")))
        for day, done, things in [*USUAL, *order(1, 100, (0, 1, 2, 3, 2, 3, 2, 3)), complaint(108.5)]
    ]

    assert found(tracer(rows)) == {("repeated", "job:1", "built", "")}


def test_a_sign_of_a_rule_may_say_that_an_order_was_sent_back():
    sign = {"kind": "sign", "id": "back", "mode": "bounced", "activities": ["sent back"], "at_least": 2}
    sent = [(101.2, "sent back", "job:1 home:1 u:field"), (101.6, "sent back", "job:1 home:1 u:plan")]

    assert ("bounced", "job:1", "sent back", "u:plan") in found(
        tracer([*USUAL, *order(1, 100, (0, 1)), *sent, complaint(102)], sign)
    )


def test_a_step_done_after_one_it_always_comes_before_is_out_of_order():
    traces = tracer([*USUAL, *order(1, 100, (0, 1, 2, 4, 3)), complaint(104.5)])

    assert found(traces) == {("out_of_order", "job:1", "tested", "u:lab")}
    assert "“tested” was done out of order" in answer(traces)["sentence"]
    assert "“tested”没有按次序办" in answer(traces, language="zh")["sentence"]


def test_of_a_step_that_came_far_too_early_it_is_told_once():
    traces = tracer([*USUAL, *order(1, 100, (0, 4, 1, 2, 3)), complaint(104.5)])

    assert {one for one in found(traces) if one[0] == "out_of_order"} == {
        ("out_of_order", "job:1", "billed", "u:money")
    }


@pytest.mark.parametrize(("skew", "modes"), [(30, {"out_of_order"}), (90, {"contact"})])
def test_clocks_that_differ_by_no_more_than_is_said_turn_nothing(skew, modes):
    rows = order(1, 100, (0, 1, 2))
    rows += [(103, "billed", "job:1 home:1 u:money"), (103 + 1 / 24, "tested", "job:1 home:1 u:lab")]

    told = found(tracer([*USUAL, *rows, complaint(103.5)], skew_minutes=skew))

    assert {mode for mode, *_ in told} == modes


def test_what_happens_at_one_moment_is_in_no_order():
    rows = [(day if step != "tested" else 103, step, things) for day, step, things in
            order(1, 100, (0, 1, 2, 4, 3))]  # fmt: skip

    assert {mode for mode, *_ in found(tracer([*USUAL, *rows, complaint(103.5)]))} == {"contact"}


LIMIT = {
    "kind": "due",
    "id": "billed in five days",
    "after": ["tested"],
    "then": ["billed"],
    "within_days": 5,
}


@pytest.mark.parametrize(
    ("took", "told"),
    [
        (4.5, {"late": 1, "by rule": 0}),
        (5.5, {"late": 1, "by rule": 1}),
        (None, {"missing": 1, "by rule": 1}),
    ],
)
def test_a_limit_is_kept_or_not(took, told):
    done = [] if took is None else [(103 + took, "billed", "job:1 home:1 u:money")]
    traces = tracer([*USUAL, *order(1, 100, (0, 1, 2, 3)), *done, complaint(109)], LIMIT)

    deviates = [one for one in traces.before(traces.log.objects.find("T:1")) if one.mode != "contact"]

    assert [one.mode.value for one in deviates] == [name for name in told if name != "by rule"]
    assert sum(one.rule == "billed in five days" for one in deviates) == told["by rule"]
    assert {traces.log.activities[one.activity] for one in deviates} == {"billed"}


def test_a_promise_is_kept_by_the_day_or_not():
    rule = {"kind": "due", "id": "call back", "after": ["call promised"], "then": ["called back"],
            "within_days": 1}  # fmt: skip
    kept = [(n + k, step, f"promise:{n} home:{n} u:front") for n in range(10, 30) for k, step in
            ((0, "call promised"), (0.3, "called back"))]  # fmt: skip
    broken = [(50, "call promised", "promise:1 home:1 u:front")]

    assert found(tracer([*kept, *broken, complaint(52)], rule)) == {
        ("missing", "promise:1", "called back", "u:front")
    }
    assert ("missing", "promise:1", "called back", "u:front") not in found(
        tracer([*kept, *broken, complaint(50.5)], rule)
    )


READ = {"kind": "due", "id": "new meters are read", "after": ["meter put in"], "then": ["meter read"],
        "within_days": 30}  # fmt: skip


def test_data_that_never_came_to_a_place_is_missing_from_the_order_that_should_have_brought_it():
    rows = [
        (n + k, step, things)
        for n in range(10, 30)
        for k, step, things in (
            (0, "meter asked", f"swap:{n} home:{n} u:field"),
            (1, "meter put in", f"swap:{n} home:{n} u:field"),
            (20, "meter read", f"home:{n} u:reader"),
        )
    ]
    bare = [row for row in rows if "swap:10 " in row[2] or row[2].startswith("home:10 ")][:2]
    own = [(day, done, things.replace(":10", ":1")) for day, done, things in bare]

    assert ("missing", "swap:1", "meter read", "u:reader") in found(
        tracer([*rows, *own, complaint(60)], READ)
    )
    read = (30, "meter read", "home:1 u:reader")
    assert not any(mode == "missing" for mode, *_ in found(tracer([*rows, *own, read, complaint(60)], READ)))


def test_what_is_due_on_a_place_after_what_no_order_did_is_missing_there():
    rule = READ | {"after": ["reading announced"], "within_days": 3}
    rows = [
        (month * 30 + k, step, f"home:{n} u:reader")
        for n in range(8)
        for month in range(4)
        for k, step in ((0, "reading announced"), (1, "meter read"))
        if not (n == 1 and month == 3 and k)
    ]

    assert found(tracer([*rows, complaint(100)], rule)) == {("missing", "home:1", "meter read", "u:reader")}


REFUSED = {"kind": "sign", "id": "no", "mode": "refused", "activities": ["turned down"]}


def test_a_refusal_is_of_the_order_that_was_refused_and_not_of_the_one_it_names():
    opened = order(5, 90, (0, 1), home=1)
    asked = [
        (100, "swap asked", "swap:1 home:1 u:front"),
        (101, "turned down", "swap:1 job:5 home:1 u:field"),
    ]
    usual = [(n, "swap asked", f"swap:{n} home:{n} u:front") for n in range(10, 20)]

    told = found(tracer([*USUAL, *usual, *opened, *asked, complaint(110)], REFUSED))

    assert {one for one in told if one[0] == "refused"} == {("refused", "swap:1", "turned down", "u:field")}


CUT = {"kind": "sign", "id": "cuts", "mode": "exposed", "activities": ["cut off"], "at_least": 3}
LINES = [("home:1", "line:1"), ("home:2", "line:1"), ("home:3", "line:1")]


def test_an_outage_that_names_a_line_and_every_home_on_it_is_the_lines():
    cuts = [(10 + n, "cut off", f"cut:{n} line:1 home:1 home:2 home:3") for n in range(3)]

    assert found(tracer([*cuts, complaint(20)], CUT, links=LINES)) == {("exposed", "line:1", "cut off", "")}


def test_readings_of_neighbours_that_name_the_line_as_well_are_no_sign_of_the_line():
    zero = {"kind": "sign", "id": "zero", "mode": "wrong", "activities": ["read zero"], "at_least": 3}
    rows = [(10 + n, "read zero", f"home:{n % 3 + 2} line:1 u:reader") for n in range(9)]

    assert found(tracer([*rows, complaint(20)], zero, links=LINES)) == set()


def test_outages_that_only_their_own_object_joins_to_the_line_are_the_lines():
    cuts = [(10 + n, "cut off", f"cut:{n}") for n in range(3)]
    joined = [(f"cut:{n}", "line:1") for n in range(3)]

    told = found(tracer([*cuts, complaint(20)], CUT, links=[*LINES, *joined]))

    assert told == {("exposed", "line:1", "cut off", "")}


def test_outages_again_and_again_are_counted_without_a_rule():
    cuts = [(10 + n, "cut off", f"cut:{n} line:1") for n in range(3)]

    assert found(tracer([*cuts, complaint(20)], links=LINES)) == {("exposed", "line:1", "cut off", "")}
    assert found(tracer([*cuts[:1], complaint(20)], links=LINES)) == set()
    assert found(tracer([*cuts, complaint(90)], links=LINES)) == set()


def test_a_step_waited_for_after_a_loop_is_not_missing_at_once():
    looped = order(1, 100, (0, 1, 2, 3, 2, 3, 2, 3))

    told = {mode for mode, *_ in found(tracer([*USUAL, *looped, complaint(110)]))}
    later = {mode for mode, *_ in found(tracer([*USUAL, *looped, complaint(112)]))}

    assert (told, later) == ({"bounced"}, {"bounced", "missing"})
