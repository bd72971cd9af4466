"""Logs are merged into the one that is kept: whatever comes in whichever order, and how often."""

import itertools
import sqlite3
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from suyuan.gateways import kept_log
from suyuan.gateways.kept_log import Incoming, Kinds, Promise, Told, Wanted
from suyuan.store import event_log

KINDS = Kinds(
    lambda kind: {"换表单": "order", "抄表单": "order", "单位": "unit"}.get(kind, ""),
    lambda activity: activity == "归档",
    lambda activity: activity == "被拒",
)
TYPES = {"H": "换表单", "C": "抄表单", "U": "单位", "~": "户号"}
ACTIVITIES = ("受理", "换表", "归档", "被拒")
HOUR = 3_600_000_000

Event = tuple[int, str, int, frozenset[str]]
"""Its number, what was done, in which hour, to what."""


def incoming(events, links=(), promises=(), types=TYPES, *, adds=False) -> Incoming:
    """Return events as a log about to be merged."""
    events, links = list(events), list(links)
    things = sorted({thing for *_, of in events for thing in of} | {one for pair in links for one in pair})
    kinds = sorted(set(types.values()))
    place = {thing: at for at, thing in enumerate(things)}
    pairs = [(at, place[thing]) for at, (*_, of) in enumerate(events) for thing in sorted(of)]
    return Incoming(
        list(ACTIVITIES),
        kinds,
        things,
        np.array([kinds.index(types[thing[0]]) for thing in things], np.int64),
        np.array([number for number, *_ in events], np.int64),
        np.array([ACTIVITIES.index(activity) for _, activity, *_ in events], np.int64),
        np.array([at * HOUR for _, _, at, _ in events], np.int64),
        np.zeros(len(events), np.int64),
        tuple(np.array(pairs, np.int64).reshape(-1, 2).T),
        tuple(np.array([[place[a], place[b]] for a, b in links], np.int64).reshape(-1, 2).T),
        [Promise(place[thing], name, at * HOUR, said * HOUR) for thing, name, at, said in promises],
        adds=adds,
    )


def merge(path, log, source="a", *, replace=False):
    """Merge a log and return what became of it."""
    told = Told(source, "0" * 64, "sqlite", "2026-01-01T00:00:00+00:00", "")
    return kept_log.merge(path, log, told, KINDS, replace=replace)


def kept(path):
    """Return all that is kept, by names."""
    log = kept_log.whole(path)
    events, things = log.events.to_pylist(), log.objects.to_pylist()
    told = [
        (event, log.activities[code], at)
        for event, code, at in zip(events, log.activity.tolist(), log.at.tolist(), strict=True)
    ]
    types = {thing: log.types[code] for thing, code in zip(things, log.type.tolist(), strict=True)}
    touches = {(events[a], things[b]) for a, b in zip(*(each.tolist() for each in log.touches), strict=True)}
    links = {(things[a], things[b]) for a, b in zip(*(each.tolist() for each in log.links), strict=True)}
    rows = [
        (one.sign, one.type, one.unit, one.begun, one.last, one.step, one.steps, one.done, one.promised)
        for one in kept_log.orders(path, Wanted(), 0, 1_000)
    ]
    return told, types, touches, links, sorted(rows)


THINGS = st.frozensets(st.sampled_from(("H1", "H2", "C1", "U1", "U2", "~a", "~b")), min_size=1, max_size=4)
EVENTS = st.dictionaries(
    st.integers(-5, 30), st.tuples(st.sampled_from(ACTIVITIES), st.integers(0, 9), THINGS), max_size=12
).map(lambda found: [(number, *rest) for number, rest in found.items()])
LINKS = st.lists(st.sampled_from((("~a", "~b"), ("H1", "~a"), ("H2", "H1"))), max_size=3)


@given(EVENTS, LINKS, st.data())
def test_slices_that_overlap_in_any_order_and_as_often_give_what_the_whole_gives(
    tmp_path, events, links, data
):
    whole, sliced = tmp_path / "whole.sqlite", tmp_path / "sliced.sqlite"
    for path in (whole, sliced):
        path.unlink(missing_ok=True)
    merge(whole, incoming(events, links))
    parts = [data.draw(st.sets(st.sampled_from(events))) if events else set() for _ in range(3)]
    parts.append(set(events) - set().union(*parts))
    order = data.draw(st.permutations([*range(4), *range(4)]))

    counts = [merge(sliced, incoming(sorted(parts[at], key=str), links)) for at in order]

    assert kept(sliced) == kept(whole)
    assert (sum(each.new for each in counts), sum(each.changed for each in counts)) == (len(events), 0)
    assert merge(sliced, incoming(events, links)).nothing


