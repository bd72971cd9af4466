"""The list of what was shredded, kept in the home beside the database: a restored backup is shredded again.

A line names rows by their ids alone, which lead nowhere once the rows are gone, under a keyed digest that
only this home's keys can make. A line is written before its transaction ends: one too many shreds again what
had been asked for, one too few would bring somebody back.
"""

import json
import os
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from suyuan.config.home import home
from suyuan.domain.errors import BadInput
from suyuan.domain.procedure import Actor
from suyuan.store import seal
from suyuan.store.models import Case, ContactWay, Customer, SpecialFlag

from . import _leftovers as leftovers
from . import _members as members
from ._marks import Mark, mark, write
from ._outlived import remove_cases, remove_pieces
from .shredders import digest

NAME = "shredded.jsonl"
BATCH = 500
Line = dict[str, Any]


def path() -> Path:
    """Return where the list lies."""
    return home() / NAME


def note(kind: str, keys: Sequence[Any], now: datetime) -> None:
    """Add to the list that rows of a kind are being shredded."""
    if keys:
        _append({"at": now.isoformat(), "kind": kind, "keys": list(keys)})


def _append(line: Line) -> None:
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


def shred_again(*, lines: Sequence[Line], made_at: datetime, actor: Actor, now: datetime) -> dict[str, int]:
    """Shred again what was shredded after a backup was made; return how much of what was there."""
    reached: dict[str, int] = {}
    for line in list(since(lines, made_at)):
        for start in range(0, len(line["keys"]), BATCH):
            keys = line["keys"][start : start + BATCH]
            count = shred_line(kind=line["kind"], keys=keys, actor=actor, now=now)
            if count:
                reached[line["kind"]] = reached.get(line["kind"], 0) + count
    _append({"at": now.isoformat(), "kind": "restored", "keys": [made_at.isoformat()]})
    return reached


@transaction.atomic
def shred_line(*, kind: str, keys: Sequence[Any], actor: Actor, now: datetime) -> int:
    """Shred again the rows of one line that are there, and return how many there were."""
    if kind not in AGAIN:
        raise BadInput("unknown_value", field="kind", value=kind)
    note(kind, keys, now)
    count, named = AGAIN[kind](keys, actor, now)
    if count:
        write(actor, now, "shred_again", {"kind": kind, "count": count}, named)
    return count


Again = Callable[[Sequence[Any], Actor, datetime], tuple[int, list[Mark]]]


def _cases(keys: Sequence[Any], actor: Actor, now: datetime) -> tuple[int, list[Mark]]:
    there = list(Case.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk"))
    remove_cases([case.pk for case in there], actor, now)
    return len(there), mark(Case.objects.filter(pk__in=keys), "shred_again", actor, now)


def _pieces(keys: Sequence[Any], actor: Actor, now: datetime) -> tuple[int, list[Mark]]:
    named = remove_pieces(keys, actor, now)
    return len(named), named


def _people(keys: Sequence[Any], actor: Actor, now: datetime) -> tuple[int, list[Mark]]:
    named = members.remove(keys, actor, now)
    return len(named), named


def _rows(table: Any) -> Again:
    def again(keys: Sequence[Any], _actor: Actor, _now: datetime) -> tuple[int, list[Mark]]:
        rows = table.objects.filter(pk__in=keys)
        count = rows.count()
        rows.delete()
        return count, []

    return again


def _files(keys: Sequence[Any], _actor: Actor, _now: datetime) -> tuple[int, list[Mark]]:
    found = [file for file in leftovers.handed_in() if digest(file) in keys]
    transaction.on_commit(lambda: leftovers.unlink(found))
    return len(found), []


AGAIN: dict[str, Again] = {
    "case": _cases,
    "evidence": _pieces,
    "customer": _rows(Customer),
    "contact_way": _rows(ContactWay),
    "special_flag": _rows(SpecialFlag),
    "person": _people,
    "file": _files,
}
"""What each kind of line does once more."""
