"""The log that complaints are traced on, looked over as a whole: once each time it is learned from.

Restricted cases are left out of every figure of complaints, whenever they became so: what is remembered knows
them, what is asked for does not.
"""

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from suyuan.analytics.trace.eventlog import EventLog
from suyuan.analytics.trace.sources import Sources
from suyuan.analytics.trace.survey import Survey
from suyuan.store import rules
from suyuan.store.models import Case

from . import traced
from .traced import Known

_ONE = threading.Lock()
"""Two requests do not look the same log over at once."""
_CHUNK = 500
REMEMBERED = 12
"""So many answers about one log are remembered."""


@dataclass(frozen=True)
class Surveyed:
    """A log looked over, with the numbers of its complaints."""

    known: Known
    survey: Survey
    remembered: dict[object, object] = field(default_factory=dict, compare=False, repr=False)
    """What was asked of it last, by what was asked: it goes when another log comes."""

    def remember(self, asked: object, said: object) -> None:
        """Keep an answer, and let the oldest go where there are many."""
        while len(self.remembered) >= REMEMBERED:
            self.remembered.pop(next(iter(self.remembered)), None)
        self.remembered[asked] = said

    @property
    def log(self) -> EventLog:
        """Return the log."""
        return self.survey.tracer.log

    @cached_property
    def numbers(self) -> tuple[str, ...]:
        """Return the number of each complaint that was traced."""
        return tuple(self.log.objects[thing] for thing in self.survey.sources.things.tolist())

    def hidden(self) -> frozenset[str]:
        """Return the complaints whose cases are restricted now, by number."""
        return frozenset(_restricted(self.numbers))

    def sources(self, hidden: frozenset[str]) -> Sources:
        """Return what complaints came from, without some of them."""
        if not hidden:
            return self.survey.sources
        return self.survey.sources.only(np.array([number not in hidden for number in self.numbers], bool))


_held: list[Surveyed] = []
"""The log looked over last, one at most."""


def is_busy(most: float) -> bool:
    """Tell whether somebody else still learns or looks the log over after so many seconds."""
    since = time.monotonic()
    if traced.is_busy(most):
        return True
    if _ONE.acquire(timeout=max(most - (time.monotonic() - since), 0.0)):
        _ONE.release()
        return False
    return True


def surveyed() -> Surveyed | None:
    """Return the log looked over as a whole, None where there is none.

    What has happened since it was learned from is in it when it is learned from again.
    """
    known = traced.known()
    if known is None:
        return None
    calendar = rules.rulebook().calendar
    with _ONE:
        held = _held[0] if _held else None
        if held is None or held.known.learned is not known.learned or held.survey.calendar != calendar:
            # Looked over now, under the lock, and not by each who asks.
            held = Surveyed(known, Survey(known.tracer, calendar).looked())
            _held[:] = [held]
    return held


def _restricted(numbers: tuple[str, ...]) -> Iterator[str]:
    """Yield those of the numbers whose cases are restricted."""
    for start in range(0, len(numbers), _CHUNK):
        some = numbers[start : start + _CHUNK]
        yield from Case.objects.filter(number__in=some, restricted=True).values_list("number", flat=True)
