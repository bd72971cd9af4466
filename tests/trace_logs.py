"""Small event logs written by hand: orders of steps, with who did each and when (local, +08:00)."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa

from suyuan.analytics.trace import causality, eventlog
from suyuan.analytics.trace.causality import Rules
from suyuan.analytics.trace.eventlog import EventLog, Names, Relations

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
RULES = """
[roles]
complaints = ["complaint"]
cases = []
actors = ["unit"]
units = ["unit"]
places = ["home"]
"""
Step = tuple[str, str, str, str]
"""Order, activity, unit, local moment."""


def micros(text: str) -> int:
    """Return a local moment as microseconds of UTC."""
    at = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Asia/Shanghai"))
    return round((at - EPOCH).total_seconds() * 1e6)


def log_of(*steps: Step, kind: str = "order", rules: str = RULES) -> tuple[EventLog, Rules]:
    """Return a log of orders of one type, each on a home of its own name, and its rules."""
    rows = sorted(steps, key=lambda step: micros(step[3]))
    orders = list(dict.fromkeys(step[0] for step in rows))
    units = list(dict.fromkeys(step[2] for step in rows))
    objects = [*orders, *units]
    types = [kind, "unit"]
    activities = list(dict.fromkeys(step[1] for step in rows))
    pairs = [
        (at, objects.index(name)) for at, (order, _, unit, _) in enumerate(rows) for name in (order, unit)
    ]
    none = np.zeros(0, np.int32)
    table = np.array(pairs, np.int32)
    made = eventlog.log(
        (activities, types, Names(pa.array([f"e{n}" for n in range(len(rows))])), Names(pa.array(objects))),
        np.array([activities.index(step[1]) for step in rows], np.int32),
        np.array([micros(step[3]) for step in rows], np.int64),
        np.array([0] * len(orders) + [1] * len(units), np.int32),
        Relations(table[:, 0], table[:, 1], none, none),
    )
    import tomllib

    return made, causality.rules(tomllib.loads(rules), "here.toml")
