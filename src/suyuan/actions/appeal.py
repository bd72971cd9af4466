"""Appeal: filed by the unit, sealed on three levels, decided; what succeeds leaves the assessed figures."""

from datetime import date

from suyuan.domain import appeal as rule
from suyuan.domain.appeal import next_level, unmet
from suyuan.domain.errors import BadInput, Refused
from suyuan.domain.ledger import PROPOSERS
from suyuan.domain.vocabulary import EXCLUDED, State
from suyuan.store import bulk, chain, rows, rules
from suyuan.store.models import Appeal, AppealSeal, Case, LedgerEntry
from suyuan.store.queries import appeals, cases, ledger

from . import _items, archive
from ._change import Change, not_between
from ._open_child import open_child

ASSESSED = "assessed"
"""The verb of the event by which a case itself says that it is assessed otherwise than it was found."""
TO_REVERSE = "ledger_to_reverse"
"""The message about entries of the ledger that rest on a case which counts no more."""


def file_appeal(change: Change) -> State | None:
    """Open an appeal from a closed case; its conditions are shown from then on."""
    case = change.case
    if (other := appeals.on(case.number)) is not None:
        raise Refused("appealed_already", verb=change.step.verb, appeal=other.case.number)
    if case.finding_assessed == EXCLUDED:
        raise Refused("not_assessed_anyway", verb=change.step.verb)
    number = open_child(change, "appeal", tells=())
    opened = Case.objects.get(number=number)
    Appeal.objects.create(case=opened, ground=change.text("appeal_ground"), evidence=change.text("evidence"))
    change.detail["opened"] = number
    return None


def revise_appeal(change: Change) -> State | None:
    """Change what a draft says."""
    found = appeals.of(change.case)
    found.ground = change.text("appeal_ground") or found.ground
    found.evidence = change.text("evidence") or found.evidence
    found.save(update_fields=["ground", "evidence"])
    return None


def submit_appeal(change: Change) -> State | None:
    """Send a draft to be sealed, if every condition that may refuse is met."""
    _refuse_unmet(change, appeals.of(change.case))
    return None


def _refuse_unmet(change: Change, found: Appeal) -> None:
    checked = appeals.checked(cases.unscoped(change.case.parent_number), change.now, found)
    if lacking := unmet(checked):
        raise Refused("appeal_conditions", verb=change.step.verb, conditions=lacking)
    change.detail["conditions"] = {one.code: one.met for one in checked}


def seal(change: Change) -> State | None:
    """Put down the seal of the level whose turn it is; with the third the appeal waits for a decision."""
    found = appeals.of(change.case)
    seals = list(found.seals.order_by("pk"))
    level = next_level([one.level for one in seals])
    assert level is not None  # the guard lets nobody in otherwise
    day, scan = change.form["sealed_on"], change.text("evidence")
    archived = cases.unscoped(change.case.parent_number).archived_at
    assert archived is not None
    first = rule.first_day(rules.local_day(archived), [one.sealed_on for one in seals])
    today = rules.local_day(change.now)
    assert isinstance(day, date)
    if not first <= day <= today:
        raise not_between("sealed_on", first, today)
    if not _is_scan(change.case, scan):
        raise BadInput("bad_form", fields={"evidence": "scan_needed"})
    AppealSeal.objects.create(
        appeal=found, level=level, sealed_on=day, scan=scan, put_by=change.actor.username, put_at=change.now
    )
    change.detail["level"] = level.value
    if next_level([*(one.level for one in seals), level]) is None:
        return None
    change.detail["unmarked"] = ("taken_at",)
    return State.SEALING


def _is_scan(case: Case, scan: str) -> bool:
    """Tell whether every file named is a scan in the locker of the case, and one at least is named."""
    named = set(_items.DIGEST.findall(scan))
    there = case.attachments.filter(sha256__in=named, withdrawn_at=None, media_type__in=rule.SCANS)
    return bool(named) and named == set(there.values_list("sha256", flat=True))


def return_appeal(change: Change) -> State | None:
    """Give an appeal back to be written otherwise; what was sealed counts no more."""
    change.detail["unsealed"] = _unseal(change.case)
    change.case.dispatched_at = None
    return None


def _unseal(case: Case) -> list[str]:
    seals = AppealSeal.objects.filter(appeal__case=case)
    levels = list(seals.order_by("pk").values_list("level", flat=True))
    seals.delete()
    return levels


def uphold(change: Change) -> State | None:
    """Find that an appeal is right: the case leaves the assessed figures."""
    _refuse_unmet(change, appeals.of(change.case))
    found = _decided(change, upheld=True)
    _succeed(change, found)
    return None


def refuse(change: Change) -> State | None:
    """Find that an appeal is not right; after the first time it stays open for a final decision."""
    _decided(change, upheld=False)
    return None


def _decided(change: Change, *, upheld: bool) -> Appeal:
    """Write down a decision, the first or the final one."""
    found = appeals.of(change.case)
    place = "final" if change.case.state == State.FINAL else "first"
    for name, value in (("upheld", upheld), ("by", change.actor.username), ("at", change.now)):
        setattr(found, f"{place}_{name}", value)
    found.save()
    return found


def ask_final(change: Change) -> State | None:
    """Ask for the final decision: a round of its own, with the clock of a decision."""
    found = appeals.of(change.case)
    assert found.first_at is not None
    late = change.now >= appeals.ends(found.first_at, appeals.FINAL_WINDOW)
    if late and appeals.is_sure(appeals.FINAL_WINDOW):
        raise Refused("window_over", verb=change.step.verb)
    found.late = late
    found.save(update_fields=["late"])
    archive.begin_again(change)
    change.case.registered_at, change.case.taken_at = None, change.now
    return None


def _succeed(change: Change, found: Appeal) -> None:
    """Let the case an appeal is about leave the assessed figures; what was found of it stays as it is.

    Whoever signs for the ledger waits here, or is waited for: an entry is signed before the decision, and
    is named by it, or after it, and is refused if it rests on the case.
    """
    parent = cases.locked(change.case.parent_number)
    bulk.one_at_a_time(ledger.STREAM)
    found.was, parent.finding_assessed = parent.finding_assessed, EXCLUDED
    found.save(update_fields=["was"])
    parent.changed_event = chain.append(
        stream=f"case:{parent.number}",
        at=change.now,
        actor=change.actor.username,
        verb=ASSESSED,
        objects=[("case", parent.number), ("case", change.case.number), ("unit", parent.unit.code)],
        detail={"appeal": change.case.number, "was": found.was, "finding_assessed": EXCLUDED},
    )
    rows.update(parent, ("finding_assessed", "changed_event"))
    entries = LedgerEntry.objects.filter(case=parent, state="signed", reversed_at=None, reverses=None)
    if numbers := list(entries.order_by("pk").values_list("pk", flat=True)):
        change.detail["entries"] = numbers
        change.also += [(TO_REVERSE, f"{role.value}@{parent.unit.code}") for role in sorted(PROPOSERS)]
