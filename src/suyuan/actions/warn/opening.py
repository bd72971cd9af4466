"""Opening a warning of a signal: by itself where it is urgent enough, by a person otherwise; once."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from suyuan.analytics.detect.named_unit import NAME
from suyuan.domain import warning as rule
from suyuan.domain.errors import Refused
from suyuan.domain.fields import NOTE, SITUATION
from suyuan.domain.procedure import SYSTEM, Actor
from suyuan.domain.vocabulary import Role
from suyuan.store import bulk, rows, rules
from suyuan.store.models import Case, KeptSignal, WarningCase
from suyuan.store.queries import cases, signals

from .._forms import clean
from .._open_child import Opened, begin
from ..detecting.sentences import as_of
from . import _notice, _standing
from .keeping import STREAM

FORM = (SITUATION, NOTE.optional)
JOINED = "signal_joined"
PLACES = ("line", "area")
"""What a signal can be about that a case names too."""


@dataclass(frozen=True, slots=True)
class Opening:
    """The number of the warning a signal belongs to now, and whether it was open already."""

    number: str
    joined: bool


def open_waiting(now: datetime) -> list[Opening]:
    """Open the warnings that wait for it, the most urgent first, no more than the rulebook says.

    A unit that has so many it did not acknowledge gets no further ones, but for urgent ones.
    """
    terms = rules.rulebook().figures["warning.opens"][-1].terms
    waiting, room = signals.waiting(terms["level"]), signals.unacknowledged()
    opened: list[Opening] = []
    for pk, unit, level in waiting:
        if len(opened) >= terms["at_once"]:
            break
        if level != rule.LEVELS[-1] and room[unit] >= terms["per_unit"]:
            continue
        if (one := open_by_itself(signal=pk, now=now)) is not None:
            opened.append(one)
            room[unit] += not one.joined
    return opened


@transaction.atomic
def open_by_itself(*, signal: int, now: datetime) -> Opening | None:
    """Open the warning of a signal as the system; None where another worker was faster, or it is no more."""
    rules.look(now)
    bulk.one_at_a_time(STREAM)
    row = _row(signal)
    return None if row.warning_id or row.state != "open" else _open(row, SYSTEM, "", now)


@transaction.atomic
def open_warning(*, signal: int, actor: Actor, note: str = "", now: datetime) -> Opening:
    """Open the warning of a signal that opens none by itself, muted or not."""
    rules.look(now)
    bulk.one_at_a_time(STREAM)
    row = _row(signal)
    if not actor.over_case(row.unit.path) & rule.OPENERS:
        raise Refused("not_your_role", roles=sorted(rule.OPENERS))
    if row.about is not None:
        cases.reached(actor, row.about)
    if row.warning is not None:
        raise Refused("has_warning", number=row.warning.case.number)
    if row.state == "over":
        raise Refused("signal_over", signal=signal)
    return _open(row, actor, note, now)


def _row(pk: int) -> KeptSignal:
    found = KeptSignal.objects.select_related("unit", "about__unit", "about__accused", "warning__case")
    row = found.filter(pk=pk).first()
    if row is None:
        raise Refused("not_found", signal=pk)
    return row


def _open(row: KeptSignal, actor: Actor, note: str, now: datetime) -> Opening:
    standing = _of_the_same(row)
    if standing is not None:
        case = standing.case = cases.locked(standing.case.number)
        _give(row, standing, "joined", now)
        _standing.say(case, JOINED, row, now)
        return Opening(case.number, joined=True)
    made = _begin(row, actor, note, now)
    _give(row, made, "opened", now)
    return Opening(made.case.number, joined=False)


def _of_the_same(row: KeptSignal) -> WarningCase | None:
    """Return the open warning of the unit and category that is about some of the same cases.

    Where the category is not known it must be about the same case.
    """
    if not row.cases or not (row.category or row.about_id):
        return None
    apart = row.about is not None and row.about.restricted
    for other in signals.of_open_warnings(row.unit_id, row.category):
        assert other.warning is not None
        same = row.category or row.about_id == other.about_id
        if same and other.warning.case.restricted == apart and rule.joins(row.cases, other.cases):
            return other.warning
    return None


def _begin(row: KeptSignal, actor: Actor, note: str, now: datetime) -> WarningCase:
    said = {"situation": as_of(row.why, row.facts, row.last_seen, "zh"), "note": note}
    given = {name: value for name, value in clean(FORM, said, now).items() if value}
    role = owner(row.detector, is_company=row.unit.parent_id is None)
    restricted = row.about is not None and row.about.restricted
    told = (Role.AUDIT,) if restricted else tuple(dict.fromkeys((role, Role.OFFICE)))
    named = row.detector == NAME
    kind = rule.NAMED if named else rule.PROCEDURE
    opened = Opened(rule.PROCEDURE, kind, FORM, given, actor, now, level=row.level)
    case = begin(opened, row.unit, () if named else told, row.about)
    if named:
        _notice.send(case, str(row.facts["month"]), told, now)
    _place(case, row)
    return WarningCase.objects.create(
        case=case, detector=row.detector, owner_role=role.value, opened_by=actor.username
    )


def _place(case: Case, row: KeptSignal) -> None:
    """Let the warning say what the signal does: the complaint it would become, the line, the area."""
    if row.category in rules.rulebook().categories:
        case.category = row.category
    kind, _, name = row.object.partition(":")
    if kind in PLACES:
        setattr(case, kind, name)
    rows.update(case, ("category", *PLACES))


def owner(detector: str, *, is_company: bool) -> Role:
    """Return which role a warning of a detector is for."""
    named = rules.rulebook().figures["warning.owner"][-1].terms
    return Role(named.get(detector, Role.OFFICE if is_company else Role.STATION))


def _give(row: KeptSignal, warning: WarningCase, what: str, now: datetime) -> None:
    """Let a signal belong to a warning from now on."""
    line = {"at": now.isoformat(), "what": what, "level": row.level, "observed": row.observed}
    row.warning, row.history = warning, [*row.history, line]
    row.stood_level, row.stood_observed = "", None
    row.save(update_fields=["warning", "history", "stood_level", "stood_observed"])
