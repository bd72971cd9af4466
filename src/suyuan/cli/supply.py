"""``suyuan supply``: tables of outages, readings, voltages and calls that this home takes in and keeps."""

from datetime import datetime
from pathlib import Path

import click

from .ready import emit, now, ready
from .register_file import quarantine_of
from .shapes import COUNT, PERHAPS_MOMENT, TEXT, many, thing

KIND = TEXT
TAKEN = thing(
    kind=KIND,
    read=COUNT,
    new=COUNT,
    changed=COUNT,
    unchanged=COUNT,
    set_aside=COUNT,
    first_wrong=many(thing(row=COUNT, column=TEXT, value=TEXT, rule=TEXT)),
    quarantine_file=TEXT,
)
LIST = thing(
    kept=many(
        thing(
            kind=KIND,
            rows=COUNT,
            first=PERHAPS_MOMENT,
            last=PERHAPS_MOMENT,
            taken_at=PERHAPS_MOMENT,
            by=TEXT,
            file=TEXT,
            set_aside=COUNT,
        )
    )
)
FORGOTTEN = thing(kind=KIND, rows=COUNT)
COUNTS = ("read", "new", "changed", "unchanged", "set_aside")
_AS = click.option("--as", "username", default="", help="Who; without it this machine's owner.")
_JSON = click.option("--json", "as_json", is_flag=True)
_KIND = click.argument("kind", metavar="outages|readings|voltage|calls")


@click.group("supply")
def supply() -> None:
    """Tables of outages, readings, voltages and calls that detectors read each day (docs/detect.md)."""
    ready()


@supply.command("take")
@_KIND
@click.argument("file", type=click.Path(path_type=Path))
@_AS
@click.option(
    "--quarantine",
    type=click.Path(path_type=Path),
    default=None,
    help="Where rows go that were not taken; without it beside FILE: of off.csv, off.quarantine.csv.",
)
@_JSON
def take(*, kind: str, file: Path, username: str, quarantine: Path | None, as_json: bool) -> None:
    """Take a table in: csv, xlsx, packed or Parquet; what is known already changes nothing.

    Accounts become keyed references; columns that no detector reads stay behind.
    """
    from dataclasses import asdict

    from suyuan.actions import supply as actions

    from .trace import acting

    aside = quarantine_of(file, quarantine)
    taken = actions.take(kind=kind, path=file, actor=acting(username), now=now(), quarantine=aside)
    told = asdict(taken)
    if as_json:
        emit(told)
        return
    click.echo(f"{kind}: " + ", ".join(f"{told[name]:,} {name}" for name in COUNTS))
    for row in taken.first_wrong:
        click.echo("未取入 / not taken: {row} {column} {value} {rule}".format(**row), err=True)
    if taken.quarantine_file:
        click.echo(f"{taken.quarantine_file}: 改好后再装入 / put right and take it in again", err=True)


@supply.command("list")
@_JSON
def listed(*, as_json: bool) -> None:
    """List what is kept of each kind: rows, from when to when, and the table that was taken in last."""
    from suyuan.gateways import kept_supply
    from suyuan.store import supply as store
    from suyuan.store.queries import supply as queries

    found = kept_supply.held(store.folder())
    last = queries.last_taken(one.kind for one in found)
    rows = []
    for one in found:
        told = last.get(one.kind)
        row: dict[str, object] = {"kind": one.kind, "rows": one.rows, "first": one.first, "last": one.last}
        row |= {"taken_at": told.at if told else None, "by": told.by if told else ""}
        rows.append(row | {"file": told.file if told else "", "set_aside": told.set_aside if told else 0})
    if as_json:
        emit({"kept": rows})
        return
    for row in rows:
        row |= {name: _minute(row[name]) for name in ("first", "last", "taken_at")}
        click.echo(
            "{kind}  {rows:,} rows  {first} – {last}  {file} {taken_at} {by}  {set_aside:,} set aside".format(
                **row
            )
        )


def _minute(at: object) -> str:
    """Return a moment in local time, to the minute."""
    from suyuan.store import rules

    zone = rules.rulebook().calendar.zone
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}" if isinstance(at, datetime) else ""


@supply.command("forget")
@_KIND
@click.option("--before", type=click.DateTime(["%Y-%m-%d"]), help="Only parts that were over by this day.")
@_AS
@_JSON
def forget(*, kind: str, before: datetime | None, username: str, as_json: bool) -> None:
    """Remove what is kept of a kind; detectors then read the log and the cases again."""
    from suyuan.actions import supply as actions

    from .trace import acting

    day = before.date() if before else None
    rows = actions.forget(kind=kind, before=day, actor=acting(username), now=now())
    if as_json:
        emit({"kind": kind, "rows": rows})
    else:
        click.echo(f"{kind}: {rows:,} rows removed")
