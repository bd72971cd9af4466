"""What becomes of a contact: when each milestone is passed, how it ends, what the customer says of it.

Delays are log-normal around a median per step (service times are skewed: many short, few very long),
multiplied by the unit's own slowness, and moved into office hours where the step is desk work. The limits
below only decide who is annoyed in this city; they are not the rulebook's.
"""

import numpy as np
from numpy.random import Generator

from suyuan.simulate.catalogue import BY_KEY
from suyuan.simulate.city import City
from suyuan.simulate.contact import Contact
from suyuan.simulate.routines import PERSONAL
from suyuan.simulate.window import HOUR, Window, to_office

Lag = tuple[str, float, float, bool]
FLOWS: dict[str, tuple[Lag, ...]] = {
    "complaint": (
        ("dispatched_at", 0.15, 0.5, False), ("taken_at", 0.7, 0.8, True), ("contacted_at", 3.0, 0.9, True),
        ("answered_at", 40.0, 0.6, True), ("reviewed_at", 4.0, 0.7, True), ("called_back_at", 8.0, 0.6, True),
        ("archived_at", 1.5, 0.8, True),
    ),
    "report": (
        ("dispatched_at", 0.2, 0.5, False), ("taken_at", 2.0, 0.8, True), ("contacted_at", 7.0, 0.8, True),
        ("answered_at", 110.0, 0.5, True), ("reviewed_at", 6.0, 0.7, True),
        ("called_back_at", 10.0, 0.6, True), ("archived_at", 2.0, 0.8, True),
    ),
    "opinion": (
        ("dispatched_at", 0.4, 0.6, False), ("taken_at", 2.0, 0.8, True), ("contacted_at", 12.0, 0.8, True),
        ("answered_at", 75.0, 0.6, True), ("called_back_at", 10.0, 0.6, True),
        ("archived_at", 2.0, 0.8, True),
    ),
    "application": (
        ("dispatched_at", 0.2, 0.6, False), ("taken_at", 0.8, 0.8, True), ("contacted_at", 3.0, 0.8, True),
        ("answered_at", 26.0, 0.7, True), ("called_back_at", 8.0, 0.6, True), ("archived_at", 1.0, 0.8, True),
    ),
    "repair": (
        ("dispatched_at", 0.033, 0.4, False), ("taken_at", 0.05, 0.5, False),
        ("contacted_at", 0.06, 0.6, False), ("arrived_at", 0.4, 0.5, False),
        ("restored_at", 0.9, 0.7, False), ("answered_at", 0.08, 0.5, False),
        ("called_back_at", 2.0, 0.8, True), ("archived_at", 0.3, 0.8, False),
    ),
    "referred": (
        ("dispatched_at", 0.3, 0.6, False), ("taken_at", 1.5, 0.8, True), ("answered_at", 28.0, 0.7, True),
        ("archived_at", 4.0, 0.8, True),
    ),
    "in_call": (("answered_at", 0.05, 0.5, False), ("archived_at", 0.01, 0.5, False)),
}  # fmt: skip
SLOWED = ("taken_at", "contacted_at", "arrived_at", "restored_at", "answered_at")
ARRIVE_HOURS = {"urban": 0.37, "rural": 0.75, "remote": 1.1}
ANNOYED_AFTER = {"complaint": 5.2 * 24, "report": 12.5 * 24, "opinion": 12.5 * 24, "application": 6 * 24,
                 "referred": 6 * 24, "in_call": 24.0}  # fmt: skip
ANNOYED_ARRIVAL = {"urban": 0.75, "rural": 1.5, "remote": 2.0}
FORGOTTEN = 0.03
"""Share of handled orders that lie on a desk five times as long."""
PAPER = "zero_reading"
"""The planted cause that is always found to be true: what it shows is to be seen in every city."""
STATES = (
    ("archived_at", "已归档"), ("called_back_at", "已回访"), ("reviewed_at", "已审核"),
    ("answered_at", "已回单"), ("restored_at", "已复电"), ("arrived_at", "已到达现场"),
    ("contacted_at", "处理中"), ("taken_at", "已接单"), ("dispatched_at", "已派单"),
)  # fmt: skip


def flow_of(contact: Contact, draw: float) -> str:
    """The name of the flow a contact follows; most enquiries end in the call itself."""
    kind = contact.kind
    if kind in ("complaint", "report", "repair"):
        return kind
    if kind in ("opinion", "suggestion", "praise"):
        return "opinion"
    if kind.startswith("application."):
        return "application"
    return "in_call" if kind in ("consult", "query") and draw < 0.88 else "referred"


