"""Accountability 责任追究: a penalty of one person, reviewed, appealed against, put in effect."""

from datetime import timedelta
from decimal import Decimal

from suyuan.domain import ledger as rule
from suyuan.domain.errors import BadInput, Refused
from suyuan.domain.rulebook.tariff import Counted, Ground, Kind
from suyuan.domain.vocabulary import State
from suyuan.store import rules
from suyuan.store.models import Accountability, Case, LedgerEntry
from suyuan.store.queries import accountabilities, shares, viewer

from . import handle, ledger
from ._change import Change
from ._open_child import open_child
from ._tell import Notice, tell

TO_ANSWER, IN_EFFECT = "penalty_to_answer", "penalty_in_effect"


def open_accountability(change: Change) -> State | None:
    """Open the accountability of the one person a signed share is of: for audit, leaders and that person."""
    found = shares.of(change.case)
    line = next((r for r in shares.shares(found) if str(r.seq) == change.text("share_line")), None)
    if line is None or not line.person:
        raise BadInput("bad_form", fields={"share_line": "share_of_nobody" if line else "unknown_share"})
    if accountabilities.open_on(line) is not None:
        raise Refused("accountability_stands", share=line.seq)
    form = {"unit": line.unit.code, "note": change.text("note")}
    number = open_child(change, "accountability", form=form, tells=())
    case = Case.objects.get(number=number)
    case.restricted, case.entrusted = True, line.person
    case.save(update_fields=["restricted", "entrusted"])
    Accountability.objects.create(case=case, share=line, person=line.person)
    change.detail["opened"] = number
    return None


def propose_penalty(change: Change) -> State | None:
    """Say what was found of the person, and the penalty by the scale."""
    handle.work(change)
    found = accountabilities.of(change.case)
    found.penalty = change.text("penalty")
    found.save(update_fields=["penalty"])
    return None


def review_penalty(change: Change) -> State | None:
    """Pass the penalty as its second person; the person is told and may appeal."""
    handle.work(change)
    _tell_person(change, TO_ANSWER)
    return None


def return_penalty(change: Change) -> State | None:
    """Send it back to be found otherwise."""
    change.keep_before("reviewed_at")
    change.case.reviewed_at = None
    return None


def appeal_penalty(change: Change) -> State | None:
    """Appeal as the person it is about, once: a third person decides."""
    if change.case.answered_at is not None:
        raise Refused("penalty_decided", at=change.case.answered_at.isoformat())
    return None


def keep_penalty(change: Change) -> State | None:
    """Find that the appeal is not right."""
    handle.work(change)
    _tell_person(change, TO_ANSWER)
    return None


def lift_penalty(change: Change) -> State | None:
    """Find that the appeal is right: nothing comes of it."""
    handle.work(change)
    _tell_person(change, IN_EFFECT)
    return None


def put_in_effect(change: Change) -> State | None:
    """Let the penalty take effect; an amount becomes a proposal for the ledger, signed there by another."""
    reviewed = change.case.reviewed_at
    assert reviewed is not None
    if change.case.answered_at is None:
        ends = reviewed + timedelta(days=rules.figure("accountability.appeal", "days"))
        if change.now < ends:
            raise Refused("may_still_appeal", since=ends.isoformat())
    found = accountabilities.of(change.case)
    if change.form.get("penalty_points") is not None:
        found.entry = _entered(change, found)
        found.save(update_fields=["entry"])
        change.detail["entry"] = found.entry.pk
    _tell_person(change, IN_EFFECT)
    return None


def _entered(change: Change, found: Accountability) -> LedgerEntry:
    if wrong := rule.amount_problem(Decimal(str(change.form["penalty_points"]))):
        raise BadInput("bad_form", fields={"penalty_points": wrong})
    who = viewer.named(change.actor.username)
    if who is None:
        raise Refused("not_in_register", username=change.actor.username)
    form = {
        "ledger_ground": Ground.OTHER.value,
        "ledger_case": found.share.liability.about.number,
        "ledger_person": found.person,
        "ledger_kind": Kind.PENALTY.value,
        "ledger_amount": str(change.form["penalty_points"]),
        "counted_in": Counted.POINTS.value,
        "ledger_words": f"{rules.label('reason.penalty', found.penalty, 'zh')} {change.case.number}",
    }
    return LedgerEntry.objects.get(pk=ledger.propose_entry(viewer=who, form=form, now=change.now))


def _tell_person(change: Change, template: str) -> None:
    case = change.case
    tell(
        [
            Notice(
                key=f"{case.number}:{template}:{change.step.verb}:{change.now:%Y%m%d%H%M%S%f}",
                template=template,
                recipient=f"person:{case.entrusted}",
                unit_id=case.unit_id,
                case_number=case.number,
                facts={"verb": change.step.verb, "state": case.state},
                restricted=True,
            )
        ],
        change.now,
    )
