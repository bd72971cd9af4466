"""How well repeat contacts are found: the simulated city knows who calls about what, the finder does not.

Compared are pairs: of two contacts the city says whether they are of one event, and the finder does. Recorded
links, numbers of orders and callers who are kept secret are withheld from the finder as in an office.
"""

import argparse
import itertools
import json
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from python_calamine import CalamineWorkbook

from suyuan.analytics import repeats
from suyuan.analytics.repeats import Contact, Terms
from suyuan.domain import rulebook
from suyuan.domain.masking import mask
from suyuan.simulate import build

Order = Mapping[str, str]
END = date(2025, 10, 31)


@dataclass(frozen=True, slots=True)
class Marks:
    """How many were found, how many there are, how many of those found are right."""

    right: int
    found: int
    true: int

    @property
    def precision(self) -> float:
        """Return the part of what was found that is right."""
        return self.right / self.found

    @property
    def recall(self) -> float:
        """Return the part of what there is that was found."""
        return self.right / self.true


def orders(seed: int, customers: int, days: int, contacts: float = 6.0) -> list[Order]:
    """Return the orders of a city."""
    with tempfile.TemporaryDirectory() as folder:
        build(seed, customers, days, END, Path(folder), contacts)
        sheet = CalamineWorkbook.from_path(f"{folder}/orders.xlsx").get_sheet_by_index(0)
        heads, *rows = sheet.to_python()
    return [dict(zip(heads, row, strict=True)) for row in rows]


def contact(order: Order) -> Contact:
    """Return an order as the finder sees it: nothing of a caller who is kept secret, no recorded link."""
    known = dict.fromkeys(("account", "phone", "area", "line"), "")
    if not order["secrecy"]:
        known = {name: order[name] for name in known}
    return Contact(
        number=order["number"],
        at=datetime.fromisoformat(order["accepted_at"]),
        kind=order["business_type"],
        text=mask(order["text"])[:120],
        open_until=datetime.fromisoformat(order["archived_at"]) if order["archived_at"] else None,
        **known,
    )


def true_events(every: Sequence[Order], *, of_customer: bool) -> dict[str, str]:
    """Return the first order of the event of each; of one customer alone, or the callers of an outage too."""
    by_number = {one["number"]: one for one in every}

    def first(order: Order) -> str:
        while order["parent_number"] and not (of_customer and order["is_child"] == "是"):
            order = by_number[order["parent_number"]]
        return order["number"]

    return {one["number"]: first(one) for one in every}


def found_events(contacts: Iterable[Contact], terms: Terms) -> dict[str, str]:
    """Return the first order of the event of each, as the finder holds."""
    events = repeats.events(contacts, terms)
    return {one.number: event.contacts[0].number for event in events for one in event.contacts}


def pairs(events: Mapping[str, str]) -> set[tuple[str, str]]:
    """Return every two contacts of one event."""
    groups: dict[str, list[str]] = defaultdict(list)
    for number, event in events.items():
        groups[event].append(number)
    return {pair for group in groups.values() for pair in itertools.combinations(sorted(group), 2)}


def marks(found: set[tuple[str, str]], true: set[tuple[str, str]]) -> Marks:
    """Return how what was found stands to what is true."""
    return Marks(len(found & true), len(found), len(true))


def alarms(events: Mapping[str, str], least: int) -> set[tuple[str, str]]:
    """Return the events of so many contacts, by their first one."""
    return {(event, "") for event, n in Counter(events.values()).items() if n >= least}


def measure(every: Sequence[Order]) -> dict[str, Marks]:
    """Return the marks of the finder: contacts of one customer, all of one event, events of many contacts."""
    figures = rulebook.load().figures
    terms = repeats.terms({name: figures[f"repeat.{name}"][-1].terms for name in repeats.FIGURES})
    least = int(figures["repeat.event"][-1].terms["calls"])
    contacts = [contact(order) for order in every]
    alone = [replace(one, area="", line="") for one in contacts]
    of_customer = found_events(alone, terms), true_events(every, of_customer=True)
    of_event = found_events(contacts, terms), true_events(every, of_customer=False)
    return {
        "customer": marks(pairs(of_customer[0]), pairs(of_customer[1])),
        "event": marks(pairs(of_event[0]), pairs(of_event[1])),
        "alarm": marks(alarms(of_customer[0], least), alarms(of_customer[1], least)),
    }


def main() -> None:
    """Print the marks of some cities that the figures were not chosen on."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--customers", type=int, default=3_000)
    parser.add_argument("--days", type=int, default=120)
    parser.add_argument("--seeds", type=int, nargs="+", default=[11, 23, 42])
    given = parser.parse_args()
    for seed in given.seeds:
        every = orders(seed, given.customers, given.days)
        started = time.perf_counter()
        found = measure(every)
        seconds = time.perf_counter() - started
        told = {
            name: {
                "precision": round(one.precision, 3),
                "recall": round(one.recall, 3),
                "right": one.right,
                "found": one.found,
                "true": one.true,
            }
            for name, one in found.items()
        }
        ran = {"bench": "repeats", "seed": seed, "orders": len(every), "seconds": round(seconds, 2)}
        print(json.dumps(ran | told))


if __name__ == "__main__":
    main()
