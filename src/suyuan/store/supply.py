"""Where the tables of supply lie that were taken in."""

import os
from pathlib import Path

from suyuan.config.home import home

FOLDER = "supply"


def folder() -> Path:
    """Return the folder of the home that holds them; it may not be there yet."""
    return home() / FOLDER


def put(made: Path, place: Path) -> None:
    """Put a part in the place of the one before, for its owner alone."""
    folder().mkdir(mode=0o700, exist_ok=True)
    place.parent.mkdir(mode=0o700, exist_ok=True)
    made.chmod(0o600)
    with made.open("rb") as file:
        os.fsync(file.fileno())
    made.replace(place)
