"""Which clocks a case should carry, given its milestones: what to start, move, stop and void.

One rule serves live cases and imported ones: a limit's clock starts when its first milestone is reached
and stops at its second. A limit whose conditions no longer hold is moved to the one of its family that
holds now (old due kept, with the reason), or voided. Where a case goes back behind a milestone, what stopped
with it runs on and what began with it waits: each counts the time the case is on its side.
"""

from collections.abc import Collection, Iterable, Mapping
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
    waits: bool = False
    """Whether it is paused: a running clock may be."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do, by limit and by clock key."""

    start: tuple[Terms, ...]
    move: tuple[tuple[int, Terms], ...]
    stop: tuple[tuple[int, datetime], ...]
    void: tuple[int, ...]
    run_on: tuple[int, ...] = ()
    """Stopped, and its milestone was taken back."""
    wait: tuple[int, ...] = ()
    """Running, and what it began with was taken back."""
    go_on: tuple[int, ...] = ()
    """Waiting, and what it began with is reached again."""


GOES_BACK_BEHIND: Mapping[str, frozenset[str]] = {
    "rectification": frozenset({"dispatched_at"}),
    "supervision": frozenset({"answered_at"}),
    "warning": frozenset({"taken_at", "answered_at"}),
}
"""By procedure, the milestones a case can go back behind: an order that is sent back is a draft again, and a
report that is not enough is still owed, as is a warning that goes to another unit or whose proof is none."""


def plan(
    limits: Iterable[Terms],
    moments: Mapping[str, datetime | None],
    clocks: Iterable[Running],
    ended_at: datetime | None = None,
    back: Collection[str] = (),
) -> Plan:
    """Return what the clocks need; after ``ended_at``, the archive, nothing runs on and nothing begins.

    ``back`` are the milestones that may have been taken back.
    """
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
    still = [one for one in by_limit.values() if one.limit in wanted and one.key not in {k for k, _ in stop}]
    turned = _turned(wanted, moments, still, back) if ended_at is None else ((), (), ())
    return Plan(tuple(start), tuple(move), tuple(stop), tuple(void), *turned)


def _turned(
    wanted: Mapping[str, Terms],
    moments: Mapping[str, datetime | None],
    clocks: Iterable[Running],
    back: Collection[str],
) -> tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]:
    """Return which clocks run on, which wait and which go on, for the milestones a case went back behind."""
    run_on: list[int] = []
    wait: list[int] = []
    go_on: list[int] = []
    for clock in clocks:
        limit = wanted[clock.limit]
        begun = moments.get(limit.starts) is not None
        if not clock.is_running:
            if limit.stops in back and begun and moments.get(limit.stops) is None:
                run_on.append(clock.key)
        elif limit.starts in back and begun == clock.waits:
            (go_on if begun else wait).append(clock.key)
    return tuple(run_on), tuple(wait), tuple(go_on)
