"""The complaints that are traced to one step of a log."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .surveys import Overview


@dataclass(frozen=True, slots=True)
class Traced:
    """A complaint with the part of it that comes from a step."""

    number: str
    made: int
    weight: float
    mode: int
    unit: int


def traced_to(
    see: Overview, step: int, kind: int | None = None, units: frozenset[int] | None = None
) -> list[Traced]:
    """Return the complaints traced to a step of a kind of order and of some units, the surest first."""
    found, held = see.found, _held(see, step, kind, units)
    best: dict[int, Traced] = {}
    for at in np.flatnonzero(held)[np.argsort(found.weight[held], kind="stable")].tolist():
        one = int(found.complaint[at])
        thing = int(found.things[one])
        best[one] = Traced(
            see.here.log.objects[thing],
            int(found.made[one]),
            float(found.weight[at]),
            int(found.mode[at]),
            int(found.unit[at]),
        )
    return sorted(best.values(), key=lambda one: (-one.weight, -one.made, one.number))


def weighed(see: Overview, step: int, kind: int | None = None, units: frozenset[int] | None = None) -> float:
    """Return the same complaints by the part of each that comes from there: as tables and maps count."""
    return float(see.found.weight[_held(see, step, kind, units)].sum() * see.found.stands_for)


def _held(see: Overview, step: int, kind: int | None, units: frozenset[int] | None) -> NDArray[np.bool_]:
    """Tell of each source whether it is this step, of the kind, the units and the period asked for."""
    found = see.found
    held = found.activity == step
    if kind is not None:
        held &= found.kind == kind
    if units is not None:
        held &= np.isin(found.unit, sorted(units))
    if see.within is not None:
        held &= (found.at >= see.within[0]) & (found.at < see.within[1])
    return held
