"""Which clocks a case carries: started and stopped by its milestones, moved in their family, or voided."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from suyuan.domain.clockplan import Plan, Running, plan

AT = datetime(2026, 3, 4, 2, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Limit:
    """A limit as the plan sees it."""

    id: str
    family: str = ""
    starts: str = "accepted_at"
    stops: str = "answered_at"

    def __post_init__(self):
        object.__setattr__(self, "family", self.family or self.id)


ANSWER = Limit("complaint.answer")
CALLBACK = Limit("complaint.callback", starts="answered_at", stops="called_back_at")
URBAN = Limit("arrive.urban", "arrive", stops="arrived_at")
RURAL = Limit("arrive.rural", "arrive", stops="arrived_at")
NOTHING = Plan((), (), (), ())


def running(limit, key=1, is_running=True):
    """Return a clock of a limit."""
    return Running(key, limit.id, limit.family, is_running)


def test_nothing_begins_with_the_end_of_a_case_and_what_is_over_is_still_told():
    at_once = {"accepted_at": AT, "answered_at": AT}

    assert plan([ANSWER, CALLBACK], at_once, [], AT) == Plan((ANSWER,), (), (), ())


def test_a_clock_starts_when_its_first_milestone_is_reached_and_not_before():
    assert plan([ANSWER, CALLBACK], {"accepted_at": AT}, []) == Plan((ANSWER,), (), (), ())
    assert plan([ANSWER, CALLBACK], {}, []) == NOTHING
    assert plan([ANSWER], {"accepted_at": None}, []) == NOTHING


def test_a_clock_stops_at_the_moment_of_its_second_milestone():
    moments = {"accepted_at": AT, "answered_at": AT + HOUR}

    assert plan([ANSWER], moments, [running(ANSWER)]) == Plan((), (), ((1, AT + HOUR),), ())


def test_the_stop_of_one_clock_is_the_start_of_the_next():
    moments = {"accepted_at": AT, "answered_at": AT + HOUR}

    assert plan([ANSWER, CALLBACK], moments, [running(ANSWER)]) == Plan(
        (CALLBACK,), (), ((1, AT + HOUR),), ()
    )


def test_an_imported_order_starts_clocks_that_have_stopped_already():
    moments = {"accepted_at": AT, "answered_at": AT + HOUR}

    assert plan([ANSWER], moments, []) == Plan((ANSWER,), (), (), ())


def test_a_clock_that_is_there_is_not_started_again_even_when_it_has_stopped():
    moments = {"accepted_at": AT}

    assert plan([ANSWER], moments, [running(ANSWER)]) == NOTHING
    assert plan([ANSWER], moments, [running(ANSWER, is_running=False)]) == NOTHING


def test_a_limit_that_no_longer_holds_moves_to_the_one_of_its_family_that_does():
    assert plan([RURAL], {"accepted_at": AT}, [running(URBAN)]) == Plan((), ((1, RURAL),), (), ())


def test_a_stopped_clock_is_never_moved():
    assert plan([RURAL], {"accepted_at": AT}, [running(URBAN, is_running=False)]) == Plan(
        (RURAL,), (), (), ()
    )


def test_a_limit_that_no_longer_holds_and_has_no_family_left_is_void():
    assert plan([], {"accepted_at": AT}, [running(ANSWER)]) == Plan((), (), (), (1,))
    assert plan([], {"accepted_at": AT}, [running(ANSWER, is_running=False)]) == NOTHING


def test_two_limits_of_one_family_that_both_hold_stand_side_by_side():
    assert plan([URBAN, RURAL], {"accepted_at": AT}, [running(URBAN)]) == Plan((RURAL,), (), (), ())


DRAFT = Limit("rectification.draft", starts="registered_at", stops="dispatched_at")
SIGNING = Limit("rectification.countersign", starts="dispatched_at", stops="reviewed_at")
BACK = {"dispatched_at"}


def sheet(moments, draft_runs, signing_waits):
    """Return the plan for an order of which both clocks are there."""
    clocks = [running(DRAFT, 1, draft_runs), Running(2, SIGNING.id, SIGNING.family, True, signing_waits)]
    return plan([DRAFT, SIGNING], {"registered_at": AT} | moments, clocks, back=BACK)


def test_what_is_sent_back_to_its_draft_counts_as_a_draft_and_what_goes_round_again_as_signing():
    back, out = {"dispatched_at": None}, {"dispatched_at": AT + HOUR}

    assert sheet(back, False, False) == Plan((), (), (), (), run_on=(1,), wait=(2,))
    assert sheet(back, True, True) == NOTHING
    assert sheet(out, True, True) == Plan((), (), ((1, AT + HOUR),), (), go_on=(2,))
    assert sheet(out, False, False) == NOTHING
    both = Plan((), (), ((1, AT + HOUR), (2, AT + HOUR)), ())
    assert sheet(out | {"reviewed_at": AT + HOUR}, True, True) == both


def test_no_other_milestone_is_gone_back_behind():
    clocks = [running(DRAFT, 1, False), running(SIGNING, 2)]

    assert plan([DRAFT, SIGNING], {"registered_at": AT}, clocks) == NOTHING


def test_what_would_run_on_after_the_archive_is_stopped_there():
    end = AT + 5 * HOUR

    assert plan([ANSWER], {"accepted_at": AT}, [running(ANSWER)], end) == Plan((), (), ((1, end),), ())
    assert plan([ANSWER], {"accepted_at": AT, "answered_at": AT + HOUR}, [running(ANSWER)], end) == Plan(
        (), (), ((1, AT + HOUR),), ()
    )


def test_one_clock_moves_to_one_limit_though_two_of_its_family_hold_now():
    remote = Limit("arrive.remote", "arrive", stops="arrived_at")

    assert plan([RURAL, remote], {"accepted_at": AT}, [running(URBAN)]) == Plan(
        (remote,), ((1, RURAL),), (), ()
    )


NAMES = ("accepted_at", "dispatched_at", "taken_at", "answered_at", "called_back_at")
limits = st.lists(
    st.builds(
        Limit,
        id=st.sampled_from("abcdef"),
        family=st.sampled_from(["", "x", "y"]),
        starts=st.sampled_from(NAMES),
        stops=st.sampled_from(NAMES),
    ),
    max_size=6,
    unique_by=lambda limit: limit.id,
)
moments = st.fixed_dictionaries({name: st.none() | st.just(AT) for name in NAMES})
clocks = st.lists(
    st.builds(
        lambda limit, family, is_running: (limit, family or limit, is_running),
        st.sampled_from("abcdef"),
        st.sampled_from(["", "x", "y"]),
        st.booleans(),
    ),
    max_size=6,
    unique_by=lambda clock: clock[0],
).map(lambda rows: [Running(key, *row) for key, row in enumerate(rows)])


@given(limits, moments, clocks, st.none() | st.just(AT))
def test_no_clock_is_dealt_with_twice_and_none_that_has_stopped(wanted, reached, there, end):
    found = plan(wanted, reached, there, end)

    dealt = [key for key, _ in found.move] + [key for key, _ in found.stop] + list(found.void)
    assert all(there[key].is_running for key in dealt)
    assert not {limit.id for limit in found.start} & {limit.id for _, limit in found.move}
    assert sorted(key for key, _ in found.stop) == sorted({key for key, _ in found.stop})
    assert not {key for key, _ in found.stop} & set(found.void)
    assert not {key for key, _ in found.move} & (set(found.void) | {key for key, _ in found.stop})


@given(limits, moments, clocks)
def test_one_clock_does_not_become_two(wanted, reached, there):
    found = plan(wanted, reached, there)

    moved = [key for key, _ in found.move]
    assert len(moved) == len(set(moved))


@given(limits, moments)
def test_a_plan_carried_out_leaves_nothing_to_do(wanted, reached):
    first = plan(wanted, reached, [])
    there = [
        Running(key, limit.id, limit.family, reached.get(limit.stops) is None)
        for key, limit in enumerate(first.start)
    ]

    assert plan(wanted, reached, there) == NOTHING


@given(limits, moments, clocks)
def test_whatever_should_run_is_there_afterwards_or_starts(wanted, reached, there):
    found = plan(wanted, reached, there)

    known = {clock.limit for clock in there}
    for limit in wanted:
        if reached[limit.starts] is not None:
            assert limit.id in known or limit in found.start or limit in [target for _, target in found.move]
