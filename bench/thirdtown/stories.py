"""What goes wrong in the third town, each with or without somebody who opens a ticket for it."""

from collections.abc import Callable

from .town import COURSES, DAYS, Town, ticket, trips, walk

Story = Callable[[Town, str, bool], None]


def _blocked(town: Town, name: str, told: bool) -> None:
    """A port that nobody completed; the router swap is rejected; usage is estimated three months."""
    home, _, exchange = town.someone()
    port, opened = walk(town, "NumberPort", town.between(1, DAYS - 150), (home,), part=slice(2))
    asked, swap = opened + town.between(8, 40), town.order("RouterSwap", home)
    town.note(asked, "Swap asked", town.team("Shop", exchange), swap, home)
    named = (port,) if town.dice.random() < 0.5 else ()
    town.note(asked + 0.6, "Swap rejected", town.team("Field", exchange), swap, home, *named)
    town.unread[home] = asked
    for month in (1, 2, 3):
        town.note(asked + 30 * month, "Usage estimated", "Billing/HQ", home)
    if told:
        ticket(town, name, asked + 90 + town.between(0.5, 9), home, (port, "Port completed"), "Bill")


STANDS = (("InstallOrder", 3), ("InstallOrder", 5), ("Relocation", 3), ("RefundClaim", 3), ("RepairJob", 2),
          ("RouterSwap", 3))  # fmt: skip


def _stands(town: Town, name: str, told: bool) -> None:
    """An order stands before a step that nobody does."""
    kind, at = STANDS[int(town.dice.integers(len(STANDS)))]
    home, _, _ = town.someone()
    order, day = walk(town, kind, town.between(1, DAYS - 60), (home,), part=slice(at))
    step, _, usual = COURSES[kind][at]
    if told:
        after = max(usual, 0.5) * town.between(4, 8)
        ticket(town, name, day + after, home, (order, step), "Delay")


def _slow(town: Town, name: str, told: bool) -> None:
    """A step is done, much later than usual."""
    kind, at = (("InstallOrder", 2), ("InstallOrder", 3), ("RepairJob", 2), ("Relocation", 3))[
        int(town.dice.integers(4))
    ]
    home, _, exchange = town.someone()
    order, day = walk(town, kind, town.between(1, DAYS - 90), (home,), part=slice(at))
    step, team, usual = COURSES[kind][at]
    done = day + usual * town.between(5, 9)
    town.note(done, step, town.team(team, exchange), order, home)
    walk(town, kind, done, (home,), part=slice(at + 1, None), order=order)
    if told:
        ticket(town, name, done + town.between(-0.05, 3) * usual, home, (order, step), "Delay")


def _again(town: Town, name: str, told: bool) -> None:
    """An engineer comes again and again for one fault."""
    home, _, _ = town.someone()
    job, day = walk(town, "RepairJob", town.between(1, DAYS - 40), (home,), part=slice(4))
    for _ in range(int(town.dice.integers(2, 4))):
        _, day = walk(town, "RepairJob", day, (home,), part=slice(2, 4), order=job)
    if told:
        ticket(town, name, day + town.between(0.1, 2), home, (job, "Engineer visited"), "Fault")
    walk(town, "RepairJob", day + 3, (home,), part=slice(4, None), order=job)


def _bounce(town: Town, name: str, told: bool) -> None:
    """A relocation goes to and fro between planning and billing."""
    home, _, _ = town.someone()
    order, day = walk(town, "Relocation", town.between(1, DAYS - 60), (home,), part=slice(3))
    for _ in range(int(town.dice.integers(2, 4))):
        _, day = walk(town, "Relocation", day, (home,), part=slice(1, 3), order=order)
    if told:
        ticket(town, name, day + town.between(0.1, 3), home, (order, "Relocation assessed"), "Delay")
    walk(town, "Relocation", day + 3, (home,), part=slice(3, None), order=order)


def _passed(town: Town, name: str, told: bool) -> None:
    """A repair is passed on from team to team and back, nobody visits."""
    home, _, exchange = town.someone()
    job, day = walk(town, "RepairJob", town.between(1, DAYS - 60), (home,), part=slice(2))
    for n in range(int(town.dice.integers(4, 7))):
        day += town.wait(0.4)
        town.note(day, "Repair passed on", town.team(("Field", "NetOps")[n % 2], exchange), job, home)
    if told:
        ticket(town, name, day + town.between(0.1, 1), home, (job, "Repair passed on"), "Fault")
    walk(town, "RepairJob", day + 1, (home,), part=slice(2, None), order=job)


