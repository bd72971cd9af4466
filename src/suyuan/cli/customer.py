"""``suyuan customer``: the register of customers and accounts, loaded from files."""

import time
from pathlib import Path

import click

from .ready import emit, now, ready
from .register_file import takes_a_file
from .shapes import COUNT, FLAG, TEXT, many, thing

SCHEMA = thing(
    dry_run=FLAG,
    read=COUNT,
    accepted=COUNT,
    new=COUNT,
    changed=COUNT,
    duplicate=COUNT,
    quarantined=COUNT,
    quarantine_file={"type": ["string", "null"]},
    seconds={"type": "number", "minimum": 0},
    faults=many(thing(row=COUNT, column=TEXT, value=TEXT, rule=TEXT)),
)


@click.group("customer")
def customer() -> None:
    """The customers: accounts, supply points, meters, contacts."""
    ready()


@customer.command("import")
@takes_a_file
def import_file(*, file: Path, dry_run: bool, username: str, quarantine: Path | None, as_json: bool) -> None:
    """Take the customers of a csv or xlsx file in; rows that cannot be taken go to the quarantine.

    The same file twice changes nothing, and an import that was interrupted is simply run again. What is
    printed names rows, columns and rules, and of what stands in a cell only units and words of lists.
    """
    from suyuan.actions.customer import import_customers
    from suyuan.domain.errors import BadInput
    from suyuan.domain.procedure import SYSTEM
    from suyuan.gateways import customerfile
    from suyuan.store.queries import viewer

    who = viewer.named(username) if username else None
    if username and who is None:
        raise BadInput("unknown_person", username=username)
    started = time.monotonic()
    taken = import_customers(
        tables=customerfile.read(file),
        actor=who.actor if who else SYSTEM,
        now=now(),
        quarantine=None if dry_run else quarantine or file.with_suffix(".quarantine.csv"),
        dry_run=dry_run,
    )
    told = taken.plain()
    if as_json:
        emit({"dry_run": dry_run, "seconds": round(time.monotonic() - started, 3), **told})
        return
    names = ("read", "new", "changed", "duplicate", "quarantined")
    click.echo(", ".join(f"{told[name]} {name}" for name in names))
    for row, column, value, rule in taken.faults:
        click.echo(f"  row {row} {column}{f' {value!r}' if value else ''}: {rule}")


@customer.command("template")
@click.argument("file", type=click.Path(path_type=Path))
def template(*, file: Path) -> None:
    """Write an empty list (xlsx or csv) with every column it may have."""
    from suyuan.gateways import customerfile

    customerfile.write_template(file)
    click.echo(str(file))
