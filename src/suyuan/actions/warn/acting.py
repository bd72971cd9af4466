"""Acting on a warning: taken on, sent on, worked by its playbook, closed with proof, or dismissed.

What is named as evidence are files of the warning's own locker: no other word shows anything.
"""

from datetime import date, timedelta

from suyuan.domain import warning as rule
from suyuan.domain import worktime
from suyuan.domain.errors import BadInput, Refused
from suyuan.domain.vocabulary import State
from suyuan.store import rows, rules
from suyuan.store.models import Clock, KeptSignal, WarningAct, WarningCase
from suyuan.store.queries import org, warnings

from .. import _items, handle
from .._change import Change, not_between
from . import _again

CLOSES = "warning.close.named"
"""The limit within which what a unit was named for is put right."""


def acknowledge(change: Change) -> State | None:
    """Take a warning on."""
    return handle.accept(change)


def transfer(change: Change) -> State | None:
    """Send a warning to the unit it is of: that one acknowledges it anew, on what is left of the clock."""
    case = change.case
    change.detail["was"] = {"unit": case.unit.code, "handler": case.handler}
    if change.text("unit") == case.unit.code:
        raise Refused("same_unit", unit=case.unit.code)
    case.unit = org.unit(change.text("unit"))
    case.handler, case.taken_at = "", None
    return None


def record_act(change: Change) -> State | None:
    """Write down what was done: a step of the playbook, or a measure of one's own, in words or by a file."""
    warning = WarningCase.objects.get(case=change.case)
    given, said = change.form.get("playbook_step"), change.text("measures")
    step = given if isinstance(given, int) else None
    steps = len(warnings.steps(warnings.books_of(warning)))
    if step is not None and step > steps:
        raise BadInput("bad_form", fields={"playbook_step": "unknown_item"})
    if not said and (step is None or not change.text("evidence")):
        raise BadInput("bad_form", fields={"measures": "required"})
    _check_evidence(change)
    WarningAct.objects.create(
        warning=warning,
        seq=warning.acts.count() + 1,
        step=step,
        by=change.actor.username,
        at=change.at,
        evidence=change.text("evidence"),
        note=change.note("measures") if said else None,
    )
    return handle.work(change)


def reply(change: Change) -> State | None:
    """Say as a unit that was named what was found, what will be done and by when; the first reply counts."""
    warning = WarningCase.objects.get(case=change.case)
    promised = change.form["due_on"]
    assert isinstance(promised, date)
    today = rules.local_day(change.now)
    last = min(today + timedelta(days=rules.figure("warning.reply", "days")), _closes(change))
    if not today <= promised <= last:
        raise not_between("due_on", today, last)
    if warning.replied_at is not None:
        change.detail["unmarked"] = ("answered_at",)
    warning.replied_at, warning.promised_on = warning.replied_at or change.now, promised
    warning.save(update_fields=["replied_at", "promised_on"])
    return handle.work(change)


def _closes(change: Change) -> date:
    """Return the last day of the clock that a named warning closes by; none holds once it is over."""
    clock = Clock.objects.filter(case=change.case, limit=CLOSES).order_by("-pk").first()
    if clock is not None:
        return rules.local_day(clock.due_at) if clock.due_at > change.now else date.max
    book = rules.rulebook()
    limit = book.limit(CLOSES, rules.local_day(change.now))
    if limit is None:
        return date.max
    due = worktime.due(change.now, limit.amount, limit.unit, limit.count, book.calendar)
    return rules.local_day(due.at)


def propose_closing(change: Change) -> State | None:
    """Say what shows that it is over; refused where nothing was done, or nothing shows it.

    Where its signals are over their figures, counted by the system, show it; else, and where what one
    warned of happened, files of its own must. A unit that was named replies first.
    """
    warning = WarningCase.objects.get(case=change.case)
    if change.case.business_type == rule.NAMED:
        if warning.replied_at is None:
            raise Refused("reply_missing")
        change.detail["unmarked"] = ("answered_at",)
    if not warning.acts.exists():
        raise Refused("nothing_done")
    stand = warnings.stand(warning)
    if not change.text("evidence") and any(one["state"] != "over" or one["came_true"] for one in stand):
        raise Refused("proof_missing")
    _check_evidence(change)
    warning.proof = {"at": change.now.isoformat(), "signals": stand}
    warning.save(update_fields=["proof"])
    return handle.work(change)


def propose_dismissal(change: Change) -> State | None:
    """Say that it was a false alarm, and why; it counts for the detector once somebody else says so too."""
    warning = WarningCase.objects.get(case=change.case)
    said = {"at": change.now.isoformat(), "signals": warnings.stand(warning)}
    if warning.replied_at is not None:
        change.detail["unmarked"] = ("answered_at",)
    warning.proof = said | {rule.FALSE_ALARM: change.text("reason")}
    warning.save(update_fields=["proof"])
    return handle.work(change)


def _check_evidence(change: Change) -> None:
    said = change.text("evidence")
    if said and not (rule.pieces(said) and _items.listed(change.case, said)):
        raise BadInput("bad_form", fields={"evidence": "unknown_evidence"})


def pass_closing(change: Change) -> State | None:
    """Close a warning; how its signals stand now is what they are held against when they are found again."""
    _settle(WarningCase.objects.get(case=change.case), change, "closed")
    return None


def return_closing(change: Change) -> State | None:
    """Have more shown, or have what was no false alarm worked: the clock of acting runs on.

    What a unit that was named replied stands.
    """
    if WarningCase.objects.get(case=change.case).replied_at is not None:
        return None
    change.keep_before("answered_at")
    change.case.answered_at = None
    return None


def dismiss(change: Change) -> State | None:
    """Agree that it was a false alarm; the detector's scorecard counts why.

    Under the first table whoever worked on it said so alone, with the reason in the form.
    """
    warning = WarningCase.objects.get(case=change.case)
    warning.verdict = change.text("reason") or (warning.proof or {})[rule.FALSE_ALARM]
    warning.save(update_fields=["verdict"])
    _settle(warning, change, "dismissed")
    return None


def reopen(change: Change) -> State | None:
    """Open a closed warning again, to be acknowledged anew."""
    _again.begin(change)
    return None


def _settle(warning: WarningCase, change: Change, what: str) -> None:
    """Keep how the signals of a warning stand at its end."""
    mine = list(KeptSignal.objects.filter(warning=warning).select_for_update(of=("self",)).order_by("pk"))
    for row in mine:
        line = {"at": change.now.isoformat(), "what": what, "level": row.level, "observed": row.observed}
        row.history = [*row.history, line]
        row.stood_level, row.stood_observed = row.level, row.observed
    rows.update_each(mine, ("history", "stood_level", "stood_observed"))
