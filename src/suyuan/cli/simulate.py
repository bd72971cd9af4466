"""``suyuan simulate``: write a made-up city's files."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import click

from suyuan.domain.errors import BadInput
from suyuan.simulate.build import CONTACTS_PER_CUSTOMER, build

LOCAL = timedelta(hours=8)


def _yesterday() -> date:
    return (datetime.now(UTC) + LOCAL).date() - timedelta(days=1)


@click.command("simulate")
@click.option("--seed", type=click.IntRange(min=0), required=True, help="Any whole number; the same one gives the same city.")
@click.option("--customers", type=int, required=True, help="How many customers the company serves (at least 200).")
@click.option("--days", type=int, required=True, help="How many days to simulate (at least 21).")
@click.option("-o", "out", type=click.Path(file_okay=False, path_type=Path), required=True, help="Folder for the files.")
@click.option("--end", type=click.DateTime(["%Y-%m-%d"]), default=None,
              help="The last simulated day; without it yesterday, so give it to get the same files another day.")  # fmt: skip
@click.option("--contacts", type=float, default=CONTACTS_PER_CUSTOMER, show_default=True,
              help="Contacts per customer and year.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def simulate(
    *, seed: int, customers: int, days: int, out: Path, end: datetime | None, contacts: float, as_json: bool
) -> None:
    """Write a seeded city's registers, orders, calls, readings, event log and true causes into a folder."""
    last = end.date() if end else _yesterday()
    try:
        counts = build(seed, customers, days, last, out, contacts)
    except BadInput as error:
        raise click.UsageError(" ".join([error.code, *(f"{k}={v}" for k, v in error.facts.items())])) from error
    if as_json:
        click.echo(json.dumps({"out": str(out), "end": last.isoformat(), **counts}, ensure_ascii=False))
        return
    for name, count in counts.items():
        click.echo(f"{name:>12} {count:>10,}")
    click.echo(f"{out} (last day {last.isoformat()})")
