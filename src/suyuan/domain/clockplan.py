"""Which clocks a case should carry, given its milestones: what to start, move, stop and void.

One rule serves live cases and imported ones: a limit's clock starts when its first milestone is reached
and stops at its second. A limit whose conditions no longer hold is moved to the one of its family that
holds now (old due kept, with the reason), or voided.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


class Terms(Protocol):
    """What the plan needs of a limit."""

    @property
    def id(self) -> str: ...
    @property
    def family(self) -> str: ...
    @property
    def starts(self) -> str: ...
    @property
    def stops(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Running:
    """A clock of the present episode: running, or already stopped."""

    key: int
    limit: str
    family: str
    is_running: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do, by limit and by clock key."""

    start: tuple[Terms, ...]
    move: tuple[tuple[int, Terms], ...]
    stop: tuple[tuple[int, datetime], ...]
    void: tuple[int, ...]


def plan(
    limits: Iterable[Terms],
    moments: Mapping[str, datetime | None],
    clocks: Iterable[Running],
    ended_at: datetime | None = None,
) -> Plan:
    """Return what the clocks need; after ``ended_at``, the archive, nothing runs on and nothing begins."""
    wanted = {limit.id: limit for limit in limits}
    by_limit = {clock.limit: clock for clock in clocks}
    by_family = {clock.family: clock for clock in by_limit.values() if clock.is_running}
    start: list[Terms] = []
    move: list[tuple[int, Terms]] = []
    for limit in wanted.values():
        if limit.id in by_limit or moments.get(limit.starts) is None:
            continue
        if ended_at is not None and moments.get(limit.stops) is None:
            continue  # what begins and ends in one step leaves nothing to wait for
        sibling = by_family.get(limit.family)
        if sibling is not None and sibling.limit not in wanted:
            move.append((sibling.key, limit))
            del by_family[limit.family]
        else:
            start.append(limit)
    moved = {key for key, _ in move}
    stop: list[tuple[int, datetime]] = []
    void: list[int] = []
    for clock in by_limit.values():
        if not clock.is_running or clock.key in moved:
            continue
        if clock.limit not in wanted:
            void.append(clock.key)
        elif (reached := moments.get(wanted[clock.limit].stops) or ended_at) is not None:
            stop.append((clock.key, reached))
    return Plan(tuple(start), tuple(move), tuple(stop), tuple(void))
