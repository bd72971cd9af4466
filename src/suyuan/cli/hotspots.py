"""``suyuan hotspots``: where the home's own orders are suddenly more than are to be expected."""

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import click

from .asking import viewer_of
from .detect import moment_asked
from .ready import emit, now, ready
from .scan import DAY, NUMBER
from .shapes import COUNT, TEXT, many, thing

if TYPE_CHECKING:
    from suyuan.actions.hotspots.own import Own, Spot

_FIGURES = ("observed", "expected", "score", "p")
_SPOT = thing(at=TEXT, **{"from": DAY}, to=DAY, raised=DAY, until=DAY, **dict.fromkeys(_FIGURES, NUMBER))
SCHEMA = thing(
    as_of=DAY, known=COUNT, least=COUNT, windows=COUNT, alarms_per_month=NUMBER, hot_spots=many(_SPOT)
)


@click.command("hotspots")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="The last day known; without it yesterday.")
@click.option("--as", "username", required=True, help="Whose reach.")
@click.option("--json", "as_json", is_flag=True)
def hotspots(*, as_of: Any, username: str, as_json: bool) -> None:
    """List where there are suddenly more orders than are to be expected, the highest first.

    ``p`` is the share of ordinary days on which any node scores as high. ``windows`` is 0 where too few days
    are known: ``least`` are needed (docs/methods/hotspots.md).
    """
    ready()
    from suyuan.store import rules

    if as_of:
        moment_asked(as_of)
    viewer, yesterday = viewer_of(username), rules.local_day(now()) - timedelta(days=1)
    own = _found(min(as_of.date(), yesterday) if as_of else yesterday)
    seen = own.seen(viewer.sees)
    if as_json:
        emit(
            {
                "as_of": own.last.isoformat(),
                "known": own.known,
                "least": own.least,
                "windows": own.windows,
                "alarms_per_month": own.alarms,
                "hot_spots": [_told(one) for one in seen],
            }
        )
        return
    if not own.looked:
        click.echo(f"已知 {own.known} 天, 至少 {own.least} 天 / {own.known} days known, {own.least} needed")
    for one in seen:
        figures = f"{one.observed:.0f} / {one.expected:.2g}, p {one.p:.2g}"
        click.echo(f"{one.first} – {one.last}  {one.key}: {figures}")


def _found(day: date) -> "Own":
    from suyuan.actions.hotspots import own
    from suyuan.gateways.engine import open_duckdb
    from suyuan.store import lake, rules

    lake.refresh()
    with open_duckdb(lake.folder()) as engine:
        return own.found(engine.tables(), str(lake.folder()), day, rules.rulebook())


def _told(one: "Spot") -> dict[str, object]:
    days = {"from": one.first, "to": one.last, "raised": one.raised, "until": one.until}
    figures = {name: getattr(one, name) for name in _FIGURES}
    return {"at": one.key, **{name: day.isoformat() for name, day in days.items()}, **figures}