@given(EVENTS, EVENTS, EVENTS)
def test_what_came_last_holds_and_other_sources_stay(tmp_path, first, second, other):
    path, plain = tmp_path / "a.sqlite", tmp_path / "b.sqlite"
    for each in (path, plain):
        each.unlink(missing_ok=True)
    others = [(number + 1_000, *rest) for number, *rest in other]
    merge(path, incoming(first)), merge(path, incoming(others), "b"), merge(path, incoming(second))

    held = {number: (number, *rest) for number, *rest in (*first, *second)}
    merge(plain, incoming(others), "b"), merge(plain, incoming(held.values()))
    assert kept(path) == kept(plain)

    counts = merge(path, incoming(second), replace=True)
    plain.unlink()
    merge(plain, incoming(others), "b"), merge(plain, incoming(second))
    assert kept(path) == kept(plain)
    assert counts.removed == len(set(held) - {number for number, *_ in second})
    assert kept_log.drop(path, "b", KINDS) == len(others)
    plain.unlink()
    merge(plain, incoming(second))
    assert kept(path) == kept(plain)


def test_what_is_new_changed_and_as_it_was_is_counted(tmp_path):
    path = tmp_path / "a.sqlite"
    events = [(1, "受理", 1, frozenset({"H1", "U1"})), (2, "换表", 2, frozenset({"H1", "U2"}))]
    assert merge(path, incoming(events)).new == 2

    later = [events[0], (2, "换表", 3, frozenset({"H1"})), (3, "归档", 4, frozenset({"H1"}))]
    counts = merge(path, incoming(later))

    assert (counts.new, counts.changed, counts.unchanged, counts.removed) == (1, 1, 1, 0)
    assert (counts.events, counts.objects) == (3, 2)
    [order] = kept_log.orders(path, Wanted(), 0, 10)
    assert (order.sign, order.unit, order.begun, order.last) == ("H1", "U1", HOUR, 4 * HOUR)
    assert (order.step, order.steps, order.done) == ("归档", 3, 1)


def test_rows_that_say_one_event_piece_by_piece_add_up(tmp_path):
    path = tmp_path / "a.sqlite"
    for of in ({"H1", "~a"}, {"H1", "~b"}, {"H1", "~a"}):
        counts = merge(path, incoming([(1, "受理", 1, frozenset(of))], adds=True))
    assert counts.nothing
    assert {thing for _, thing in kept(path)[2]} == {"H1", "~a", "~b"}

    merge(path, incoming([(1, "受理", 2, frozenset({"H1", "~a"}))], adds=True))
    assert {thing for _, thing in kept(path)[2]} == {"H1", "~a"}


def test_one_number_under_two_types_is_two_objects_and_a_reference_is_one(tmp_path):
    path = tmp_path / "a.sqlite"
    one = incoming([(1, "受理", 1, frozenset({"H1", "~a"}))])
    other = incoming([(2, "受理", 1, frozenset({"H1", "~a"}))], types=TYPES | {"H": "抄表单", "~": "用户"})
    merge(path, one), merge(path, other, "b"), merge(path, other, "b")

    assert kept(path)[1] == {"H1": "换表单", "抄表单:H1": "抄表单", "~a": "户号"}
    assert kept_log.types_of(path, ["H1"]) == {"H1": "换表单", "抄表单:H1": "抄表单"}


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_the_promise_that_was_said_last_holds(tmp_path, order):
    path = tmp_path / "a.sqlite"
    said = [("H1", "承诺时限", 30, 1), ("H1", "承诺时限", 40, 2), ("H1", "要求完成时间", 50, 1)]
    for at in order:
        merge(path, incoming([(1, "受理", 1, frozenset({"H1"}))], promises=[said[at]]))

    assert merge(path, incoming([(1, "受理", 1, frozenset({"H1"}))], promises=said)).nothing
    assert kept_log.orders(path, Wanted(), 0, 1)[0].promised == 40 * HOUR


def test_lists_of_orders_are_narrowed(tmp_path):
    path = tmp_path / "a.sqlite"
    merge(path, incoming([
        (1, "受理", 1, frozenset({"H1", "U1"})), (2, "归档", 5, frozenset({"H1", "U1"})),
        (3, "受理", 2, frozenset({"H2", "U2"})), (4, "受理", 3, frozenset({"C1", "U1"})),
    ]))  # fmt: skip

    def signs(**narrow):
        return [one.sign for one in kept_log.orders(path, Wanted(**narrow), 0, 10)]

    assert signs() == ["H1", "C1", "H2"]
    assert (signs(type="换表单"), signs(unit="U1"), signs(state="open")) == (
        ["H1", "H2"], ["H1", "C1"], ["C1", "H2"]
    )  # fmt: skip
    assert signs(type="换表单", unit="U2", state="open", number="H") == ["H2"]
    assert [one.sign for one in kept_log.orders(path, Wanted(), 1, 1)] == ["C1"]
    assert kept_log.types(path) == [("抄表单", 1), ("换表单", 2)]
    [first, second] = kept_log.steps(path, kept_log.order(path, "H1"), 10)
    assert (first.activity, first.others, second.at) == ("受理", (("单位", "U1"),), 5 * HOUR)
    assert kept_log.order(path, "H9") is None


