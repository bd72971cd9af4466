"""The events that several contacts spoke of by a moment: each contact, and which event it belongs to.

Which contacts are one event is told by ``analytics/repeats`` and the links on record. An event of many
customers (an outage whose orders were joined, one text many send) is one of each: who calls once calls once.
"""

from collections.abc import Sequence
from datetime import datetime

import pyarrow as pa

from suyuan.analytics.repeats import Contact
from suyuan.store.models import Case
from suyuan.store.queries import repeats

from .reading import FLAG, MOMENT, TEXT, WHOLE, of_rows

COLUMNS = {
    "event": ("", TEXT),
    "number": ("", TEXT),
    "at": ("", MOMENT),
    "times": ("", WHOLE),
    "open": ("", FLAG),
    "procedure": ("", TEXT),
    "category": ("", TEXT),
    "unit": ("", TEXT),
}
"""``event`` is the number of the first contact of its customer; ``times`` counts it and its urges."""
ONCE = 500


def load(as_of: datetime) -> pa.Table:
    """Return the contacts of the events that enough contacts spoke of, the last of them of late."""
    found = [pair for event in repeats.of_late(as_of) for pair in _by_customer(event.contacts)]
    known = _known([one.number for _, one in found])
    rows = [
        (event, one.number, one.at, one.times, one.open_until is None, *known[one.number])
        for event, one in found
    ]
    return of_rows(COLUMNS, rows)


def _by_customer(contacts: Sequence[Contact]) -> list[tuple[str, Contact]]:
    """Return contacts of one event with the first one of their customer: the same account or telephone.

    A contact with neither is the customer's whose order it names. That order is the first one where it is
    known no more, so that a matter keeps its name; an order joined to an outage names another customer's.
    """
    outages = repeats.terms().outages
    first: dict[str, str] = {}
    found = []
    for one in sorted(contacts, key=lambda one: (one.at, one.number)):
        keys = [f"{kind}:{key}" for kind, key in (("a", one.account), ("p", one.phone)) if key]
        keys = keys or [f"n:{one.parent}"]
        named = one.number if one.kind in outages else one.parent or one.number
        begun = next((first[key] for key in keys if key in first), named)
        first |= {key: begun for key in (*keys, f"n:{one.number}") if key not in first}
        found.append((begun, one))
    return found


def _known(numbers: list[str]) -> dict[str, tuple[str, str, str]]:
    known = {}
    for start in range(0, len(numbers), ONCE):
        rows = Case.objects.filter(number__in=numbers[start : start + ONCE]).order_by()
        for number, *said in rows.values_list("number", "procedure", "category", "unit__code"):
            known[number] = tuple(said)
    return known
