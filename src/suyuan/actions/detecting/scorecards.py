"""The scorecard of each detector: what it is, what it did on planted truth, what became of its signals."""

import functools
import tomllib
from collections.abc import Mapping
from datetime import datetime
from importlib.resources import files
from typing import Any

from suyuan.analytics.intervals import wilson
from suyuan.store.queries import detector_scores
from suyuan.store.queries.detector_scores import NONE, Lived

from .described import described

MEASURED = "detector_scores.toml"


@functools.cache
def measured() -> Mapping[str, Mapping[str, Any]]:
    """Return by detector what it did on planted truth: simulated data, with seed and day.

    ``found`` of ``of`` planted ones, ``delay_days`` (median until the first sight), ``false_a_month``, or
    where not everything was planted ``beside_a_month``: what was told beside it; ``zh`` and ``en`` say what
    it was measured on.
    """
    document = tomllib.loads(files("suyuan.rulebook").joinpath(MEASURED).read_text("utf-8"))
    blank = {"delay_days": None, "false_a_month": None, "beside_a_month": None}
    return {one["detector"]: {**blank, **one} for one in document.get("measured", ())}


def scores(now: datetime) -> list[dict[str, Any]]:
    """Return every detector as ``described`` does, with ``lived`` and ``measured`` (None for not yet)."""
    found = detector_scores.lived(now)
    return [
        one | {"lived": told(found.get(one["detector"], NONE)), "measured": _plain(one["detector"])}
        for one in described(now)
    ]


def told(one: Lived) -> dict[str, Any]:
    """Return what became of the signals of a detector, with Wilson's interval of the share confirmed."""
    low, high = wilson(one.confirmed, one.decided) or (None, None)
    return {
        "signals": one.signals,
        "standing": one.standing,
        "came_true": one.came_true,
        "warnings": one.warnings,
        "open": one.open,
        "confirmed": one.confirmed,
        "dismissed": one.dismissed,
        "share": one.confirmed / one.decided if one.decided else None,
        "low": low,
        "high": high,
        "watched": one.watched,
        "followed": one.followed,
        "lead_days": one.lead,
    }


def _plain(detector: str) -> dict[str, Any] | None:
    found = measured().get(detector)
    return None if found is None else {**found, "on": str(found["on"])}
