"""Two logs as one: one object by its id, one event told once, the course of an order told by one of them."""

import numpy as np
import pyarrow as pa
import pytest

from suyuan.analytics.trace.joined import Parts, joined

APART, ENDS = {"户号", "单位", "台区"}, {"投诉工单"}


def parts(objects: dict[str, str], events: list[tuple], links: list[tuple[str, str]] = ()) -> Parts:
    """Return a log of events (id, activity, moment, objects)."""
    names, types = list(objects), sorted(set(objects.values()))
    activities = sorted({one[1] for one in events})
    pairs = [(n, names.index(thing)) for n, one in enumerate(events) for thing in one[3]]
    ends = [(names.index(a), names.index(b)) for a, b in links]
    return Parts(
        activities,
        types,
        pa.array([one[0] for one in events], pa.string()),
        pa.array(names, pa.string()),
        np.array([activities.index(one[1]) for one in events], np.int64),
        np.array([one[2] for one in events], np.int64),
        np.array([types.index(objects[name]) for name in names], np.int64),
        tuple(np.array([pair[side] for pair in pairs], np.int64) for side in (0, 1)),
        tuple(np.array([pair[side] for pair in ends], np.int64) for side in (0, 1)),
    )


def told(log: Parts) -> list[tuple[str, str, int, set[str]]]:
    """Return the events with the objects of each."""
    names = log.objects.to_pylist()
    of = [
        {names[thing] for event, thing in zip(*log.touches, strict=True) if event == n}
        for n in range(len(log.at))
    ]
    rows = zip(log.events.to_pylist(), log.activity, log.at, of, strict=True)
    return [(event, log.activities[code], int(at), things) for event, code, at, things in rows]


def linked(log: Parts) -> set[tuple[str, str]]:
    names = log.objects.to_pylist()
    return {(names[a], names[b]) for a, b in zip(*log.links, strict=True)}


def kinds(log: Parts) -> dict[str, str]:
    return {name: log.types[code] for name, code in zip(log.objects.to_pylist(), log.type, strict=True)}


def test_what_has_one_id_is_one_object_of_the_type_the_second_says():
    theirs = parts({"N1": "报修工单", "a": "户号"}, [("e1", "受理", 10, ("N1", "a"))])
    ours = parts({"a": "户号", "N1": "报修单", "N2": "报修单"}, [("o1", "接单", 20, ("N2", "a"))])
    log = joined(theirs, ours, APART)

    assert kinds(log) == {"N1": "报修单", "a": "户号", "N2": "报修单"}
    assert told(log) == [("e1", "受理", 10, {"N1", "a"}), ("o1", "接单", 20, {"N2", "a"})]


def test_the_course_of_an_order_that_both_tell_is_the_seconds():
    theirs = parts(
        {"N1": "报修工单", "X": "换表单", "a": "户号"},
        [
            ("e1", "工单受理", 10, ("N1", "a")),
            ("e2", "工单派发", 30, ("N1",)),
            ("e3", "换表", 40, ("N1", "X")),
        ],
    )
    ours = parts({"N1": "报修单"}, [("o1", "受理", 10, ("N1",)), ("o2", "派单", 30, ("N1",))])

    assert told(joined(theirs, ours, APART)) == [
        ("o1", "受理", 10, {"N1"}),
        ("o2", "派单", 30, {"N1"}),
        ("e3", "换表", 40, {"X"}),
    ]


def test_an_order_of_which_the_second_knows_little_is_told_by_both_each_event_once():
    steps = [
        ("e1", "受理", 10),
        ("e2", "派单", 20),
        ("e3", "接单", 30),
        ("e4", "到场", 40),
        ("e5", "送电", 50),
    ]
    theirs = parts({"N1": "报修工单"}, [(*step, ("N1",)) for step in steps])
    ours = parts({"N1": "报修单"}, [("o1", "受理", 10, ("N1",)), ("o2", "归档", 60, ("N1",))])

    assert [row[0] for row in told(joined(theirs, ours, APART))] == ["e1", "e2", "e3", "e4", "e5", "o2"]


def test_of_a_complaint_both_tell():
    theirs = parts({"N1": "投诉工单"}, [("e1", "工单受理", 12, ("N1",))])
    ours = parts({"N1": "投诉工单"}, [("o1", "受理", 10, ("N1",)), ("o2", "接单", 20, ("N1",))])

    assert [row[0] for row in told(joined(theirs, ours, APART, ENDS))] == ["o1", "e1", "o2"]


def test_what_happened_at_one_moment_to_a_place_alone_is_not_the_same():
    theirs = parts({"a": "户号", "X": "换表单"}, [("e1", "联系客户", 10, ("X", "a"))])
    ours = parts({"a": "户号", "N1": "报修单"}, [("o1", "联系客户", 10, ("N1", "a"))])

    assert [row[0] for row in told(joined(theirs, ours, APART))] == ["e1", "o1"]


def test_a_link_of_the_first_stands_before_another_one_to_that_type():
    theirs = parts({"a": "户号", "T1": "台区"}, [], [("a", "T1")])
    ours = parts({"a": "户号", "T2": "台区", "N1": "报修单"}, [], [("a", "T2"), ("N1", "a")])

    assert linked(joined(theirs, ours, APART)) == {("a", "T1"), ("N1", "a")}


@pytest.mark.parametrize("first", [True, False])
def test_nothing_and_a_log_are_that_log(first):
    one = parts({"N1": "报修单", "a": "户号"}, [("o1", "受理", 10, ("N1", "a"))], [("N1", "a")])
    none = parts({}, [])
    log = joined(one, none, APART) if first else joined(none, one, APART)

    assert (told(log), linked(log), kinds(log)) == (told(one), linked(one), kinds(one))


def test_the_numbers_of_the_first_stand():
    theirs = parts({"N1": "换表单", "a": "户号"}, [("e1", "乙", 10, ("N1",))])
    ours = parts({"N2": "报修单"}, [("o1", "甲", 5, ("N2",))])
    log = joined(theirs, ours, APART)

    assert (log.activities, log.types, log.objects.to_pylist()) == (
        ["乙", "甲"],
        ["户号", "换表单", "报修单"],
        ["N1", "a", "N2"],
    )
