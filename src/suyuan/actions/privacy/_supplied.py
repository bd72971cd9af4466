"""What tables of supply say of a person, by the keys of accounts, and the parts that outlived their time."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from suyuan.domain.procedure import Actor
from suyuan.gateways import kept_supply
from suyuan.store import bulk, rules, supply, tray

from ..supply import STREAM
from . import _traced as traced
from ._leftovers import Files
from .subject import Subject


def _accounts(subject: Subject) -> set[str]:
    return {index for index in traced.indexes(subject) if index}


def told(subject: Subject) -> list[dict[str, object]]:
    """Return every row that is kept of somebody's accounts."""
    return list(_told(_accounts(subject)))


def _told(accounts: set[str]) -> Iterator[dict[str, object]]:
    for kind, _, rows in kept_supply.of_accounts(supply.folder(), accounts):
        for row in rows.to_pylist():
            said = {name: value for name, value in row.items() if value is not None and name != "account"}
            yield {"kind": kind} | {
                name: value if isinstance(value, str | float) else value.isoformat()
                for name, value in said.items()
            }


def remove(subject: Subject, _actor: Actor, _now: datetime) -> int:
    """Write the parts anew without somebody's rows; return how many those were."""
    bulk.one_at_a_time(STREAM)
    accounts, rows = _accounts(subject), 0
    with tray.room() as room:
        for kind, place, theirs in kept_supply.of_accounts(supply.folder(), accounts):
            rows += theirs.num_rows
            left = kept_supply.without(place, kind, accounts)
            if not left.num_rows:
                place.unlink()
                continue
            kept_supply.write(room / place.name, left, kind)
            supply.put(room / place.name, place)
    return rows


def _parts() -> Iterator[Path]:
    for kind in kept_supply.KINDS:
        yield from kept_supply.parts(supply.folder(), kind)


class Parts(Files):
    """Parts of tables of supply, whose age is that of their last day."""

    def _old(self, before: datetime) -> list[Path]:
        day = rules.local_day(before)
        return sorted(path for path in self.paths() if kept_supply.over(path) <= day)


def parts(figure: str) -> Parts:
    """Return the place of the parts, which a figure says the period of."""
    return Parts(figure, "supply_tables", _parts)
