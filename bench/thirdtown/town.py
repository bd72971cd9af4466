"""The third town before anybody complains: subscribers, cabinets, exchanges, teams, a year of orders."""

from dataclasses import dataclass, field

from numpy.random import Generator

DAYS = 420
Step = tuple[str, str, float]
COURSES: dict[str, tuple[Step, ...]] = {
    "InstallOrder": (
        ("Install order taken", "Shop", 0), ("Credit checked", "Billing", 0.3),
        ("Route planned", "Planning", 3),
        ("Cable pulled", "Field", 5), ("Line tested", "Field", 0.6), ("Service activated", "NetOps", 1),
        ("Install order closed", "Shop", 2),
    ),
    "RepairJob": (
        ("Fault reported", "Shop", 0), ("Fault triaged", "NetOps", 0.3), ("Engineer visited", "Field", 1.2),
        ("Repair verified", "NetOps", 0.3), ("Repair closed", "Shop", 1),
    ),
    "Relocation": (
        ("Relocation asked", "Shop", 0), ("Relocation assessed", "Planning", 2),
        ("Relocation priced", "Billing", 1.5), ("Relocation done", "Field", 6),
        ("Relocation closed", "Shop", 1),
    ),
    "RefundClaim": (
        ("Refund claimed", "Shop", 0), ("Refund examined", "Billing", 2), ("Refund approved", "Finance", 2),
        ("Refund paid", "Finance", 3),
    ),
    "NumberPort": (
        ("Port opened", "Planning", 0), ("Port validated", "Planning", 2), ("Port completed", "Planning", 2),
    ),
    "RouterSwap": (
        ("Swap asked", "Shop", 0), ("Swap started", "Field", 1), ("Router fitted", "Field", 2),
        ("Router registered", "Planning", 0.5), ("Swap closed", "Shop", 1),
    ),
    "PlantDefect": (
        ("Defect logged", "NetOps", 0), ("Defect graded", "NetOps", 1), ("Defect fixed", "Field", 8),
        ("Defect signed off", "NetOps", 1),
    ),
    "Appointment": (
        ("Appointment promised", "Shop", 0), ("Appointment kept", "Field", 2),
        ("Appointment rated", "Shop", 0.5),
    ),
    "ShopVisit": (
        ("Ticket drawn", "Shop", 0), ("Served at counter", "Shop", 0.01),
        ("Visit ended", "Shop", 0.01),
    ),
    "HelpCall": (
        ("Call queued", "Care", 0), ("Call answered", "Care", 0.003), ("Call wrapped up", "Care", 0.01),
    ),
}  # fmt: skip
"""Kind of order → its steps: what is done, by which team, days after the step before."""
YEARLY = {
    "InstallOrder": 0.25, "RepairJob": 0.35, "Relocation": 0.15, "RefundClaim": 0.2, "NumberPort": 0.2,
    "RouterSwap": 0.2, "Appointment": 0.3, "ShopVisit": 0.6, "HelpCall": 0.9,
}  # fmt: skip
"""So many orders a subscriber has in a year."""
PER_CABINET = 24


@dataclass(frozen=True, slots=True)
class Shape:
    """How the log is written."""

    tickets: int = 300
    about: bool = True
    relations: bool = True
    units: str = "object"
    """``object``, ``attribute`` (org:group) or ``both``."""
    lifecycle: bool = False
    """Every step is written twice, as started and as completed."""
    homes: int = 9
    """So many subscribers a ticket."""


@dataclass(slots=True)
class Town:
    """Events as they are written, and the truth about every ticket."""

    dice: Generator
    shape: Shape
    events: list[tuple[float, str, str, tuple[str, ...]]] = field(default_factory=list)
    """Day, what was done, by which team, on what."""
    types: dict[str, str] = field(default_factory=dict)
    links: list[tuple[str, str, str]] = field(default_factory=list)
    about: dict[str, str] = field(default_factory=dict)
    truth: list[tuple[str, str, str, bool]] = field(default_factory=list)
    """Ticket, object and activity of its source (empty where there is none), whether the front did it."""
    story: dict[str, str] = field(default_factory=dict)
    """Ticket → the story it ends."""
    homes: list[tuple[str, str, int]] = field(default_factory=list)
    """Subscriber, cabinet, number of the exchange."""
    exchange: dict[str, int] = field(default_factory=dict)
    """Subscriber → number of the exchange."""
    unread: dict[str, float] = field(default_factory=dict)
    """Subscriber → from which day on nobody knows the usage."""

    def new(self, kind: str) -> str:
        """Return a new object."""
        name = "-".join(self.dice.bytes(k).hex() for k in (4, 2, 2, 6))
        self.types[name] = kind
        return name

    def team(self, kind: str, exchange: int) -> str:
        """Return the team of a kind that works for an exchange."""
        return f"{kind}/{exchange:02d}" if kind in ("Field", "Shop", "Care") else f"{kind}/HQ"

    def order(self, kind: str, *places: str) -> str:
        """Return a new order on places."""
        made = self.new(kind)
        self.links += [(made, place, "for") for place in places]
        return made

    def note(self, day: float, done: str, team: str, *things: str) -> None:
        """Write an event, if it is in the time of the log."""
        if 0 <= day < DAYS:
            self.events.append((day, done, team, things))

    def someone(self) -> tuple[str, str, int]:
        """Return any subscriber."""
        return self.homes[int(self.dice.integers(len(self.homes)))]

    def wait(self, days: float) -> float:
        """Return about so many days."""
        return days * float(self.dice.gamma(5.0, 0.2))

    def between(self, low: float, high: float) -> float:
        """Return any number between two."""
        return float(self.dice.uniform(low, high))


