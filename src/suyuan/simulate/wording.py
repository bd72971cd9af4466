"""Put words to every order: what the customer said and what the unit wrote back."""

from numpy.random import Generator

from suyuan.simulate.catalogue import BY_KEY
from suyuan.simulate.city import City
from suyuan.simulate.contact import Contact
from suyuan.simulate.phrases import CHECKED, FIXES
from suyuan.simulate.phrases import SAYS as COMPLAINTS
from suyuan.simulate.smalltalk import ANSWERS
from suyuan.simulate.smalltalk import SAYS as OTHERS
from suyuan.simulate.window import DAY, HOUR, Window


def _slots(
    contact: Contact, city: City, window: Window, names: dict[str, str], draw: list[int]
) -> dict[str, object]:
    customer = contact.customer
    day = window.date_of(contact.at - draw[0] % 3 * DAY)
    return {
        "unit": names[contact.unit], "station": names[city.station_of(customer)],
        "hall": names[city.unit_for("hall", customer)],
        "area": city.area_of(customer), "feeder": city.feeder_of(customer), "addr": city.addresses[customer],
        "account": city.accounts[customer], "days": 6 + draw[1] % 40, "month": (day.month - 2) % 12 + 1,
        "times": contact.times if contact.kind == "urge" else 2 + draw[2] % 5, "amount": 30 + draw[3] % 900,
        "clock": f"{contact.at % DAY // HOUR}时{contact.at % HOUR // 60:02d}分", "volts": 172 + draw[4] % 24,
        "day": f"{day.month}月{day.day}日", "parent": contact.parent.number if contact.parent else "",
    }  # fmt: skip


def _said(contact: Contact) -> tuple[str, ...]:
    if contact.kind == "complaint":
        return COMPLAINTS[contact.story if contact.story == "zero_reading" else contact.topic]
    if contact.kind == "consult" and contact.parent is not None:
        return OTHERS["progress"]
    return OTHERS[contact.kind]


def _answered(contact: Contact) -> tuple[str, ...]:
    if contact.kind == "complaint":
        return CHECKED[contact.finding]
    if contact.kind in ("consult", "query") and "dispatched_at" not in contact.moments:
        return ANSWERS["in_call"]
    return ANSWERS.get(contact.kind, ANSWERS["other"])


def write_words(rng: Generator, contacts: list[Contact], city: City, window: Window) -> None:
    """Give every contact its text, and its handling once it was answered."""
    names = {u.code: u.name for u in city.units}
    draws = rng.integers(0, 1_000_000, size=(len(contacts), 7)).tolist()
    for contact, draw in zip(contacts, draws, strict=True):
        slots = _slots(contact, city, window, names, draw)
        if contact.kind == "complaint":
            slots["fix"] = FIXES[BY_KEY[contact.topic].cause]
        said = _said(contact)
        contact.text = said[draw[5] % len(said)].format_map(slots)
        if "answered_at" in contact.moments:
            answers = _answered(contact)
            contact.handling = answers[draw[6] % len(answers)].format_map(slots)
