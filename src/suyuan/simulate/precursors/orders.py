"""Precursors among orders of other systems: promised by a day, standing still, in the way of another."""

from dataclasses import dataclass

from suyuan.simulate.precursors.planted import Ground, Order, Precursor, Step
from suyuan.simulate.routines import ROUTINES
from suyuan.simulate.window import DAY, HOUR


@dataclass(frozen=True, slots=True)
class Promise:
    """What a kind of order is promised by: days from which step to which, and what is complained of."""

    routine: str
    after: int
    kept: int
    days: float
    topic: str
    per_thousand: float
    """Such orders a month and a thousand customers (ours)."""


PROMISES = (
    Promise("connection", 0, 5, 15.0, "connect_late", 4.0),
    Promise("meter", 0, 3, 7.0, "change_step", 5.0),
    Promise("test", 0, 2, 7.0, "meter_test", 2.0),
    Promise("refund", 0, 2, 10.0, "bill", 3.0),
    Promise("reconnect", 1, 4, 1.0, "reconnect_late", 4.0),
)
BROKEN, CALLS = 0.2, 0.6
"""Share of promises that are not kept, and of these of which the customer complains (ours)."""
UNPROVEN = 0.25
"""Share of disconnections without a notice delivered, or without the last reminder (ours)."""


def promised(ground: Ground) -> None:
    """Plant orders with a promised moment: most are kept; of some nobody does the next step in time."""
    rng, window = ground.rng, ground.window
    for kind in PROMISES:
        mean = kind.per_thousand * ground.customers / 1_000 * (window.days + 20) / 30
        for n in range(max(4, int(rng.poisson(mean)))):
            start = int(rng.uniform(-20, window.days) * DAY)
            breaks = n < 2 or bool(rng.random() < BROKEN)
            if n < 2:  # one that was broken before the last day, one that will be soon after it
                back = (2.5, -1.0)[n] + kind.days
                start = window.cut - int(back * DAY)
            _promised(ground, kind, ground.office(start), breaks)


def _promised(ground: Ground, kind: Promise, start: int, breaks: bool) -> None:
    rng = ground.rng
    customer = int(rng.integers(ground.customers))
    steps = ROUTINES[kind.routine].steps
    asked = start if not kind.after else start + int(rng.uniform(0.3, 1.5) * DAY)
    due = asked + int(kind.days * DAY)
    share = float(rng.uniform(1.4, 2.2) if breaks else rng.uniform(0.3, 0.85))
    still = int(rng.integers(kind.after + 1, kind.kept + 1))
    at, made = _times(ground, kind, (start, asked, due, share, still))
    out = [Step(moment, step.activity, ground.city.unit_for(step.unit, customer))
           for moment, step in zip(at, steps, strict=True)]  # fmt: skip
    order = Order(kind.routine, customer, out, promised=due)
    ground.out.orders.append(order)
    if breaks:
        shows = _shown(ground, order, "promise_watch", still, min(due, made))
        shows.due, shows.ended = due, at[kind.kept]
        if rng.random() < CALLS:
            called = ground.calling(due + rng.uniform(0.2, 3.0) * DAY)
            if called < at[kind.kept]:
                ground.complain(kind.topic, customer, called, shows)


def _times(ground: Ground, kind: Promise, said: tuple[int, int, int, float, int]) -> tuple[list[int], int]:
    """Return the moment of every step, and when the one that stands still was usually done by."""
    start, asked, due, share, still = said
    rng, last = ground.rng, len(ROUTINES[kind.routine].steps)
    until = asked + (due - asked) * share
    usual = asked + (due - asked) * 0.6
    at, made = [start], due
    for n in range(1, last):
        if n <= kind.after:
            at.append(asked)
            continue
        part = (n - kind.after) / (kind.kept - kind.after)
        quick = asked + (usual - asked) * part
        made = int(quick) if n == still else made
        late = share > 1 and n >= still
        moment = until + (part - 1) * 0.1 * (due - asked) if late else asked + (until - asked) * part
        moment = quick if share > 1 and n < still else moment
        at.append(max(at[-1] + 600, int(moment + rng.uniform(-0.02, 0.02) * (due - asked))))
    return at, made


