"""Tables of supply are taken in and kept: outages, readings, voltages, calls, which detectors read each day.

Taken are the columns that detectors read; accounts become keyed references. A table that overlaps another, or
comes twice, changes nothing (``gateways/kept_supply.py``).
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import pyarrow as pa
from django.db import transaction

from suyuan.domain import masking
from suyuan.domain.errors import BadInput, Refused
from suyuan.domain.procedure import SYSTEM, Actor
from suyuan.domain.vocabulary import Role
from suyuan.gateways import kept_supply, supplyfile
from suyuan.gateways.kept_supply import Counts
from suyuan.gateways.supplyaside import RULES
from suyuan.gateways.supplyrules import Handed
from suyuan.store import bulk, chain, rules, supply, tray

from .detecting import files

STREAM = "register:supply"
TAKE, FORGET = "supply_take", "supply_forget"
MAY_TAKE = frozenset({Role.ADMIN, Role.OFFICE})
NAMED = 60


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a table."""

    kind: str
    read: int
    new: int
    changed: int
    unchanged: int
    set_aside: int
    first_wrong: Sequence[dict[str, object]] = ()
    """The first rows that were not taken: row, column, value, rule."""
    quarantine_file: str = ""

    @property
    def nothing_new(self) -> bool:
        """Tell whether all of it was known."""
        return not (self.new or self.changed)


def take(*, kind: str, path: Path, actor: Actor, now: datetime, quarantine: Path | None = None) -> Taken:
    """Take a table in: what is known changes nothing, what is told otherwise is kept from now on.

    Rows that cannot be taken go to ``quarantine``; what lies after ``now`` and cannot is one,
    and so is what contradicts another row. Each part is put in its place whole; a crash between two leaves
    rows that the same file, taken again, finds known.
    """
    _allowed(actor, TAKE, kind)
    zone = str(rules.rulebook().calendar.zone)
    handed = Handed(now, rules.local_day(now), files.is_fault)
    sheet = supplyfile.read(path, kind, zone, files.bounds(), handed)
    parts = kept_supply.split(files.masked(files.keyed(sheet.table)), kind)
    aside = sheet.wrong.write(quarantine, _reasons()) if quarantine else ""
    said = {
        "kind": kind,
        "file": masking.mask(path.name)[:NAMED],
        "digest": _digest(path),
        "set_aside": sheet.set_aside,
    }
    with tray.room() as room:
        counts = _merge(room, parts, said, actor, now)
    rows = (counts.new, counts.changed, counts.unchanged, sheet.set_aside)
    return Taken(kind, sheet.wrong.size, *rows, sheet.first_wrong, aside)


@transaction.atomic
def _merge(
    room: Path,
    parts: dict[kept_supply.Part, pa.Table],
    said: dict[str, object],
    actor: Actor,
    now: datetime,
) -> Counts:
    """Put the rows to those that are kept, with their event."""
    bulk.one_at_a_time(STREAM)
    counts, made, kind = Counts(), list[tuple[Path, Path]](), str(said["kind"])
    for (_, stamp), fresh in parts.items():
        place = supply.folder() / kind / f"{stamp}.parquet"
        known = kept_supply.read(place, kind) if place.exists() else None
        table, more = kept_supply.merged(known, fresh, kind, now)
        counts += more
        if table is not None:
            made.append((room / place.name, place))
            kept_supply.write(room / place.name, table, kind)
    detail = {"new": counts.new, "changed": counts.changed, "unchanged": counts.unchanged} | said
    _write(kind, TAKE, actor, now, detail)
    for source, place in made:
        supply.put(source, place)
    return counts


@transaction.atomic
def forget(*, kind: str, before: date | None = None, actor: Actor, now: datetime) -> int:
    """Remove what is kept of a kind, or its parts that were over before a day; return how many rows.

    A damaged part goes too, and counts none.
    """
    _allowed(actor, FORGET, kind)
    bulk.one_at_a_time(STREAM)
    every = kept_supply.parts(supply.folder(), kind)
    gone = [path for path in every if before is None or kept_supply.over(path) <= before]
    rows = sum(_rows(path) for path in gone)
    _write(kind, FORGET, actor, now, {"rows": rows, "before": before.isoformat() if before else ""})
    for path in gone:
        path.unlink()
    return rows


def _reasons() -> dict[str, str]:
    """Return why rows are set aside, in the words that their file says it."""
    return {rule: rules.label("supply_set_aside", rule, "zh") for rule in RULES}


def _rows(path: Path) -> int:
    try:
        return kept_supply.rows_of(path)
    except BadInput:
        return 0


def _allowed(actor: Actor, verb: str, kind: str) -> None:
    if actor is not SYSTEM and not MAY_TAKE & {role for role, _ in actor.grants}:
        raise Refused("not_your_role", verb=verb)
    if kind not in kept_supply.KINDS:
        raise BadInput("unknown_value", field="kind", value=kind[:NAMED], known=list(kept_supply.KINDS))


def _write(kind: str, verb: str, actor: Actor, now: datetime, detail: dict[str, object]) -> None:
    chain.append(
        stream=f"{STREAM}:{kind}",
        at=now,
        actor=actor.username,
        verb=verb,
        objects=[],
        detail={"kind": kind} | detail,
    )


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
