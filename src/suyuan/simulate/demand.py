"""How many contacts arrive, from whom, about what: the daily load, and the surge when the power goes off."""

import numpy as np
from numpy.random import Generator

from suyuan.simulate.catalogue import BY_KEY, CHANNELS, COMPLAINTS, MIX
from suyuan.simulate.city import City
from suyuan.simulate.contact import Contact
from suyuan.simulate.outages import Outage
from suyuan.simulate.window import (
    DAY,
    HOUR,
    HOURS_CALL,
    HOURS_FAULT,
    MONTHS,
    Window,
    times_of_day,
)

UNIT_OF = {"repair": "crew", "report": "audit", "consult": "workstation", "query": "workstation",
           "supervise": "station"}  # fmt: skip
CALL_SHARE = 0.02
"""Share of the people without power who call, before the demonstration scale."""


def assign(city: City, contact: Contact) -> Contact:
    """Give a contact its unit, category and specialty from its kind and topic."""
    if contact.kind == "complaint":
        row = BY_KEY[contact.topic]
        contact.category, contact.specialty = row.category, row.specialty
        contact.unit = city.unit_for(row.unit, contact.customer)
        return contact
    role = UNIT_OF.get(contact.kind, "station")
    contact.unit = city.unit_for(role, contact.customer)
    contact.specialty = (
        "operations" if role == "crew" else "service" if role in ("audit", "workstation") else "marketing"
    )
    return contact


def _secrecy(kind: str, draw: float) -> str:
    anonymous, confidential = {"report": (0.25, 0.3), "complaint": (0.03, 0.04)}.get(kind, (0.0, 0.0))
    if draw < anonymous:
        return "anonymous"
    return "confidential" if draw < anonymous + confidential else ""


def _level(kind: str, draw: float) -> str:
    if kind not in ("complaint", "report", "repair"):
        return ""
    if draw < 0.94:
        return "general"
    return "important" if draw < 0.988 else "major" if draw < 0.998 else "special"


def base_load(
    rng: Generator, city: City, window: Window, per_year: float
) -> tuple[list[Contact], np.ndarray]:
    """Return the contacts that no outage and no earlier order caused, and how eager each customer is."""
    customers = len(city.accounts)
    weights = window.day_weights(MONTHS)
    mean = customers * per_year / 365 * weights
    per_day = rng.poisson(mean)
    count = int(per_day.sum())
    day = np.repeat(np.arange(window.days), per_day)
    kinds = rng.choice(list(MIX), size=count, p=np.array(list(MIX.values())) / sum(MIX.values()))
    second = np.where(
        kinds == "repair", times_of_day(rng, count, HOURS_FAULT), times_of_day(rng, count, HOURS_CALL)
    )
    eager = rng.gamma(1.2, size=customers)
    who = rng.choice(customers, size=count, p=eager / eager.sum())
    shares = np.array([c.weight for c in COMPLAINTS])
    topics = rng.choice([c.key for c in COMPLAINTS], size=count, p=shares / shares.sum()).tolist()
    channels = rng.choice(list(CHANNELS), size=count, p=list(CHANNELS.values())).tolist()
    secret, level = rng.random(count).tolist(), rng.random(count).tolist()
    out = []
    for i, (at, kind, customer) in enumerate(
        zip((day * DAY + second).tolist(), kinds.tolist(), who.tolist(), strict=True)
    ):
        contact = Contact(at, kind, customer, channel=channels[i])
        contact.topic = topics[i] if kind == "complaint" else ""
        contact.secrecy, contact.level = _secrecy(kind, secret[i]), _level(kind, level[i])
        out.append(assign(city, contact))
    return out, eager


def _affected(outage: Outage, members: list[np.ndarray], feeders: list[np.ndarray]) -> np.ndarray:
    return members[outage.area] if outage.area >= 0 else feeders[outage.feeder]


def surges(rng: Generator, city: City, window: Window, outages: list[Outage], scale: float) -> list[Contact]:
    """Return the repair calls of outages; later calls of one outage are child orders of the first.

    Callers come in with an exponential delay of 25 minutes, the pace that the published outage records show:
    most of those who will ever call do so within the first hour.
    """
    areas = len(city.area_names)
    starts = np.searchsorted(city.customer_area, np.arange(areas + 1))
    members = [np.arange(starts[a], starts[a + 1]) for a in range(areas)]
    bounds = np.searchsorted(city.area_feeder, np.arange(len(city.feeder_names) + 1))
    feeders = [np.arange(starts[bounds[f]], starts[bounds[f + 1]]) for f in range(len(city.feeder_names))]
    out = []
    for outage in outages:
        people = _affected(outage, members, feeders)
        share = min(0.5, CALL_SHARE * scale * (0.5 if outage.kind == "planned" else 1.0))
        callers = people[rng.random(len(people)) < share]
        delay = np.sort(rng.exponential(25 * 60, size=len(callers))) + 60
        first: Contact | None = None
        for customer, wait in zip(rng.permutation(callers).tolist(), delay.tolist(), strict=True):
            at = outage.began + int(wait)
            if at >= min(window.cut, outage.ended + HOUR):
                break
            contact = assign(city, Contact(at, "repair", customer, outage=outage.number, level="general"))
            contact.parent, contact.child = first, first is not None
            first = first or contact
            out.append(contact)
    return out
