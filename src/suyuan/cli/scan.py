"""``suyuan scan FILE``: where and when a table of what happened holds more than is to be expected."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .ready import emit, now
from .shapes import COUNT, TEXT, TEXTS, many, thing
from .span import Span

if TYPE_CHECKING:
    from suyuan.actions.hotspots import Scanned
    from suyuan.gateways.countfile import Counted

NUMBER = {"type": "number"}
DAY = {"type": "string", "format": "date"}
_SIGNAL = thing(
    node=TEXTS,
    **{"from": DAY},
    to=DAY,
    observed=NUMBER,
    expected=NUMBER,
    score=NUMBER,
    p=NUMBER,
    raised=DAY,
    until=DAY,
)
SCHEMA = thing(
    signals=many(_SIGNAL),
    limit=NUMBER,
    limit_set_by=many(thing(node=TEXTS, day=DAY, observed=NUMBER, mean=NUMBER)),
    ordinary_days=COUNT,
    nodes=COUNT,
    days=COUNT,
    set_aside=COUNT,
    first_wrong=many(thing(row=COUNT, column=TEXT, value=TEXT)),
)
ZONE = "Asia/Shanghai"
"""Whose days are meant."""


@click.command("scan")
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--tree", "trees", multiple=True, required=True, help="COL,COL,… from the root to the leaves; "
              "again for a second tree: pairs of both are looked at too.")  # fmt: skip
@click.option("--time", required=True, help="The column of the day or the moment.")
@click.option("--count", default="", help="The column of how many; without it a row is one.")
@click.option("--alarms-per-month", type=Span(0.01, 100), help="Borne with in ordinary times.")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="Nothing after this day is known; only what "
              "is seen on it is told.")  # fmt: skip
@click.option("--plain-weeks", is_flag=True, help="No holidays: another country's data.")
@click.option("--seed", type=int, default=0, show_default=True, help="Of how ordinary days are mixed.")
@click.option("--json", "as_json", is_flag=True)
def scan(
    *,
    file: Path,
    trees: tuple[str, ...],
    time: str,
    count: str,
    alarms_per_month: float | None,
    as_of: Any,
    plain_weeks: bool,
    seed: int,
    as_json: bool,
) -> None:
    """Look over every node of a tree and every window of days for more than expected.

    The table is csv or xlsx with a header, packed or not; nothing of it is kept (docs/methods/hotspots.md).
    ``p`` is the share of ordinary days on which any node scores as high. ``limit`` is the lowest score told,
    and ``limit_set_by`` names the single days that make it so high: rises smaller than those are not seen.
    """
    from suyuan.actions import hotspots
    from suyuan.domain import rulebook
    from suyuan.gateways import countfile

    columns = countfile.Columns(tuple(tuple(tree.split(",")) for tree in trees), time, count)
    counted = countfile.read(file, columns, ZONE)
    last = as_of.date() if as_of else None
    asked = hotspots.Asked(now().date(), last, alarms_per_month, plain_weeks, seed)
    looked = hotspots.scanned(counted, rulebook.load(), asked)
    _say(looked, looked.told(last), counted, as_json=as_json)


def _say(looked: "Scanned", told: list[dict[str, Any]], counted: "Counted", *, as_json: bool) -> None:
    found = looked.found
    if as_json:
        emit(
            {
                "signals": told,
                "limit": found.ordinary.limit,
                "limit_set_by": looked.set_by(),
                "ordinary_days": found.ordinary.days,
                "nodes": len(found.looked.nodes.names),
                "days": looked.days,
                "set_aside": counted.set_aside,
                "first_wrong": counted.first_wrong,
            }
        )
    for one in [] if as_json else told:
        where, counts = " × ".join(one["node"]), f"{one['observed']:.0f} / {one['expected']:.2g}"
        click.echo(f"{one['from']} – {one['to']}  {where}: {counts}, p {one['p']:.2g}")
    if not as_json:
        _say_limit(looked)
    for wrong in counted.first_wrong:
        click.echo(f"未取入 / not taken: {wrong['row']} {wrong['column']} {wrong['value']}", err=True)


def _say_limit(looked: "Scanned") -> None:
    """Say from which score on something is told, and because of which single days."""
    days = [
        f"{one['day']} {' × '.join(one['node'])} {one['observed']:.0f} / {one['mean']:.2g}"
        for one in looked.set_by()
    ]
    limit = f"{looked.found.ordinary.limit:.1f}"
    said = (
        f"界限 {limit}, 由这些单日决定 / limit {limit}, set by single days"
        if days
        else f"界限 / limit {limit}"
    )
    click.echo("; ".join([said, *days]), err=True)
