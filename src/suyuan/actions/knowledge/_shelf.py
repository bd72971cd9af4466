"""What the verbs on proposals share: the lock, the checks, the event."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from suyuan.domain import rulebook
from suyuan.domain.errors import BadInput, Refused, RulebookError
from suyuan.domain.procedure import Actor
from suyuan.domain.rulebook import edits, entries, idle
from suyuan.domain.rulebook.reading import Row
from suyuan.store import chain, rules
from suyuan.store.models import Counter, RuleDraft
from suyuan.store.queries import org


def lock() -> None:
    """Hold the rulebook's chain: decisions come one after the other."""
    Counter.objects.get_or_create(name="rulebook")
    Counter.objects.select_for_update().get(name="rulebook")


def locked(pk: int) -> RuleDraft:
    """Return a proposal locked; raise Refused if there is none."""
    found = RuleDraft.objects.select_for_update().filter(pk=pk).first()
    if found is None:
        raise Refused("not_found", draft=pk)
    return found


def ask(draft: RuleDraft, verb: str, actor: Actor) -> None:
    """Raise Refused with the reason where somebody may not do ``verb`` on a proposal."""
    said = edits.refusal(edits.Proposal(draft.kind, edits.DraftState(draft.state), draft.author), verb, actor)
    if said:
        raise Refused(said, verb=f"rule_{verb}", draft=draft.pk)


def book_with(draft: RuleDraft) -> rulebook.Rulebook:
    """Return the book as it would be with one more entry; raise BadInput where it does not fit."""
    approved = list(RuleDraft.objects.filter(state=edits.DraftState.APPROVED).order_by("landed"))
    gone = replaced(draft.kind, draft.mark)
    standing = [row for row in approved if row.mark not in gone]
    try:
        if not _better_sourced(draft, approved):
            idle.refuse(_book(approved), draft.kind, Row("entry", draft.kind, draft.entry))
        return _book([*standing, draft])
    except RulebookError as wrong:
        raise does_not_fit(wrong) from None


def _book(rows: Iterable[RuleDraft]) -> rulebook.Rulebook:
    return rulebook.load(*rules.own_files(), entries=[entries.content(row.kind, row.entry) for row in rows])


def _better_sourced(draft: RuleDraft, approved: Iterable[RuleDraft]) -> bool:
    """Return whether a proposal brings a source that the entry in force does not have."""
    known = {row.source_file for row in approved if row.mark == draft.mark}
    return bool(draft.source_file) and draft.source_file not in known


def replaced(kind: str, mark: str) -> tuple[str, ...]:
    """Return the marks whose entries a new one takes the place of: its own, and what was said of it."""
    return (mark,) if kind in (*entries.SURE, "calendar") else (mark, f"sure:{mark}")


def does_not_fit(wrong: RulebookError) -> BadInput:
    """Return a fault of the rulebook as bad input that names table, key and problem."""
    facts = {name: wrong.facts.get(name, "") for name in ("table", "key", "problem")}
    return BadInput("entry_does_not_fit", **facts)


def check_unit(kind: str, entry: Mapping[str, Any]) -> None:
    """Raise BadInput where a routing row sends to a unit nobody knows."""
    if kind == "route":
        org.unit(str(entry.get("unit", "")))


def write(draft: RuleDraft, verb: str, actor: Actor, now: datetime, **detail: object) -> int:
    """Write what happened to a proposal into the register's chain and return the event's id."""
    return chain.append(
        stream=rules.STREAM,
        at=now,
        actor=actor.username,
        verb=f"rule_{verb}",
        objects=[("rule", draft.mark)],
        detail={"draft": draft.pk, "kind": draft.kind, **detail},
    )
