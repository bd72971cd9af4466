"""All precursors of a city, each kind with its own dice, and what becomes of the contacts they bring."""

from collections.abc import Callable

import numpy as np
from numpy.random import Generator

from suyuan.simulate.city import City
from suyuan.simulate.contact import Contact
from suyuan.simulate.demand import surges
from suyuan.simulate.flow import run
from suyuan.simulate.precursors import accounts, hazard, orders, service, supply
from suyuan.simulate.precursors.planted import Ground
from suyuan.simulate.repeats import build_repeats
from suyuan.simulate.window import Window
from suyuan.simulate.wording import write_words

Dice = Callable[[int], Generator]
STAGES = (
    supply.planned_ends, supply.late_restorations, supply.approaching, supply.weak_areas, supply.ring_storms,
    orders.promised, orders.cutoffs, orders.stuck, orders.conflicts, accounts.zeros,
    service.silent, service.misread, service.theme, service.drift,
)  # fmt: skip
FIRST = 21
"""The stages before are those of a city without precursors."""


def plant(ground: Ground, dice: Dice, rate: np.ndarray) -> list[hazard.Exposure]:
    """Plant everything, contacts included; return what made customers complain more."""
    for number, stage in enumerate(STAGES, FIRST):
        ground.rng = dice(number)
        stage(ground)
    seen = hazard.exposures(ground)
    ground.rng = dice(FIRST + len(STAGES))
    hazard.complaints(ground, rate, seen)
    return seen


def live_on(ground: Ground, dice: Dice, slowness: dict[str, float], per_year: float) -> None:
    """Give the contacts of precursors their course; those who wait call again, those without power call."""
    first, city, window = FIRST + len(STAGES) + 1, ground.city, ground.window
    added = ground.out.contacts
    added += surges(dice(first), city, window, ground.out.outages, per_year)
    added.sort(key=lambda one: (one.at, one.customer, one.kind))
    run(dice(first + 1), added, city, window, slowness)
    again = build_repeats(dice(first + 2), city, window, added)
    run(dice(first + 3), again, city, window, slowness)
    added += again


def put_words(ground: Ground, dice: Dice) -> None:
    """Write what is said in the contacts of precursors; numbers have been given."""
    rng = dice(FIRST + len(STAGES) + 5)
    out, city, window = ground.out, ground.city, ground.window
    plain = [one for one in out.contacts if id(one) not in out.spoken]
    write_words(rng, plain, city, window)
    for one in out.contacts:
        if id(one) in out.spoken:
            _said(rng, one, out.spoken[id(one)], city, window)


def _said(rng: Generator, contact: Contact, words: str, city: City, window: Window) -> None:
    """Let a contact say its own words, or what a complaint about its topic says."""
    kind = contact.kind
    if words == service.COMPLAINT:
        contact.kind = words
    write_words(rng, [contact], city, window)
    contact.kind = kind
    if words != service.COMPLAINT:
        slots = {"area": city.area_of(contact.customer), "account": city.accounts[contact.customer]}
        contact.text = words.format_map(slots)
