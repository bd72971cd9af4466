"""What shows before complaints in any city, with precursors planted or not; no dice are thrown for it."""

from collections import defaultdict
from datetime import datetime, timedelta, timezone

from suyuan.simulate.contact import Contact
from suyuan.simulate.golden import zeroed
from suyuan.simulate.precursors.planted import Ground, Precursor
from suyuan.simulate.routines import ROUTINES
from suyuan.simulate.window import DAY

BEIJING = timezone(timedelta(hours=8))
USUAL = {step.activity: step.days for routine in ROUTINES.values() for step in routine.steps}
TIMES = 3
"""Contacts on one matter that make it a repeated one."""


def told_before(ground: Ground, causes: list[dict[str, object]]) -> None:
    """Write down what shows before the complaints that a city has anyway."""
    by_number = {contact.number: contact for contact in ground.anyway}
    for cause in causes:
        contact = by_number[str(cause["complaint"])]
        if contact.story == "zero_reading":
            _zeros(ground, contact)
        elif contact.story not in ("frequent_outage", "low_voltage"):
            _standing(ground, contact, cause)
    _places(ground)
    _again(ground)


def _zeros(ground: Ground, contact: Contact) -> None:
    account = ground.city.accounts[contact.customer]
    ground.out.found.append(
        Precursor("zero_readings", f"account:{account}", contact.unit, zeroed(ground.window, contact)[-1],
                  contact.category, customer=contact.customer, complaints=[contact])
    )  # fmt: skip


def _standing(ground: Ground, contact: Contact, cause: dict[str, object]) -> None:
    """Write down an order in which a step stood still before the complaint, from twice its usual wait on."""
    path, root = cause["path"], cause["root"]
    if not isinstance(path, list) or not isinstance(root, dict):
        return
    if path[0].get("mode") not in ("slow", "missing") or len(path) < 3 or path[1]["object"] != root["object"]:
        return
    done = datetime.fromisoformat(path[1]["at"]) - datetime.combine(
        ground.window.start, datetime.min.time(), BEIJING
    )
    began = int(done.total_seconds() + max(0.5, 2 * USUAL[root["activity"]]) * DAY)
    if began < contact.at:
        ground.out.found.append(
            Precursor("foreign_stuck", f"order:{root['object']}", root["unit"], began, contact.category,
                      customer=contact.customer, activity=root["activity"], complaints=[contact])
        )  # fmt: skip


def _places(ground: Ground) -> None:
    """Write down the planted line and the planted areas of low voltage with their complaints."""
    city, plan = ground.city, ground.plan
    spoken: dict[tuple[str, int], list[Contact]] = defaultdict(list)
    for contact in ground.anyway:
        if contact.story in ("frequent_outage", "low_voltage"):
            place = -1 if contact.story == "frequent_outage" else int(city.customer_area[contact.customer])
            spoken[contact.story, place].append(contact)
    if len(plan.trips) >= 2:
        ground.out.found.append(
            Precursor("frequent_outage", f"line:{city.feeder_names[plan.feeder]}", plan.stations[0],
                      plan.trips[1].ended, "quality.reliability.frequent", feeder=plan.feeder,
                      complaints=spoken["frequent_outage", -1])
        )  # fmt: skip
    for area in plan.areas:
        ground.out.found.append(
            Precursor("low_voltage", f"area:{city.area_names[area]}",
                      city.stations[int(city.area_station[area])], 0, "quality.voltage.abnormal",
                      area=area, complaints=spoken["low_voltage", area])
        )  # fmt: skip


def _again(ground: Ground) -> None:
    """Write down whoever called three times and more on one matter."""
    calls: dict[int, list[Contact]] = defaultdict(list)
    for contact in ground.anyway:
        if contact.parent is not None and contact.times > 1 and not contact.child:
            calls[id(contact.parent)].append(contact)
    for found in calls.values():
        later = sorted(found, key=lambda one: one.at)
        first = later[0].parent
        if first is not None and len(later) >= TIMES - 1:
            ground.out.found.append(
                Precursor("repeat_contact", first, first.unit, later[TIMES - 2].at, first.category,
                          customer=first.customer, ended=first.moments.get("archived_at"))
            )  # fmt: skip
