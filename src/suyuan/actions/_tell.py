"""Queueing what a verb has to tell: one row in the app, and one for every channel that carries the template.

Called inside the verb's own transaction: a message exists exactly if the change it tells of does.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from suyuan.domain import notice as notice_rule
from suyuan.domain.notice import IN_APP
from suyuan.domain.vocabulary import Role
from suyuan.store import bulk, wording
from suyuan.store.models import Case, Channel, Event, Message
from suyuan.store.queries import people

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
    urgent: bool = False
    """Whether it leaves in quiet hours too, whatever its template."""


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
    ways = _Ways({notice.carried_as or notice.template for notice in notices})
    worded = {template: wording.kept(template, now) for template in {each.template for each in notices}}
    written: dict[tuple[tuple[str, str], ...], str] = {}
    rows: list[tuple[Any, ...]] = []
    for each in notices:
        said = tuple(each.facts.items())
        text = written.get(said) or written.setdefault(said, json.dumps(each.facts, ensure_ascii=False))
        about = (each.unit_id, each.case_number, each.restricted)
        after = (worded[each.template], text, stamp)
        here = (each.key, IN_APP, each.template, each.recipient)
        rows.append((*here, *about, False, *after, "delivered", None, stamp))
        for key, channel, recipient in ways.of(each):
            urgent = each.urgent or ways.urgent[each.carried_as or each.template]
            there = (key, channel, each.template, recipient)
            rows.append((*there, *about, urgent, *after, "queued", stamp, None))
    rows.sort()  # keys are unique; an index grows fastest in its own order
    bulk.insert("store_message", COLUMNS, rows)


class _Ways:
    """The channels that carry templates outside, and whom each reaches; asked once for a batch of notices."""

    def __init__(self, templates: set[str]) -> None:
        self.carrying: dict[str, list[tuple[str, str]]] = {}
        self.by_phone: dict[str, list[tuple[int, str]]] = {}
        self.told: set[tuple[str, str, int]] = set()
        every = Channel.objects.filter(enabled=True).values_list("code", "carrier", "templates")
        for code, carrier, carried in every:
            for template in templates & set(carried):
                self.carrying.setdefault(template, []).append((code, carrier))
        self.urgent = {template: wording.is_urgent(template) for template in self.carrying}

    def of(self, notice: Notice) -> Iterator[tuple[str, str, str]]:
        """Yield key, channel and recipient of each message that leaves for a notice."""
        if notice.restricted:
            return
        for channel, carrier in self.carrying.get(notice.carried_as or notice.template, ()):
            reached = self._people(notice.recipient) if carrier == "sms_http" else []
            if not reached:
                yield f"{channel}:{notice.key}", channel, notice.recipient
            for person, username in reached:
                once = (channel, notice.key.rpartition(":")[0], person)
                if once not in self.told:  # whoever holds two of the roles told has one phone
                    self.told.add(once)
                    yield f"{channel}:{notice.key}:p{person}", channel, f"person:{username}"

    def _people(self, recipient: str) -> list[tuple[int, str]]:
        """Return who of a role wants messages on the work phone; each has a message of their own."""
        if recipient not in self.by_phone:
            who = notice_rule.recipient(recipient)
            self.by_phone[recipient] = people.by_phone(Role(who.name), who.unit) if who.kind == "role" else []
        return self.by_phone[recipient]
