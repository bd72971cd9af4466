"""Another town's water company: a log that shares no name, no shape and no code with the simulated city.

It has no relations between objects (what belongs together is seen from events alone), says nothing of what a
ticket is about, and its faults come first: a ticket follows a fault, or a visit, or nothing at all. What
causes what is told by ``RULES`` alone, as an office would write it.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.random import Generator

DAY = 86_400
Course = tuple[str, tuple[tuple[str, str, float], ...]]
COURSES: dict[str, Course] = {
    "swap": ("prop", (
        ("swap asked", "front", 0), ("swap planned", "plan", 3), ("gauge fitted", "field", 4),
        ("gauge booked", "back", 1), ("swap closed", "back", 2),
    )),
    "hookup": ("prop", (
        ("hookup asked", "front", 0), ("ground viewed", "field", 4), ("offer sent", "plan", 5),
        ("pipe laid", "build", 9), ("hookup closed", "back", 2),
    )),
    "payback": ("prop", (
        ("payback asked", "front", 0), ("payback checked", "back", 2), ("payback signed", "money", 3),
        ("money sent", "money", 2),
    )),
    "leak": ("main", (
        ("leak heard", "field", 0), ("crew sent", "plan", 0.3), ("dig notice hung", "front", 0.2),
        ("hole dug", "build", 0.5), ("leak sealed", "build", 0.4), ("road put back", "build", 5),
    )),
    "rename": ("prop", (
        ("rename opened", "back", 0), ("rename read", "back", 2), ("rename shut", "back", 2),
    )),
}  # fmt: skip
"""Course → what it is on; its steps: what is done, by which crew, days after the step before."""
VISIT = (("visit booked", "front"), ("visit paid", "field"), ("visit noted", "field"))
RULES = """
[roles]
complaints = ["ticket"]
cases = []
actors = ["crew"]
units = ["crew"]
places = ["prop", "zone", "main"]

[[cause]]
kind = "contact"
id = "visit"
activities = ["visit paid"]

[[cause]]
kind = "sign"
id = "guess"
mode = "wrong"
activities = ["bill guessed"]
at_least = 2
ended_by = ["bill read"]

[[cause]]
kind = "sign"
id = "no"
mode = "refused"
activities = ["* turned down"]

[[cause]]
kind = "edge"
id = "one name at a time"
relation = "blocks"
source = { modes = ["missing"], activities = ["rename *"] }
target = { modes = ["refused"] }
shared = ["prop"]

