"""A small log with a truth of its own: orders of a slow team that lie after a check come to a bad end."""

import numpy as np
import pyarrow as pa

from suyuan.gateways.eventlog.making import Making

START, DAY, HOUR = 1_760_000_000, 86_400, 3_600
TERMS = {
    "subjects": ["order"],
    "kind": "follows",
    "activities": ["complaint"],
    "days": 10,
    "done": ["closed"],
    "customer": ["account"],
    "team": ["team"],
    "traits": ["way"],
    "ages": [0, 48],
    "rule": "way",
}


def columns(orders=1_200, seed=5, until=None):
    """Return a log of orders over 200 days; with ``until`` as it was then, the rest unknown."""
    chance, made = np.random.default_rng(seed), Making()
    begun = START + np.sort(chance.integers(0, 200 * DAY, orders))
    for number, at in enumerate(begun.tolist()):
        slow = chance.random() < 0.25
        stuck = slow and chance.random() < 0.6
        bad = stuck or chance.random() < 0.02
        way = "paper" if chance.random() < (0.6 if slow else 0.2) else "net"
        steps = [("begun", 0), ("check", int(chance.integers(1, 30)) * HOUR)]
        steps += [] if stuck else [("closed", int(chance.integers(31, 70)) * HOUR)]
        steps += [("complaint", int(chance.integers(60, 200)) * HOUR)] if bad else []
        steps = [(name, at + after) for name, after in steps if until is None or at + after <= until]
        if not steps:
            continue
        thing = made.object("order", f"o{number}")
        account = made.object("account", f"a{number % 300}")
        team = made.object("team", "slow" if slow else f"t{number % 3}")
        made.say(thing, "way", way)
        for name, when in steps:
            made.event(f"e{number}{name}", name, when * 1_000_000, (thing, account, team))
    return made.columns()


def later_scrambled(given, moment):
    """Return the same log with everything after a moment become something else."""
    late = given.at > moment * 1_000_000
    activity = given.activity.copy()
    activity[late] = activity[late][::-1]
    at = given.at.copy()
    at[late] = at[late].max() + np.arange(late.sum())[::-1]
    order = np.argsort(at, kind="stable")
    place = np.empty(len(order), np.int32)
    place[order] = np.arange(len(order))
    return given._replace(
        activity=activity[order],
        at=at[order],
        event_ids=given.event_ids.take(pa.array(order)),
        touch_event=place[given.touch_event],
    )