def test_what_was_forgotten_does_not_come_back(tmp_path):
    path = tmp_path / "a.sqlite"
    log = incoming(
        [
            (1, "受理", 1, frozenset({"~a"})),
            (2, "受理", 2, frozenset({"~a", "H1"})),
            (3, "受理", 3, frozenset("H")),
        ],
        links=[("~a", "H1")],
    )
    merge(path, log)

    assert kept_log.forget(path, ["~a"]) == 1

    before = kept(path)
    counts = merge(
        path, incoming([(1, "换表", 1, frozenset({"~a"})), (2, "换表", 9, frozenset({"~a", "H1"}))])
    )
    assert (counts.nothing, kept(path)) == (True, before)
    assert Counter(thing for _, thing in before[2]) == {"H1": 1, "H": 1}
    merge(path, incoming([(9, "受理", 9, frozenset({"~a"}))]))
    assert "~a" in kept(path)[1]


def test_references_are_marked_alike_everywhere():
    assert kept_log.MARK == event_log.MARK


def shown(path, sign, *, own=True):
    return [step.activity for step in kept_log.steps(path, kept_log.order(path, sign), 10, own=own)]


def test_a_refusal_that_names_what_stood_in_its_way_is_no_step_of_that(tmp_path):
    path = tmp_path / "a.sqlite"
    batch = [(1, "受理", 1, frozenset({"C1", "U1"}))]
    refused = [(at, "被拒", at, frozenset({"H1", "C1", "U2"})) for at in (5, 6)]
    merge(path, incoming([*batch, *refused, (2, "受理", 4, frozenset({"H1", "U2"}))]))

    of = {
        one.sign: (one.unit, one.step, one.last, one.steps) for one in kept_log.orders(path, Wanted(), 0, 9)
    }
    assert of == {"C1": ("U1", "受理", HOUR, 1), "H1": ("U2", "被拒", 6 * HOUR, 3)}
    assert (shown(path, "C1"), shown(path, "C1", own=False)) == (["受理"], ["被拒", "被拒"])
    assert (shown(path, "H1", own=False), kept_log.orders(path, Wanted(unit="U2"), 0, 9)[0].sign) == (
        [],
        "H1",
    )


def test_what_a_kind_is_seldom_named_by_is_no_step_of_it_and_what_both_do_is_of_both(tmp_path):
    path = tmp_path / "a.sqlite"
    swaps = [(at, "换表", at, frozenset({f"H{at}"})) for at in range(1, 4)]
    both = [(9, "归档", 8, frozenset({"H1", "C1"}))]
    merge(path, incoming([*swaps, *both, (5, "换表", 5, frozenset({"H5", "C1"}))]))
    assert (shown(path, "C1"), shown(path, "C1", own=False)) == (["归档"], ["换表"])
    assert shown(path, "H1") == ["换表", "归档"]

    merge(path, incoming([(at, "换表", at, frozenset({"C2", "H5"})) for at in (6, 7)]))
    assert shown(path, "C1") == ["换表", "归档"]  # by now it is usual


def test_an_order_that_others_only_name_has_no_step_and_no_unit(tmp_path):
    path = tmp_path / "a.sqlite"
    merge(path, incoming([(1, "受理", 1, frozenset({"H1"})), (2, "被拒", 2, frozenset({"H1", "C1", "U1"}))]
                         + [(3, "被拒", 3, frozenset({"H1"}))]))  # fmt: skip

    one = kept_log.order(path, "C1")
    assert (one.unit, one.step, one.steps, one.begun, one.done) == (None, "", 0, 2 * HOUR, 0)


def test_a_log_kept_before_steps_were_told_apart_is_counted_when_it_grows(tmp_path):
    path, again = tmp_path / "a.sqlite", tmp_path / "b.sqlite"
    events = [(1, "受理", 1, frozenset({"C1"})), (2, "受理", 2, frozenset({"H1"}))]
    events += [(3, "被拒", 3, frozenset({"H1", "C1"})), (4, "被拒", 4, frozenset({"H1"}))]
    merge(path, incoming(events))
    with sqlite3.connect(path) as link:
        link.executescript("DROP TABLE usual; DROP TABLE beats")
    assert shown(path, "C1") == ["受理", "被拒"]

    more = [(9, "受理", 9, frozenset({"H2"}))]
    merge(path, incoming(more)), merge(again, incoming([*events, *more]))
    assert (kept(path), shown(path, "C1")) == (kept(again), ["受理"])
