"""What somebody signed, and whether it still stands: it falls as soon as what it was signed about changes.

The mark of what was signed goes into the event and beside the signature, so that anybody can tell later why
a finding or a report had to be given again.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

SHEETS = (
    "write_report",
    "visit_site",
    "work_out_billing",
    "work_out_damage",
    "check_meter",
    "check_voltage",
    "check_connection",
    "analyse_specialty",
)
"""The verbs that write a sheet of an investigation."""


ANALYSIS = "analyse_specialty"
"""The sheet that is written after the review, where something was true; no other step waits for it."""
OF_ITEMS = ("write_report", ANALYSIS)
"""The sheets that cover every item: one more item, or another unit, and they are written again."""


WRITTEN_AGAIN = frozenset({*SHEETS, "submit_finding", "answer"})
"""The verbs whose form, written again, begins with what was last written: changed, and signed anew."""


@dataclass(frozen=True, slots=True)
class About:
    """What is signed about: the items of a case as asked, the matter, who answers, which reply it is."""

    category: str
    unit: str
    revision: int
    """How often what was handed in was changed."""
    items: Sequence[tuple[int, str, int]]
    """Number, category and statement of each."""


def sheet(verb: str, about: About) -> str:
    """Return the mark of what a sheet is about; a measurement is what it is."""
    if verb not in OF_ITEMS:
        return _mark({"sheet": verb})
    said = {"category": about.category, "unit": about.unit, "items": [list(one) for one in about.items]}
    return _mark({"sheet": verb, **said})


def finding(seq: int, about: About) -> str:
    """Return the mark of what the finding on an item is given on: the item, the unit, and its reply."""
    item = next(list(one) for one in about.items if one[0] == seq)
    return _mark({"item": item, "unit": about.unit, "revision": about.revision})


def standing(sheets: Mapping[str, str], about: About) -> frozenset[str]:
    """Return the sheets that stand."""
    return frozenset(verb for verb, mark in sheets.items() if mark == sheet(verb, about))


def derived(findings: Sequence[str]) -> str:
    """Return the finding on a case whose items were found so: all, none or some of it is true."""
    kinds = set(findings)
    if not kinds or "" in kinds:
        return ""
    return kinds.pop() if len(kinds) == 1 else "partial"


def _mark(said: Mapping[str, object]) -> str:
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:32]
