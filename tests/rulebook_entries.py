"""Entries that tests propose, and how one lands."""

from datetime import datetime, timedelta

from suyuan.actions import knowledge
from suyuan.store import rules
from tests.factories import NOW, actor

DISPATCH = {
    "id": "complaint.accept",
    "title": {"zh": "投诉接单分办", "en": "Take a complaint order and assign it"},
    "procedures": ["complaint"],
    "starts": "dispatched_at",
    "stops": "taken_at",
    "kind": "internal",
    "amount": 1,
    "unit": "hours",
    "in_force_from": "2026-01-01",
    "basis": "省公司通知 2026-3",
    "certainty": "Q",
}
"""A new edition of a limit that is shipped from memory: one hour instead of two."""
SURE = {"limit": "complaint.accept", "in_force_from": "2021-09-25", "basis": "业务管理细则第9条"}
PHRASE = {
    "id": "open.greeting",
    "title": {"zh": "开场", "en": "Opening"},
    "text": "您好，95598为您服务",
    "basis": "文明用语",
    "certainty": "Q",
}

MESSAGE = {
    "template": "rung",
    "title": {"zh": "催办", "en": "Time is short"},
    "text": {"zh": "请看工单{case}：{limit}，{rung}", "en": "Look at {case}: {limit}, {rung}"},
    "in_force_from": "2026-01-01",
    "basis": "优服办通知 2026-2",
    "certainty": "Q",
}


def proposed(kind: str, entry: dict[str, object], why: str = "细则更新") -> knowledge.Proposed:
    """Return what somebody hands in."""
    return knowledge.Proposed(kind, entry, why)


def submitted(kind: str, entry: dict[str, object], now: datetime = NOW, by: str = "lead"):
    """Return a proposal that waits for approval."""
    draft = knowledge.propose(proposed=proposed(kind, entry), actor=actor(by), now=now)
    return knowledge.submit(draft=draft.pk, actor=actor(by), now=now)


def landed(kind: str, entry: dict[str, object], now: datetime = NOW):
    """Return a proposal that a second person has approved, with this process aware of it."""
    draft = submitted(kind, entry, now)
    done = knowledge.approve(draft=draft.pk, actor=actor("office"), now=now + timedelta(minutes=1))
    rules.look()
    return done
