"""What one order says, whatever file it came from.

Importers produce it, the import action takes it. Codes are the rulebook's; a moment is aware.
"""

import re
from dataclasses import dataclass, field
from datetime import datetime

PASSES = (
    ("received_at",),
    ("registered_at", "accepted_at"),
    ("dispatched_at",),
    ("taken_at",),
    ("contacted_at", "arrived_at", "restored_at"),
    ("answered_at", "reviewed_at"),
    ("called_back_at",),
    ("archived_at",),
)
"""The moments a case passes, first to last; those of one group come in either order."""

UNASSIGNED = "unassigned"
"""The code of what holds orders of files without a unit column: nobody works there, and none confirms it."""
MILESTONES = tuple(moment for group in PASSES for moment in group)
"""The same in one row; ``accepted_at`` assigns the period."""


NUMBER = re.compile(r"[0-9A-Za-z\u3400-\u9fff]+(?:[-_.][0-9A-Za-z\u3400-\u9fff]+)*")
"""What a case may be called: letters, digits, Chinese characters, with - _ . between them."""


def is_number(text: str) -> bool:
    """Return whether a case may have this number: it stands in addresses, file names and on paper."""
    return NUMBER.fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class OrderRecord:
    """One order of an order file, every value already checked and coded."""

    number: str
    business_type: str
    accepted_at: datetime
    text: str
    type_code: str = ""
    category: str = ""
    level: str = ""
    channel: str = ""
    site: str = ""
    secrecy: str = ""
    unit_code: str = ""
    unit_name: str = ""
    specialty: str = ""
    account: str = ""
    phone: str = ""
    customer: str = ""
    address: str = ""
    handling: str = ""
    finding: str = ""
    satisfaction: str = ""
    state_text: str = ""
    closed: bool | None = None
    """True or False when the file says so; None lets the times decide."""
    is_child: bool = False
    parent_number: str = ""
    zone: str = ""
    """Where the order was taken, an IANA name; empty: the layout's."""
    line: str = ""
    area: str = ""
    target_at: datetime | None = None
    moments: dict[str, datetime] = field(default_factory=dict)
    """Milestones other than ``accepted_at`` that the file gives."""
    extra: dict[str, str] = field(default_factory=dict)
    """Columns the layout keeps by name without meaning to us (``suyuan`` layout round trips them)."""
    notes: tuple[str, ...] = ()
    """Codes of oddities worth listing that do not reject the row, e.g. ``flag_blank``."""


def can_follow(later: str, earlier: str) -> bool:
    """Tell whether one milestone of a case can be reached after another."""
    place = {moment: number for number, group in enumerate(PASSES) for moment in group}
    return later != earlier and place[later] >= place[earlier]
