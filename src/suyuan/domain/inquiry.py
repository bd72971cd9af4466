"""What the sheets of an investigation work out from what is typed; money and energy are decimals."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from .errors import BadInput
from .rulebook import Figure
from .worktime import Calendar

CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Price:
    """A price of energy, up to so much of it; None: for all that is left."""

    upto: Decimal | None
    price: Decimal


def tariff(text: str) -> tuple[Price, ...]:
    """Return the steps of a tariff written ``0.538`` or ``210:0.538 400:0.588 0.838``; raise BadInput."""
    steps: list[Price] = []
    for part in text.replace("，", " ").replace(",", " ").replace("：", ":").split():
        upto, colon, price = part.rpartition(":")
        try:
            steps.append(Price(Decimal(upto) if colon else None, Decimal(price)))
        except InvalidOperation:
            raise BadInput("bad_form", fields={"tariff": "bad_tariff"}) from None
    bounds = [step.upto for step in steps[:-1]]
    rising = all(bound is not None and bound > 0 for bound in bounds) and bounds == sorted(set(bounds))  # type: ignore[type-var]
    whole = bool(steps) and steps[-1].upto is None and all(step.price.is_finite() for step in steps)
    if not (whole and rising and all(step.price >= 0 for step in steps)):
        raise BadInput("bad_form", fields={"tariff": "bad_tariff"})
    return tuple(steps)


def costs(energy: Decimal, steps: tuple[Price, ...]) -> Decimal:
    """Return what energy costs under a tariff, to the cent."""
    total, begun = Decimal(0), Decimal(0)
    for step in steps:
        ends = energy if step.upto is None else min(step.upto, energy)
        total += max(ends - begun, Decimal(0)) * step.price
        begun = max(begun, ends)
    return total.quantize(CENT, ROUND_HALF_UP)


def billing(form: Mapping[str, object]) -> dict[str, str]:
    """Return what was used, what it should cost and what is to be paid back; raise BadInput.

    A refund below zero was charged too little. A reading below the first one is a meter that was changed: two
    worksheets.
    """
    first, last, charged = (_number(form[name]) for name in ("read_from", "read_to", "charged"))
    times = _number(form.get("multiplier", Decimal(1)))
    if last < first:
        raise BadInput("bad_form", fields={"read_to": "reading_runs_back"})
    if times <= 0:
        raise BadInput("bad_form", fields={"multiplier": "out_of_range"})
    used = (last - first) * times
    should = costs(used, tariff(str(form["tariff"])))
    worked = {"used": _plain(used), "should": _plain(should), "refund": _plain(charged - should)}
    if "curve" in form:
        worked["curve_gap"] = _plain(used - _number(form["curve"]))
    return worked


SPANS = "sheet."
"""Figures of the rulebook under it say between which amounts a field of a sheet can lie."""


def within(form: Mapping[str, object], figures: Mapping[str, tuple[Figure, ...]]) -> None:
    """Raise BadInput for each amount no reading, measurement or bill can be, with the span allowed."""
    spans = {
        name: figures[SPANS + name][-1].terms
        for name, value in form.items()
        if isinstance(value, Decimal) and SPANS + name in figures
    }
    wrong = {
        name: [-terms["most"] if terms["either_way"] else 0, terms["most"]]
        for name, terms in spans.items()
        if abs(_number(form[name])) > terms["most"] or (_number(form[name]) < 0 and not terms["either_way"])
    }
    if wrong:
        raise BadInput("bad_form", fields=dict.fromkeys(wrong, "out_of_range"), allowed=wrong)


def meter(form: Mapping[str, object]) -> dict[str, str]:
    """Return whether a meter's error lies within what is allowed."""
    error, allowed = _number(form["meter_error"]), _number(form["meter_allowed"])
    return {"within": "yes" if abs(error) <= allowed else "no"}


def voltage(form: Mapping[str, object], low: Decimal, high: Decimal) -> dict[str, str]:
    """Return whether the voltages measured lie within the band of the rulebook; raise BadInput."""
    lowest, highest = _number(form["voltage_low"]), _number(form["voltage_high"])
    if highest < lowest:
        raise BadInput("bad_form", fields={"voltage_high": "out_of_range"})
    inside = low <= lowest and highest <= high
    return {"within": "yes" if inside else "no", "band": f"{_plain(low)}–{_plain(high)}"}


LONGEST = 3660
"""Days a step of a connection can have taken: a longer one is a slip of the pen."""


def connection(form: Mapping[str, object], calendar: Calendar) -> dict[str, str]:
    """Return how many working days a step took after the day it began, and whether that kept its limit."""
    begun, ended, allowed = form["started_on"], form["ended_on"], form["days_allowed"]
    assert isinstance(begun, date)
    assert isinstance(ended, date)
    assert isinstance(allowed, int)
    if ended < begun or (ended - begun).days > LONGEST:
        raise BadInput("bad_form", fields={"ended_on": "out_of_range"})
    if allowed < 1:
        raise BadInput("bad_form", fields={"days_allowed": "out_of_range"})
    days = (begun + timedelta(days=n) for n in range(1, (ended - begun).days + 1))
    took = sum(map(calendar.provisional_workday, days))
    return {"took": str(took), "within": "yes" if took <= allowed else "no"}


def _number(value: object) -> Decimal:
    return value if isinstance(value, Decimal) else Decimal(str(value))


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}" if value else "0"
