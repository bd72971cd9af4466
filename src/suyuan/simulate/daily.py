"""A town day by day: what each system would hand over at the end of a day, and nothing that lies after it.

What somebody prevented is told as a set of numbers of complaints: they never come in, nor does whatever was
called about them.
"""

from bisect import bisect_left
from collections.abc import Iterator, Set
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

from suyuan.simulate import calls
from suyuan.simulate.contact import Contact
from suyuan.simulate.flow import STATES
from suyuan.simulate.golden import reading_day
from suyuan.simulate.log import Log
from suyuan.simulate.precursors import files, truth
from suyuan.simulate.town import Town
from suyuan.simulate.window import DAY, Window

READING_COLUMNS = ("户号", "抄表日期", "电量")
CALL_COLUMNS = ("来电时间", "线路", "台区")
Rows = Iterator[tuple[object, ...]]


def as_known(contact: Contact, until: int) -> Contact:
    """Return a contact as it stood at a moment: no milestone, word or mark that came later."""
    moments = {name: at for name, at in contact.moments.items() if at < until}
    answered, called = "answered_at" in moments, "called_back_at" in moments
    return replace(
        contact,
        moments=moments,
        finding=contact.finding if answered else "",
        handling=contact.handling if answered else "",
        satisfaction=contact.satisfaction if called else "",
        state=next((text for milestone, text in STATES if milestone in moments), "待派单"),
    )


@dataclass
class Days:
    """A town to be taken in day by day."""

    town: Town
    order: list[int] = field(init=False)
    """Events of the log in the order of time."""
    at: list[int] = field(init=False)

    def __post_init__(self) -> None:
        events = self.town.log.events
        self.order = sorted(range(len(events)), key=lambda i: (events[i][0], i))
        self.at = [events[i][0] for i in self.order]

    @property
    def window(self) -> Window:
        """The days there are."""
        return self.town.given.window

    def date(self, day: int) -> date:
        """Return the date of a day, counted from the first."""
        return self.window.date_of(day * DAY)

    def orders(self, day: int, without: Set[str]) -> list[Contact]:
        """Return the orders that came in or moved on a day, as they stood at its end."""
        since, until = day * DAY, (day + 1) * DAY
        return [
            as_known(one, until)
            for one in self.town.contacts
            if one.at < until
            and any(since <= at < until for at in (one.at, *one.moments.values()))
            and not prevented(one, without)
        ]

    def log(self, day: int, without: Set[str]) -> tuple[Log, int]:
        """Return what the systems logged on a day, the first day all before it too, and how much was earlier.

        Events are numbered over all days: each is known by its number.
        """
        first = bisect_left(self.at, day * DAY) if day else 0
        last = bisect_left(self.at, (day + 1) * DAY)
        whole = self.town.log
        part = Log(whole.city)
        for place in self.order[first:last]:
            event = whole.events[place]
            if not any(number in without for number, _ in event[2]):
                part.events.append(event)
        touched = {number for event in part.events for number, _ in event[2]}
        part.relations = {one: None for one in whole.relations if one[0] in touched and one[1] not in without}
        touched |= {target for _, target, _ in part.relations}
        part.objects = {number: whole.objects[number] for number in touched}
        part.about = {number: said for number, said in whole.about.items() if number in touched}
        part.promised = {number: at for number, at in whole.promised.items() if number in touched}
        return part, first

    def outages(self, day: int) -> Rows:
        """Return the rows of outages.csv as far as they are known at the end of a day."""
        dice = self.town.given.dice(files.OUTAGES)
        return truth.outage_rows(dice, self.town.ground, self.town.outages, (day + 1) * DAY)

    def voltages(self, day: int, back: int = 30) -> Rows:
        """Return the rows of voltage.csv of a day and so many before it."""
        who, volts = files.measured(self.town)
        return truth.voltage_rows(
            self.town.given.city, self.window, who, volts, range(max(0, day - back), day + 1)
        )

    def calls(self, day: int, without: Set[str]) -> Rows:
        """Return when the telephone rang on a day, with line and area where a call became an order."""
        city, on = self.town.given.city, self.date(day).isoformat()
        for row in self._rings.get(on, ()):
            contact = self._orders.get(str(row[8]))
            if contact is None:
                yield row[1], "", ""
            elif not prevented(contact, without):
                area = int(city.customer_area[contact.customer])
                yield row[1], city.feeder_names[int(city.area_feeder[area])], city.area_names[area]

    @cached_property
    def _rings(self) -> dict[str, list[tuple[object, ...]]]:
        """Return the rows of calls.csv by day."""
        given, found = self.town.given, dict[str, list[tuple[object, ...]]]()
        rings = self.town.ground.out.rings
        for row in calls.build_calls(
            given.dice(calls.DICE), given.city, given.window, self.town.contacts, rings
        ):
            found.setdefault(str(row[1])[:10], []).append(row)
        return found

    @cached_property
    def _orders(self) -> dict[str, Contact]:
        return {one.number: one for one in self.town.contacts}

    def readings(self, day: int) -> Rows:
        """Return the accounts read on a day with what they used, on the first day all read before too."""
        on = self.date(day)
        for read, rows in self._read.items():
            if read == on or (day == 0 and read < on):
                yield from rows

    @cached_property
    def _read(self) -> dict[date, list[tuple[object, ...]]]:
        city, known, found = self.town.given.city, self.town.readings, dict[date, list[tuple[object, ...]]]()
        for customer, (account, used) in enumerate(zip(city.accounts, known.kwh.tolist(), strict=True)):
            day = reading_day(customer)
            for month, kwh in zip(known.months, used, strict=True):
                if kwh == kwh:  # not a number: the day has not come
                    read = month.replace(day=day)
                    found.setdefault(read, []).append((account, read, kwh))
        return found

    def uses(self, day: int) -> Rows:
        """Return the rows of use.csv of the months that had been read by a day."""
        return truth.use_rows(self.town.given.city, self.town.readings, self.date(day))


def prevented(contact: Contact, without: Set[str]) -> bool:
    """Tell whether a contact never comes: it is prevented, or is about one that is."""
    return contact.number in without or (contact.parent is not None and prevented(contact.parent, without))
