"""What the detectors may read, by name: a frame is one loader, and one line here.

A loader is told the moment of looking and returns what was known then. Frames of the database lie in
``store/frames``, which document their columns; one that needs more than the database (the log, the lake) is a
module beside this one.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from suyuan.store.frames import (
    account_orders,
    calendar,
    calls,
    cases,
    clocks,
    commitments,
    handovers,
    named_units,
    registrations,
    repeats,
    texts,
    units,
)

from . import hot_spots, kept, lake_frames, orders

Loader = Callable[[datetime], Any]
FRAMES: Mapping[str, Loader] = {
    "account_orders": account_orders.load,
    "calendar": calendar.load,
    "cases": cases.load,
    "clocks": clocks.load,
    "commitments": commitments.load,
    "hot_spots": hot_spots.load,
    "handovers": handovers.load,
    "named_units": named_units.load,
    "registrations": registrations.load,
    "repeats": repeats.load,
    "texts": texts.load,
    "texts_of_units": texts.load_of_units,
    "units": units.load,
    "rulebook": calendar.rulebook,
    "classes": orders.classes,
    "orders": orders.orders,
    "outages": kept.or_else("outages", orders.supply),
    "outages_until": kept.outages_until,
    "readings": kept.or_else("readings", orders.readings),
    "calls": kept.or_else("calls", calls.load),
    "themes": lake_frames.load_themes,
    "weekly": lake_frames.load_weekly,
    "voltage": kept.or_else("voltage", orders.voltage),
    "voltage_alarms": kept.alarms,
}


def load(names: set[str], as_of: datetime) -> dict[str, Any]:
    """Return the frames of these names; an unknown one is a fault of the detector that asks for it."""
    return {name: FRAMES[name](as_of) for name in sorted(names)}
