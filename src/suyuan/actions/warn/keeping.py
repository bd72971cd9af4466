"""Keeping what a run of the detectors found: refreshed and never doubled, graded, muted, over, back again."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max, Q

from suyuan.analytics.detect.signal import Signal
from suyuan.domain import warning as rule
from suyuan.domain.errors import Refused
from suyuan.domain.procedure import SYSTEM
from suyuan.store import bulk, chain, rows, rules
from suyuan.store.event_log import unmarked
from suyuan.store.models import KeptSignal, Unit
from suyuan.store.queries import mutes

from . import _behind, _ended, _standing

STREAM = "register:signals"
"""Where runs are written down; whoever keeps, opens or mutes signals waits for the others by it."""
BATCH = 500
_WRITTEN = (
    *("level", "said", "spread", "recidivism", "since", "last_seen", "looked_at", "seen", "missed"),
    *("observed", "expected", "why", "facts", "cases", "unit_id", "category", "state", "over_at", "history"),
    "came_true_at",
)
"""What a run changes of a signal; whose warning it is, and how it stood at its end, is others' to write."""


@dataclass(slots=True)
class Kept:
    """What became of a run: how many signals were seen, are new, raised, muted, over, back."""

    seen: int = 0
    fresh: int = 0
    raised: int = 0
    muted: int = 0
    over: int = 0
    back: int = 0
    refused: int = 0
    """Those about what nobody is warned of: a warning itself, or a record of staff protection."""


@dataclass(slots=True)
class _Run:
    """One run at work: what stands, what is written, and what warnings are told of."""

    now: datetime
    grade: Mapping[str, Any]
    before: Counter[str]
    muted: mutes.Standing
    behind: _behind.Behind
    gap: Mapping[str, timedelta]
    """How long after the last look that counts one without the signal counts, by detector."""
    kept: Kept = field(default_factory=Kept)
    new: list[KeptSignal] = field(default_factory=list)
    changed: list[KeptSignal] = field(default_factory=list)
    told: list[_standing.Heard] = field(default_factory=list)
    """What the warnings of signals are told."""


@transaction.atomic
def keep(signals: Iterable[Signal], detectors: Collection[str], now: datetime) -> Kept:
    """Keep what ``detectors`` found as of ``now``; the same run again changes nothing.

    Raises Refused for a run that is older than one kept already: what was found since is not undone.
    """
    rules.look(now)
    bulk.one_at_a_time(STREAM)
    _refuse_older(detectors, now)
    found = {one.key: one for one in signals if one.detector in detectors}
    run = _begun(found.values(), detectors, now)
    known = _known(detectors, now)
    standing = {unmarked(row.key): row for row in known if row.state != "over"}
    gone = {unmarked(row.key): row for row in known if unmarked(row.key) not in standing}
    for key, one in found.items():
        _take(run, one, standing.get(key) or gone.get(key))
    for key in standing.keys() - found.keys():
        _miss(run, standing[key])
    KeptSignal.objects.bulk_create(run.new, BATCH)
    rows.update_each(run.changed, _WRITTEN)
    for heard in run.told:
        _standing.tell(heard, now)
    if run.new or run.changed:
        _write(run, detectors)
    return run.kept


def _refuse_older(detectors: Collection[str], now: datetime) -> None:
    rows = KeptSignal.objects.filter(detector__in=detectors).aggregate(last=Max("looked_at"))
    if rows["last"] is not None and rows["last"] > now:
        raise Refused("kept_later", at=rows["last"].isoformat())


def _known(detectors: Collection[str], now: datetime) -> list[KeptSignal]:
    """Return the signals that stand and those that were over not long ago, oldest first, warnings locked."""
    since = now - timedelta(days=rules.figure("warning.returns", "days"))
    rows = KeptSignal.objects.filter(detector__in=detectors).filter(~Q(state="over") | Q(over_at__gte=since))
    held = _standing.locked(rows)
    found = list(rows.select_related("unit", "warning").order_by("pk"))
    for row in found:
        if row.warning is not None:
            row.warning.case = held[row.warning.case_id]
    return found


def _begun(found: Collection[Signal], detectors: Collection[str], now: datetime) -> _Run:
    terms = rules.rulebook().figures["warning.grade"][-1].terms
    back = now - timedelta(days=terms["days"])
    over = KeptSignal.objects.filter(detector__in=detectors, state="over", over_at__gte=back)
    before = Counter(over.values_list("key", flat=True))
    return _Run(now, terms, before, mutes.standing(now), _behind.of(found), _gaps(detectors))


