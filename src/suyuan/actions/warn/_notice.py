"""The notice of a naming 点名预警通知: to the unit that was named, and to those who named it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from suyuan.domain.vocabulary import Role
from suyuan.store import rules
from suyuan.store.models import Case

from .._tell import Notice, tell

TEMPLATE, REPLY = "named_warning", "warning.reply"
AT_LAST = timedelta(microseconds=1)
"""What is due at midnight is due on the day before."""


def send(case: Case, month: str, roles: Sequence[Role], now: datetime) -> None:
    """Queue the notice of a warning just opened, one for each role, in the transaction that opened it."""
    due = case.clocks.filter(limit=REPLY).values_list("due_at", flat=True).first()
    facts = {
        "unit": case.unit.name,
        "month": month,
        "day": rules.local_day((due or now) - AT_LAST).isoformat(),
    }
    tell(
        [
            Notice(
                key=f"{case.changed_event}:{role.value}",
                template=TEMPLATE,
                recipient=f"{role.value}@{case.unit.code}",
                unit_id=case.unit_id,
                case_number=case.number,
                facts=facts,
            )
            for role in roles
        ],
        now,
    )
