"""Muting: signals of a detector, an object or a unit open no warning until a day, for a reason."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q

from suyuan.analytics.detect.index import DETECTORS
from suyuan.domain import masking
from suyuan.domain import warning as rule
from suyuan.domain.errors import BadInput, Refused
from suyuan.domain.procedure import Actor
from suyuan.domain.vocabulary import Role
from suyuan.store import bulk, chain, rules
from suyuan.store.models import KeptSignal, Mute, Unit
from suyuan.store.queries import mutes, org

from .._change import not_between
from .._forms import clean
from .keeping import STREAM as SIGNALS

STREAM = "register:mutes"


@dataclass(frozen=True, slots=True)
class What:
    """What is muted: signals of a detector, of an object, of a unit and those below it; empty for any."""

    unit: str
    detector: str = ""
    object: str = ""


@transaction.atomic
def mute(*, actor: Actor, what: What, form: Mapping[str, object], now: datetime) -> int:
    """Mute some signals until a day and return the mute's number; those that stand are muted at once.

    A detector of a whole company is muted by the office alone, for a shorter time and with a longer word on
    it. Raises BadInput for a day that is over or too far, an unknown detector, too short a word, or where all
    of a company would be muted.
    """
    rules.look(now)
    bulk.one_at_a_time(SIGNALS)
    given, unit = clean(rule.MUTE, form, now), org.unit(what.unit)
    whole = unit.parent_id is None and not what.object
    _may(actor, unit, rule.COMPANY_MUTERS if whole else rule.MUTERS)
    _check(what, whole=whole)
    note = str(given["note"]).strip()
    if whole and len(note) < rules.figure("warning.mute", "company_words"):
        raise BadInput("bad_form", fields={"note": "too_short"})
    until = given["mute_until"]
    assert isinstance(until, date)
    today = rules.local_day(now)
    last = today + timedelta(days=rules.figure("warning.mute", "company_days" if whole else "days"))
    if not today <= until <= last:
        raise not_between("mute_until", today, last)
    _refuse_twice(what, unit, now)
    made = Mute.objects.create(
        detector=what.detector,
        object=what.object,
        unit=unit,
        reason=str(given["reason"]),
        note=masking.mask(note),
        muted_by=actor.username,
        since=now,
        until=until,
    )
    _turn(_meant(made).filter(state="open"), "muted", now)
    _write(made, actor, "mute_signals", now)
    return made.pk


@transaction.atomic
def unmute(*, actor: Actor, mute: int, now: datetime) -> None:
    """End a mute before its day; what no other mute holds is open again."""
    rules.look(now)
    bulk.one_at_a_time(SIGNALS)
    found = Mute.objects.select_for_update(of=("self",)).select_related("unit").filter(pk=mute).first()
    if found is None:
        raise Refused("no_such_mute", mute=mute)
    _may(actor, found.unit, rule.MUTERS)
    if found.ended_at is not None or found.until < rules.local_day(now):
        raise Refused("mute_ended", mute=mute)
    found.ended_at, found.ended_by = now, actor.username
    found.save(update_fields=["ended_at", "ended_by"])
    left = mutes.standing(now)
    muted = _meant(found).filter(state="muted").select_related("unit")
    free = [one.pk for one in muted if not left.holds(one.detector, one.object, one.unit.path)]
    _turn(KeptSignal.objects.filter(pk__in=free), "open", now)
    _write(found, actor, "unmute_signals", now)


def _may(actor: Actor, unit: Unit, who: frozenset[Role]) -> None:
    if not actor.over_case(unit.path) & who:
        raise Refused("not_your_role", roles=sorted(who))


def _refuse_twice(what: What, unit: Unit, now: datetime) -> None:
    same = mutes.held(now).filter(detector=what.detector, object=what.object, unit=unit)
    if (one := same.order_by("pk").first()) is not None:
        raise Refused("muted_already", mute=one.pk, until=one.until.isoformat())


def _check(what: What, *, whole: bool) -> None:
    if what.detector and what.detector not in DETECTORS:
        raise BadInput("unknown_detector", detector=what.detector[:60], near=[], known=sorted(DETECTORS))
    if whole and not what.detector:
        raise BadInput("bad_form", fields={"detector": "required"})


def _meant(one: Mute):  # type: ignore[no-untyped-def]
    """Return the signals a mute is about."""
    wanted = Q(unit__path__startswith=one.unit.path)
    if one.detector:
        wanted &= Q(detector=one.detector)
    if one.object:
        wanted &= Q(object=one.object)
    return KeptSignal.objects.filter(wanted)


def _turn(rows, state: str, now: datetime) -> None:  # type: ignore[no-untyped-def]
    """Let signals be muted or open, and keep in their history that they were."""
    what = "muted" if state == "muted" else "unmuted"
    turned = list(rows.order_by("pk"))
    for row in turned:
        line = {"at": now.isoformat(), "what": what, "level": row.level, "observed": row.observed}
        row.state, row.history = state, [*row.history, line]
    KeptSignal.objects.bulk_update(turned, ("state", "history"), 500)


def _write(one: Mute, actor: Actor, verb: str, now: datetime) -> None:
    chain.append(
        stream=STREAM,
        at=now,
        actor=actor.username,
        verb=verb,
        objects=[("mute", str(one.pk)), ("unit", one.unit.code)],
        detail={
            "detector": one.detector,
            "object": one.object,
            "reason": one.reason,
            "until": one.until.isoformat(),
        },
    )
