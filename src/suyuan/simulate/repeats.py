"""Who calls again: people left waiting urge, ask, and after the third call complain."""

from numpy.random import Generator

from suyuan.simulate.city import City
from suyuan.simulate.contact import Contact
from suyuan.simulate.demand import assign
from suyuan.simulate.window import DAY, HOUR, Window

CHANCE = {"complaint": 0.16, "report": 0.08, "opinion": 0.08, "suggestion": 0.03, "repair": 0.05}
APPLICATION = 0.10
LATE_FACTOR = 3.0
NEXT = 0.42
"""Chance that somebody who called again calls yet again: a geometric tail, as repeat calls have."""
MOST = 6


def _again(rng: Generator, city: City, window: Window, first: Contact) -> list[Contact]:
    out: list[Contact] = []
    spacing = 3 * HOUR if first.kind == "repair" else 30 * HOUR
    at, times = first.at, 1
    while times < MOST and (times == 1 or rng.random() < NEXT):
        at += int(HOUR + rng.exponential(spacing))
        if first.kind != "repair" and not 8 * HOUR < at % DAY < 20 * HOUR:
            at = at - at % DAY + DAY + 9 * HOUR + int(rng.integers(0, 4 * HOUR))
        if at >= window.cut or at > first.moments.get("archived_at", window.cut):
            break
        times += 1
        kind = "urge" if rng.random() < 0.62 else "consult"
        contact = Contact(at, kind, first.customer, topic=first.kind, parent=first, times=times)
        out.append(assign(city, contact))
        out[-1].unit, out[-1].specialty = first.unit, first.specialty
        first.times = times
    if first.satisfaction == "satisfied" and rng.random() < 0.15 * (first.times - 1):
        first.satisfaction = "dissatisfied"
    return out


def build_repeats(rng: Generator, city: City, window: Window, contacts: list[Contact]) -> list[Contact]:
    """Return the further calls on unfinished orders; the first order learns how often it was called on."""
    draws = rng.random(len(contacts)).tolist()
    out: list[Contact] = []
    for first, draw in zip(contacts, draws, strict=True):
        if first.child:
            continue
        chance = APPLICATION if first.kind.startswith("application.") else CHANCE.get(first.kind, 0.0)
        if draw < min(0.9, chance * (LATE_FACTOR if first.late else 1.0)):
            out += _again(rng, city, window, first)
    return out
