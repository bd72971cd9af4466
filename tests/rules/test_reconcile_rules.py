"""What came in is what passed a stage and what is missing there, to the last one."""

from hypothesis import given
from hypothesis import strategies as st

from suyuan.domain.reconcile import DONE, PLACE, PLACES, Count, Stage, reconcile

CODES = st.sampled_from([*PLACE, DONE])
COUNTS = st.lists(
    st.builds(Count, st.sampled_from(["95598", "12345", ""]), CODES, st.integers(0, 500)), max_size=40
)


def test_every_stage_is_short_by_what_lies_at_its_places():
    found = reconcile(
        [
            Count("95598", DONE, 90),
            Count("95598", "void", 3),
            Count("12345", "not_registered", 2, overdue=1),
            Count("12345", "not_answered", 4, hidden=1),
            Count("95598", "not_answered", 1),
        ]
    )

    assert (found.received, found.passed, found.complete) == (
        100,
        {Stage.ACCEPTED: 95, Stage.HANDLED: 95, Stage.ANSWERED: 90, Stage.CALLED_BACK: 90},
        False,
    )
    assert [(gap.place.code, gap.n, gap.overdue, gap.hidden) for gap in found.gaps] == [
        ("not_registered", 2, 1, 0),
        ("void", 3, 0, 0),
        ("not_answered", 5, 0, 1),
    ]
    assert [found.owed(stage) for stage in Stage] == [97, 95, 95, 90]


def test_what_is_explained_leaves_nothing_owed():
    found = reconcile([Count("", "void", 1), Count("", "merged", 1), Count("", "unreached", 1)])

    assert (found.complete, found.received, found.passed[Stage.CALLED_BACK]) == (True, 3, 0)
    assert reconcile([]).complete


@given(COUNTS)
def test_the_totals_reconcile_exactly(counts):
    found = reconcile(counts)

    left = found.received
    for stage in Stage:
        here = sum(gap.n for gap in found.gaps if gap.place.stage == stage)
        assert left == found.passed[stage] + here
        left = found.passed[stage]
    assert left == sum(one.n for one in counts if one.code == DONE)
    assert found.received == sum(one.n for one in counts)


@given(COUNTS)
def test_channels_add_up_to_the_whole(counts):
    whole = reconcile(counts)
    parts = [reconcile(one for one in counts if one.channel == name) for name in {c.channel for c in counts}]

    assert sum(part.received for part in parts) == whole.received
    assert {s: sum(part.passed[s] for part in parts) for s in Stage} == dict(whole.passed)


def test_the_places_stand_in_the_order_of_the_stages():
    order = list(Stage)

    assert [order.index(place.stage) for place in PLACES] == sorted(
        order.index(place.stage) for place in PLACES
    )
    assert len(PLACE) == len(PLACES)
