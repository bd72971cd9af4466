"""Commitments: what becomes of a promise, and how many were kept."""

from dataclasses import dataclass
from datetime import date

OPEN, KEPT, BROKEN, MOVED = "open", "kept", "broken", "moved"
STATES = (OPEN, KEPT, BROKEN, MOVED)


def ended(promised_on: date, today: date) -> str:
    """Return what a promise is that was fulfilled today: kept up to its day, broken after it."""
    return KEPT if today <= promised_on else BROKEN


def moved(promised_on: date, today: date) -> str:
    """Return what a promise is that is given another day today: one that is over stays broken."""
    return MOVED if today <= promised_on else BROKEN


@dataclass(frozen=True, slots=True)
class Record:
    """The promises of a unit: how many are open, were moved, were kept, of how many that are over."""

    open: int
    moved: int
    kept: int
    over: int

    @property
    def rate(self) -> float | None:
        """Return the part of those that are over that was kept by its day; None where none is over.

        One that was moved in time is neither kept nor broken: it counts by its last day, and is shown beside.
        """
        return self.kept / self.over if self.over else None
