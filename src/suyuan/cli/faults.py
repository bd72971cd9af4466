"""``suyuan faults``: where which cause of faults piles up, and what failed again."""

from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .asking import viewer_of
from .ready import emit, now, ready
from .scan import DAY, NUMBER
from .shapes import COUNT, TEXT, TEXTS, many, thing

if TYPE_CHECKING:
    from suyuan.actions.faults import Found
    from suyuan.analytics.faults import Piled, Returned

_PLACE = {"cause": TEXT, "line": TEXT, "area": TEXT, "n": COUNT, "orders": TEXTS}
_FIGURES = ("expected", "ratio", "low", "high", "q")
_PILED = thing(**_PLACE, level=TEXT, advice=TEXT, **dict.fromkeys(_FIGURES, NUMBER))
_RETURNED = thing(**_PLACE, **{"from": DAY}, to=DAY, advice=TEXT)
SCHEMA = thing(
    **{"from": DAY},
    to=DAY,
    records=COUNT,
    nowhere=COUNT,
    faults=COUNT,
    again=COUNT,
    causes={"type": "object", "additionalProperties": COUNT},
    hot_spots=many(_PILED),
    repeated=many(_RETURNED),
)
YEAR = 365


@click.command("faults")
@click.option(
    "--period", default="", help="2025-10, 2025-Q4, 2025-W40 or 2025; without it the last 365 days."
)
@click.option(
    "--outages",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A table of outages with their causes, in place of the log; nothing of it is kept.",
)
@click.option("--as", "username", required=True, help="Whose reach.")
@click.option("--json", "as_json", is_flag=True)
def faults(*, period: str, outages: Path | None, username: str, as_json: bool) -> None:
    """List causes of faults that pile up at a line or an area, and what failed again after its repair.

    ``cause`` is a code of the list fault_cause; empty where a place has more faults by account than others,
    whatever their cause (docs/methods/faults.md).
    """
    ready()
    from suyuan.actions import faults as look

    viewer = viewer_of(username)
    found = look.found(*_days(period), outages)
    piled = [one for one in found.piled if look.seen(one.told, viewer.sees)]
    chains = [one for one in found.returned if look.seen(one.told, viewer.sees)]
    if as_json:
        emit(
            {
                "from": found.first.isoformat(),
                "to": found.last.isoformat(),
                "records": found.faults.records,
                "nowhere": found.faults.nowhere,
                "faults": found.total,
                "again": found.again,
                "causes": dict(found.causes),
                "hot_spots": [_piled(one) for one in piled],
                "repeated": [_returned(one) for one in chains],
            }
        )
        return
    _say(found, piled, chains)


def _days(period: str) -> tuple[date, date]:
    """Return the days that are asked for; days to come are not."""
    from suyuan.analytics import period as periods
    from suyuan.domain.errors import BadInput
    from suyuan.store import rules

    today = rules.local_day(now())
    if not period:
        return today - timedelta(days=YEAR), today - timedelta(days=1)
    asked = periods.known(periods.parse(period), None, today)
    if asked.first is None or asked.last is None:
        raise BadInput("unknown_value", field="period", value=period[:60])
    return asked.first, min(asked.last, today)


def _advice(cause: str) -> str:
    from suyuan.actions import faults as look

    return look.advice(cause)


def _piled(one: "Piled") -> dict[str, Any]:
    figures = {name: getattr(one, name) for name in _FIGURES}
    return {**_of(one, one.told), "level": one.level, **figures}


def _returned(one: "Returned") -> dict[str, Any]:
    from suyuan.analytics.detect.columns import moment
    from suyuan.store import rules

    first, last = (rules.local_day(moment(each.began)).isoformat() for each in (one.told[0], one.told[-1]))
    return {**_of(one, one.told), "from": first, "to": last}


def _of(one: "Piled | Returned", told: tuple[Any, ...]) -> dict[str, Any]:
    from suyuan.actions import faults as look

    place = {name: getattr(one, name) for name in ("cause", "line", "area", "n")}
    return {**place, "orders": list(look.numbers(told)), "advice": _advice(one.cause)}


def _say(found: "Found", piled: list["Piled"], chains: list["Returned"]) -> None:
    click.echo(f"{found.first} – {found.last}: {found.total} faults, {found.again} again")
    for one in piled:
        where = " ".join(filter(None, (one.line, one.area)))
        times = (
            f"{one.n} / {one.expected:.1f}, × {one.ratio:.1f} ({one.low:.1f}–{one.high:.1f}), q {one.q:.2g}"
        )
        click.echo(f"{where}  {one.cause or 'any'}: {times}")
    for chain in chains:
        click.echo(f"{chain.line} {chain.area}  {chain.cause}: {chain.n} ({chain.days:.0f} d)")
