"""``suyuan damage``: what is paid for a damaged appliance?"""

from decimal import Decimal, InvalidOperation

import click

from suyuan.domain import damage as rule
from suyuan.domain.errors import BadInput
from suyuan.domain.rulebook import Figure, Rulebook

from .due import day
from .opened import opened, unless_wrong
from .ready import emit, now
from .shapes import FLAG, TEXT, thing

SCHEMA = thing(
    pays={"type": "number", "minimum": 0},
    ground={"enum": [one.value for one in rule.Ground]},
    kept=FLAG,
    basis=TEXT,
    certainty=TEXT,
)


@click.command("damage")
@click.option("--price", required=True, help="What the appliance cost, in yuan.")
@click.option("--used", required=True, help="Years it was used, such as 5 or 0.4.")
@click.option("--life", "years", help="Years such an appliance lives.")
@click.option("--appliance", help="Take the life from the rulebook: tv, fridge …")
@click.option(
    "--on-time",
    required=True,
    type=click.Choice(["yes", "no"]),
    help="Was it claimed within the days the rule gives?",
)
@click.option("--repair", help="What mending it costs, where it can be mended.")
@click.option("--on", "on_day", help="Take the rule in force on this day; today without it.")
@click.option("--json", "as_json", is_flag=True)
@click.pass_context
@unless_wrong
def damage(  # type: ignore[no-untyped-def]
    ctx, *, price, used, years, appliance, on_time, repair, on_day, as_json
) -> None:
    """Say what a household gets for an appliance our supply damaged, by the rule of 1996."""
    book = opened(ctx)
    on = day(on_day) if on_day else book.calendar.local(now()).date()
    found, known = rule.rule(book, on), _known(book, years, appliance, on)
    paid = rule.pays(
        number("price", price),
        number("used", used),
        number("life", known.terms["years"] if known else years),
        on_time=on_time == "yes",
        rule=found,
        repair=None if repair is None else number("repair", repair),
    )
    figures = [book.figure(id, on) for id in (rule.PAYMENT, rule.CLAIM)]  # noqa: A001
    certainty = rule.least_sure(*filter(None, [*figures, known]))
    if as_json:
        emit(
            {
                "pays": float(paid.pays),
                "ground": paid.ground.value,
                "kept": paid.kept,
                "basis": paid.basis,
                "certainty": certainty.value,
            }
        )
        return
    click.echo(f"{paid.pays}  {paid.ground.value}  {paid.basis} [{certainty.value}]")


def _known(book: Rulebook, years, appliance, on) -> Figure | None:  # type: ignore[no-untyped-def]
    """Return the rulebook's life of the appliance named, None where the life itself was given."""
    if (years is None) == (appliance is None):
        raise BadInput("life_or_appliance", life=years, appliance=appliance)
    return None if appliance is None else rule.life(book, appliance, on)


def number(field: str, value: object) -> Decimal:
    """Return an amount as it was typed; raise BadInput naming the option."""
    try:
        return Decimal(str(value))
    except InvalidOperation:
        raise BadInput("not_a_number", field=field, value=str(value)) from None
