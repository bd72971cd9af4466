"""``suyuan warning compare``: how units stood in a month that is over, and naming those past chance."""

from datetime import datetime
from typing import Any

import click

from suyuan.domain.errors import BadInput

from .asking import viewer_of
from .detect import moment_asked
from .ready import emit, now, ready
from .shapes import COUNT, FLAG, MOMENT, TEXT, TEXTS, many, thing

_NUMBER = {"type": "number"}
_HELD = thing(
    n=COUNT,
    standing=TEXT,
    lacks=TEXT,
    **dict.fromkeys(("of", "rate", "low", "high", "others", "times", "p", "q"), _NUMBER),
)
COMPARED = thing(
    month=TEXT,
    as_of=MOMENT,
    by_customers=FLAG,
    terms={"type": "object"},
    spread={"type": "object"},
    units=many(
        thing(
            unit=TEXT,
            standing=TEXT,
            running=COUNT,
            worst=TEXT,
            category=TEXT,
            measures=thing(complaints=_HELD, signals=_HELD),
        )
    ),
)
NAMED = thing(month=TEXT, named=COUNT, opened=TEXTS)
COMPARE = {"oneOf": [COMPARED, NAMED]}


@click.command("compare")
@click.option("--month", default="", help="2026-10; without it the last month that is over.")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M"]), help="As it stood at the end "
              "of this day, or at this local moment; nothing later is known.")  # fmt: skip
@click.option("--keep", is_flag=True, help="Keep the last month, and open a warning of each unit it names.")
@click.option("--as", "username", default="", help="Whose reach; needed but with --keep.")
@click.option("--json", "as_json", is_flag=True)
def compare(*, month: str, as_of: datetime | None, keep: bool, username: str, as_json: bool) -> None:
    """Compare the units of a month among their sort, the worst first (docs/methods/naming.md)."""
    ready()
    if keep:
        other = next((name for name, value in (("month", month), ("as_of", as_of)) if value), "")
        _keep(other, as_json=as_json)
        return
    if not username:
        raise BadInput("option_missing", option="--as")
    from suyuan.actions.warn import comparing
    from suyuan.analytics import period
    from suyuan.store.queries import comparisons

    viewer, at = viewer_of(username), moment_asked(as_of)
    asked = period.parse(month) if month else comparisons.ended(at)
    drawn = comparing.draw(asked, as_of=at)
    if not drawn.counted:
        raise BadInput("nothing_counted", value=asked.label)
    rows = [
        {key: value for key, value in row.items() if key != "path"}
        for row in drawn.rows
        if viewer.sees(row["path"])
    ]
    if as_json:
        head = {"month": drawn.month.label, "as_of": at, "by_customers": drawn.by_customers}
        emit(head | {"terms": dict(drawn.terms), "spread": dict(drawn.spread), "units": rows})
        return
    for row in rows:
        click.echo(f"{row['standing']:<8} {row['unit']}  " + "  ".join(map(_said, row["measures"].items())))


def _said(measure: tuple[str, dict[str, Any]]) -> str:
    name, one = measure
    if one["standing"] == "unknown" and not one["n"]:
        return f"{name} -"
    return f"{name} n={one['n']} times={one['times']:.2f} q={one['q']:.3f}"


def _keep(other: str, *, as_json: bool) -> None:
    """Name the units of the last month that is over; of no other month, and as of no other moment."""
    if other:
        raise BadInput("one_of_two", field="keep", other=other)
    from suyuan.actions.warn.naming import name_units

    done = name_units(now=now())
    if as_json:
        emit({"month": done.month, "named": done.named, "opened": done.opened})
        return
    click.echo(f"{done.month} named={done.named} opened={' '.join(done.opened) or 0}")
