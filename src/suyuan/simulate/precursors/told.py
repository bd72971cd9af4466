"""The orders and zero readings of precursors in the event log, and what truly caused their complaints."""

import numpy as np

from suyuan.simulate.catalogue import BY_KEY
from suyuan.simulate.contact import Contact
from suyuan.simulate.precursors.planted import Order, Planted, Precursor
from suyuan.simulate.routines import LOW_VOLTAGE, ROUTINES, STAFF, ZERO
from suyuan.simulate.stories import Teller, last_link
from suyuan.simulate.window import DAY, HOUR

ALARMED, OFTEN = 3, 0.7
"""So many meters of such an area tell of it, on so many evenings (ours)."""
BESIDE = {"address"}
"""Routines of a place of which a precursor names the account as well."""


def tell_orders(teller: Teller, planted: Planted) -> None:
    """Write every order with its promise, and what it shows by name."""
    log = teller.log
    for order in planted.orders:
        routine = ROUTINES[order.routine]
        order.number = log.number(routine.prefix, routine.object_type)
        if order.promised is not None:
            log.promised[order.number] = order.promised
        if order.shows is not None:
            order.shows.object = f"order:{order.number}"
        _steps(teller, order)


def _steps(teller: Teller, order: Order) -> None:
    log = teller.log
    links = teller.place_links(ROUTINES[order.routine], order.customer)
    if order.routine in BESIDE:
        links = [*links, (log.account(order.customer), "account")]
    for target, qualifier in links:
        log.relate(order.number, target, qualifier)
    for step in order.steps:
        if step.at < teller.window.cut:
            person = log.person(step.unit, int(teller.rng.integers(64)))
            by = (log.unit(step.unit), "unit"), (person, "staff")
            log.add(step.at, step.activity, (order.number, "order"), *links, *by)


def tell_zeros(teller: Teller, planted: Planted) -> None:
    """Write the zeros that readers had to write."""
    log, city = teller.log, teller.log.city
    for customer, months in planted.zeros:
        station = city.station_of(customer)
        links = ((log.account(customer), "account"), (city.meters[customer], "meter"),
                 (log.unit(station), "unit"), (log.person(station, customer), "staff"))  # fmt: skip
        for at in months:
            if at < teller.window.cut:
                log.add(at, ZERO[0], *links, note="0")


def tell_alarms(teller: Teller, planted: Planted) -> None:
    """Write the alarms that some meters of an area of low voltage raise of an evening."""
    log, city = teller.log, teller.log.city
    for area, began, ended in planted.weak:
        people = np.flatnonzero(city.customer_area == area)[:ALARMED]
        for day in range(began // DAY, min(ended, teller.window.cut) // DAY):
            for customer in people[teller.rng.random(len(people)) < OFTEN].tolist():
                at = day * DAY + 19 * HOUR + int(teller.rng.integers(0, 2 * HOUR))
                log.add(at, LOW_VOLTAGE[0], (log.account(customer), "account"), (log.area(area), "area"))


def causes(teller: Teller, planted: Planted) -> list[dict[str, object]]:
    """Return the true cause of every complaint that a precursor became."""
    shown = {id(complaint): one for one in planted.found for complaint in one.complaints}
    return [
        _cause(teller, contact, shown.get(id(contact)))
        for contact in planted.contacts
        if contact.kind == "complaint"
    ]


def _cause(teller: Teller, contact: Contact, shown: Precursor | None) -> dict[str, object]:
    row, log = BY_KEY[contact.topic], teller.log
    log.account(contact.customer)
    log.about[contact.number] = row.category
    root: dict[str, object] = {"object": contact.number, "activity": "工单受理", "unit": contact.unit}
    path: list[dict[str, object]] = [last_link(contact, teller.window)]
    if shown is not None and isinstance(shown.object, str) and shown.object.startswith("order:"):
        number = shown.object.removeprefix("order:")
        root = {"object": number, "unit": shown.unit, "activity": shown.activity}
        path = [root | {"mode": "missing"}, *path]
    return {"complaint": contact.number, "kind": contact.story, "cause": row.cause,
            "front_desk": row.cause == STAFF, "planted": True, "root": root, "path": path}  # fmt: skip
