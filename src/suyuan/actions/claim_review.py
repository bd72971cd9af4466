"""Review of a claim: two people find it malicious, each for themselves, or it is not; the case goes on."""

from suyuan.domain.appeal import Claim
from suyuan.domain.errors import Refused
from suyuan.domain.vocabulary import State
from suyuan.store import chain, rows
from suyuan.store.models import Case, ClaimReview
from suyuan.store.queries import appeals, cases

from ._change import Change
from ._open_child import open_child

FOUND = "claim_found"
"""The verb of the event by which a case itself says what was found of its claim."""


def ask_claim_review(change: Change) -> State | None:
    """Ask two people to find whether a claim is malicious; one review at a time."""
    standing = appeals.standing(appeals.claim_on(change.case.number), change.now)
    if standing in (Claim.PENDING, Claim.IN_FORCE):
        raise Refused("claim_reviewed_already", verb=change.step.verb)
    number = open_child(change, "claim_review", tells=change.step.tells)
    ClaimReview.objects.create(case=Case.objects.get(number=number), sign=change.text("claim_sign"))
    change.detail["opened"] = number
    return None


def judge_claim(change: Change) -> State | None:
    """Say whether the claim is malicious: the first who finds so leaves it to a second, a no ends it."""
    found, malicious = appeals.claim_of(change.case), bool(change.form["malicious"])
    if malicious and not found.first_by:
        found.first_by, found.first_at = change.actor.username, change.now
        found.save(update_fields=["first_by", "first_at"])
        change.detail["unmarked"] = ("archived_at",)
        return State.DECIDING
    found.upheld, found.decided_by, found.decided_at = malicious, change.actor.username, change.now
    if malicious:
        found.until = appeals.ends(change.now, appeals.VALID)
        change.detail["until"] = found.until.isoformat()
        _say_so(change, malicious=True)
    found.save()
    return None


def lift_claim(change: Change) -> State | None:
    """Take the finding back before its time is over."""
    found = appeals.claim_of(change.case)
    if appeals.standing(found, change.now) is not Claim.IN_FORCE:
        raise Refused("claim_not_in_force", verb=change.step.verb)
    found.lifted_at = change.now
    found.save(update_fields=["lifted_at"])
    _say_so(change, malicious=False)
    return None


def _say_so(change: Change, *, malicious: bool) -> None:
    """Write on the case itself what was found of its claim, so that its figures are drawn anew."""
    parent = cases.locked(change.case.parent_number)
    parent.changed_event = chain.append(
        stream=f"case:{parent.number}",
        at=change.now,
        actor=change.actor.username,
        verb=FOUND,
        objects=[("case", parent.number), ("case", change.case.number), ("unit", parent.unit.code)],
        detail={"claim_review": change.case.number, "malicious": malicious},
    )
    rows.update(parent, ("changed_event",))
