"""``suyuan customer``: the register of customers and accounts, loaded from files."""

import time
from pathlib import Path

import click

from . import asking
from .ready import now, ready
from .register_file import quarantine_of, takes_a_file, tell
from .shapes import COUNT, FLAG, TEXT, many, thing

COUNTS = ("read", "new", "changed", "duplicate", "quarantined")
SCHEMA = thing(
    dry_run=FLAG,
    accepted=COUNT,
    **dict.fromkeys(COUNTS, COUNT),
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
    from suyuan.actions.customer import import_customers, register_file
    from suyuan.gateways import customerfile

    actor, started = asking.actor_of(username), time.monotonic()
    taken = import_customers(
        tables=customerfile.read(file),
        actor=actor,
        now=now(),
        quarantine=None if dry_run else quarantine_of(file, quarantine),
        dry_run=dry_run,
    )
    took = {"dry_run": dry_run, "seconds": round(time.monotonic() - started, 3)}
    tell(took | register_file.told(taken), COUNTS, as_json=as_json)


@customer.command("template")
@click.argument("file", type=click.Path(path_type=Path))
def template(*, file: Path) -> None:
    """Write an empty list (xlsx or csv) with every column it may have."""
    from suyuan.gateways import customerfile

    customerfile.write_template(file)
    click.echo(str(file))
