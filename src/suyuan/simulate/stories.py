"""The chain behind each complaint, written into the log as ordinary events, and the truth about it.

Every complaint gets one routine that ran before it with one fault; the truth names the faulty step. The
paper's case (``zero_reading``) is two routines that collide on one account, and has a module of its own.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.random import Generator

from suyuan.simulate.catalogue import BY_KEY, Complaint
from suyuan.simulate.contact import Contact
from suyuan.simulate.log import Log
from suyuan.simulate.plants import Plan
from suyuan.simulate.routines import LOW_VOLTAGE, PERSONAL, ROUTINES, STAFF, Routine
from suyuan.simulate.window import DAY, HOUR, Window

PHYSICAL = frozenset({"planned"})
"""Processes that go on although a step was skipped: the power goes off, announced or not."""


@dataclass(slots=True)
class Teller:
    """Writes stories: where to, with which dice, and what is shared between complaints."""

    rng: Generator
    log: Log
    window: Window
    plan: Plan
    shared: dict[tuple[str, int], tuple[str, list[tuple[int, str, str]]]] = field(default_factory=dict)
    """Story and place → object and its steps, for causes that many complaints have in common."""

    def spread(self, days: float) -> int:
        """Return a log-normal delay around that many days, in seconds."""
        return max(60, int(days * DAY * self.rng.lognormal(0.0, 0.35)))

    def place_links(self, routine: Routine, customer: int) -> list[tuple[str, str]]:
        """Return the links of a routine object to what it touches."""
        area = int(self.log.city.customer_area[customer])
        if routine.place == "area":
            return [(self.log.area(area), "area")]
        if routine.place == "feeder":
            return [(self.log.feeder(int(self.log.city.area_feeder[area])), "feeder")]
        return [(self.log.account(customer), "account")]

    def write(
        self, key: str, number: str, customer: int, steps: list[tuple[int, str, str]], clerk: str = ""
    ) -> None:
        """Write (moment, activity, unit) steps of one routine object, up to the last day."""
        links = self.place_links(ROUTINES[key], customer)
        for target, qualifier in links:
            self.log.relate(number, target, qualifier)
        for at, activity, unit in steps:
            if at < self.window.cut:
                person = clerk or self.log.person(unit, int(self.rng.integers(64)))
                self.log.objects.setdefault(person, ("人员", ""))
                self.log.add(
                    at, activity, (number, "order"), *links, (self.log.unit(unit), "unit"), (person, "staff")
                )


def ordinary(
    teller: Teller, key: str, start: int, customer: int, slow: int = -1
) -> list[tuple[int, str, str]]:
    """Return the steps of a routine that goes as it should, or with one slow step nobody complains of."""
    at, out = start, []
    for n, step in enumerate(ROUTINES[key].steps):
        at += teller.spread(step.days * (6 if n == slow else 1)) if step.days else 0
        out.append((at, step.activity, teller.log.city.unit_for(step.unit, customer)))
    return out


def _shifted(steps: list[tuple[int, str, str]], last: int, at: int) -> list[tuple[int, str, str]]:
    """Move steps in time so that step number ``last`` falls at that moment."""
    move = at - steps[last][0]
    return [(moment + move, activity, unit) for moment, activity, unit in steps]


def _faulty(teller: Teller, row: Complaint, at: int, customer: int) -> list[tuple[int, str, str]]:
    """Return the steps of the routine behind a complaint made at that moment."""
    steps = ordinary(teller, row.routine, 0, customer)
    rng, n = teller.rng, row.step
    if row.mode == "person":
        steps = _shifted(steps, len(steps) - 1, at - int(rng.integers(HOUR, 20 * HOUR)))
        return [s for s in steps if s[0] < at]
    usual = ROUTINES[row.routine].steps[n].days
    if row.mode == "redo":
        steps = _shifted(steps, n, at - int(rng.integers(4, 15)) * DAY)
        twice = [(steps[n][0] + teller.spread(1.2) * k, steps[n][1], steps[n][2]) for k in (1, 2)]
        return sorted(s for s in [*steps, *twice] if s[0] < at or s[1] == steps[-1][1])
    gap = max(int(rng.integers(2, 6)) * HOUR, teller.spread(max(usual, 0.3) * rng.uniform(5, 9)))
    if row.mode == "slow":
        before = _shifted(steps[:n], n - 1, at - gap)
        after = _shifted(steps[n:], 0, at + teller.spread(max(0.1, usual)))
        return before + after
    if row.routine in PHYSICAL:
        steps = _shifted(steps, n + 1, at - int(rng.integers(600, 2 * HOUR)))
        return steps[:n] + steps[n + 1 :]
    return _shifted(steps[:n], n - 1, at - max(gap, 6 * DAY))


def _shared_place(contact: Contact, teller: Teller) -> tuple[str, int] | None:
    if contact.story not in ("frequent_outage", "low_voltage"):
        return None
    area = int(teller.log.city.customer_area[contact.customer])
    return (contact.story, area if contact.story == "low_voltage" else teller.plan.feeder)


def _truth(row: Complaint, contact: Contact, number: str, steps: list[tuple[int, str, str]],
           unit: str, window: Window) -> dict[str, object]:  # fmt: skip
    activity = ROUTINES[row.routine].steps[row.step].activity
    root = {"object": number, "activity": activity, "unit": unit}
    seen = [s for s in steps if s[0] < contact.at]
    path: list[dict[str, object]] = [dict(root, mode=row.mode)]
    tail = seen[-1:] if not seen or seen[-1][1] != activity else []
    path += [{"object": number, "activity": a, "unit": u, "at": iso(window, t)} for t, a, u in tail]
    path.append(last_link(contact, window))
    return {"complaint": contact.number, "kind": contact.story or row.key, "cause": row.cause,
            "front_desk": row.cause == STAFF, "planted": bool(contact.story), "root": root,
            "path": path}  # fmt: skip


def iso(window: Window, at: int) -> str:
    """Return one moment as ISO text."""
    return str(window.iso(np.array([at]))[0])


def last_link(contact: Contact, window: Window) -> dict[str, object]:
    """Return the end of every path: the complaint itself."""
    return {
        "object": contact.number,
        "activity": "工单受理",
        "unit": contact.unit,
        "at": iso(window, contact.at),
    }


def tell(teller: Teller, contact: Contact) -> dict[str, object]:
    """Write the story behind one complaint and return the truth about its cause."""
    row = BY_KEY[contact.topic]
    log, window = teller.log, teller.window
    log.account(contact.customer)
    log.about[contact.number] = row.category
    if row.cause == PERSONAL:
        root = {"object": contact.number, "activity": "工单受理", "unit": ""}
        return {"complaint": contact.number, "kind": row.key, "cause": row.cause, "front_desk": False,
                "planted": False, "root": root, "path": [last_link(contact, window)]}  # fmt: skip
    place = _shared_place(contact, teller)
    routine = ROUTINES[row.routine]
    if place is not None and place in teller.shared:
        number, steps = teller.shared[place]
    else:
        at = contact.at if place is None else min(contact.at, 0) - 20 * DAY
        steps = _faulty(teller, row, at, contact.customer)
        number = log.number(routine.prefix, routine.object_type)
        clerk = teller.plan.clerk if contact.story == "rude_hall" else ""
        teller.write(row.routine, number, contact.customer, steps, clerk)
        if place is not None:
            teller.shared[place] = (number, steps)
    if contact.story == "low_voltage":
        _low_voltage(teller, contact)
    unit = log.city.unit_for(routine.steps[row.step].unit, contact.customer)
    return _truth(row, contact, number, steps, unit, window)


def _low_voltage(teller: Teller, contact: Contact) -> None:
    """Write the alarms that the customer's meter raised on evenings before the complaint."""
    links = teller.place_links(ROUTINES["reinforce"], contact.customer)
    account = teller.log.account(contact.customer)
    for back in range(1, 15, 2):
        at = (contact.at // DAY - back) * DAY + 19 * HOUR + int(teller.rng.integers(0, 2 * HOUR))
        teller.log.add(at, LOW_VOLTAGE[0], (account, "account"), *links)
