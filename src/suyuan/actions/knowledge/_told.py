"""What a proposal tells: who may decide it that it waits, and its author what became of it.

No message says a word of the entry: whoever is told opens the proposal, where both editions stand.
"""

from datetime import datetime

from suyuan.domain.rulebook import edits
from suyuan.store import rules
from suyuan.store.models import Person, RuleDraft, Unit

from .._tell import Notice, tell

TO_APPROVE, DECIDED = "rule_to_approve", "rule_decided"
TEMPLATES = (TO_APPROVE, DECIDED)


def tell_deciders(draft: RuleDraft, event: int, now: datetime) -> None:
    """Tell every role that may decide a proposal, in each company, that it waits."""
    facts = _facts(draft, draft.author, now)
    tell(
        [
            Notice(f"rule:{event}:{role}@{unit.code}", TO_APPROVE, f"{role}@{unit.code}", unit.pk, "", facts)
            for unit in Unit.objects.filter(parent=None).order_by("pk")
            for role in sorted(edits.deciders(draft.kind))
        ],
        now,
    )


def tell_author(draft: RuleDraft, verb: str, event: int, now: datetime) -> None:
    """Tell whoever wrote a proposal what was decided, while they belong to a unit here."""
    author = Person.objects.filter(username=draft.author, is_active=True).exclude(unit=None).first()
    if author is None:
        return
    facts = _facts(draft, draft.decided_by, now) | {"verb": verb}
    to = f"person:{author.username}"
    tell([Notice(f"rule:{event}:{to}", DECIDED, to, author.unit_id or 0, "", facts)], now)


def _facts(draft: RuleDraft, by: str, now: datetime) -> dict[str, str]:
    at = now.astimezone(rules.rulebook().calendar.zone).strftime("%Y-%m-%d %H:%M")
    return {"draft": str(draft.pk), "rule_kind": draft.kind, "by": by, "at": at}
