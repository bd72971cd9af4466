"""``suyuan simulate``: write a made-up city's files."""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import click

from suyuan.simulate import Size, imagine, write

from .span import Span

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


COUNT = {"type": "integer", "minimum": 0}
GROUP = {
    "type": "object",
    "required": ["would_be", "prevented", "effect"],
    "properties": {"would_be": COUNT, "prevented": COUNT, "effect": {"type": ["number", "null"]}},
}
LIVE = {
    "type": "object",
    "additionalProperties": False,
    "required": ["begins", "end", "days", "truth"],
    "properties": {
        "begins": {"type": "string", "format": "date"},
        "end": {"type": "string", "format": "date"},
        "days": {"type": "array", "items": {"type": "object", "required": ["day", "contacts", "seconds"]}},
        "truth": {
            "type": "object",
            "required": ["eager_units", "in_time", "chance", "eager", "other"],
            "properties": {"eager": GROUP, "other": GROUP, "in_time": COUNT},
        },
    },
}
"""What --live answers with."""


def yesterday() -> date:
    """Return the last whole day in Shanghai, whose offset has been constant since 1991."""
    return (datetime.now(UTC) + timedelta(hours=8)).date() - timedelta(days=1)


@click.command("simulate")
@click.option("--seed", type=click.IntRange(min=0), required=True, help="Same number, same city.")
@click.option("--customers", type=int, required=True, help="How many customers there are (200 or more).")
@click.option("--days", type=int, required=True, help="How many days to simulate (21 or more).")
@click.option("-o", "out", type=click.Path(file_okay=False, path_type=Path), help="Folder for the files.")
@click.option(
    "--end",
    type=click.DateTime(["%Y-%m-%d"]),
    default=None,
    help="Last simulated day. Without it: yesterday; give it to get identical files on another day.",
)
@click.option("--precursors", is_flag=True, help="Also plant what shows before complaints, and say where.")
@click.option("--live", is_flag=True, help="Instead of writing files let this empty home live through it.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="With --live: the last day to live now; the "
              "next call goes on.")  # fmt: skip
@click.option("--speed", type=Span(0, 3_600), default=0.0, help="With --live: seconds a day lasts.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def simulate(**asked: Any) -> None:
    """Write a seeded city's registers, orders, calls, readings, event log and true causes into a folder.

    With --live nothing is written: an empty home takes the city in day by day, each day told as if it were
    that day, and lives on where it stopped when it is asked again.
    """
    last = asked["end"].date() if asked["end"] else yesterday()
    if asked["live"]:
        _live(asked, last)
        return
    if asked["until"]:
        raise click.UsageError("--until needs --live.")
    if asked["out"] is None:
        raise click.UsageError("Missing option '-o'.")
    size = Size(asked["seed"], asked["customers"], asked["days"], last, precursors=asked["precursors"])
    counts = write(imagine(size), asked["out"])
    if asked["as_json"]:
        click.echo(
            json.dumps({"out": str(asked["out"]), "end": last.isoformat(), **counts}, ensure_ascii=False)
        )
        return
    for name, count in counts.items():
        click.echo(f"{name:>12} {count:>10,}")
    click.echo(f"{asked['out']}  --end {last.isoformat()}")


def _live(asked: Mapping[str, Any], last: date) -> None:
    """Print a line a day, or in the end one object of all of them."""
    from . import live
    from .ready import emit, ready

    ready()
    begins = last - timedelta(days=asked["days"] - 1)
    size = live.Lived(asked["seed"], asked["customers"], asked["days"], begins.isoformat())
    told, until = [], asked["until"].date() if asked["until"] else None
    for day in live.live(size, asked["speed"], until):
        told.append(day)
        click.echo("  ".join(f"{name} {value}" for name, value in day.items()), err=asked["as_json"])
    if asked["as_json"]:
        emit({"begins": begins.isoformat(), "end": last.isoformat(), "days": told, "truth": live.truth(size)})