def lay_out(town: Town) -> None:
    """Write the subscribers, cabinets and exchanges."""
    count = town.shape.tickets * town.shape.homes
    cabinets = [town.new("Cabinet") for _ in range(max(4, count // PER_CABINET))]
    exchanges = [town.new("Exchange") for _ in range(max(2, len(cabinets) // 12))]
    for n, cabinet in enumerate(cabinets):
        exchange = exchanges[n % len(exchanges)]
        town.links.append((cabinet, exchange, "fed by"))
        town.note(0.001 * n, "Cabinet commissioned", "Planning/HQ", cabinet, exchange)
        trips(town, cabinet, town.between(0, DAYS), int(town.dice.poisson(1.2)), 150)
    for n in range(count):
        cabinet, home = n % len(cabinets), town.new("Subscriber")
        town.links.append((home, cabinets[cabinet], "served by"))
        town.homes.append((home, cabinets[cabinet], cabinet % len(exchanges)))
        town.exchange[home] = cabinet % len(exchanges)
        town.note(0.3 + 0.0001 * n, "Subscriber signed", "Shop/00", home, cabinets[cabinet])
    for _ in range(len(cabinets) // 3):
        cabinet = cabinets[int(town.dice.integers(len(cabinets)))]
        walk(town, "PlantDefect", town.between(1, DAYS), (cabinet,))


def bills(town: Town) -> None:
    """Write what is billed: usage is rated every second month, where it is known, and seldom estimated."""
    for n, (home, _, _) in enumerate(town.homes):
        for month in range(1, DAYS // 60):
            if (day := 60 * month + n % 20) < town.unread.get(home, DAYS):
                town.note(day, "Usage rated", "Billing/HQ", home)
        if town.dice.random() < 0.03:
            town.note(town.between(1, DAYS), "Usage estimated", "Billing/HQ", home)


def walk(
    town: Town, kind: str, day: float, places: tuple[str, ...], part: slice = slice(None), order: str = ""
) -> tuple[str, float]:
    """Write the steps of one order, or a part of them; return it and the day of the last."""
    order, exchange = order or town.order(kind, *places), town.exchange.get(places[0], 0)
    for n, (done, team, wait) in enumerate(COURSES[kind][part]):
        day += town.wait(wait) if n or part.start else 0
        town.note(day, done, town.team(team, exchange), order, *places)
    return order, day


def usual(town: Town, kind: str) -> None:
    """Write an order that goes as usual; one in twenty-five goes wrong without consequence."""
    home, _, exchange = town.someone()
    day, steps = town.between(1, DAYS), COURSES[kind]
    if town.dice.random() > 0.04:
        order, after = walk(town, kind, day, (home,))
        if kind == "RepairJob" and town.dice.random() < 0.1:
            town.note((day + after) / 2, "Repair passed on", town.team("Field", exchange), order, home)
        return
    at = int(town.dice.integers(1, len(steps)))
    order, day = walk(town, kind, day, (home,), part=slice(at))
    how = str(town.dice.choice(["stands", "slow", "again", "without"]))
    if how == "slow":
        day += max(steps[at][2], 0.1) * town.between(4, 8)
    if how == "again":
        _, day = walk(town, kind, day, (home,), part=slice(at, at + 1), order=order)
    if how != "stands":
        walk(town, kind, day, (home,), part=slice(at + (how == "without"), None), order=order)


def ticket(town: Town, name: str, day: float, home: str, source: tuple[str, str], topic: str) -> None:
    """Write a ticket, and where it really came from."""
    if not 0 <= day < DAYS - 1:
        return
    ticket, exchange = town.order("Ticket", home), town.exchange[home]
    for n, done in enumerate(("Ticket opened", "Ticket assigned", "Ticket answered")):
        town.note(day + n * 0.4, done, town.team("Care", exchange), ticket, home)
    topics = ("Bill", "Delay", "Fault", "Staff", "Outage")
    town.about[ticket] = topic if town.dice.random() < 0.9 else str(town.dice.choice(topics))
    town.story[ticket] = name
    town.truth.append((ticket, *source, name in ("counter", "hotline")))


def trips(town: Town, cabinet: str, day: float, times: int, span: float) -> float:
    """Write outages of a cabinet within some days; return the day of the last."""
    days = sorted(day + town.between(0, span) for _ in range(times))
    for at in days:
        outage = town.new("Outage")
        town.note(at, "Outage began", "NetOps/HQ", outage, cabinet)
        town.note(at + town.between(0.05, 0.3), "Outage ended", "NetOps/HQ", outage, cabinet)
    return days[-1] if days else day
