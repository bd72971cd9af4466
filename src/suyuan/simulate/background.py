"""Most of the log: routines that went well, readings, outages, and the orders' own steps."""

from collections.abc import Set

import numpy as np

from suyuan.simulate.contact import Contact
from suyuan.simulate.golden import reading_moment, zeroed
from suyuan.simulate.log import CASE_TYPES
from suyuan.simulate.outages import LABELS, Outage
from suyuan.simulate.readings import Readings
from suyuan.simulate.routines import BACK, CASE_STEPS, READING, ROUTINES, TRIP
from suyuan.simulate.stories import Teller, ordinary
from suyuan.simulate.window import DAY, HOUR

PER_CUSTOMER_YEAR = {"meter": 0.04, "connection": 0.025, "reconnect": 0.05, "billing": 0.1, "round": 0.08,
                     "test": 0.01, "fault": 0.05, "counter": 0.35, "visit": 0.15}  # fmt: skip
PER_PLACE_YEAR = {"address": 0.15, "reinforce": 0.06, "works": 0.1, "planned": 0.15, "defect": 0.12}
BEFORE = 100
"""Days of ordinary routines written before the first day."""
READ_BEFORE = 150
"""Days of readings written before the first day: the paper's case needs a normal month before its zeros."""
SLOW_SHARE = 0.04
"""Ordinary routines in which one step was slow and nobody complained."""
SAMPLE = 1_500
"""Accounts whose monthly readings enter the log, besides those that complained."""
LOGGED = frozenset({"complaint", "report", "repair", "urge", "application"})


def write_ordinary(teller: Teller) -> None:
    """Write routines without consequences."""
    rng, city, window = teller.rng, teller.log.city, teller.window
    years = (window.days + BEFORE) / 365
    customers, areas = len(city.accounts), len(city.area_names)
    first = np.searchsorted(city.customer_area, np.arange(areas)).clip(max=customers - 1)
    for key, rate in (PER_CUSTOMER_YEAR | PER_PLACE_YEAR).items():
        routine, by_place = ROUTINES[key], key in PER_PLACE_YEAR
        count = int(rng.poisson((areas if by_place else customers) * rate * years))
        who = (
            first[rng.integers(0, areas, count)] if by_place else rng.integers(0, customers, count)
        ).tolist()
        day = rng.integers(-BEFORE, window.days, count)
        at = (day * DAY + rng.integers(8 * HOUR, 16 * HOUR, count)).tolist()
        slow = np.where(
            rng.random(count) < SLOW_SHARE, rng.integers(0, len(routine.steps), count), -1
        ).tolist()
        for moment, customer, step in zip(at, who, slow, strict=True):
            number = teller.log.number(routine.prefix, routine.object_type)
            teller.write(key, number, customer, ordinary(teller, key, moment, customer, step))


def write_outages(teller: Teller, outages: list[Outage]) -> None:
    """Write each interruption's begin and end."""
    log = teller.log
    for outage in outages:
        log.objects[outage.number] = ("停电事件", LABELS[outage.kind])
        links = [(outage.number, "outage"), (log.feeder(outage.feeder), "feeder")]
        if outage.area >= 0:
            links.append((log.area(outage.area), "area"))
        for target, qualifier in links[1:]:
            log.relate(outage.number, target, qualifier)
        log.add(outage.began, TRIP[0], *links, note=LABELS[outage.kind])
        if outage.ended < teller.window.cut:
            log.add(outage.ended, BACK[0], *links)


def is_logged(contact: Contact) -> bool:
    """True for orders whose steps enter the log: handled ones that were not merged into another."""
    return not contact.child and contact.kind.partition(".")[0] in LOGGED


def write_cases(teller: Teller, contacts: list[Contact]) -> None:
    """Write the steps of every order that somebody had to handle; merged and in-call ones stay out."""
    log = teller.log
    for n, contact in enumerate(contacts):
        kind = contact.kind.partition(".")[0]
        if not is_logged(contact):
            continue
        log.objects[contact.number] = (CASE_TYPES[kind], "")
        account = (log.account(contact.customer), "account")
        log.relate(contact.number, account[0], "account")
        if contact.parent is not None and is_logged(contact.parent):
            log.relate(contact.number, contact.parent.number, "about")
        if contact.outage:
            log.relate(contact.number, contact.outage, "outage")
        unit, desk = log.unit(contact.unit), log.unit("0108")
        agent, worker = log.person("0108", n), log.person(contact.unit, n)
        for milestone, at in contact.moments.items():
            if milestone in CASE_STEPS:
                at_desk = milestone in ("accepted_at", "dispatched_at", "called_back_at", "archived_at")
                by = ((desk, "unit"), (agent, "staff")) if at_desk else ((unit, "unit"), (worker, "staff"))
                log.add(at, CASE_STEPS[milestone][0], (contact.number, "case"), account, *by)


def write_readings(
    teller: Teller, contacts: list[Contact], readings: Readings, zeros: Set[tuple[int, int]] = frozenset()
) -> None:
    """Write the monthly readings of a sample of accounts and of all that complained, but no zeros told."""
    log, city, window = teller.log, teller.log.city, teller.window
    step = max(1, len(city.accounts) // SAMPLE)
    who = set(range(0, len(city.accounts), step)) | {c.customer for c in contacts if c.kind == "complaint"}
    skip = zeros | {
        (c.customer, at) for c in contacts if c.story == "zero_reading" for at in zeroed(window, c)
    }
    for customer in sorted(who):
        account, unit = log.account(customer), log.unit(city.station_of(customer))
        links = ((account, "account"), (city.meters[customer], "meter"), (unit, "unit"),
                 (log.person(unit, customer), "staff"))  # fmt: skip
        for month, kwh in zip(readings.months, readings.kwh[customer].tolist(), strict=True):
            at = reading_moment(window, month.year, month.month, customer)
            if -READ_BEFORE * DAY < at < window.cut and (customer, at) not in skip:
                log.add(at, READING[0], *links, note=str(kwh))
