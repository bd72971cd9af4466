"""The events that several contacts spoke of by a moment: each contact, and which event it belongs to.

Which contacts are one event is told by ``analytics/repeats`` and the links on record.
"""

from datetime import datetime

import pyarrow as pa

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
"""``event`` is the number of its first contact; ``times`` counts the contact and the urges on it."""
ONCE = 500


def load(as_of: datetime) -> pa.Table:
    """Return the contacts of the events that enough contacts spoke of, the last of them of late."""
    found = [(event.contacts[0].number, one) for event in repeats.of_late(as_of) for one in event.contacts]
    known = _known([one.number for _, one in found])
    rows = [
        (event, one.number, one.at, one.times, one.open_until is None, *known[one.number])
        for event, one in found
    ]
    return of_rows(COLUMNS, rows)


def _known(numbers: list[str]) -> dict[str, tuple[str, str, str]]:
    known = {}
    for start in range(0, len(numbers), ONCE):
        rows = Case.objects.filter(number__in=numbers[start : start + ONCE]).order_by()
        for number, *said in rows.values_list("number", "procedure", "category", "unit__code"):
            known[number] = tuple(said)
    return known