[[cause]]
kind = "edge"
id = "no gauge no reading"
relation = "needs_data_from"
source = { modes = ["refused", "missing"], types = ["swap"] }
target = { modes = ["wrong"] }
shared = ["prop"]
"""


@dataclass(slots=True)
class Town:
    """Events as they are written, and the truth about every ticket."""

    dice: Generator
    events: list[tuple[float, str, tuple[str, ...]]] = field(default_factory=list)
    types: dict[str, str] = field(default_factory=dict)
    truth: list[tuple[str, str, str, bool]] = field(default_factory=list)
    """Ticket, object and activity of its source (empty where there is none), whether the front did it."""
    count: int = 0

    def note(self, day: float, done: str, *things: tuple[str, str]) -> None:
        """Write an event."""
        for name, kind in things:
            self.types[name] = kind
        self.events.append((day * DAY, done, tuple(name for name, _ in things)))

    def number(self, kind: str) -> tuple[str, str]:
        """Return a new object."""
        self.count += 1
        return f"{kind}-{self.count}", kind

    def ticket(self, day: float, prop: str, source: tuple[str, str], front: bool = False) -> None:
        """Write a ticket of a property, and where it really came from."""
        ticket = self.number("ticket")
        self.note(day, "ticket taken", ticket, (prop, "prop"), ("crew desk", "crew"))
        self.note(day + 0.2, "ticket passed on", ticket, (prop, "prop"), ("crew desk", "crew"))
        self.truth.append((ticket[0], *source, front))


def build(seed: int, props: int = 1_200, days: int = 300) -> Town:
    """Return a town."""
    town = Town(np.random.default_rng(seed))
    zones, mains = props // 40, max(4, props // 240)
    for n in range(props):
        home, zone = (f"home {n}", "prop"), (f"zone {n % zones}", "zone")
        town.note(n * 0.001, "home taken on", home, zone, ("crew back", "crew"))
    for n in range(zones):
        main = (f"main {n % mains}", "main")
        town.note(0.5 + n * 0.001, "zone laid out", (f"zone {n}", "zone"), main, ("crew plan", "crew"))
    for course, rate in (("swap", 0.5), ("hookup", 0.25), ("payback", 0.4), ("rename", 0.3)):
        for _ in range(int(town.dice.poisson(props * rate * days / 365))):
            n = int(town.dice.integers(props))
            _run(town, course, float(town.dice.uniform(1, days)), f"home {n}", f"home {n}", days)
    for _ in range(int(town.dice.poisson(mains * 12 * days / 365))):
        main = int(town.dice.integers(mains))
        zone = main + mains * int(town.dice.integers(max(zones // mains, 1)))
        home = zone % zones + zones * int(town.dice.integers(props // zones))
        _run(town, "leak", float(town.dice.uniform(1, days)), f"main {main}", f"home {home}", days)
    _visits(town, props, days)
    _guesses(town, props, days)
    for _ in range(props // 60):
        town.ticket(float(town.dice.uniform(20, days)), f"home {town.dice.integers(props)}", ("", ""))
    town.events.sort()
    return town


def _run(town: Town, course: str, day: float, place: str, home: str, days: int) -> None:
    """Write one course; one in twelve has a fault, and most of those bring a ticket."""
    kind, steps = COURSES[course]
    order, dice = town.number(course), town.dice
    fault = str(dice.choice(["missing", "late", "again", "left out"])) if dice.random() < 0.08 else ""
    at = int(dice.integers(1, len(steps)))
    if fault == "left out":
        at = min(at, len(steps) - 2) or 1
    for n, (done, crew, wait) in enumerate(steps):
        gap = wait * float(dice.gamma(6.0, 1 / 6))
        if n == at and fault in ("missing", "late"):
            told = day + max(wait, 0.3) * float(dice.uniform(5, 9))
            if dice.random() < 0.7 and told < days:
                town.ticket(told, home, (order[0], done))
            if fault == "missing":
                return
            gap = (told - day) + wait
        day += gap
        if day > days:
            return
        if n == at and fault == "left out":
            after = day
            if dice.random() < 0.7 and after + 2 < days and n + 1 < len(steps):
                town.ticket(
                    after + steps[n + 1][2] * 1.6 + float(dice.uniform(0.2, 2)), home, (order[0], done)
                )
            continue
        times = 3 if n == at and fault == "again" else 1
        for again in range(times):
            town.note(day + 0.4 * again, done, order, (place, kind), (f"crew {crew}", "crew"))
        if times > 1 and dice.random() < 0.7:
            town.ticket(day + 1.2 + float(dice.uniform(0.2, 3)), home, (order[0], done))


def _visits(town: Town, props: int, days: int) -> None:
    """Write visits; one in sixteen brings a ticket about whoever came."""
    for _ in range(int(town.dice.poisson(props * 1.2 * days / 365))):
        day, home = float(town.dice.uniform(1, days - 2)), f"home {town.dice.integers(props)}"
        order = town.number("visit")
        for n, (done, crew) in enumerate(VISIT):
            town.note(day + n * 0.3, done, order, (home, "prop"), (f"crew {crew}", "crew"))
        if town.dice.random() < 0.06:
            told = day + 0.7 + float(town.dice.uniform(0, 0.8))
            town.ticket(told, home, (order[0], VISIT[1][0]), front=True)


def _guesses(town: Town, props: int, days: int) -> None:
    """Write bills, and a few homes whose new gauge was never booked because a renaming stood open."""
    for n in range(0, props, 6):
        for month in range(1, days // 30):
            town.note(month * 30 + n % 20, "bill read", (f"home {n}", "prop"), ("crew money", "crew"))
    for n in town.dice.choice(np.arange(1, props, 6), size=max(4, props // 150), replace=False).tolist():
        home, start = f"home {n}", float(town.dice.uniform(10, days - 150))
        rename, swap = town.number("rename"), town.number("swap")
        for k, done in enumerate(("rename opened", "rename read")):
            town.note(start + 2 * k, done, rename, (home, "prop"), ("crew back", "crew"))
        asked = start + float(town.dice.uniform(10, 25))
        town.note(asked, "swap asked", swap, (home, "prop"), ("crew front", "crew"))
        town.note(asked + 1, "swap turned down", swap, rename, (home, "prop"), ("crew plan", "crew"))
        for k in (1, 2, 3):
            town.note(asked + 30 * k, "bill guessed", (home, "prop"), ("crew money", "crew"))
        town.ticket(asked + 92 + float(town.dice.uniform(0, 8)), home, (rename[0], "rename shut"))
