"""What happens where somebody acts on a precursor in time: with some probability its complaint never comes.

That probability is the truth any report of the effect can be held to.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import numpy as np

from suyuan.simulate.precursors.planted import PREVENTED, Precursor
from suyuan.simulate.town import Town

CHANCE = 97
"""The dice that say of each complaint whether acting in time keeps it away."""


@dataclass(slots=True)
class Prevention:
    """The precursors of a town by what a signal would call them."""

    town: Town
    keyed: Callable[[str], str]
    """An account by its reference, as signals name it."""
    known: dict[str, list[Precursor]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        for one in self.town.ground.out.found:
            if one.real and one.object:
                for name in self._names(one):
                    self.known[name].append(one)

    def _names(self, one: Precursor) -> Iterable[str]:
        """Yield what a signal about a precursor may be about."""
        city = self.town.given.city
        yield one.object if isinstance(one.object, str) else f"case:{one.object.number}"
        if one.customer >= 0:
            yield f"account:{self.keyed(city.accounts[one.customer])}"
        elif one.area >= 0:
            yield from (f"area:{city.area_names[one.area]}", f"area:TQ{one.area + 1:05d}")
            for customer in np.flatnonzero(city.customer_area == one.area).tolist():
                yield f"account:{self.keyed(city.accounts[customer])}"
        elif one.feeder >= 0:
            yield f"line:XL{one.feeder + 1:05d}"

    def shows(self, name: str) -> bool:
        """Return whether what a signal is about truly shows something."""
        return name in self.known

    def in_time(self, objects: Iterable[str], at: int) -> dict[str, bool]:
        """Return the complaints still to come of what was acted on at a moment: whether each stays away."""
        found = (one for name in objects for one in self.known.get(name, ()))
        return {
            complaint.number: self.stays_away(complaint.number)
            for one in found
            for complaint in one.complaints
            if complaint.at > at
        }

    def stays_away(self, number: str) -> bool:
        """Return whether a complaint stays away where somebody acts in time; each has dice of its own."""
        digits = int("".join(filter(str.isdigit, number)))
        dice = np.random.default_rng([self.town.size.seed, CHANCE, digits])
        return bool(dice.random() < PREVENTED)

    def eager(self) -> frozenset[str]:
        """Return the units whose people keep at warnings: every other station, and the departments."""
        city = self.town.given.city
        others = [unit.code for unit in city.units if unit.kind in ("department", "office", "company")]
        teams = [unit.code for unit in city.units if unit.kind in ("hall", "crew", "team", "county")][::2]
        return frozenset([*city.stations[::2], *others, *teams])
