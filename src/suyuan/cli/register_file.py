"""What every command asks and tells that takes a file into a register: who, a dry run, where faults go."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from .ready import emit

OPTIONS = (
    click.argument("file", type=click.Path(path_type=Path)),
    click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing."),
    click.option("--as", "username", default="", help="Who imports; without it this machine's owner."),
    click.option(
        "--quarantine",
        type=click.Path(path_type=Path),
        default=None,
        help="Where rows go that were not taken; without it beside FILE: of cust.csv, cust.quarantine.csv.",
    ),
    click.option("--json", "as_json", is_flag=True),
)


def same_name(name: str, codes: Sequence[str]) -> str:
    """Return the warning that several units have one name."""
    return f"{', '.join(codes)} are all called {name}: orders that give only this name will be set aside"


def takes_a_file(command: Callable[..., Any]) -> Callable[..., Any]:
    """Return the command with the options of an import, in the order they are described."""
    for option in reversed(OPTIONS):
        command = option(command)
    return command


def quarantine_of(file: Path, quarantine: Path | None) -> Path:
    """Return where the rows of a file go that are not taken."""
    return quarantine or file.with_suffix(".quarantine.csv")


def tell(told: Mapping[str, Any], counts: Sequence[str], *, as_json: bool) -> None:
    """Print what became of a file: one object, or a line of counts and a line for each fault."""
    if as_json:
        emit(told)
        return
    click.echo(", ".join(f"{told[name]} {name}" for name in counts))
    for fault in told["faults"]:
        value = f" {fault['value']!r}" if fault.get("value") else ""
        click.echo(f"  row {fault['row']} {fault['column']}{value}: {fault['rule']}")
