"""Every ring of the 95598 telephone: answered ones behind orders, and those that came to nothing."""

from collections.abc import Sequence

import numpy as np
from numpy.random import Generator

from suyuan.simulate.city import City
from suyuan.simulate.contact import Contact
from suyuan.simulate.window import DAY, HOURS_CALL, Window, times_of_day

COLUMNS = ("call", "started_at", "queue", "wait_s", "talk_s", "outcome", "agent", "account", "order")
DICE = 14
WITHOUT_ORDER = 0.12
"""Calls that end without an order (wrong number, asked twice), as a share of the calls with one."""
GIVEN_UP = 0.025
"""Calls given up in the queue on an ordinary day; waiting grows with the load of the quarter of an hour."""


def _queue(kind: str) -> str:
    return (
        "repair"
        if kind == "repair"
        else "complaint"
        if kind in ("complaint", "report", "urge")
        else "service"
    )


def build_calls(
    rng: Generator, city: City, window: Window, contacts: list[Contact], rings: Sequence[int] = ()
) -> list[tuple[object, ...]]:
    """Return the rows of calls.csv in the order the calls began; ``rings`` are calls without an order."""
    behind = [c for c in contacts if c.channel == "95598"]
    others = int(len(behind) * WITHOUT_ORDER)
    lost = int(len(behind) * GIVEN_UP)
    began = np.concatenate([
        np.array([c.moments["received_at"] for c in behind], dtype=np.int64),
        rng.integers(0, window.days, others + lost) * DAY + times_of_day(rng, others + lost, HOURS_CALL),
        np.array(rings, dtype=np.int64),
    ])  # fmt: skip
    _, quarter, load = np.unique(began // 900, return_inverse=True, return_counts=True)
    wait = rng.exponential(6 + 2.0 * load[quarter] ** 1.2).astype(np.int64)
    talk = rng.lognormal(4.8, 0.5, size=len(began)).astype(np.int64)
    agents = [p.username for p in city.by_unit["0108"]]
    agent = rng.integers(0, len(agents), size=len(began)).tolist()
    order = np.argsort(began - wait, kind="stable").tolist()
    times = window.iso(began - wait).tolist()
    waits, talks = wait.tolist(), talk.tolist()
    rows: list[tuple[object, ...]] = []
    for n, i in enumerate(order):
        contact = behind[i] if i < len(behind) else None
        gave_up = len(behind) + others <= i < len(behind) + others + lost
        account = city.accounts[contact.customer] if contact and not contact.secrecy else ""
        rows.append((f"C{n + 1:08d}", times[i], _queue(contact.kind) if contact else "service", waits[i],
                     0 if gave_up else talks[i], "abandoned" if gave_up else "answered",
                     "" if gave_up else agents[agent[i]], account,
                     contact.number if contact else ""))  # fmt: skip
    return rows
