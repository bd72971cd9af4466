"""``suyuan effect``: did complaints fall where warnings were acted on, or can that not be told."""

from dataclasses import asdict

import click

from .asking import viewer_of
from .ready import emit, now, ready
from .shapes import COUNT, TEXT, thing

_NUMBER = {"type": "number"}
_RATIO = {
    "type": ["object", "null"],
    "properties": {"ratio": _NUMBER, "low": _NUMBER, "high": _NUMBER},
    "required": ["ratio", "low", "high"],
}
SCHEMA = thing(
    category=TEXT,
    first={"type": "string", "format": "date"},
    weeks=COUNT,
    verdict={"enum": ["fewer", "more", "cannot_tell"]},
    why=TEXT,
    found=_RATIO,
    placebo=_RATIO,
    adjusted=_RATIO,
    units=COUNT,
    controls=COUNT,
    before=COUNT,
    after=COUNT,
    controls_before=COUNT,
    controls_after=COUNT,
    left_out=COUNT,
    waiting=COUNT,
)


@click.command("effect")
@click.option("--as", "username", required=True, help="Whose reach.")
@click.option("--category", default="", help="Complaints and warnings of a category alone.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def effect(*, username: str, category: str, as_json: bool) -> None:
    """Tell whether complaints fell where warnings were acted on, against matched units."""
    ready()
    from suyuan.analytics.effects import effect as method
    from suyuan.store.queries import acted as queries

    counted = queries.counted(viewer_of(username), now(), category)
    found = method.effect(counted.panel, counted.acted, counted.terms)
    if as_json:
        span = {
            "category": category,
            "first": counted.first.isoformat(),
            "weeks": counted.panel.weeks,
        }
        emit(span | asdict(found) | {"waiting": counted.waiting})
        return
    click.echo(f"{found.verdict} {found.why}".strip())
    if found.found is not None:
        click.echo(f"{found.found.ratio:.2f} ({found.found.low:.2f}-{found.found.high:.2f})")
    click.echo(
        f"{found.units} units, {found.before} -> {found.after} complaints; beside {found.controls} units"
    )
