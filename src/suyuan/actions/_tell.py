"""Queueing what a verb has to tell: one row in the app, and one for every channel that carries the template.

Called inside the verb's own transaction: a message exists exactly if the change it tells of does.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from suyuan.domain.notice import IN_APP
from suyuan.domain.vocabulary import Role
from suyuan.store import bulk, wording
from suyuan.store.models import Case, Channel, Event, Message

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
    carried_as: str = ""
    """The template whose channels carry it and whose urgency it has; its own unless named."""


def withdrawn(case: Case, undone: int, event: int) -> list[Notice]:
    """Return what those who were told of a step are told when it is taken back; what waits does not leave."""
    step = Event.objects.get(pk=undone)
    same = Message.objects.filter(queued_at=step.at, case_number=case.number, template=step.verb)
    outside = same.exclude(channel=IN_APP)
    waiting = outside.filter(state="queued").select_for_update(of=("self",)).values_list("pk", flat=True)
    Message.objects.filter(pk__in=list(waiting)).update(state="withdrawn", next_at=None)
    left = outside.exclude(state="withdrawn").exists()
    keys = [f"{undone}:{role.value}" for role in Role]
    told = Message.objects.filter(key__in=keys).order_by("pk").values_list("recipient", "unit_id")
    facts = {"verb": step.verb, "state": case.state}
    carried_as = step.verb if left else "withdrawn"
    return [
        Notice(
            f"{event}:undone:{place}",
            "withdrawn",
            recipient,
            unit or case.unit_id,
            case.number,
            facts,
            case.restricted,
            carried_as,
        )
        for place, (recipient, unit) in enumerate(told)
    ]


def tell(notices: Sequence[Notice], now: datetime) -> None:
    """Queue notices; what is restricted stands in the app alone, where the reader's rights are asked."""
    if not notices:
        return
    stamp = bulk.stamp()(now)
    outside = _carrying({notice.carried_as or notice.template for notice in notices})
    urgent = {template for template in outside if wording.is_urgent(template)}
    worded = {template: wording.kept(template, now) for template in {each.template for each in notices}}
    written: dict[tuple[tuple[str, str], ...], str] = {}
    rows: list[tuple[Any, ...]] = []
    for key, template, recipient, unit, number, facts, restricted, carried_as in notices:
        said = tuple(facts.items())
        text = written.get(said) or written.setdefault(said, json.dumps(facts, ensure_ascii=False))
        what = (template, recipient, unit, number, restricted)
        rows.append((key, IN_APP, *what, False, worded[template], text, stamp, "delivered", None, stamp))
        way = carried_as or template
        if not restricted and way in outside:
            rest = (*what, way in urgent, worded[template], text, stamp, "queued", stamp, None)
            rows += [(f"{channel}:{key}", channel, *rest) for channel in outside[way]]
    rows.sort()  # keys are unique; an index grows fastest in its own order
    bulk.insert("store_message", COLUMNS, rows)


def _carrying(templates: set[str]) -> dict[str, list[str]]:
    """Return for each template the channels that carry it outside."""
    found: dict[str, list[str]] = {}
    for code, carried in Channel.objects.filter(enabled=True).values_list("code", "templates"):
        for template in templates & set(carried):
            found.setdefault(template, []).append(code)
    return found
