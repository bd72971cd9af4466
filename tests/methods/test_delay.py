"""What delay costs: counted after a landmark alone, over strata, and nothing is said of too few."""

import numpy as np
import pytest

from suyuan.analytics.effects.delay import Course, report

HORIZON = 720


def course(
    acted: float | None,
    escalated: tuple[float, ...] = (),
    stratum: str = "complaint",
    **said,
) -> Course:  # type: ignore[no-untyped-def]
    """Return a case watched for long, unless told otherwise."""
    return Course(
        stratum,
        acted,
        said.get("contacts", ()),
        escalated,
        said.get("closed"),
        said.get("watched", 9999.0),
    )


def drawn(seed: int, early: float, late: float, n: int = 300) -> list[Course]:
    """Return cases of two strata; those acted on late go further as often as ``late`` says."""
    chance = np.random.default_rng(seed)
    found = []
    for at in range(n):
        hard = at % 3 == 0
        acted = 30.0 if chance.random() < (0.7 if hard else 0.3) else 2.0
        risk = (late if acted > 24 else early) * (2 if hard else 1)
        found.append(
            course(
                acted,
                (100.0,) if chance.random() < risk else (),
                "hard" if hard else "easy",
            )
        )
    return found


def test_what_came_before_the_landmark_is_blamed_on_nobody():
    (one,) = report(
        [course(2.0, (10.0,)), course(None, (10.0, 30.0)), course(50.0, (900.0,))],
        [24],
        HORIZON,
        1,
    )

    assert (one.soon.n, one.soon.escalated, one.later.n, one.later.escalated) == (
        1,
        0,
        2,
        1,
    )


def test_a_case_not_watched_long_enough_is_not_counted():
    (one,) = report([course(2.0, watched=700.0), course(2.0)], [24], HORIZON, 1)

    assert one.soon.n == 1


def test_the_ratio_over_strata_is_worked_out_by_hand():
    cases = [course(None, (30.0,))] * 4 + [course(None)] * 6 + [course(1.0, (30.0,))] * 2 + [course(1.0)] * 8

    (one,) = report(cases, [24], HORIZON, 5)

    assert one.ratio == pytest.approx(2.0)
    assert one.verdict == "cannot_tell"
    assert one.low is not None
    assert one.high is not None
    assert one.low < 1 < one.high


def test_a_cost_is_found_and_none_is_not_made_of_hard_cases_alone():
    costs = [report(drawn(seed, 0.1, 0.3), [24], HORIZON, 20)[0].verdict for seed in range(20)]
    nothing = [report(drawn(seed, 0.2, 0.2), [24], HORIZON, 20)[0].verdict for seed in range(60)]

    assert costs.count("later_costs") >= 18
    assert nothing.count("cannot_tell") >= 54


def test_too_few_say_nothing_and_none_at_all_is_no_error():
    cases = [course(None, (30.0,))] * 9 + [course(1.0)] * 9 + [course(1.0, (30.0,))]

    assert report(cases, [24], HORIZON, 10)[0].verdict == "cannot_tell"
    (empty,) = report([], [24], HORIZON, 10)
    assert (empty.soon.n, empty.ratio, empty.soon.contacts_each, empty.soon.hours) == (
        0,
        None,
        None,
        None,
    )


def test_contacts_and_hours_to_the_archive_are_told_with_their_interval():
    cases = [course(1.0, contacts=(30.0, 40.0), closed=50.0), course(1.0, closed=70.0)]

    (one,) = report(cases, [24], HORIZON, 1)

    assert (
        one.soon.contacts,
        one.soon.contacts_each,
        one.soon.hours,
        one.soon.archived,
    ) == (2, 1.0, 60.0, 2)
    assert one.soon.contacts_low is not None
    assert one.soon.contacts_low < 1 < (one.soon.contacts_high or 0)
