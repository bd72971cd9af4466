"""What deviations add to the rate of complaints, worked by hand and by planted rates."""

import numpy as np
import pytest

from suyuan.analytics.trace.support import BASE, DRAWN_TO, PRIOR, UNSEEN, learn

LATE, REPEATED = (("job", 1, "late"), 0), (("job", 2, "repeated"), 0)
OTHER = (("swap", 3, "late"), 0)


def test_what_one_complaint_alone_has_is_no_evidence_of_its_own_cause():
    support = learn([(7, frozenset([LATE]), "")], [frozenset()] * 9)

    others = support.without(7, "")

    assert others.of(LATE, "") == pytest.approx(DRAWN_TO * drawn_to() / (UNSEEN / 9 + DRAWN_TO))
    assert others.unexplained("") == BASE
    assert support.of(LATE, "") > others.of(LATE, "")


def drawn_to():
    """Return what a kind is drawn to that nobody else had: its mode, drawn to what is thought of any."""
    expected = UNSEEN / 9
    mode = DRAWN_TO * PRIOR / (expected + DRAWN_TO)
    return DRAWN_TO * mode / (expected + DRAWN_TO)


def test_without_complaints_or_controls_nothing_is_known_and_nothing_breaks():
    for support in (learn([], []), learn([(1, frozenset(), "")], [])):
        assert support.of(LATE, "") > 0
        assert 0 < support.unexplained("") < 10
        assert 0 <= support.fraction(LATE, "") <= 1


def planted(seed, share_late=0.1, adds=9.0, size=400):
    """Return what is learned where who is late complains (1 + adds) times as often, who repeats does not."""
    dice = np.random.default_rng(seed)
    controls = [
        frozenset(f for f, p in ((LATE, share_late), (REPEATED, 0.2)) if dice.random() < p)
        for _ in range(2_400)
    ]
    among = share_late * (1 + adds) / (1 + share_late * adds)
    cases = [
        (n, frozenset(f for f, p in ((LATE, among), (REPEATED, 0.2)) if dice.random() < p), "a")
        for n in range(size)
    ]
    return learn(cases, controls)


def test_planted_rates_are_found_and_what_stands_beside_adds_nothing():
    support = planted(3)

    base = support.unexplained("a")
    assert 5 < support.of(LATE, "a") / base < 11
    assert support.of(REPEATED, "a") / base < 0.5
    assert support.fraction(LATE, "a") > 0.9
    assert support.fraction(REPEATED, "a") < 0.3


def test_what_is_seldom_is_drawn_to_what_its_mode_adds_and_not_to_what_is_everywhere():
    cases = [*((n, frozenset([LATE]), "") for n in range(5)), *((n, frozenset(), "") for n in range(5, 50))]
    rare = learn(cases, [frozenset()] * 300)
    common = learn(
        [*((n, frozenset([LATE, REPEATED]), "") for n in range(5)),
         *((n, frozenset([REPEATED]), "") for n in range(5, 50))],
        [frozenset([REPEATED])] * 300,
    )  # fmt: skip

    assert rare.of(OTHER, "") > PRIOR
    assert common.of(OTHER, "") == pytest.approx(rare.of(OTHER, ""), rel=0.05)


def test_what_is_as_often_elsewhere_does_not_take_the_place_of_no_cause():
    common = (frozenset([REPEATED]), frozenset([OTHER]), frozenset(), frozenset())
    cases = [(n, frozenset([LATE]) | common[n % 4], "delay") for n in range(240)]
    cases += [(n, common[n % 2], "wish") for n in range(240, 256)]

    support = learn(cases, [common[n % 4] for n in range(1_200)])

    assert min(support.own[n][None] for n in range(240, 256)) > 0.25
    assert max(support.own[n][None] for n in range(240)) < 0.1


def test_kinds_have_their_own_mix_and_one_that_is_misnamed_is_still_believed():
    cases = [(n, frozenset([LATE]), "delay") for n in range(40)]
    cases += [(n, frozenset([REPEATED]), "fault") for n in range(40, 80)]

    support = learn(cases, [frozenset()] * 400)

    assert support.of(LATE, "delay") > 5 * support.of(LATE, "fault")
    assert support.of(LATE, "fault") > support.unexplained("fault")


def test_what_no_complaint_was_about_says_nothing_of_what_it_comes_from():
    cases = [(n, frozenset([LATE]), "delay") for n in range(40)]

    support = learn(cases, [frozenset()] * 400)

    assert support.of(LATE, "new") / support.unexplained("new") == pytest.approx(
        support.of(LATE, "delay") / support.unexplained("delay"), rel=0.2
    )
