"""A log written in the format its file name asks for, whole or not at all."""

import os
from collections.abc import Callable
from pathlib import Path

from suyuan.domain.errors import BadInput

from . import ocel_json, ocel_sqlite_writing, ocel_xml, table_writing, xes_writing
from .columns import Columns

WRITERS: dict[str, Callable[[Columns, Path], dict[str, int] | None]] = {
    ".sqlite": ocel_sqlite_writing.write,
    ".json": ocel_json.write,
    ".jsonocel": ocel_json.write,
    ".xml": ocel_xml.write,
    ".xmlocel": ocel_xml.write,
    ".csv": table_writing.write,
    ".csv.gz": table_writing.write,
    ".xes": xes_writing.write,
    ".xes.gz": xes_writing.write,
}
"""Ending → what writes it."""


def ending(path: Path) -> str:
    """Return which ending a file has; raise BadInput naming those there are."""
    name = path.name.lower()
    found = next((each for each in sorted(WRITERS, key=len, reverse=True) if name.endswith(each)), None)
    if found is None:
        raise BadInput("unknown_format", file=path.name, known=sorted(WRITERS))
    return found


def write(log: Columns, path: Path) -> dict[str, int]:
    """Write a log to a new file; return how much of it the format has no place for, by what it is."""
    kind = ending(path)
    if path.exists():
        raise BadInput("file_exists", file=path.name)
    if not path.parent.is_dir():
        raise BadInput("no_such_folder", file=str(path.parent))
    made = path.with_name(f".{path.name}.part{os.getpid()}{kind}")
    try:
        lost = WRITERS[kind](log, made)
        made.rename(path)
    except BadInput as no:
        raise BadInput(no.code, **{"file": path.name, **no.facts}) from None
    except OSError as error:
        raise BadInput("file_unwritable", file=path.name, problem=error.strerror or str(error)) from None
    finally:
        made.unlink(missing_ok=True)
    return lost or {}