def _untested(town: Town, name: str, told: bool) -> None:
    """A line goes into service without having been tested."""
    home, _, _ = town.someone()
    order, day = walk(town, "InstallOrder", town.between(1, DAYS - 60), (home,), part=slice(4))
    day += town.wait(1)
    town.note(day, "Service activated", "NetOps/HQ", order, home)
    if told:
        ticket(town, name, day + town.between(0.2, 6), home, (order, "Line tested"), "Fault")
    walk(town, "InstallOrder", day, (home,), part=slice(6, None), order=order)


def _turned(town: Town, name: str, told: bool) -> None:
    """A line is tested after it went into service."""
    home, _, exchange = town.someone()
    order, day = walk(town, "InstallOrder", town.between(1, DAYS - 60), (home,), part=slice(4))
    day += town.wait(0.8)
    town.note(day, "Service activated", "NetOps/HQ", order, home)
    day += town.wait(0.8)
    town.note(day, "Line tested", town.team("Field", exchange), order, home)
    if told:
        ticket(town, name, day + town.between(0.1, 4), home, (order, "Line tested"), "Fault")
    walk(town, "InstallOrder", day, (home,), part=slice(6, None), order=order)


def _over(town: Town, name: str, told: bool) -> None:
    """A refund is paid after the ten days it may take."""
    home, _, _ = town.someone()
    claim, day = walk(town, "RefundClaim", town.between(1, DAYS - 60), (home,), part=slice(3))
    day += town.between(11, 17)
    town.note(day, "Refund paid", "Finance/HQ", claim, home)
    if told:
        ticket(town, name, day + town.between(0.1, 5), home, (claim, "Refund paid"), "Bill")


def _promise(town: Town, name: str, told: bool) -> None:
    """Nobody comes to an appointment."""
    home, _, _ = town.someone()
    made, day = walk(town, "Appointment", town.between(1, DAYS - 30), (home,), part=slice(1))
    if told:
        ticket(town, name, day + 4 + town.between(0.1, 3), home, (made, "Appointment kept"), "Delay")


def _counter(town: Town, name: str, told: bool) -> None:
    """Somebody is rude at the counter."""
    _met(town, name, "ShopVisit", "Served at counter", told)


def _hotline(town: Town, name: str, told: bool) -> None:
    """Somebody is rude on the telephone."""
    _met(town, name, "HelpCall", "Call answered", told)


def _met(town: Town, name: str, kind: str, step: str, told: bool) -> None:
    home, _, _ = town.someone()
    order, day = walk(town, kind, town.between(1, DAYS - 10), (home,))
    if told:
        ticket(town, name, day + town.between(0.02, 2), home, (order, step), "Staff")


def _defect(town: Town, name: str, told: bool) -> None:
    """A defect that nobody fixes cuts a cabinet off, again and again."""
    home, cabinet, _ = town.someone()
    defect, day = walk(town, "PlantDefect", town.between(1, DAYS - 80), (cabinet,), part=slice(2))
    last = trips(town, cabinet, day + 10, int(town.dice.integers(3, 6)), 25)
    if told:
        for one in _some(town, home, cabinet):
            ticket(town, name, last + town.between(0.1, 4), one, (defect, "Defect fixed"), "Outage")


def _overload(town: Town, name: str, told: bool) -> None:
    """A cabinet is cut off again and again, and nobody logged why."""
    home, cabinet, _ = town.someone()
    last = trips(town, cabinet, town.between(1, DAYS - 60), int(town.dice.integers(4, 7)), 25)
    if told:
        for one in _some(town, home, cabinet):
            ticket(town, name, last + town.between(0.1, 4), one, (cabinet, "Outage began"), "Outage")


def _some(town: Town, home: str, cabinet: str) -> list[str]:
    """Return a subscriber, and perhaps others of the cabinet."""
    there = [one for one, its, _ in town.homes if its == cabinet and one != home]
    return [home, *there[: int(town.dice.integers(0, 3))]]


def _nothing(town: Town, name: str, told: bool) -> None:
    """Somebody wishes for what cannot be had."""
    if told:
        home, _, _ = town.someone()
        ticket(town, name, town.between(20, DAYS - 2), home, ("", ""), "Bill")


STORIES: dict[str, tuple[int, Story]] = {
    "blocked": (10, _blocked), "stands": (14, _stands), "slow": (10, _slow), "again": (7, _again),
    "bounce": (5, _bounce), "passed": (5, _passed), "untested": (6, _untested), "turned": (4, _turned),
    "over": (6, _over), "promise": (6, _promise), "counter": (14, _counter), "hotline": (10, _hotline),
    "defect": (6, _defect), "overload": (4, _overload), "nothing": (6, _nothing),
}  # fmt: skip
"""Story → how often, and how it goes."""
