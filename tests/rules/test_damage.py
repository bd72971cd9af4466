"""What is paid for a damaged appliance: the rule of 1996, as it stands in the rulebook."""

import json
from datetime import date
from decimal import Decimal

import jsonschema
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from suyuan.cli.damage import SCHEMA, damage
from suyuan.domain.damage import Compensation, Ground, claimed_in_time, life, pays, rule
from suyuan.domain.errors import BadInput
from suyuan.domain.rulebook import load

BOOK = load()
RULE = rule(BOOK, date(2026, 1, 1))
BASIS = "居民用户家用电器损坏处理办法 (1996年电力工业部令第7号)第10条"


def paid(price, used, life, *, on_time=True, repair=None) -> Compensation:
    """Return what is paid for numbers as a person types them."""
    numbers = [Decimal(str(one)) for one in (price, used, life)]
    return pays(*numbers, on_time=on_time, rule=RULE, repair=None if repair is None else Decimal(str(repair)))


@pytest.mark.parametrize(
    ("price", "used", "life", "expected", "ground"),
    [
        pytest.param(3000, 5, 10, "1500.00", Ground.DEPRECIATED, id="a television of five years"),
        pytest.param(2500, 6, 12, "1250.00", Ground.DEPRECIATED, id="a refrigerator of six years"),
        pytest.param(1000, 15, 10, "100.00", Ground.FLOOR, id="beyond its life the floor is left"),
        pytest.param(1000, 9.5, 10, "100.00", Ground.FLOOR, id="near the end of its life too"),
        pytest.param(1000, 9, 10, "100.00", Ground.FLOOR, id="exactly at the floor"),
        pytest.param(1000, 0.4, 10, "1000.00", Ground.FULL_PRICE, id="nearly new"),
        pytest.param(1000, 0.5, 10, "1000.00", Ground.FULL_PRICE, id="six months to the day"),
        pytest.param(1000, 0.51, 10, "949.00", Ground.DEPRECIATED, id="a day later"),
        pytest.param(1000, 0, 10, "1000.00", Ground.FULL_PRICE, id="out of the box"),
        pytest.param("99.99", 3, 7, "57.14", Ground.DEPRECIATED, id="to the cent"),
        pytest.param("0.05", 9, 10, "0.01", Ground.FLOOR, id="half a cent is rounded up"),
    ],
)
def test_what_cannot_be_mended_is_paid_by_its_age(price, used, life, expected, ground):
    assert paid(price, used, life) == Compensation(Decimal(expected), ground, kept=True, basis=BASIS)


def test_a_late_claim_pays_nothing_and_the_customer_keeps_the_appliance():
    assert paid(3000, 5, 10, on_time=False) == Compensation(Decimal(0), Ground.LATE, kept=False, basis=BASIS)
    assert paid(3000, 5, 10, on_time=False, repair=80).ground is Ground.LATE


def test_what_can_be_mended_is_mended():
    assert paid(3000, 5, 10, repair="80.50") == Compensation(
        Decimal("80.50"), Ground.REPAIRED, kept=False, basis=BASIS
    )


@pytest.mark.parametrize(
    ("arguments", "field", "bound"),
    [
        ((0, 1, 10), "price", "above"),
        ((-1, 1, 10), "price", "above"),
        (("Infinity", 1, 10), "price", "above"),
        (("1e10", 1, 10), "price", "above"),
        ((100, -1, 10), "used", "least"),
        ((100, "NaN", 10), "used", "least"),
        ((100, 1, 0), "life", "above"),
    ],
)
def test_a_number_that_cannot_be_is_named_with_what_can(arguments, field, bound):
    with pytest.raises(BadInput) as caught:
        paid(*arguments)

    facts = {name: said for name, said in caught.value.facts.items() if name != "value"}
    assert (caught.value.code, facts) == (
        "amount_out_of_range",
        {"field": field, bound: 0, "most": 1_000_000_000},
    )


def test_a_repair_dearer_than_the_appliance_is_none():
    with pytest.raises(BadInput) as caught:
        paid(100, 1, 10, repair=101)

    assert caught.value.code == "repair_above_price"


