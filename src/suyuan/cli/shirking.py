"""``suyuan shirking``: between which units orders bounce and lie, and how support was kept."""

import click

from .asking import viewer_of
from .ready import emit, now, ready
from .shapes import COUNT, TEXT, TEXTS, many, thing

_NUMBER = {"type": "number"}
_PAIR = {"giver": TEXT, "taker": TEXT, "handed": COUNT, "bounced": COUNT, "rate": _NUMBER}
SCHEMA = thing(
    period=TEXT,
    pairs=many(
        thing(**_PAIR, shrunk_rate=_NUMBER, idle_hours=_NUMBER, shrunk_idle_hours=_NUMBER, cases=TEXTS)
    ),
    support=many(thing(asked_by=TEXT, helper=TEXT, kept=COUNT, late=COUNT, running=COUNT)),
)


@click.command("shirking")
@click.option("--period", required=True, help="Came in in 2025-Q4, 2025-10, 2025-W40, 2025 or all.")
@click.option("--as", "username", required=True, help="Whose reach.")
@click.option("--json", "as_json", is_flag=True)
def shirking(*, period: str, username: str, as_json: bool) -> None:
    """Tell, by pairs of units, how often orders bounced and how long they lay on working days.

    Rates and times are drawn towards those of all pairs, the more the fewer orders a pair has.
    """
    ready()
    from suyuan.analytics import period as periods
    from suyuan.analytics import shirking as method
    from suyuan.gateways.engine import open_duckdb
    from suyuan.store import lake, rules
    from suyuan.store.queries import shirking as queries

    asked, viewer = periods.parse(period), viewer_of(username)
    lake.refresh()
    until = method.work(now(), rules.rulebook().calendar)
    with open_duckdb(lake.folder()) as engine:
        of = engine.tables(), asked, viewer.paths
        orders = method.orders(*of)
        rows = [
            {name: getattr(one, name) for name in one.__slots__}
            | {"cases": orders.get((one.giver, one.taker), [])}
            for one in method.pairs(*of, until)
        ]
    if as_json:
        support = [
            {name: getattr(one, name) for name in one.__slots__} for one in queries.joint(viewer, asked)
        ]
        emit({"period": asked.label, "pairs": rows, "support": support})
        return
    for one in rows:
        idle = f"{one['shrunk_idle_hours']:6.1f} h"
        click.echo(f"{one['giver']} → {one['taker']}  {one['bounced']}/{one['handed']}  {idle}")
