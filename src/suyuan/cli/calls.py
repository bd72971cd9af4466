"""``suyuan calls``: the calls of the exchange, read from its files."""

from pathlib import Path

import click

from .ready import emit, now, ready
from .register_file import takes_a_file
from .shapes import COUNT, FLAG, TEXT, many, thing

SCHEMA = thing(
    dry_run=FLAG,
    read=COUNT,
    new=COUNT,
    duplicate=COUNT,
    answered=COUNT,
    other=COUNT,
    unlisted=COUNT,
    quarantined=COUNT,
    closed=COUNT,
    quarantine_file={"type": ["string", "null"]},
    faults=many(thing(row=COUNT, column=TEXT, rule=TEXT)),
)


@click.group("calls")
def calls() -> None:
    """The calls of the exchange that nobody took."""
    ready()


@calls.command("import")
@takes_a_file
def import_file(*, file: Path, dry_run: bool, username: str, quarantine: Path | None, as_json: bool) -> None:
    """Put the abandoned calls of a csv or xlsx file on the call-back list.

    --as must name somebody of the lead or the service office: calls that name no unit stand where they work.
    The same file twice adds nothing. What is printed never says what stands in a cell.
    """
    from suyuan.actions.call import call_file
    from suyuan.domain.errors import BadInput
    from suyuan.gateways import callfile
    from suyuan.store.queries import viewer

    who = viewer.named(username)
    if who is None:
        raise BadInput("unknown_person", username=username)
    taken = call_file.import_calls(
        tables=callfile.read(file),
        actor=who.actor,
        now=now(),
        quarantine=None if dry_run else quarantine or file.with_suffix(".quarantine.csv"),
        dry_run=dry_run,
    )
    told = call_file.told(taken)
    if as_json:
        emit({"dry_run": dry_run, **told})
        return
    names = ("read", "new", "duplicate", "answered", "other", "unlisted", "quarantined", "closed")
    click.echo(", ".join(f"{told[name]} {name}" for name in names))
    for row, column, _, rule in taken.faults:
        click.echo(f"  row {row} {column}: {rule}")
