"""``suyuan simulate``: write a made-up city's files."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import click

from suyuan.simulate import Size, imagine, write

COUNTS = ("units", "staff", "customers", "grid_nodes", "grid_edges", "calls", "orders", "readings", "events",
          "objects", "causes")  # fmt: skip
BEFORE = ("precursors", "outages", "voltages", "uses", "risks")
"""What is counted beside these with --precursors."""
SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "required": ["out", "end", *COUNTS],
    "properties": {
        "out": {"type": "string"},
        "end": {"type": "string", "format": "date"},
        **{name: {"type": "integer", "minimum": 0} for name in (*COUNTS, *BEFORE)},
    },
}


def yesterday() -> date:
    """Return the last whole day in Shanghai, whose offset has been constant since 1991."""
    return (datetime.now(UTC) + timedelta(hours=8)).date() - timedelta(days=1)


@click.command("simulate")
@click.option("--seed", type=click.IntRange(min=0), required=True, help="Same number, same city.")
@click.option("--customers", type=int, required=True, help="How many customers there are (200 or more).")
@click.option("--days", type=int, required=True, help="How many days to simulate (21 or more).")
@click.option("-o", "out", type=click.Path(file_okay=False, path_type=Path), required=True, help="Folder.")
@click.option(
    "--end",
    type=click.DateTime(["%Y-%m-%d"]),
    default=None,
    help="Last simulated day. Without it: yesterday; give it to get identical files on another day.",
)
@click.option("--precursors", is_flag=True, help="Also plant what shows before complaints, and say where.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def simulate(
    *, seed: int, customers: int, days: int, out: Path, end: datetime | None, precursors: bool, as_json: bool
) -> None:
    """Write a seeded city's registers, orders, calls, readings, event log and true causes into a folder."""
    last = end.date() if end else yesterday()
    counts = write(imagine(Size(seed, customers, days, last, precursors=precursors)), out)
    if as_json:
        click.echo(json.dumps({"out": str(out), "end": last.isoformat(), **counts}, ensure_ascii=False))
        return
    for name, count in counts.items():
        click.echo(f"{name:>12} {count:>10,}")
    click.echo(f"{out}  --end {last.isoformat()}")
