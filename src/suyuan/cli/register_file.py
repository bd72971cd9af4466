"""What every command asks that takes a file into a register: the file, who, a dry run, where faults go."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

OPTIONS = (
    click.argument("file", type=click.Path(path_type=Path)),
    click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing."),
    click.option("--as", "username", default="", help="Who imports; without it this machine's owner."),
    click.option(
        "--quarantine",
        type=click.Path(path_type=Path),
        default=None,
        help="Where rows go that were not taken; FILE.quarantine.csv without it.",
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