def _shown(ground: Ground, order: Order, detector: str, still: int, began: int) -> Precursor:
    step = ROUTINES[order.routine].steps[still]
    unit = ground.city.unit_for(step.unit, order.customer)
    shows = Precursor(detector, "", unit, began, customer=order.customer, activity=step.activity)
    order.shows = shows
    ground.out.found.append(shows)
    return shows


def cutoffs(ground: Ground) -> None:
    """Plant disconnections for arrears: some without a notice that was delivered or without a reminder."""
    rng, window = ground.rng, ground.window
    mean = 3.0 * ground.customers / 1_000 * window.days / 30
    for n in range(max(4, int(rng.poisson(mean)))):
        customer = int(rng.integers(ground.customers))
        start = int(rng.uniform(-15, window.days - 1) * DAY) if n else window.cut - int(9.5 * DAY)
        at = [ground.office(start + after * DAY) for after in (0, 1, 9, 9.1, 9.6)]
        at = [max(moment, at[k - 1] + 600 * k) if k else moment for k, moment in enumerate(at)]
        steps = [Step(moment, step.activity, ground.city.unit_for(step.unit, customer))
                 for moment, step in zip(at, ROUTINES["cutoff"].steps, strict=True)]  # fmt: skip
        left = 1 + int(rng.integers(2)) if n == 0 or rng.random() < UNPROVEN else 0
        order = Order("cutoff", customer, [s for k, s in enumerate(steps) if k != left or not left])
        ground.out.orders.append(order)
        if left:
            began = steps[0].at + DAY if left == 1 else steps[2].at
            shows = _shown(ground, order, "arrears_disconnection", left, began)
            shows.due, shows.ended = steps[3].at, steps[4].at
            if rng.random() < CALLS:
                ground.complain("dunning", customer, ground.calling(steps[3].at + HOUR), shows)


def stuck(ground: Ground) -> None:
    """Plant orders without a promise that nobody goes on with, and batches that are never archived."""
    rng, window = ground.rng, ground.window
    kinds = (("meter", 3, "change_late"), ("connection", 3, "connect_late"), ("address", 2, "change_step"))
    for n in range(max(4, round(ground.customers / 250 * window.days / 60))):
        routine, still, topic = kinds[n % len(kinds)]
        customer = int(rng.integers(ground.customers))
        start = ground.office(rng.uniform(-20, window.days - 18) * DAY)
        steps = [Step(ground.office(start + k * rng.uniform(0.6, 1.6) * DAY), step.activity,
                      ground.city.unit_for(step.unit, customer))
                 for k, step in enumerate(ROUTINES[routine].steps[:still])]  # fmt: skip
        order = Order(routine, customer, steps)
        ground.out.orders.append(order)
        shows = _shown(ground, order, "foreign_stuck", still, steps[-1].at + 5 * DAY)
        if rng.random() < 0.5:
            ground.complain(topic, customer, ground.calling(steps[-1].at + ground.days(12, 35)), shows)


def conflicts(ground: Ground) -> None:
    """Plant a meter change on an account that a batch of addresses still holds: it cannot be begun."""
    rng, window = ground.rng, ground.window
    for n in range(max(2, round(ground.customers / 600 * window.days / 60))):
        customer = int(rng.integers(ground.customers))
        start = ground.office((window.days - 22 if n == 0 else rng.uniform(-5, window.days - 15)) * DAY)
        held = [Step(start, "批量地址修改发起", "0102"),
                Step(ground.office(start + DAY), "批量地址修改审核", "0102")]  # fmt: skip
        team = ground.city.unit_for("team", customer)
        begun = ground.office(start + ground.days(4, 12))
        change = [Step(begun, "现场换表", team), Step(begun + 6 * HOUR, "换表流程发起", team)]
        ground.out.orders.append(Order("address", customer, held))
        order = Order("meter", customer, change)
        ground.out.orders.append(order)
        shows = _shown(ground, order, "account_conflict", 0, begun)
        shows.unit, shows.activity = "0102", "批量地址修改归档"
        if rng.random() < 0.5:
            ground.complain("change_step", customer, ground.calling(begun + ground.days(8, 25)), shows)