def _gaps(detectors: Collection[str]) -> dict[str, timedelta]:
    """Return by detector how far apart looks are that count: a little less than its schedule's."""
    figures = rules.rulebook().figures
    terms = figures["warning.over"][-1].terms
    hourly = figures["schedule.detect_hourly"][-1].terms["detectors"].split()
    every = {True: timedelta(hours=terms["hourly_hours"]), False: timedelta(hours=terms["hours"])}
    return {one: every[one in hourly] for one in detectors}


def _take(run: _Run, one: Signal, row: KeptSignal | None) -> None:
    """Keep one signal that was found: as a new row, or in the row it has."""
    if run.behind.is_kept_apart(one):
        run.kept.refused += 1
        return
    unit = run.behind.unit_of(one)
    if unit is None:
        run.kept.refused += 1
        return
    run.kept.seen += 1
    if row is None:
        _add(run, one, unit)
    elif row.looked_at < run.now:
        _refresh(run, one, row, unit)


def _add(run: _Run, one: Signal, unit: Unit) -> None:
    row = KeptSignal(key=one.key, detector=one.detector, object=one.object, about=run.behind.about(one))
    row.first_seen = run.now
    _say(run, one, row, unit)
    row.state = "muted" if run.muted.holds(one.detector, one.object, unit.path) else "open"
    _note(row, "fresh" if row.state == "open" else "muted", run.now)
    run.kept.fresh += 1
    run.kept.muted += row.state == "muted"
    run.new.append(row)


def _refresh(run: _Run, one: Signal, row: KeptSignal, unit: Unit) -> None:
    before, gone_at = row.level, row.over_at if row.state == "over" else None
    seen, state = row.seen, row.state
    _say(run, one, row, unit)
    row.seen, row.missed, row.over_at = seen + 1, 0, None
    row.state = "muted" if run.muted.holds(one.detector, one.object, unit.path) else "open"
    if gone_at is not None:
        run.kept.back += 1
        _note(row, "back", run.now)
    if rule.rank(row.level) > rule.rank(before):
        run.kept.raised += 1
        _note(row, "raised", run.now)
    elif row.level != before:
        _note(row, "lowered", run.now)
    if row.state != state and "muted" in (row.state, state):
        run.kept.muted += row.state == "muted"
        _note(row, "muted" if row.state == "muted" else "unmuted", run.now)
    run.changed.append(row)
    heard = _standing.Heard(row, before, gone_at)
    if heard.news(run.now):
        run.told.append(heard)


def _say(run: _Run, one: Signal, row: KeptSignal, unit: Unit) -> None:
    """Let a row say what the detector says now, graded."""
    graded = rule.grade(one.level.value, len(one.cases), run.before[one.key], run.grade)
    row.level, row.spread, row.recidivism = graded.level, graded.spread, graded.recidivism
    row.said, row.since, row.unit, row.category = one.level.value, one.since, unit, one.category
    row.observed, row.expected, row.why = float(one.observed), float(one.expected), one.why
    row.facts, row.cases = dict(one.facts), run.behind.shown(one)
    row.last_seen = row.looked_at = run.now
    if one.why in rule.HAPPENED and row.came_true_at is None:
        row.came_true_at = run.now


def _miss(run: _Run, row: KeptSignal) -> None:
    """Count that a signal was not found; after so many runs it is over.

    One too soon after the last that counted does not count: by hand nobody ages a signal.
    """
    if run.now - row.looked_at < run.gap[row.detector]:
        return
    row.missed, row.looked_at = row.missed + 1, run.now
    run.changed.append(row)
    if row.missed >= rules.figure("warning.over", "runs"):
        row.state, row.over_at = "over", run.now
        run.kept.over += 1
        row.came_true_at = row.came_true_at or _ended.came_true(row)
        _note(row, "came_true" if row.came_true_at else "over", run.now)
        heard = _standing.Heard(row, row.level, None)
        if heard.news(run.now):
            run.told.append(heard)


def _note(row: KeptSignal, what: str, now: datetime) -> None:
    line = {"at": now.isoformat(), "what": what, "level": row.level, "observed": row.observed}
    row.history = [*row.history, line]


def _write(run: _Run, detectors: Collection[str]) -> None:
    """Write the run down: what it counted, and which signals are new, over or back."""
    counted = {name: getattr(run.kept, name) for name in ("seen", "fresh", "raised", "muted", "over", "back")}
    chain.append(
        stream=STREAM,
        at=run.now,
        actor=SYSTEM.username,
        verb="keep_signals",
        objects=_units([*run.new, *run.changed]),
        detail={"detectors": sorted(detectors), **counted},
    )


def _units(rows: Sequence[KeptSignal]) -> list[tuple[str, str]]:
    return [("unit", code) for code in sorted({row.unit.code for row in rows})]
