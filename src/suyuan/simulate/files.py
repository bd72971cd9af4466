"""Write the registers as CSV and the orders as one file in the ``suyuan`` layout."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

import numpy as np
import xlsxwriter

from suyuan.domain.order import MILESTONES
from suyuan.simulate.city import City
from suyuan.simulate.contact import Contact
from suyuan.simulate.window import Window

ORDER_COLUMNS = (
    "number", "business_type", "type_code", "category", "level", "channel", "site", "secrecy", "unit_code",
    "unit_name", "specialty", "account", "phone", "customer", "address",
    "accepted_at", *(m for m in MILESTONES if m != "accepted_at"),
    "target_at", "text", "handling", "finding", "satisfaction", "state_text", "closed", "is_child",
    "parent_number", "line", "area", "notes", "extra",
)  # fmt: skip
SHEET_ROWS = 1_000_000
"""Orders a sheet; a larger file goes on in a second sheet with the same header."""
CREATED = datetime(2025, 1, 1, tzinfo=UTC)
"""Fixed, so that identical arguments give identical bytes."""


def write_csv(path: Path, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> int:
    """Write one CSV and return its row count; Excel needs the byte-order mark to see Chinese."""
    count = 0
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(columns)
        for row in rows:
            writer.writerow(row)
            count += 1
    return count


def write_registers(out: Path, city: City) -> dict[str, int]:
    """Write units, staff and customers and return their counts."""
    served = city.customers_of()
    units = [(u.code, u.name, u.parent, u.specialty, u.kind, served.get(u.code, "")) for u in city.units]
    staff = [(p.username, p.name, p.unit, p.role) for p in city.staff]
    customers = (
        (city.accounts[i], city.names[i], city.phones[i], city.addresses[i], city.kinds[i], city.sites[i],
         city.station_of(i), city.area_of(i), city.feeder_of(i), f"TQ{city.customer_area[i] + 1:05d}",
         city.meters[i])
        for i in range(len(city.accounts))
    )  # fmt: skip
    return {
        "units": write_csv(
            out / "units.csv", ("code", "name", "parent", "specialty", "kind", "customers"), units
        ),
        "staff": write_csv(out / "staff.csv", ("username", "name", "unit", "roles"), staff),
        "customers": write_csv(
            out / "customers.csv",
            (
                "account",
                "name",
                "phone",
                "address",
                "kind",
                "site",
                "unit",
                "area",
                "line",
                "area_code",
                "meter",
            ),
            customers,
        ),
    }


def _moment_columns(contacts: list[Contact], window: Window) -> dict[str, list[str]]:
    out = {}
    for milestone in MILESTONES:
        values = np.array([c.moments.get(milestone, 0) for c in contacts], dtype=np.int64)
        texts = window.iso(values).tolist()
        out[milestone] = [t if milestone in c.moments else "" for t, c in zip(texts, contacts, strict=True)]
    return out


def _order(contact: Contact, city: City, unit_name: str) -> dict[str, str]:
    who, known = contact.customer, contact.secrecy != "anonymous"
    return {
        "number": contact.number, "business_type": contact.kind, "category": contact.category,
        "level": contact.level, "channel": contact.channel, "site": city.sites[who],
        "secrecy": contact.secrecy,
        "unit_code": contact.unit, "unit_name": unit_name, "specialty": contact.specialty,
        "account": city.accounts[who] if known else "", "phone": city.phones[who] if known else "",
        "customer": city.names[who] if known else "", "address": city.addresses[who] if known else "",
        "text": contact.text, "handling": contact.handling, "finding": contact.finding,
        "satisfaction": contact.satisfaction, "state_text": contact.state,
        "closed": "是" if "archived_at" in contact.moments else "",
        "is_child": "是" if contact.child else "否",
        "parent_number": contact.parent.number if contact.parent else "",
        "line": city.feeder_of(who), "area": city.area_of(who),
    }  # fmt: skip


def write_orders(path: Path, contacts: list[Contact], city: City, window: Window) -> int:
    """Write orders into a workbook, or a text where the name ends in .csv; return how many there are."""
    rows = _orders(contacts, city, window)
    if path.suffix == ".csv":
        return write_csv(path, ORDER_COLUMNS, ([row.get(name, "") for name in ORDER_COLUMNS] for row in rows))
    book = xlsxwriter.Workbook(path, {"constant_memory": True, "strings_to_numbers": False})
    book.set_properties({"created": CREATED.replace(tzinfo=None)})
    place = {name: n for n, name in enumerate(ORDER_COLUMNS)}
    for start in range(0, max(1, len(contacts)), SHEET_ROWS):
        sheet = book.add_worksheet(f"orders{start // SHEET_ROWS + 1}")
        for name, column in place.items():
            sheet.write_string(0, column, name)
        write = sheet.write_string
        for row, values in enumerate(islice(rows, SHEET_ROWS), 1):
            for name, value in values.items():
                if value:
                    write(row, place[name], value)
    book.close()
    return len(contacts)


def _orders(contacts: list[Contact], city: City, window: Window) -> Iterator[dict[str, str]]:
    """Yield what the file says of each order."""
    names = {u.code: u.name for u in city.units}
    moments = _moment_columns(contacts, window)
    for at, contact in enumerate(contacts):
        values = _order(contact, city, names[contact.unit])
        yield values | {milestone: texts[at] for milestone, texts in moments.items()}
