"""The sheets of an investigation: written, worked out, signed."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal

from suyuan.domain import damage, signatures
from suyuan.domain import inquiry as rule
from suyuan.domain.errors import BadInput
from suyuan.domain.vocabulary import State
from suyuan.store import rules
from suyuan.store.queries import inquiry

from ._change import Change

Worked = Mapping[str, str]


def _voltage(change: Change) -> Worked:
    band = rules.rulebook().figures[f"voltage.{change.text('phase')}"][-1].terms
    return rule.voltage(change.form, Decimal(str(band["low"])), Decimal(str(band["high"])))


def _damage(change: Change) -> Worked:
    price, used, life = (Decimal(change.text(name)) for name in ("price", "used_years", "life_years"))
    damaged, claimed, repair = (change.form.get(n) for n in ("damaged_on", "claimed_on", "repair_cost"))
    assert isinstance(damaged, date)
    assert isinstance(claimed, date)
    damage.check_days(damaged, claimed, rules.local_day(change.now))
    terms = damage.rule(rules.rulebook(), damaged)
    in_time = damage.claimed_in_time(damaged, claimed, terms.claim_days)
    mended = repair if isinstance(repair, Decimal) else None
    try:
        paid = damage.pays(price, used, life, on_time=in_time, rule=terms, repair=mended)
    except BadInput as wrong:
        field = FIELD_OF.get(str(wrong.facts.get("field")), "repair_cost")
        spans = {"allowed": {field: [0, wrong.facts["most"]]}} if "most" in wrong.facts else {}
        raise BadInput("bad_form", fields={field: wrong.code}, **spans) from None
    return {"pays": str(paid.pays), "ground": paid.ground.value, "in_time": "yes" if in_time else "no"}


FIELD_OF = {"price": "price", "used": "used_years", "life": "life_years", "repair": "repair_cost"}
"""The field of the form in which each amount of the rule is typed."""


WORKED_OUT: Mapping[str, Callable[[Change], Worked]] = {
    "work_out_billing": lambda change: rule.billing(change.form),
    "work_out_damage": _damage,
    "check_meter": lambda change: rule.meter(change.form),
    "check_voltage": _voltage,
    "check_connection": lambda change: rule.connection(change.form, change.rules.calendar),
}
"""The sheets that come to a result by themselves."""


def write(change: Change) -> State | None:
    """Write a sheet: what it works out, and the mark of what it was written about, go into the event."""
    case, verb = change.case, change.step.verb
    if verb in WORKED_OUT:
        rule.within(change.form, rules.rulebook().figures)
        change.detail["result"] = dict(WORKED_OUT[verb](change))
    about = inquiry.about_of(case, inquiry.items_of(case))
    change.detail["signed"] = signatures.sheet(verb, about)
    case.sheets = {**case.sheets, verb: change.detail["signed"]}
    return None


def visit(change: Change) -> State | None:
    """Write down what an inspector found on site; the first arrival is the one that counts."""
    if change.case.arrived_at is not None:
        change.detail["unmarked"] = ("arrived_at",)
    return write(change)