def test_lives_are_the_rulebooks():
    lives = {name: life(BOOK, name, date(2026, 1, 1)).terms["years"] for name in ("tv", "fridge", "lamp")}

    assert lives == {"tv": 10, "fridge": 12, "lamp": 2}
    with pytest.raises(BadInput) as caught:
        life(BOOK, "car", date(2026, 1, 1))
    assert (caught.value.code, caught.value.facts["known"][:2]) == ("unknown_appliance", ["tv", "fridge"])


def test_before_the_rule_there_is_none():
    with pytest.raises(BadInput) as caught:
        rule(BOOK, date(1990, 1, 1))

    assert caught.value.code == "no_rule_in_force"


def test_a_claim_has_seven_days_after_the_day_of_the_damage():
    happened = date(2026, 3, 1)

    assert [claimed_in_time(happened, date(2026, 3, day), RULE.claim_days) for day in (1, 8, 9)] == [
        True,
        True,
        False,
    ]


MONEY = st.decimals("0.01", "1000000", places=2)
YEARS = st.decimals("0", "60", places=2)
LIVES = st.decimals("0.5", "40", places=1)


@given(MONEY, YEARS, YEARS, LIVES)
def test_longer_use_never_pays_more(price, one, other, life):
    shorter, longer = sorted((one, other))

    assert paid(price, longer, life).pays <= paid(price, shorter, life).pays


@given(MONEY, MONEY, YEARS, LIVES)
def test_a_dearer_appliance_never_pays_less(one, other, used, life):
    cheaper, dearer = sorted((one, other))

    assert paid(cheaper, used, life).pays <= paid(dearer, used, life).pays


@given(MONEY, YEARS, LIVES, LIVES)
def test_a_longer_life_never_pays_less(price, used, one, other):
    shorter, longer = sorted((one, other))

    assert paid(price, used, shorter).pays <= paid(price, used, longer).pays


@given(MONEY, YEARS, LIVES)
def test_what_is_paid_lies_between_the_floor_and_the_price(price, used, life):
    floor = (price * RULE.floor_share).quantize(Decimal("0.01"), "ROUND_HALF_UP")

    assert floor <= paid(price, used, life).pays <= price


def run(tmp_path, *arguments):
    """Run the command in an empty home; a refusal comes out as it was raised."""
    result = CliRunner().invoke(damage, list(arguments), obj={"home": tmp_path / "home"})
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.output


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--price", "3000", "--used", "5", "--life", "10", "--on-time", "yes"], (1500.0, "depreciated")),
        (["--price", "1000", "--used", "15", "--life", "10", "--on-time", "yes"], (100.0, "floor")),
        (["--price", "1000", "--used", "0.4", "--life", "10", "--on-time", "yes"], (1000.0, "full_price")),
        (["--price", "3000", "--used", "5", "--life", "10", "--on-time", "no"], (0.0, "late")),
        (
            ["--price", "2500", "--used", "6", "--appliance", "fridge", "--on-time", "yes"],
            (1250.0, "depreciated"),
        ),
    ],
)
def test_the_command_answers_in_json(tmp_path, arguments, expected):
    answer = json.loads(run(tmp_path, *arguments, "--json"))

    jsonschema.validate(answer, SCHEMA)
    assert (answer["pays"], answer["ground"]) == expected
    assert (answer["basis"], answer["certainty"]) == (BASIS, "Q2")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--price", "x", "--life", "10"], "not_a_number"),
        (["--price", "100"], "life_or_appliance"),
        (["--price", "100", "--life", "10", "--appliance", "tv"], "life_or_appliance"),
        (["--price", "100", "--appliance", "car"], "unknown_appliance"),
        (["--price", "100", "--life", "10", "--on", "1990-01-01"], "no_rule_in_force"),
    ],
)
def test_what_is_typed_wrong_is_refused(tmp_path, arguments, code):
    with pytest.raises(BadInput) as caught:
        run(tmp_path, *arguments, "--used", "5", "--on-time", "yes")

    assert caught.value.code == code
