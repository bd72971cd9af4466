"""What the event log that was taken over says a complaint came from.

One log is held in memory, learned from once, until another one lies there; what it says of the complaints
asked for last is remembered with it. What they are about is asked of the cases, as the log does not say it.
"""

import functools
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from suyuan.analytics.trace import causality, chains, eventlog
from suyuan.analytics.trace.chains import Chain, Traced
from suyuan.analytics.trace.eventlog import EventLog, Names, Relations
from suyuan.analytics.trace.tracer import Tracer
from suyuan.gateways import ocel_whole
from suyuan.store import event_log
from suyuan.store.models import Case

from . import eventlogs

_ONE = threading.Lock()
"""Two requests do not read and learn the same log at once."""
_CHUNK = 500
REMEMBERED = 2_000


@dataclass(frozen=True)
class Known:
    """The log that was taken over, with what was learned from it."""

    tracer: Tracer
    about: dict[int, str]
    """What complaints are about: the ``label`` of the log."""
    newest: tuple[str, ...]
    """Its complaints, the latest first."""
    units: frozenset[int]
    """The types of objects that are units."""

    @property
    def log(self) -> EventLog:
        """Return the log."""
        return self.tracer.log


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
    """Return the log that was taken over, None where there is none."""
    path = event_log.path()
    return _at(path) if path.exists() else None


def is_learned() -> bool:
    """Tell whether the log that lies there was learned from: what is asked of it is answered at once."""
    path = event_log.path()
    return path.exists() and _ready == [path.stat().st_mtime_ns]


_ready: list[int] = []
"""Which state of the log was learned from last."""


def _at(path: Path) -> Known:
    with _ONE:
        return _learned(path, path.stat().st_mtime_ns)


def traced_of(number: str) -> Answer | None:
    """Return what a complaint came from; None without a log, or where the log does not know it."""
    path = event_log.path()
    if not path.exists():
        return None
    category = Case.objects.filter(number=number).values_list("category", flat=True).first() or ""
    return _answer(path, path.stat().st_mtime_ns, number, category)


def answers(numbers: Iterable[str]) -> dict[str, Answer]:
    """Return what several complaints came from, those that the log knows."""
    path = event_log.path()
    if not path.exists():
        return {}
    changed, asked = path.stat().st_mtime_ns, list(numbers)
    about = _categories(asked)
    found = {number: _answer(path, changed, number, about.get(number, "")) for number in asked}
    return {number: answer for number, answer in found.items() if answer is not None}


@functools.lru_cache(maxsize=REMEMBERED)
def _answer(path: Path, changed: int, number: str, category: str) -> Answer | None:
    with _ONE:
        here = _learned(path, changed)
    complaint = here.log.objects.find(number)
    if complaint < 0 or not here.tracer.kinds.is_complaint[complaint] or here.log.first(complaint) < 0:
        return None
    if category:
        here.about[complaint] = category
    return Answer(here.log, here.tracer.trace(complaint), here.units)


@functools.lru_cache(maxsize=1)
def _learned(path: Path, changed: int) -> Known:
    """Read the log as it was changed last and learn from it."""
    _answer.cache_clear()  # an answer holds the log it was given on
    whole, rules, about = ocel_whole.whole(path), eventlogs.rules(), dict[int, str]()
    activities = causality.with_due(whole.activities, rules)
    names = (activities, whole.types, Names(whole.events), Names(whole.objects))
    pairs = Relations(*whole.touches, *whole.links)
    log = eventlog.log(names, whole.activity, whole.at, whole.type, pairs, about)
    tracer = Tracer(log, rules)
    complaints = tracer.complaints()
    latest = complaints[np.argsort([-log.at[log.first(one)] for one in complaints.tolist()], kind="stable")]
    numbers = {log.objects[one]: one for one in latest.tolist()}
    about |= {numbers[number]: category for number, category in _categories(list(numbers)).items()}
    tracer.support  # noqa: B018  # learned now, under the lock, and not by each who asks
    units = causality.codes(log.types, rules.roles.all_units)
    _ready[:] = [changed]
    return Known(tracer, about, tuple(numbers), units)


def _categories(numbers: list[str]) -> dict[str, str]:
    """Return what cases are about, those of the numbers that are cases here."""
    return {
        number: category
        for start in range(0, len(numbers), _CHUNK)
        for number, category in Case.objects.filter(number__in=numbers[start : start + _CHUNK]).values_list(
            "number", "category"
        )
        if category
    }


def reasons() -> Mapping[str, Mapping[str, Any]]:
    """Return what the rulebook says of each rule for people to read: its title, basis and certainty."""
    return {one["id"]: one for one in eventlogs.shipped()["cause"]}
