"""What commands share: who asks, the form of a verb, a search that is written down."""

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from suyuan.domain.errors import BadInput

if TYPE_CHECKING:
    from suyuan.domain.procedure import Actor
    from suyuan.store.queries.viewer import Viewer

Command = TypeVar("Command", bound=Callable[..., Any])
option = click.option(
    "--q",
    default="",
    help="Words, or exactly a number, a telephone, an account or a name; - reads it from what comes in.",
)


def written_down(q: str, viewer: "Viewer", at: datetime) -> str:
    """Return what is searched for, and write down that somebody was looked for."""
    from suyuan.actions.privacy import find

    text = click.get_text_stream("stdin").readline().strip() if q == "-" else q
    find.search(viewer=viewer, text=text, place="cli", now=at)
    return text


def viewer_of(username: str) -> "Viewer":
    """Return who a command is run as; raise BadInput for nobody of the register."""
    from suyuan.store.queries import viewer

    found = viewer.named(username)
    if found is None:
        raise BadInput("unknown_person", username=username)
    return found


def actor_of(username: str) -> "Actor":
    """Return who acts by name; without one, this machine's owner."""
    from suyuan.domain.procedure import SYSTEM

    return viewer_of(username).actor if username else SYSTEM


def form_option(holds: str, *, required: bool = True) -> Callable[[Command], Command]:
    """Return the option by which a command takes its form: a JSON file that holds what is named."""
    file = click.Path(exists=True, dir_okay=False, path_type=Path)
    return click.option("--form", "form_file", required=required, type=file, help=f"JSON with {holds}.")


def form_in(file: Path) -> dict[str, object]:
    """Return the form that a JSON file holds; raise BadInput for anything but one object."""
    try:
        form = json.loads(file.read_text("utf-8-sig"))
    except ValueError as wrong:
        raise BadInput("bad_json", file=file.name, problem=str(wrong)) from None
    if not isinstance(form, dict):
        raise BadInput("bad_json", file=file.name, problem="must hold one object")
    return form
