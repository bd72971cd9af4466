"""Queueing what a verb has to tell: one row in the app, and one for every channel that carries the template.

Called inside the verb's own transaction: a message exists exactly if the change it tells of does.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from suyuan.domain.notice import IN_APP
from suyuan.store import bulk, wording
from suyuan.store.models import Channel

COLUMNS = (
    *("key", "channel", "template", "recipient", "unit_id", "case_number", "restricted", "urgent"),
    *("facts", "queued_at", "state", "next_at", "delivered_at"),
)


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing to tell one recipient about one case."""

    key: str
    template: str
    recipient: str
    unit_id: int
    case_number: str
    facts: Mapping[str, str]
    restricted: bool = False


def tell(notices: Sequence[Notice], now: datetime) -> None:
    """Queue notices; what is restricted stands in the app alone, where the reader's rights are asked."""
    if not notices:
        return
    stamp = bulk.stamp()(now)
    outside = _carrying({notice.template for notice in notices})
    urgent = {template for template in outside if wording.is_urgent(template)}
    rows = []
    for notice in notices:
        rows.append((notice.key, IN_APP, *_middle(notice, False), stamp, "delivered", None, stamp))
        for channel in () if notice.restricted else outside.get(notice.template, ()):
            middle = _middle(notice, notice.template in urgent)
            rows.append((f"{channel}:{notice.key}", channel, *middle, stamp, "queued", stamp, None))
    bulk.insert("store_message", COLUMNS, rows)


def _middle(notice: Notice, urgent: bool) -> tuple[object, ...]:
    facts = json.dumps(notice.facts, ensure_ascii=False)
    who = (notice.template, notice.recipient, notice.unit_id, notice.case_number)
    return (*who, notice.restricted, urgent, facts)


def _carrying(templates: set[str]) -> dict[str, list[str]]:
    """Return for each template the channels that carry it outside."""
    found: dict[str, list[str]] = {}
    for code, carried in Channel.objects.filter(enabled=True).values_list("code", "templates"):
        for template in templates & set(carried):
            found.setdefault(template, []).append(code)
    return found
