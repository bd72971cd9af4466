"""The list of what was shredded, kept in the home beside the database: a restored backup is shredded again.

A line names rows by their ids alone, which lead nowhere once the rows are gone, under a keyed digest that
only this home's keys can make. A line is written before its transaction ends: one too many shreds again what
had been asked for, one too few would bring somebody back.
"""

import json
import os
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from suyuan.config.home import home
from suyuan.domain.errors import BadInput
from suyuan.store import seal

NAME = "shredded.jsonl"
Line = dict[str, Any]


def path() -> Path:
    """Return where the list lies."""
    return home() / NAME


def note(kind: str, keys: Sequence[Any], now: datetime) -> None:
    """Add to the list that rows of a kind are being shredded."""
    if keys:
        append({"at": now.isoformat(), "kind": kind, "keys": list(keys)})


def append(line: Line) -> None:
    """Add a line under a digest that this home's keys make, on the disk for good."""
    said = json.dumps(line | {"mac": _mac(line)}, ensure_ascii=False, sort_keys=True) + "\n"
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
    with open(os.open(path(), flags, 0o600), "ab") as out:  # noqa: PTH123 a mode
        out.write(said.encode())
        out.flush()
        os.fsync(out.fileno())


def _mac(line: Line) -> str:
    told = {name: value for name, value in line.items() if name != "mac"}
    return seal.reference("shredded\n" + json.dumps(told, ensure_ascii=False, sort_keys=True))


def read(file: Path) -> list[Line]:
    """Return the lines of a list; raise BadInput at one that this home's keys did not make."""
    lines = []
    for number, said in enumerate(file.read_text("utf-8").splitlines(), 1):
        try:
            line = json.loads(said)
        except ValueError:
            line = {}
        if not isinstance(line, dict) or line.get("mac") != _mac(line):
            raise BadInput("shredded_list_changed", file=file.name, line=number)
        lines.append(line)
    return lines


def since(lines: Sequence[Line], made_at: datetime) -> Iterator[Line]:
    """Yield the shreddings after a backup was made, as far as they are of its own history.

    Where a backup older than this one was restored, another history began: its ids mean other rows.
    """
    for line in lines:
        if line["kind"] == "restored":
            if datetime.fromisoformat(line["keys"][0]) < made_at:
                return
        elif datetime.fromisoformat(line["at"]) >= made_at:
            yield line
