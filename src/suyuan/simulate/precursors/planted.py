"""What is planted before a complaint: what shows it, from when, and the complaint it becomes."""

from dataclasses import dataclass, field

from numpy.random import Generator

from suyuan.simulate.catalogue import BY_KEY
from suyuan.simulate.city import City
from suyuan.simulate.contact import Contact
from suyuan.simulate.demand import assign
from suyuan.simulate.outages import Outage
from suyuan.simulate.plants import Plan
from suyuan.simulate.window import DAY, HOUR, HOURS_CALL, Window, times_of_day

PREVENTED = 0.6
"""Chance that a complaint stays away where somebody acted on what showed it before (ours)."""


@dataclass(slots=True)
class Precursor:
    """One thing that shows before a complaint. Moments are seconds, as everywhere in the city."""

    detector: str
    object: "str | Contact"
    """``kind:id``, or the contact whose order it is."""
    unit: str
    began: int
    """From when it can be seen."""
    category: str = ""
    customer: int = -1
    area: int = -1
    feeder: int = -1
    due: int | None = None
    """By when something was promised, where something was."""
    ended: int | None = None
    """When it was over by itself."""
    complaints: list[Contact] = field(default_factory=list)
    """What it becomes if nobody acts in time."""
    activity: str = ""
    """The step that somebody owes, where it is an order's."""
    real: bool = True
    """False where it only looks like one: an empty home honestly reads zero."""


@dataclass(slots=True)
class Step:
    """One event of the log that a precursor brings: when, on what order, of whom, what."""

    at: int
    activity: str
    unit: str


@dataclass(slots=True)
class Order:
    """One order of another system: which routine, whose, its steps, by when it was promised."""

    routine: str
    customer: int
    steps: list[Step]
    promised: int | None = None
    number: str = ""
    shows: Precursor | None = None


@dataclass(slots=True)
class Planted:
    """All that a city with precursors has beside what it had before."""

    contacts: list[Contact] = field(default_factory=list)
    outages: list[Outage] = field(default_factory=list)
    planned_ends: dict[str, int] = field(default_factory=dict)
    weak: list[tuple[int, int, int]] = field(default_factory=list)
    """Areas whose voltage is low from a moment to a moment."""
    zeros: list[tuple[int, list[int]]] = field(default_factory=list)
    """Customers and the moments at which their reader wrote zero."""
    orders: list[Order] = field(default_factory=list)
    rings: list[int] = field(default_factory=list)
    """Moments of calls behind which there is no order."""
    spoken: dict[int, str] = field(default_factory=dict)
    """What is said in a contact (by its id) in place of the usual words: a template, or `complaint`."""
    found: list[Precursor] = field(default_factory=list)


@dataclass(slots=True)
class Ground:
    """What a stage plants into: its own dice, the city, what happens in it anyway."""

    rng: Generator
    city: City
    window: Window
    plan: Plan
    anyway: list[Contact]
    outages: list[Outage]
    out: Planted

    @property
    def customers(self) -> int:
        """How many customers the city has."""
        return len(self.city.accounts)

    def complain(self, topic: str, customer: int, at: int, shows: Precursor) -> None:
        """Let a customer complain of what a precursor showed; nothing after the last day is kept."""
        if not 0 <= at < self.window.cut:
            return
        contact = Contact(at, "complaint", customer, topic=topic, story=shows.detector, level="general")
        shows.category = BY_KEY[topic].category
        shows.complaints.append(assign(self.city, contact))
        self.out.contacts.append(contact)

    def calling(self, moment: float) -> int:
        """Return a moment on that day at which people call."""
        day = int(moment) // DAY
        at = day * DAY + int(times_of_day(self.rng, 1, HOURS_CALL)[0])
        return at if at > moment else at + DAY

    def days(self, low: float, high: float) -> int:
        """Return a length between two numbers of days, in seconds."""
        return int(self.rng.uniform(low, high) * DAY)

    def office(self, moment: float) -> int:
        """Return the next weekday moment between 9 and 17 o'clock from a moment on."""
        at = int(moment)
        if not 9 * HOUR <= at % DAY < 17 * HOUR:
            at = (at // DAY + (at % DAY >= 17 * HOUR)) * DAY + 9 * HOUR + int(self.rng.integers(0, 6 * HOUR))
        while (self.window.start.weekday() + at // DAY) % 7 >= 5:
            at += DAY
        return at
