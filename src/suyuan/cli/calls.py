"""``suyuan calls``: the calls of the exchange, read from its files."""

from pathlib import Path

import click

from . import asking
from .ready import now, ready
from .register_file import quarantine_of, takes_a_file, tell
from .shapes import COUNT, FLAG, TEXT, many, thing

COUNTS = ("read", "new", "duplicate", "answered", "other", "unlisted", "quarantined", "closed")
SCHEMA = thing(
    dry_run=FLAG,
    **dict.fromkeys(COUNTS, COUNT),
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
    from suyuan.gateways import callfile

    actor = asking.viewer_of(username).actor
    taken = call_file.import_calls(
        tables=callfile.read(file),
        actor=actor,
        now=now(),
        quarantine=None if dry_run else quarantine_of(file, quarantine),
        dry_run=dry_run,
    )
    tell({"dry_run": dry_run, **call_file.told(taken)}, COUNTS, as_json=as_json)
