"""The line a file carries: who took it out, when, what for, and a code that leads back to the event."""

from dataclasses import dataclass
from datetime import datetime

LONGEST = 200
"""Characters a spreadsheet shows at the foot of a page."""


@dataclass(frozen=True, slots=True)
class Watermark:
    """Who, when in local time, for what purpose in words, under which code."""

    who: str
    at: datetime
    purpose: str
    code: str

    @property
    def line(self) -> str:
        """Return the mark as one line."""
        at = self.at.strftime("%Y-%m-%d %H:%M")
        return " · ".join(part for part in (self.code, self.who, at, self.purpose) if part)[:LONGEST]
