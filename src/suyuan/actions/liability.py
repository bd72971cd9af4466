"""Liability: whose step a verified complaint came from, in shares that units may object to, signed."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from suyuan.domain import liability as rule
from suyuan.domain.discipline import is_of
from suyuan.domain.errors import BadInput, Refused
from suyuan.domain.liability import TRAINED, Share
from suyuan.domain.vocabulary import Role, State
from suyuan.store import rules
from suyuan.store.models import Case, Liability, LiabilityShare, Person, ShareObjection, TrainingNeed
from suyuan.store.queries import liability as queries
from suyuan.store.queries import org, shares

from . import _liability_signs, archive, handle
from ._change import Change
from ._open_child import open_child
from ._tell import Notice, tell

TO_SEE, SIGNED = "share_to_see", "share_signed"


def open_liability(change: Change) -> State | None:
    """Open the liability of the nodes of a case, with the shares that evidence proposes."""
    about = change.case
    if standing := queries.open_on(about):
        raise Refused("liability_stands", number=standing)
    number = open_child(change, "liability", tells=(Role.OFFICE,))
    found = Liability.objects.create(case=Case.objects.get(number=number), about=about)
    _write(found, _liability_signs.proposed(about, change.now), proposed=True)
    change.detail["opened"] = number
    return None


def propose_shares(change: Change) -> State | None:
    """Draw the shares anew from what is known by now, in the place of the draft."""
    handle.work(change)
    found = shares.of(change.case)
    _drop(shares.shares(found))
    change.detail["shares"] = _write(found, _liability_signs.proposed(found.about, change.now), proposed=True)
    return None


def set_share(change: Change) -> State | None:
    """Write a share by hand: another one of the same node, unit and person takes the place of the former."""
    handle.work(change)
    given, unit = change.form, org.unit(change.text("unit"))
    percent = Decimal(str(given["share"]))
    problems = {"share": wrong} if (wrong := rule.share_problem(percent)) else {}
    username = change.text("liable_person")
    if username and not Person.objects.filter(username=username, unit=unit).exists():
        problems["liable_person"] = "not_of_that_unit"
    if problems:
        raise BadInput("bad_form", fields=problems)
    found = shares.of(change.case)
    place = {"node": change.text("liability_node"), "unit": unit, "person": username}
    _drop(LiabilityShare.objects.filter(liability=found, round=found.round, **place))
    share = Share(place["node"], unit.code, percent, username, (change.text("evidence"),))  # type: ignore[arg-type]
    change.detail["shares"] = _write(found, (share,), proposed=False)
    return None


def drop_share(change: Change) -> State | None:
    """Take a share out of the draft."""
    handle.work(change)
    line = _line(change)
    change.detail["was"] = _plain(line)
    line.delete()
    return None


def put_forward(change: Change) -> State | None:
    """Put the shares forward with the cause; what is to be trained is asked where staff is the cause."""
    handle.work(change)
    found = shares.of(change.case)
    cause, skill = change.text("responsibility"), change.text("skill_gap")
    if (cause == TRAINED) is not bool(skill):
        raise BadInput("bad_form", fields={"skill_gap": "required" if cause == TRAINED else "not_asked"})
    found.cause, found.skill = cause, skill
    found.save(update_fields=["cause", "skill"])
    change.case.responsibility = cause
    if change.case.dispatched_at is not None:  # sent back since: the time runs from the first
        change.detail["unmarked"] = ("dispatched_at",)
    change.detail["shares"] = [_plain(one) for one in shares.shares(found)]
    return None


def review_shares(change: Change) -> State | None:
    """Pass the shares as their second person, and tell the units that have one: they may object."""
    handle.work(change)
    _tell_units(change, TO_SEE)
    return None


def return_shares(change: Change) -> State | None:
    """Send the shares back to be drafted otherwise; what was objected to stays with them."""
    _back(change)
    return None


def object_share(change: Change) -> State | None:
    """Object to a share of one's own unit, once until it was answered."""
    line = _line(change)
    if not is_of(line.unit.path, change.actor.places):
        raise BadInput("bad_form", fields={"share_line": "share_not_yours"})
    if line.objections.filter(upheld=None).exists():
        raise Refused("objected_already", share=line.seq)
    ShareObjection.objects.create(
        share=line,
        reason=change.text("reason"),
        note=change.note("note"),
        evidence=change.text("evidence"),
        by=change.actor.username,
        at=change.now,
    )
    return None


def answer_share(change: Change) -> State | None:
    """Say whether an objection is right; one that is sends the shares back to be drafted otherwise."""
    line = _line(change)
    objection = line.objections.filter(upheld=None).first()
    if objection is None:
        raise BadInput("bad_form", fields={"share_line": "share_not_objected"})
    if change.actor.username == objection.by:
        raise Refused("own_work", verb=change.step.verb)
    objection.upheld, objection.answer = bool(change.form["upheld"]), change.note("note")
    objection.answered_by, objection.answered_at = change.actor.username, change.now
    objection.save()
    if not objection.upheld:
        return None
    _back(change)
    return State.DRAFTED


