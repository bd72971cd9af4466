"""The paper's case, told into the log.

客户换表后，由于系统中有“批量地址修改”的业务没有归档，同一客户不能同时发起两张工单，因此不能发起换表流程，系统中无新表
信息，抄表员只能连续三个月划零 — and the customer complains of a reader who never reads.
"""

from datetime import date

from suyuan.simulate.catalogue import BY_KEY
from suyuan.simulate.contact import Contact
from suyuan.simulate.plants import TOPIC
from suyuan.simulate.routines import REFUSED, ZERO
from suyuan.simulate.stories import Teller, iso, last_link
from suyuan.simulate.window import DAY, HOUR, Window

ZEROS = 3
BATCH = 40
REASON = "同一户号存在未归档的在途工单，不能发起第二张工单"


def reading_day(customer: int) -> int:
    """The day of the month on which an account is read."""
    return 1 + customer % 20


def reading_moment(window: Window, year: int, month: int, customer: int) -> int:
    """When an account is read in a month."""
    return window.at(date(year, month, reading_day(customer)), 9 * HOUR + (customer * 37) % (7 * HOUR))


def readings_before(window: Window, at: int, customer: int, count: int) -> list[int]:
    """The last ``count`` reading moments before a moment, oldest first."""
    day = window.date_of(at)
    year, month = day.year, day.month
    out: list[int] = []
    while len(out) < count:
        moment = reading_moment(window, year, month, customer)
        if moment < at:
            out.append(moment)
        year, month = (year, month - 1) if month > 1 else (year - 1, 12)
    return out[::-1]


def zeroed(window: Window, contact: Contact) -> list[int]:
    """The moments at which the reader of a ``zero_reading`` complaint had to write zero."""
    return readings_before(window, contact.at, contact.customer, ZEROS)


def _batch(teller: Teller, contact: Contact, started: int) -> str:
    """Write the batch address change that reviewed well and was never archived."""
    log, city = teller.log, teller.log.city
    number = log.number("DZ", "批量地址修改单")
    area = int(city.customer_area[contact.customer])
    members = [c for c in (city.customer_area == area).nonzero()[0].tolist() if c != contact.customer][
        : BATCH - 1
    ]
    links = tuple((log.account(c), "account") for c in [contact.customer, *members])
    for account, qualifier in links:
        log.relate(number, account, qualifier)
    unit = log.unit("0102")
    for activity, at in (("批量地址修改发起", started), ("批量地址修改审核", started + 30 * HOUR)):
        person = log.person(unit, contact.customer)
        log.add(at, activity, (number, "order"), *links, (unit, "unit"), (person, "staff"))
    return number


def _swap(teller: Teller, contact: Contact, blocker: str, swapped: int, zeros: list[int]) -> tuple[str, int]:
    """Write the swap on site and the refusals; return the refused order and when it was first refused."""
    log, city = teller.log, teller.log.city
    account, team = log.account(contact.customer), city.unit_for("team", contact.customer)
    order = log.number("HB", "换表单")
    meter = "N" + city.meters[contact.customer][1:]
    log.objects[meter] = ("电能表", "")
    log.relate(order, account, "account")
    log.relate(order, meter, "new_meter")
    person = log.person(team, contact.customer)
    links = ((order, "order"), (account, "account"), (log.unit(team), "unit"), (person, "staff"))
    log.add(swapped, "现场换表", *links, (meter, "new_meter"))
    first = swapped + 7 * HOUR
    for at in (first, zeros[0] + 3 * DAY, zeros[1] + 4 * DAY):
        log.add(at, REFUSED[0], *links, (blocker, "in_progress"), note=REASON)
    return order, first


def tell_zero_reading(teller: Teller, contact: Contact) -> dict[str, object]:
    """Write the paper's case behind one complaint and return the truth about its cause."""
    log, city, window = teller.log, teller.log.city, teller.window
    log.about[contact.number] = BY_KEY[contact.topic].category
    zeros = zeroed(window, contact)
    swapped = (zeros[0] // DAY - 8) * DAY + 10 * HOUR
    started = (swapped // DAY - int(teller.rng.integers(25, 55))) * DAY + 15 * HOUR
    blocker = _batch(teller, contact, started)
    order, refused = _swap(teller, contact, blocker, swapped, zeros)
    account, station = log.account(contact.customer), city.station_of(contact.customer)
    reader = log.person(station, contact.customer)
    for at in zeros:
        log.add(at, ZERO[0], (account, "account"), (city.meters[contact.customer], "meter"),
                (log.unit(station), "unit"), (reader, "staff"), note="0")  # fmt: skip
    root: dict[str, object] = {"object": blocker, "activity": "批量地址修改归档", "unit": "0102"}
    path = [
        dict(root, mode="missing", after="批量地址修改审核", since=iso(window, started + 30 * HOUR)),
        {"object": order, "activity": REFUSED[0], "unit": city.unit_for("team", contact.customer),
         "at": iso(window, refused)},
        {"object": order, "activity": "新表信息入库", "unit": "0102", "mode": "missing"},
        *({"object": account, "activity": ZERO[0], "unit": station, "at": iso(window, at)} for at in zeros),
        last_link(contact, window),
    ]  # fmt: skip
    cause = BY_KEY[TOPIC["zero_reading"]].cause
    return {"complaint": contact.number, "kind": "zero_reading", "cause": cause, "front_desk": False,
            "planted": True, "account": account, "root": root, "path": path}  # fmt: skip
