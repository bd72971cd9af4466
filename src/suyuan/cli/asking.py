"""What commands that list cases share: one option for a search, and that it is written down."""

from datetime import datetime
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from suyuan.store.queries.viewer import Viewer

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
