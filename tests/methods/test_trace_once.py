"""What went otherwise counts once and where it happened: branches, steps left out, to and fro, a hub."""

import time

from tests.trace_rows import answer, found, tracer

READING = {"kind": "sign", "id": "nil", "mode": "wrong", "activities": ["nil read"], "at_least": 3}
PASSED = {"kind": "sign", "id": "passed", "mode": "bounced", "activities": ["passed on"], "at_least": 3}


def spread(n):
    """Return a factor near one, another for each n: waits of a log are never all alike."""
    return 0.7 + (n * 7 % 13) / 20


def card(n, day, read="read", billed=1.0, home=None):
    """Return a card: handed out, read (or nil) after two days, billed after so many more."""
    on = f"card:{n} home:{n if home is None else home}"
    then = day + 2 * spread(n)
    return [
        (day, "handed out", f"{on} u:desk"),
        (then, read, f"{on} u:round"),
        (then + billed * spread(n + 1), "billed", f"{on} u:money"),
    ]


def complaint(day, n=1, home=1):
    return (day, "complained", f"T:{n} home:{home} u:desk")


def test_a_step_after_a_seldom_branch_is_held_against_the_wait_after_that_branch():
    cards = [row for n in range(10, 80) for row in card(n, n)]
    nil = [row for k in range(3) for row in card(1000 + k, 60 + 8 * k, "nil read", home=1)]

    traces = tracer([*cards, *nil, complaint(80)], READING)

    assert {one for one in found(traces) if one[0] != "contact"} == {
        ("wrong", "home:1", "nil read", "u:round")
    }


def test_a_step_that_is_late_after_that_branch_is_still_late_and_waited_for_since_then():
    cards = [row for n in range(10, 80) for row in card(n, n)]
    traces = tracer([*cards, *card(1000, 60, "nil read", billed=15, home=1), complaint(80)], READING)

    late = next(one for one in traces.before(traces.log.objects.find("T:1")) if one.mode.value == "late")

    done = [traces.log.activities[traces.log.activity[event]] for event in late.events]
    assert done == ["nil read", "billed"]


def test_what_numbers_tell_of_a_symptoms_own_order_is_borne_by_the_chain_of_the_rules():
    refused = {"kind": "sign", "id": "no", "mode": "refused", "activities": ["turned down"]}
    end = {"types": ["*"], "activities": ["*"]}
    leads = {"kind": "edge", "id": "no meter", "relation": "needs_data_from", "shared": ["home"]}
    leads |= {"source": end | {"modes": ["refused"]}, "target": end | {"modes": ["wrong"]}}
    cards = [row for n in range(10, 80) for row in card(n, n)]
    nil = [row for k in range(3) for row in card(1000 + k, 50 + 8 * k, "nil read", 12, home=1)]
    asked = [(40, "turned down", "change:1 home:1 u:field")]

    traces = tracer([*cards, *nil, *asked, complaint(85)], READING, refused, leads)

    late = {one for one in found(traces) if one[0] == "late"}
    chain = answer(traces)["chains"][0]
    assert {thing for _, thing, *_ in late} == {"card:1000", "card:1001", "card:1002"}
    assert [one["activity"] for one in chain["nodes"]] == ["turned down", "nil read", "complained"]
    assert not any(one["nodes"][0]["object"].startswith("card:100") for one in answer(traces)["chains"])


def swap(n, day, *, tested=True, home=None):
    """Return a swap: agreed, five days later tested, an hour after that hung."""
    on = f"swap:{n} home:{n if home is None else home}"
    then = day + 5 * spread(n)
    rows = [(day, "agreed", f"{on} u:plan"), (then + spread(n) / 24, "hung", f"{on} u:field")]
    return [*rows, (then, "tested", f"{on} u:field")] if tested else rows


def test_where_a_step_was_left_out_the_next_is_not_late_by_the_wait_after_it():
    swaps = [row for n in range(10, 80) for row in swap(n, n)]

    traces = tracer([*swaps, *swap(1, 85, tested=False), complaint(94)])

    assert {one for one in found(traces) if one[0] != "contact"} == {
        ("skipped", "swap:1", "tested", "u:field")
    }
    assert answer(traces)["chains"][0]["nodes"][0]["activity"] == "tested"


def leak(n, day, passes=0, each=1.0, home=None):
    """Return a leak: told, passed on so often between crews and menders, mended by these."""
    on = f"leak:{n} home:{n if home is None else home}"
    rows, at = [(day, "told", f"{on} u:desk")], day + 0.1 * spread(n)
    for k in range(passes):
        rows.append((at, "passed on", f"{on} u:{('crew', 'menders')[k % 2]}"))
        at += each * spread(n + k)
    return [*rows, (at, "mended", f"{on} u:menders"), (at + spread(n), "closed", f"{on} u:desk")]


def leaks(often):
    """Return sixty leaks of which every so many-th goes to and fro, a third are passed on once."""
    some = [
        leak(n, n, 4 if n % often == 0 else int(n % 3 == 1), 1.2 if n % often == 0 else 0.3)
        for n in range(10, 70)
    ]
    return [row for rows in some for row in rows]


def test_what_bounces_often_is_told_at_the_first_return_and_not_to_be_late_as_well():
    for often in (3, 4, 12):
        traces = tracer([*leaks(often), *leak(1, 80, 4, 1.2), complaint(86.5)])

        assert {one for one in found(traces) if one[0] != "contact"} == {
            ("bounced", "leak:1", "passed on", "u:crew")
        }


def test_the_unit_of_a_bounce_is_where_it_first_came_back_to_whoever_did_that_step_later():
    traces = tracer([*leaks(6), *leak(1, 80, 5, 1.2), complaint(87.5)])

    assert ("bounced", "leak:1", "passed on", "u:crew") in found(traces)


def test_a_bounce_by_a_rule_leaves_nothing_late_of_the_step_that_ended_it():
    traces = tracer([*leaks(3), *leak(1, 80, 4, 1.2), complaint(86.5)], PASSED)

    told = {one for one in found(traces) if one[0] != "contact"}

    assert told == {("bounced", "leak:1", "passed on", "u:crew")}


def test_one_long_process_that_all_touch_is_looked_at_in_its_last_steps():
    swaps = [(day, done, f"{on} plan:1") for n in range(10, 1600) for day, done, on in swap(n, 10 + n / 10)]
    wanting = [row for n in range(2000, 2060) for row in swap(n, 100 + n / 100, tested=False)]
    complaints = [complaint(129 + n / 100, n, n) for n in range(2000, 2060)]
    traces = tracer([*swaps, *((day, done, f"{on} plan:1") for day, done, on in wanting), *complaints])

    began = time.process_time()
    source = answer(traces, "T:2007")["chains"][0]["nodes"][0]

    assert (source["object"], source["activity"]) == ("swap:2007", "tested")
    assert time.process_time() - began < 15
