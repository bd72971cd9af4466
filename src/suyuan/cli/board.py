"""``suyuan board``: the control board in the terminal, or as JSON."""

from datetime import timedelta

import click
from rich.console import Console
from rich.table import Table

from .ready import emit, now, ready


@click.command("board")
@click.option("--period", default="", help="2025-10, 2025-W40 or 2025; without it everything.")
@click.option("--unit", default="", help="Unit code; without it the whole company.")
@click.option("--json", "as_json", is_flag=True)
def board(*, period: str, unit: str, as_json: bool) -> None:
    """Show every measure of a period: value, n/N, interval, previous period, a year before, exclusions."""
    ready()
    from suyuan.store import lake

    lake.refresh()
    shown = rows(period, unit)
    if as_json:
        emit({"period": shown[0], "measures": [row.as_json() for row in shown[1]]})
        return
    show(*shown)


def rows(period: str, unit: str):  # type: ignore[no-untyped-def]
    """Return the period's label and its board rows."""
    from suyuan.analytics import board as method
    from suyuan.analytics import period as periods
    from suyuan.analytics import scan
    from suyuan.gateways.engine import open_duckdb
    from suyuan.store import lake, rules
    from suyuan.store.queries import org

    chosen = periods.parse(period) if period else periods.ALL
    path = org.unit(unit).path if unit else "/"
    with open_duckdb(lake.folder()) as engine:
        tables, today = engine.tables(), rules.local_day(now())
        first, last = scan.days(tables, scan.ROOT)
        periods.known(chosen, first, max(last or today, today))
        return chosen.label, method.board(tables, chosen, path, as_of=now())


def last_week() -> str:
    """Return the last full ISO week, e.g. 2025-W40."""
    from suyuan.analytics import period as periods
    from suyuan.store import rules

    today = rules.local_day(now())
    return periods.of_day(today - timedelta(days=7), "week").label


def show(period: str, found) -> None:  # type: ignore[no-untyped-def]
    """Print a board as a table."""
    from suyuan.analytics import measures
    from suyuan.store import rules

    table = Table(title=f"管控看板 {'全部' if period == 'all' else period}")
    for name, side in (
        ("指标", "left"),
        ("数值（n/N）", "right"),
        ("95% 区间", "right"),
        ("上期", "right"),
        ("去年同期", "right"),
        ("未计入", "left"),
    ):
        table.add_column(name, justify=side)  # type: ignore[arg-type]
    for row in found:
        if row.of in (None, 0) and not any(row.excluded.values()):
            continue
        measure, member = measures.find(row.id)
        title = measure.title.zh + (f" {rules.label('limit', member)}" if member else "")
        left_out = "，".join(
            f"{rules.label('exclusion', code)} {n:g}" for code, n in row.excluded.items() if n
        )
        table.add_row(title, *_figures(measure, row), left_out)
    Console(width=max(Console().width, 120)).print(table)


def _figures(measure, row) -> tuple[str, str, str, str]:  # type: ignore[no-untyped-def]
    from suyuan.analytics import display

    percent = measure.scale == 1 and row.of is not None

    def written(value: float | None) -> str:
        if value is None:
            return display.NOTHING
        return f"{display.rounded(value * 100)} %" if percent else display.rounded(value)

    value = (
        written(row.value)
        if row.of is None
        else f"{written(row.value)} ({display.count(row.n)}/{display.count(row.of)})"
    )
    interval = "" if row.low is None or row.high is None else f"{written(row.low)} – {written(row.high)}"
    return value, interval, written(row.previous), written(row.last_year)
