"""Whether a rectification helped, told from the complaints of its unit before and since."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Recurrence:
    """Complaints of the same kind among all of the unit, over equally long times before and since."""

    days: int
    before: tuple[int, int]
    since: tuple[int, int]
    """Of the kind, and of all."""

    @property
    def shown(self) -> dict[str, list[int]]:
        """Return the figures as an event keeps them."""
        return {"days": [self.days], "before": list(self.before), "since": list(self.since)}


def has_helped(figures: Recurrence) -> bool:
    """Return whether the complaints of the kind became fewer, and no greater a share of all."""
    (n, of), (now, now_of) = figures.before, figures.since
    return now < n and now * of <= n * now_of
