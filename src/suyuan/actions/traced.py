"""What a complaint came from, as the log that was taken over and our own events together say.

One log is held in memory (``_log_held``); what it says of the complaints asked for last is remembered with
it. What they are about is asked of the cases.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from suyuan.analytics.trace import chains
from suyuan.analytics.trace.chains import Chain, Traced
from suyuan.analytics.trace.eventlog import EventLog
from suyuan.store.models import Case

from . import _log_held, eventlogs
from ._log_held import REMEMBERED, Known

__all__ = [
    "REMEMBERED",
    "Answer",
    "Known",
    "answers",
    "is_busy",
    "is_learned",
    "known",
    "learn_ahead",
    "reasons",
    "traced_of",
]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a complaint came from, with the log that says it."""

    log: EventLog
    traced: Traced
    units: frozenset[int]

    @property
    def chain(self) -> Chain | None:
        """Return the chain whose source is believed, None where none is."""
        return chains.sure(self.traced)

    @property
    def source(self) -> str:
        """Return the code of the unit that the source is of, empty where none is believed or named."""
        unit = self.chain.nodes[0].unit if self.chain else -1
        return self.log.objects[unit] if unit >= 0 else ""

    @property
    def spared(self) -> tuple[str, ...]:
        """Return the codes of the units that alone should not answer for the complaint."""
        if self.chain is None:
            return ()
        return tuple(self.log.objects[unit] for unit in chains.spared(self.log, self.chain, self.units))


def known() -> Known | None:
    """Return the log that complaints are traced on, None where there is nothing to trace."""
    return _log_held.known()


def is_learned(number: str = "") -> bool:
    """Tell whether it was learned from, and knows a complaint: what is asked of it is answered at once."""
    here = _log_held.held()
    return here is not None and (not number or _place(here, number) >= 0)


def is_busy(most: float) -> bool:
    """Tell whether somebody else still learns after so many seconds; False where nobody does."""
    return _log_held.busy(most)


def learn_ahead() -> None:
    """Read and learn what is asked for next; costs nothing where nothing is new."""
    _log_held.ahead()


def traced_of(number: str) -> Answer | None:
    """Return what a complaint came from; None where the log does not know it, or it is none."""
    rows = Case.objects.filter(number=number).values_list("category", "procedure")
    category, procedure = rows.first() or ("", "")
    here = _log_held.known()
    if here is not None and procedure == "complaint" and _place(here, number) < 0:
        here = _log_held.fresh()
    return None if here is None else _answer(here, number, category)


def answers(numbers: Iterable[str]) -> dict[str, Answer]:
    """Return what several complaints came from, those that the log knows."""
    here, asked = _log_held.known(), list(numbers)
    if here is None:
        return {}
    about = _log_held.categories(asked)
    found = {number: _answer(here, number, about.get(number, "")) for number in asked}
    return {number: answer for number, answer in found.items() if answer is not None}


def _place(here: Known, number: str) -> int:
    """Return where a complaint stands in a log, -1 for what is none there."""
    return here.complaints.get(number, -1)


def _answer(here: Known, number: str, category: str) -> Answer | None:
    complaint = _place(here, number)
    return None if complaint < 0 else Answer(here.log, here.traced(complaint, category), here.units)


def reasons() -> Mapping[str, Mapping[str, Any]]:
    """Return what the rulebook says of each rule for people to read: its title, basis and certainty."""
    return {one["id"]: one for one in eventlogs.shipped()["cause"]}
