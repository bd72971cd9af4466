"""What an investigation works out, what it must hold, and when what was signed falls."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from suyuan.domain import damage, inquiry, procedures, signatures
from suyuan.domain.errors import BadInput, Refused
from suyuan.domain.procedure import Actor, Facts, advance
from suyuan.domain.rulebook import load
from suyuan.domain.signatures import ANALYSIS, About
from suyuan.domain.vocabulary import Role, State

COMPLAINT = procedures.current("complaint")
REVIEWING = Facts("complaint", State.REVIEWING, "/01/0101/", moments=frozenset({"contacted_at"}))
ABOUT = About("business.price.bill", "0101", 1, ((1, "", 0), (2, "quality.voltage", 7)))


def by(role: str) -> Actor:
    return Actor("somebody", frozenset({(Role(role), "/01/")}))


def wrong(call) -> dict[str, str]:
    with pytest.raises(BadInput) as bad:
        call()
    return bad.value.facts["fields"]


@pytest.mark.parametrize("step", ["handling", "dispatched", "registered"])
def test_a_review_returns_to_the_step_that_was_chosen(step):
    facts = replace(REVIEWING, form={"back_to": step})

    assert advance(COMPLAINT, facts, "review_return", by("office"))[1] == step


def test_a_refusal_for_what_is_missing_names_it():
    facts = replace(REVIEWING, state=State.HANDLING, missing=("write_report", "work_out_billing"))

    with pytest.raises(Refused) as refused:
        advance(COMPLAINT, facts, "submit_finding", by("station"))

    assert (refused.value.code, refused.value.facts) == (
        "sheets_missing",
        {"verb": "submit_finding", "state": "handling", "owed": ["write_report", "work_out_billing"]},
    )


@pytest.mark.parametrize(
    ("category", "required", "advised"),
    [
        ("", ("write_report",), ()),
        ("business.price.bill", ("write_report", "work_out_billing"), ()),
        ("business.billing.reading", ("write_report", "work_out_billing"), ()),
        ("construction.facility.safety", ("write_report", "visit_site"), ()),
        ("quality.voltage.abnormal", ("write_report",), ("check_voltage",)),
        ("business.connection.overtime", ("write_report",), ("check_connection",)),
    ],
)
def test_what_a_category_asks_for_is_required_where_it_has_a_source_and_advised_where_not(
    category, required, advised
):
    asked = load().sheets_for("complaint", {"category": category}, date(2026, 3, 4)).without(ANALYSIS)

    assert (asked.required, asked.advised) == (required, advised)


BILL = {"read_from": Decimal(100), "read_to": Decimal(400), "tariff": "0.5", "charged": Decimal("200")}


class TestBilling:
    def test_the_refund_is_what_was_charged_less_what_should_have_been(self):
        assert inquiry.billing(BILL) == {"used": "300", "should": "150", "refund": "50"}

    def test_a_tariff_in_steps_prices_each_part_of_the_energy(self):
        form = BILL | {"tariff": "210:0.538 400:0.588 0.838", "read_to": Decimal(600)}

        # 210 × 0.538 + 190 × 0.588 + 100 × 0.838 = 112.98 + 111.72 + 83.80
        assert inquiry.billing(form) == {"used": "500", "should": "308.5", "refund": "-108.5"}

    def test_the_multiplier_and_the_curve_are_counted(self):
        form = BILL | {"multiplier": Decimal(40), "curve": Decimal("11990.5")}

        assert inquiry.billing(form) == {
            "used": "12000",
            "should": "6000",
            "refund": "-5800",
            "curve_gap": "9.5",
        }

    def test_half_a_cent_is_rounded_up(self):
        form = BILL | {"read_to": Decimal("100.01"), "charged": Decimal(0)}

        assert inquiry.billing(form) == {"used": "0.01", "should": "0.01", "refund": "-0.01"}

    @pytest.mark.parametrize(
        ("given", "problem"),
        [
            ({"read_to": Decimal(99)}, {"read_to": "reading_runs_back"}),
            ({"multiplier": Decimal(0)}, {"multiplier": "out_of_range"}),
            ({"tariff": "cheap"}, {"tariff": "bad_tariff"}),
            ({"tariff": "400:0.5 210:0.6 0.8"}, {"tariff": "bad_tariff"}),
            ({"tariff": "210:0.5"}, {"tariff": "bad_tariff"}),
            ({"tariff": "-0.5"}, {"tariff": "bad_tariff"}),
            ({"tariff": "nan"}, {"tariff": "bad_tariff"}),
        ],
    )
    def test_what_cannot_be_right_is_named(self, given, problem):
        assert wrong(lambda: inquiry.billing(BILL | given)) == problem


@pytest.mark.parametrize(
    ("name", "amount", "allowed"),
    [
        ("charged", "-215", [0, 100_000_000]),
        ("read_to", "1000000000", [0, 99_999_999]),
        ("voltage_low", "-240", [0, 1000]),
        ("voltage_high", "99999", [0, 1000]),
        ("meter_allowed", "-2", [0, 10]),
        ("meter_error", "150", [-100, 100]),
    ],
)
def test_an_amount_that_cannot_be_is_refused_with_the_span_of_the_rulebook(name, amount, allowed):
    with pytest.raises(BadInput) as bad:
        inquiry.within({name: Decimal(amount)}, load().figures)

    assert bad.value.facts == {"fields": {name: "out_of_range"}, "allowed": {name: allowed}}


@pytest.mark.parametrize(
    ("damaged", "claimed", "problem"),
    [
        (date(2026, 3, 5), date(2026, 3, 5), {"damaged_on": "in_the_future", "claimed_on": "in_the_future"}),
        (date(2026, 3, 2), date(2026, 3, 1), {"claimed_on": "out_of_order"}),
    ],
)
def test_a_claim_stands_between_the_damage_and_today(damaged, claimed, problem):
    assert wrong(lambda: damage.check_days(damaged, claimed, date(2026, 3, 4))) == problem


def test_a_meter_is_within_what_is_allowed_either_way():
    found = [inquiry.meter({"meter_error": Decimal(e), "meter_allowed": Decimal(2)}) for e in ("-2", "2.1")]

    assert found == [{"within": "yes"}, {"within": "no"}]


def test_a_voltage_is_held_to_the_band_of_the_rulebook():
    measured = {"voltage_low": Decimal("197.9"), "voltage_high": Decimal("230")}
    band = (Decimal("198.0"), Decimal("235.4"))

    assert inquiry.voltage(measured, *band) == {"within": "no", "band": "198–235.4"}
    assert wrong(lambda: inquiry.voltage(measured | {"voltage_high": Decimal(1)}, *band)) == {
        "voltage_high": "out_of_range"
    }


def test_a_step_of_a_connection_is_counted_in_working_days_after_the_day_it_began():
    form = {"started_on": date(2025, 9, 29), "ended_on": date(2025, 10, 11), "days_allowed": 3}

    # 30 September, 9, 10 and 11 October: the 1st to the 8th are days off, the 11th is a make-up workday.
    assert inquiry.connection(form, load().calendar) == {"took": "4", "within": "no"}


def test_the_report_falls_when_the_matter_the_unit_or_the_items_change_and_a_measurement_never():
    sheets = {verb: signatures.sheet(verb, ABOUT) for verb in ("write_report", "work_out_billing")}

    standing = {
        name: signatures.standing(sheets, replace(ABOUT, **change))
        for name, change in {
            "nothing": {},
            "matter": {"category": "quality.voltage"},
            "unit": {"unit": "0102"},
            "items": {"items": (*ABOUT.items, (3, "", 9))},
            "reply": {"revision": 2},
        }.items()
    }

    both, one = frozenset(sheets), frozenset({"work_out_billing"})
    assert standing == {"nothing": both, "matter": one, "unit": one, "items": one, "reply": both}


def test_a_finding_falls_when_its_item_the_unit_or_what_was_handed_in_changes():
    given = signatures.finding(2, ABOUT)

    standing = {
        name: signatures.finding(2, replace(ABOUT, **change)) == given
        for name, change in {
            "nothing": {},
            "another item": {"items": (*ABOUT.items, (3, "", 9))},
            "this item": {"items": ((1, "", 0), (2, "quality.voltage", 8))},
            "unit": {"unit": "0102"},
            "reply": {"revision": 2},
        }.items()
    }

    assert standing == {
        "nothing": True,
        "another item": True,
        "this item": False,
        "unit": False,
        "reply": False,
    }


@pytest.mark.parametrize(
    ("findings", "derived"),
    [
        ([], ""),
        (["verified", ""], ""),
        (["verified"], "verified"),
        (["verified", "verified"], "verified"),
        (["unverified", "unverified"], "unverified"),
        (["verified", "unverified"], "partial"),
        (["partial"], "partial"),
        (["partial", "verified"], "partial"),
    ],
)
def test_a_case_is_true_where_all_of_it_is_untrue_where_none_and_partly_otherwise(findings, derived):
    assert signatures.derived(findings) == derived
