"""``suyuan recovery``: what came of discontent customers' cases by how soon somebody turned to them."""

from dataclasses import asdict

import click

from .asking import viewer_of
from .ready import emit, now, ready
from .shapes import COUNT, TEXT, many, thing

_MAYBE = {"type": ["number", "null"]}
_GROUP = thing(
    n=COUNT,
    escalated=COUNT,
    escalated_low=_MAYBE,
    escalated_high=_MAYBE,
    contacts=COUNT,
    contacts_each=_MAYBE,
    contacts_low=_MAYBE,
    contacts_high=_MAYBE,
    hours=_MAYBE,
    archived=COUNT,
)
SCHEMA = thing(
    period=TEXT,
    landmarks=many(
        thing(
            hours=COUNT,
            soon=_GROUP,
            later=_GROUP,
            ratio=_MAYBE,
            low=_MAYBE,
            high=_MAYBE,
            verdict={"enum": ["later_costs", "later_costs_less", "cannot_tell"]},
        )
    ),
)


@click.command("recovery")
@click.option(
    "--period",
    default="all",
    show_default=True,
    help="Came in in 2025-Q4, 2025-10, 2025 or all.",
)
@click.option("--as", "username", required=True, help="Whose reach.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def recovery(*, period: str, username: str, as_json: bool) -> None:
    """Tell what came of cases by how soon after the first sign of discontent somebody acted."""
    ready()
    from suyuan.analytics import period as periods
    from suyuan.analytics.effects import delay
    from suyuan.store import rules
    from suyuan.store.queries import recoveries

    asked = periods.parse(period)
    said = rules.rulebook().figures[recoveries.REPORT][-1].terms
    courses = recoveries.courses(viewer_of(username), asked, now())
    found = delay.report(courses, said["landmarks"], said["horizon_hours"], said["least"])
    if as_json:
        emit({"period": asked.label, "landmarks": [asdict(one) for one in found]})
        return
    for one in found:
        went = f"{one.soon.escalated}/{one.soon.n} soon, {one.later.escalated}/{one.later.n} later"
        click.echo(f"{one.hours:>4} h  went further: {went}  {one.verdict}")
