"""The map of a flow: what follows what, the main part of it, and where its steps stand."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suyuan.analytics.trace import flow, layered
from suyuan.analytics.trace.flow import Flow, Passage
from suyuan.analytics.trace.layered import NODE
from suyuan.analytics.trace.survey import Survey
from suyuan.analytics.trace.tracer import Tracer
from suyuan.domain.rulebook import load
from tests.trace_logs import log_of

A, B, C, D = range(4)


def order(name: str, steps: str, day: int):
    """Return an order that goes through steps of one letter, an hour each."""
    return [(name, step, "u", f"2025-03-{day:02}T{8 + n:02}:00") for n, step in enumerate(steps)]


def test_a_flow_counts_what_directly_follows_what():
    rows = [*order("o1", "abcd", 3), *order("o2", "abcd", 4), *order("o3", "acbcd", 5), *order("o4", "ab", 6)]
    survey = Survey(Tracer(*log_of(*rows)), load().calendar)
    log = survey.tracer.log

    found = flow.flow(survey.steps, log.types.index("order"))

    assert {(log.activities[one.before], log.activities[one.after]): one.times for one in found.passages} == {
        ("a", "b"): 3,
        ("b", "c"): 3,
        ("c", "d"): 3,
        ("a", "c"): 1,
        ("c", "b"): 1,
    }
    assert [(log.activities[step], times) for step, times in found.done.items()] == [
        ("a", 4),
        ("b", 4),
        ("c", 4),
        ("d", 3),
    ]
    assert (found.whole, found.shown) == (11, 1.0)


WHOLE = Flow(
    {A: 100, B: 99, C: 98, D: 2},
    (Passage(A, B, 98), Passage(B, C, 96), Passage(C, A, 3), Passage(A, D, 2), Passage(D, C, 1)),
    200,
)


def test_the_main_flow_leaves_out_what_is_seldom():
    found = flow.main_part(WHOLE)

    assert (found.passages, list(found.done), found.shown) == (WHOLE.passages[:2], [A, B, C], 0.97)


def test_what_has_to_be_kept_stays_with_its_most_frequent_passages():
    found = flow.main_part(WHOLE, keep=(D,))

    assert found.passages == (*WHOLE.passages[:2], Passage(D, C, 1), Passage(A, D, 2))
    assert list(found.done) == [A, B, C, D]


def test_no_more_is_drawn_than_can_be_read():
    many = Flow(dict.fromkeys(range(1000), 1), tuple(Passage(n, n + 1, 1) for n in range(999)), 999)

    assert len(flow.main_part(many).passages) == flow.DRAWN


def test_an_order_of_one_step_is_drawn_alone():
    assert list(flow.main_part(Flow({A: 3}, (), 0)).done) == [A]


def test_each_step_stands_below_what_it_follows():
    found = layered.placed([A, B, C, D], [(A, B), (A, C), (B, D), (C, D), (D, A), (B, B)])

    assert {step: layer for step, (_, layer) in found.at.items()} == {A: 0, B: 1, C: 1, D: 2}
    assert found.back == {(D, A), (B, B)}
    assert found.layers == 3
    assert found.at[A][0] == pytest.approx(found.at[D][0])


def test_an_edge_over_a_layer_goes_around_the_step_there():
    found = layered.placed([A, B, C], [(A, B), (B, C), (A, C)])

    [(across, layer)] = found.bends[A, C]
    assert layer == 1
    assert abs(across - found.at[B][0]) >= NODE / 2


def test_nothing_takes_no_room():
    assert (layered.placed([], []).width, layered.placed([], []).layers) == (0.0, 0)


@given(st.sets(st.tuples(st.integers(0, 12), st.integers(0, 12)), max_size=40))
def test_steps_of_a_layer_have_room_and_edges_lead_down_or_back(edges):
    steps = sorted({end for edge in edges for end in edge})

    found = layered.placed(steps, sorted(edges))

    rows: dict[int, list[float]] = {}
    for across, layer in found.at.values():
        rows.setdefault(layer, []).append(across)
    for row in rows.values():
        ordered = sorted(row)
        assert all(b - a >= NODE - 1e-9 for a, b in itertools.pairwise(ordered))
    assert all(found.at[a][1] < found.at[b][1] for a, b in edges - found.back)
    assert all(0 <= across <= found.width for across, _ in found.at.values())