def sign_shares(change: Change) -> State | None:
    """Sign the shares; nobody changes them from then on, a new round alone takes their place."""
    found = shares.of(change.case)
    reviewed = change.case.reviewed_at
    assert reviewed is not None
    heard = reviewed + timedelta(days=rules.figure("liability.objection", "days"))
    if change.now < heard:
        raise Refused("units_not_heard", since=heard.isoformat())
    rows = shares.shares(found)
    found.signed_by, found.signed_at = change.actor.username, change.now
    found.signed_cause = found.cause
    found.save(update_fields=["signed_by", "signed_at", "signed_cause"])
    LiabilityShare.objects.filter(pk__in=[row.pk for row in rows]).update(signed_at=change.now)
    change.detail["shares"] = [_plain(row) for row in rows]
    change.objects += [("unit", code) for code in dict.fromkeys(row.unit.code for row in rows)]
    _train(found, rows, change.now)
    _tell_units(change, SIGNED)
    return None


def begin_round(change: Change) -> State | None:
    """Begin a new round with the shares as they were signed; the former round stays what counts till then."""
    archive.begin_again(change)
    found = shares.of(change.case)
    rows = shares.shares(found)
    found.round += 1
    found.save(update_fields=["round"])
    change.case.registered_at, change.case.dispatched_at = change.now, None
    change.case.handlers = []
    again = [Share(r.node, r.unit.code, r.percent, r.person, tuple(r.evidence)) for r in rows]
    _write(found, again, proposed=False)
    change.detail["round"] = found.round
    return None


def _back(change: Change) -> None:
    """Let the shares be drafted anew: who reviewed them looks again, what was objected to is done with."""
    change.keep_before("reviewed_at")
    change.case.reviewed_at = None
    found = shares.of(change.case)
    ShareObjection.objects.filter(share__in=shares.shares(found), upheld=None).update(
        upheld=True, answered_by=change.actor.username, answered_at=change.now
    )


def _line(change: Change) -> LiabilityShare:
    """Return the share the form names; raise BadInput where the round has none of that number."""
    for row in shares.shares(shares.of(change.case)):
        if str(row.seq) == change.text("share_line"):
            return row
    raise BadInput("bad_form", fields={"share_line": "unknown_share"})


def _write(found: Liability, new: Sequence[Share], *, proposed: bool) -> list[dict[str, object]]:
    """Add shares to the newest round, numbered on; return them as an event keeps them."""
    last = LiabilityShare.objects.filter(liability=found, round=found.round).order_by("-seq").first()
    first = last.seq + 1 if last else 1
    rows = [
        LiabilityShare(
            liability=found,
            round=found.round,
            seq=seq,
            node=share.node,
            unit=org.unit(share.unit),
            person=share.person,
            percent=share.percent,
            evidence=list(share.evidence),
            proposed=proposed,
        )
        for seq, share in enumerate(new, start=first)
    ]
    LiabilityShare.objects.bulk_create(rows)
    return [_plain(row) for row in rows]


def _drop(rows: Iterable[LiabilityShare]) -> None:
    for row in rows:
        row.objections.all().delete()
        row.delete()


def _plain(row: LiabilityShare) -> dict[str, object]:
    """Return a share as an event keeps it."""
    return {
        "seq": row.seq,
        "node": row.node,
        "unit": row.unit.code,
        "person": row.person,
        "share": str(row.percent),
        "evidence": list(row.evidence),
    }


def _train(found: Liability, rows: Sequence[LiabilityShare], now: datetime) -> None:
    """Put on the register who has to be trained, where the cause is what staff did."""
    if found.cause != TRAINED:
        return
    for row in rows:
        TrainingNeed.objects.get_or_create(
            liability=found,
            unit=row.unit,
            person=row.person,
            node=row.node,
            skill=found.skill,
            defaults={"at": now},
        )


def _tell_units(change: Change, template: str) -> None:
    """Tell the units that have a share of it: no number of the complaint, nor a word of it."""
    case = change.case
    if case.restricted or case.accused is not None:
        return
    rows = [row for row in shares.shares(shares.of(case)) if row.unit.path.count("/") > shares.ROOT]
    notices = [
        Notice(
            key=f"{case.number}:{template}:{row.liability_id}:{row.round}:{row.seq}:{change.now:%Y%m%d%H%M%S%f}",
            template=template,
            recipient=f"{Role.STATION.value}@{row.unit.code}",
            unit_id=row.unit_id,
            case_number="",
            facts={
                "liability": case.number,
                "unit": row.unit.name,
                "node": row.node,
                "share": f"{row.percent.normalize():f}",
            },
        )
        for row in rows
    ]
    tell(notices, change.now)
