"""``suyuan weak-links``: in which measure a unit is weaker than others of its sort."""

import click

from .asking import viewer_of
from .ready import emit, now, ready
from .shapes import TEXT, many, thing

_NUMBER = {"type": "number"}
_FIGURES = ("n", "of", "value", "others", "shrunk", "low", "high", "p", "q")
SCHEMA = thing(period=TEXT, weak=many(thing(unit=TEXT, measure=TEXT, **dict.fromkeys(_FIGURES, _NUMBER))))


@click.command("weak-links")
@click.option("--period", required=True, help="Came in in 2025-10, 2025-Q4, 2025-W40, 2025 or all.")
@click.option("--as", "username", required=True, help="Whose reach.")
@click.option("--json", "as_json", is_flag=True)
def weak_links(*, period: str, username: str, as_json: bool) -> None:
    """List where a unit is weaker than all others of its sort by more than chance, the surest first."""
    ready()
    from suyuan.analytics import period as periods
    from suyuan.analytics import weak_links as method
    from suyuan.analytics.register import code_of
    from suyuan.gateways.engine import open_duckdb
    from suyuan.store import lake
    from suyuan.store.queries import weak_links as rulebook

    asked, viewer = periods.parse(period), viewer_of(username)
    lake.refresh()
    with open_duckdb(lake.folder()) as engine:
        found = method.find(engine.tables(), asked, rulebook.looked_at(), as_of=now())
    rows = [
        {"unit": code_of(one.unit), "measure": one.measure} | {name: getattr(one, name) for name in _FIGURES}
        for one in found
        if viewer.sees(one.unit)
    ]
    if as_json:
        emit({"period": asked.label, "weak": rows})
        return
    for row in rows:
        figures = f"{row['value']:.3f} / {row['others']:.3f}  q {row['q']:.3f}"
        click.echo(f"{row['unit']}  {row['measure']}  {figures}")
