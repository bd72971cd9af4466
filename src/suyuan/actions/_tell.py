"""Queueing what a verb has to tell: one row in the app, and one for every channel that carries the template.

Called inside the verb's own transaction: a message exists exactly if the change it tells of does.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from suyuan.domain.notice import IN_APP
from suyuan.store import bulk, wording
from suyuan.store.models import Channel

COLUMNS = (
    *("key", "channel", "template", "recipient", "unit_id", "case_number", "restricted", "urgent"),
    *("wording_id", "facts", "queued_at", "state", "next_at", "delivered_at"),
)


class Notice(NamedTuple):
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
    worded = {template: wording.kept(template, now) for template in {each.template for each in notices}}
    written: dict[tuple[tuple[str, str], ...], str] = {}
    rows: list[tuple[Any, ...]] = []
    for key, template, recipient, unit, number, facts, restricted in notices:
        said = tuple(facts.items())
        text = written.get(said) or written.setdefault(said, json.dumps(facts, ensure_ascii=False))
        what = (template, recipient, unit, number, restricted)
        rows.append((key, IN_APP, *what, False, worded[template], text, stamp, "delivered", None, stamp))
        if not restricted and template in outside:
            rest = (*what, template in urgent, worded[template], text, stamp, "queued", stamp, None)
            rows += [(f"{channel}:{key}", channel, *rest) for channel in outside[template]]
    rows.sort()  # keys are unique; an index grows fastest in its own order
    bulk.insert("store_message", COLUMNS, rows)


def _carrying(templates: set[str]) -> dict[str, list[str]]:
    """Return for each template the channels that carry it outside."""
    found: dict[str, list[str]] = {}
    for code, carried in Channel.objects.filter(enabled=True).values_list("code", "templates"):
        for template in templates & set(carried):
            found.setdefault(template, []).append(code)
    return found