def unit_slowness(rng: Generator, city: City) -> tuple[dict[str, float], list[str]]:
    """Return each unit's slowness factor and the two units that are slow in truth."""
    factors = dict(
        zip((u.code for u in city.units), rng.lognormal(0.0, 0.12, len(city.units)).tolist(), strict=True)
    )
    slow = sorted(rng.choice(city.stations, size=2, replace=False).tolist())
    for code in slow:
        factors[code] = 1.9
    return factors, slow


def _walk(
    rng: Generator, name: str, group: list[Contact], factor: np.ndarray, city: City, window: Window
) -> None:
    at = np.array([c.at for c in group], dtype=np.int64)
    sites = np.array([ARRIVE_HOURS[city.sites[c.customer]] for c in group])
    columns = []
    for milestone, hours, sigma, office in FLOWS[name]:
        median = sites if milestone == "arrived_at" else hours
        lag = rng.lognormal(0.0, sigma, size=len(group)) * median * HOUR
        if milestone in SLOWED:
            lag *= factor
        if milestone == "answered_at" and name not in ("repair", "in_call"):
            lag = np.where(rng.random(len(group)) < FORGOTTEN, 5.0, 1.0) * lag
        at = at + np.maximum(20, lag).astype(np.int64)
        at = to_office(rng, at, window) if office else at
        columns.append((milestone, at.tolist()))
    talk = rng.integers(60, 420, size=len(group)).tolist()
    note = rng.integers(5, 55, size=len(group)).tolist()
    for i, contact in enumerate(group):
        moments = {
            "received_at": contact.at - talk[i],
            "registered_at": contact.at - note[i],
            "accepted_at": contact.at,
        }
        for milestone, values in columns:
            if values[i] >= window.cut:
                break
            moments[milestone] = values[i]
        contact.moments = moments


def _follow_parent(contact: Contact) -> None:
    """Close a child order with the order it was merged into."""
    parent = contact.parent
    if parent is None:
        return
    own = {k: v for k, v in contact.moments.items() if k in ("received_at", "registered_at", "accepted_at")}
    floor = contact.at + 60
    for milestone, at in parent.moments.items():
        if milestone not in own:
            floor = max(floor + 5, at)
            own[milestone] = floor
    contact.moments = own


def _is_late(contact: Contact, name: str, city: City, window: Window) -> bool:
    if name == "repair":
        site = city.sites[contact.customer]
        return contact.moments.get("arrived_at", window.cut) - contact.at > ANNOYED_ARRIVAL[site] * HOUR
    done = contact.moments.get("answered_at", window.cut)
    return done - contact.at > ANNOYED_AFTER[name] * HOUR


def _settle(contact: Contact, draw: tuple[float, float, float]) -> None:
    """Fix finding, satisfaction and state from how far the contact got and how it was treated."""
    moments = contact.moments
    if contact.kind in ("complaint", "report") and "answered_at" in moments:
        wish = contact.topic in BY_KEY and BY_KEY[contact.topic].cause == PERSONAL
        true = 1.0 if contact.story == PAPER else 0.95 if contact.story else 0.08 if wish else 0.5
        partly = "partial" if draw[0] < true + 0.1 else "unverified"
        contact.finding = "verified" if draw[0] < true else partly
    if "called_back_at" in moments:
        happy = (
            0.97
            - 0.3 * contact.late
            - 0.12 * min(3, contact.times - 1)
            - 0.05 * (contact.kind == "complaint")
        )
        spoken = "satisfied" if draw[1] < max(0.15, happy) else "dissatisfied"
        contact.satisfaction = "not_rated" if draw[2] < 0.12 else spoken
    contact.state = next((text for milestone, text in STATES if milestone in moments), "待派单")


def run(
    rng: Generator, contacts: list[Contact], city: City, window: Window, slowness: dict[str, float]
) -> None:
    """Give every contact its milestones, finding, satisfaction and state."""
    draws = rng.random((len(contacts), 4)).tolist()
    groups: dict[str, list[Contact]] = {name: [] for name in FLOWS}
    flows = [flow_of(contact, draw[3]) for contact, draw in zip(contacts, draws, strict=True)]
    for contact, name in zip(contacts, flows, strict=True):
        groups[name].append(contact)
    for name, group in groups.items():
        if group:
            factor = np.array([slowness[c.unit] for c in group])
            _walk(rng, name, group, factor, city, window)
    for contact, name, draw in zip(contacts, flows, draws, strict=True):
        if contact.child:
            _follow_parent(contact)
        contact.late = _is_late(contact, name, city, window)
        _settle(contact, (draw[0], draw[1], draw[2]))
