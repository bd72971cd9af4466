"""Asking detectors what stands out at a moment. Nothing is written."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from difflib import get_close_matches
from typing import Any

from suyuan.analytics.detect.detector import Detector
from suyuan.analytics.detect.index import DETECTORS
from suyuan.analytics.detect.signal import Signal
from suyuan.domain.errors import BadInput
from suyuan.domain.rulebook.records import Figure
from suyuan.store import rules
from suyuan.store.event_log import unmarked

from . import frames

EVERY = "all"


def named(names: Iterable[str]) -> list[Detector]:
    """Return detectors by name, each once, ``all`` for every one; raise BadInput for a name nobody has."""
    asked = [one for name in names for one in (DETECTORS if name == EVERY else [name])]
    for name in asked:
        if name not in DETECTORS:
            near = get_close_matches(name, DETECTORS, 3)
            raise BadInput("unknown_detector", detector=name[:60], near=near, known=sorted(DETECTORS))
    return [DETECTORS[name] for name in dict.fromkeys(asked)]


def read_by(kind: str, names: Iterable[str]) -> None:
    """Raise BadInput where none of some detectors reads a kind of table, naming those that do."""
    if not any(kind in one.needs for one in named(names)):
        readers = [one.name for one in DETECTORS.values() if kind in one.needs]
        raise BadInput("table_not_read", table=kind, read_by=readers)


def figure(name: str, as_of: datetime) -> Figure | None:
    """Return the edition of a detector's figure in force at a moment; None where none was."""
    return rules.rulebook().figure(f"detect.{name}", rules.local_day(as_of))


def find(
    names: Iterable[str] = (EVERY,), *, as_of: datetime, given: Mapping[str, Any] | None = None
) -> list[Signal]:
    """Return what stands out at a moment: the most urgent first, then those that began first.

    A detector whose figure was not in force then says nothing. ``given`` are frames to read in place of the
    home's own. Raises BadInput for an unknown name.
    """
    asked = {one: told.terms for one in named(names) if (told := figure(one.name, as_of)) is not None}
    given = given or {}
    known = frames.load({frame for one in asked for frame in one.needs if frame not in given}, as_of)
    return sorted(_each(asked, {**known, **given}, as_of), key=_urgency)


def _each(
    asked: Mapping[Detector, Mapping[str, Any]], known: Mapping[str, Any], as_of: datetime
) -> Iterator[Signal]:
    for one, terms in asked.items():
        for found in one.find(known, terms, as_of):
            yield replace(found, object=unmarked(found.object))


def _urgency(one: Signal) -> tuple[int, datetime, str]:
    return -one.level.rank, one.since, one.key
