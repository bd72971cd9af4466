"""What an appeal rests on, condition by condition; in which order it is sealed; how long a finding holds."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from suyuan.domain.appeal import (
    Basis,
    Claim,
    Level,
    claim_stands,
    conditions,
    first_day,
    next_level,
    unmet,
)

FILED = datetime(2026, 3, 10, 2, tzinfo=UTC)
GOOD = Basis(
    closed=True,
    filed_at=FILED,
    window_ends=FILED + timedelta(days=1),
    window_sure=True,
    ground="not_ours",
    evidence="照片",
)
MALICIOUS = replace(GOOD, ground="malicious", claim=Claim.IN_FORCE)


def test_an_appeal_for_which_everything_is_met_has_nothing_against_it():
    assert [(one.code, one.met) for one in conditions(MALICIOUS)] == [
        (code, True)
        for code in (
            *("closed", "in_window", "counts", "first_appeal", "claim_in_force"),
            "evidence_listed",
        )
    ]
    assert "claim_in_force" not in {one.code for one in conditions(GOOD)}


@pytest.mark.parametrize(
    ("changed", "against"),
    [
        ({"closed": False, "window_ends": None}, ["closed", "in_window"]),
        ({"window_ends": FILED}, ["in_window"]),
        ({"window_ends": FILED, "window_sure": False}, []),
        ({"excluded": True}, ["counts"]),
        ({"another": "SY1"}, ["first_appeal"]),
        ({"evidence": ""}, ["evidence_listed"]),
        *(({"claim": claim}, ["claim_in_force"]) for claim in Claim if claim is not Claim.IN_FORCE),
    ],
)
def test_each_condition_refuses_alone_and_a_window_nobody_confirmed_only_warns(changed, against):
    found = conditions(replace(MALICIOUS, **changed))

    assert unmet(found) == against
    assert ({one.code for one in found if not one.met} - set(against)) == (
        {"in_window"} if changed.get("window_sure") is False else set()
    )


def test_nothing_is_asked_of_ground_and_evidence_before_there_is_an_appeal():
    assert [one.code for one in conditions(replace(GOOD, ground="", evidence=""))] == [
        *("closed", "in_window", "counts", "first_appeal")
    ]


def test_the_levels_seal_in_their_order_and_no_seal_is_older_than_the_one_before_it():
    sealed: list[Level] = []
    while (level := next_level(sealed)) is not None:
        sealed.append(level)

    assert sealed == [Level.STATION, Level.DEPARTMENT, Level.COMPANY]
    archived, first = date(2026, 3, 4), date(2026, 3, 6)
    assert (first_day(archived, []), first_day(archived, [first])) == (archived, first)


@pytest.mark.parametrize(
    ("upheld", "until", "lifted", "stands"),
    [
        (None, None, None, Claim.PENDING),
        (False, None, None, Claim.DENIED),
        (True, FILED + timedelta(seconds=1), None, Claim.IN_FORCE),
        (True, FILED, None, Claim.EXPIRED),
        (True, FILED + timedelta(days=9), FILED, Claim.LIFTED),
    ],
)
def test_a_finding_holds_until_its_moment_or_until_it_is_taken_back(upheld, until, lifted, stands):
    assert claim_stands(upheld, until, lifted, FILED) is stands
