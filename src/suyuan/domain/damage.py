"""What a household gets for an appliance our supply damaged: the rule of 1996 (电力工业部令第7号).

Claimed too late it is nothing; what can be mended is mended at our cost; what cannot is paid at its price
while it is nearly new, afterwards at what its life leaves of the price and never below a floor. Every figure
is the rulebook's; money is counted in Decimal and rounded to a cent, halves up.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from .errors import BadInput
from .rulebook import Certainty, Figure, Rulebook

PAYMENT, CLAIM, LIFE = "appliance.payment", "appliance.claim", "appliance.life."
CENT = Decimal("0.01")
MOST = Decimal(1_000_000_000)
"""What no household appliance costs and no appliance lives: more is a slip of the pen."""


class Ground(StrEnum):
    """Which sentence of the rule decided."""

    LATE = "late"
    REPAIRED = "repaired"
    FULL_PRICE = "full_price"
    DEPRECIATED = "depreciated"
    FLOOR = "floor"


@dataclass(frozen=True, slots=True)
class Rule:
    """The rule's figures, where they stand and how sure they are."""

    full_price_months: int
    floor_share: Decimal
    claim_days: int
    basis: str
    certainty: Certainty


@dataclass(frozen=True, slots=True)
class Compensation:
    """What is paid and by which sentence; ``kept`` tells that the damaged appliance becomes the company's."""

    pays: Decimal
    ground: Ground
    kept: bool
    basis: str


def rule(book: Rulebook, on: date) -> Rule:
    """Return the rule in force on a day; raise BadInput where none was."""
    payment, claim = _figure(book, PAYMENT, on), _figure(book, CLAIM, on)
    return Rule(
        full_price_months=payment.terms["full_price_months"],
        floor_share=Decimal(str(payment.terms["floor_share"])),
        claim_days=claim.terms["days"],
        basis=payment.basis,
        certainty=least_sure(payment, claim),
    )


def _figure(book: Rulebook, name: str, on: date) -> Figure:
    if found := book.figure(name, on):
        return found
    raise BadInput("no_rule_in_force", id=name, on=on.isoformat())


def least_sure(*figures: Figure) -> Certainty:
    """Return the certainty of what rests on all of these figures: that of the one we are least sure of."""
    rising = (Certainty.I, Certainty.MEMORY, Certainty.S, Certainty.Q2, Certainty.Q, Certainty.CONFIRMED)
    return min((one.certainty for one in figures), key=rising.index)


def life(book: Rulebook, appliance: str, on: date) -> Figure:
    """Return the figure of an appliance's life in years; raise BadInput naming those the rulebook knows."""
    if LIFE + appliance not in book.figures:
        raise BadInput("unknown_appliance", appliance=appliance, known=list(appliances(book)))
    return _figure(book, LIFE + appliance, on)


def appliances(book: Rulebook) -> Iterator[str]:
    """Yield the appliances whose life the rulebook knows."""
    return (name.removeprefix(LIFE) for name in book.figures if name.startswith(LIFE))


def check_days(damaged_on: date, claimed_on: date, today: date) -> None:
    """Raise BadInput for damage that has not happened yet, and for a claim before it or after today."""
    days = (("damaged_on", damaged_on), ("claimed_on", claimed_on))
    wrong = {name: "in_the_future" for name, day in days if day > today}
    if wrong:
        raise BadInput("bad_form", fields=wrong)
    if claimed_on < damaged_on:
        allowed = {"claimed_on": [damaged_on.isoformat(), today.isoformat()]}
        raise BadInput("bad_form", fields={"claimed_on": "out_of_order"}, allowed=allowed)


def claimed_in_time(damaged_on: date, claimed_on: date, days: int) -> bool:
    """Tell whether a claim came within the days the rule gives, the day of the damage not counted."""
    return claimed_on <= damaged_on + timedelta(days=days)


def pays(
    price: Decimal, used: Decimal, life: Decimal, *, on_time: bool, rule: Rule, repair: Decimal | None = None
) -> Compensation:
    """Return what is paid for one appliance, from its price in yuan and its use and life in years.

    ``repair`` is what mending costs, None where it cannot be mended; dearer than the price is no repair.
    """
    _within({"price": price, "life": life}, zero=False)
    _within({"used": used})
    if repair is not None:
        _within({"repair": repair})
        if repair > price:
            raise BadInput("repair_above_price", repair=str(repair), price=str(price))
    if not on_time:
        return Compensation(Decimal("0.00"), Ground.LATE, kept=False, basis=rule.basis)
    if repair is not None:
        return Compensation(_cents(repair), Ground.REPAIRED, kept=False, basis=rule.basis)
    share, ground = _share(used, life, rule)
    return Compensation(_cents(price * share), ground, kept=True, basis=rule.basis)


def _share(used: Decimal, life: Decimal, rule: Rule) -> tuple[Decimal, Ground]:
    """Return the share of the price that is paid for an appliance that cannot be mended."""
    if used * 12 <= rule.full_price_months:
        return Decimal(1), Ground.FULL_PRICE
    left = 1 - used / life
    return (left, Ground.DEPRECIATED) if left > rule.floor_share else (rule.floor_share, Ground.FLOOR)


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_UP)


def _within(amounts: Mapping[str, Decimal], *, zero: bool = True) -> None:
    """Raise BadInput naming the amount that lies outside what can be, and between what it has to lie."""
    for field, amount in amounts.items():
        if not amount.is_finite() or not 0 <= amount <= MOST or (amount == 0 and not zero):
            bounds = {"least" if zero else "above": 0, "most": int(MOST)}
            raise BadInput("amount_out_of_range", field=field, value=str(amount), **bounds)
