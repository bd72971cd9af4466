"""The log that complaints here are traced on: the one taken over and our own events, held in memory.

It is made whole and learned from when another log was taken over, somebody was shredded, a day has passed or
complaints have grown by a fifth. In between cases that changed are told anew over it, and what was learned of
how much deviations add stays: that costs a second where making it whole costs ten.
"""

import threading
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np

from suyuan.analytics.trace import causality, eventlog
from suyuan.analytics.trace.causality import Rules
from suyuan.analytics.trace.eventlog import EventLog, Names, Promised, Relations
from suyuan.analytics.trace.joined import Parts, joined
from suyuan.analytics.trace.promised import EVER, promised
from suyuan.analytics.trace.tracer import Tracer
from suyuan.gateways import ocel_whole
from suyuan.store import event_log
from suyuan.store import own_log as store
from suyuan.store.own_log import Standing

from . import eventlogs, own_log
from ._log_known import REMEMBERED, Known, categories

__all__ = ["REMEMBERED", "Known", "ahead", "categories", "fresh", "held", "known"]

PRIVACY = "register:privacy"
GROWN, SOME = 1.2, 20
"""By so many times, and so many more, complaints have grown when they are learned from again."""
OVERLAP = 200
"""So many events before the newest are read again: one given an id before it may have come after it."""
DAY = timedelta(days=1)


_ONE = threading.RLock()
"""Two requests do not read and learn the same log at once."""
_held: list[Known] = []


def held() -> Known | None:
    """Return the log that is held, if it still says what holds here; reads nothing and learns nothing."""
    here = _held[-1] if _held else None
    return here if here is not None and _holds(here, _standing()) else None


def busy(most: float) -> bool:
    """Tell whether somebody else learns what is not held yet, and still does after so many seconds."""
    if held() is not None:
        return False
    if _ONE.acquire(timeout=most):
        _ONE.release()
        return False
    return True


def known() -> Known | None:
    """Return the log to trace on, made where none is held; None without any complaint."""
    here = held() or _made()
    if here is None or here.taken or here.complaints:
        return here
    return fresh() if _has_more(here) else None


def fresh() -> Known | None:
    """Return the log to trace on with all that has happened until now."""
    with _ONE:
        here = held() or _made()
        return here if here is None else _caught_up(here)


def _has_more(here: Known) -> bool:
    """Tell whether complaints came that a log does not have."""
    return any(number not in here.complaints for number in store.complaints_since(here.standing.event))


def ahead() -> None:
    """Make what is asked for next: a log nobody learned from, and new complaints on what is held."""
    standing = _standing()
    here = _held[-1] if _held else None
    if here is None or not _holds(here, standing):
        if _tried != [(_taken(), standing.shredded)]:
            _tried[:] = [(_taken(), standing.shredded)]
            known()
    elif _has_more(here):
        fresh()


_tried: list[tuple[int, int]] = []
"""Which state was made ahead, or tried to: what cannot be read is tried once."""


def _standing() -> Standing:
    return store.standing(PRIVACY)


def _taken() -> int:
    path = event_log.path()
    return path.stat().st_mtime_ns if path.exists() else 0


def _holds(here: Known, now: Standing) -> bool:
    """Tell whether what is held is of this home as it stands, if not up to its last event."""
    then = here.standing
    same = (here.taken, then.shredded) == (_taken(), now.shredded) and then.event <= now.event
    is_of_this_home = store.of_event(then.event)[0] == then.digest  # asked always: a page costs the same
    return same and is_of_this_home


def _made() -> Known | None:
    """Read all there is and learn from it."""
    with _ONE:
        now = _standing()
        here = _held[-1] if _held else None
        if here is not None and _holds(here, now):
            return here
        path, taken = event_log.path(), _taken()
        _held.clear()
        if not taken and not now.event:
            return None
        rules = eventlogs.rules()
        parts = _own(own_log.Scope(traced=True), now)
        if taken:
            parts = joined(_taken_over(path), parts, *_apart(parts, rules))
        _held.append(_learned(parts, rules, taken, now, None))
        return _held[-1]


def _caught_up(here: Known) -> Known | None:
    """Tell the cases that changed anew, and learn again where much has changed."""
    now = _standing()
    if now.event == here.standing.event:
        return here
    since, complaints = here.learned
    old = now.at is not None and since is not None and now.at - since >= DAY
    grown = len(here.complaints) > complaints * GROWN + SOME
    back = here.standing.at.date() - DAY if here.standing.at else date.min
    numbers, secret = store.changed(max(here.standing.event - OVERLAP, 0), back)
    if old or grown or any(_is_ours(here.log, number) for number in secret):
        _held.clear()
        return _made()
    parts = _own(own_log.Scope(traced=True, only=numbers), now)
    rules = here.tracer.rules
    parts = joined(here.parts, parts, *_apart(parts, rules))
    _held[:] = [_learned(parts, rules, here.taken, now, here)]
    return _held[-1]


def _is_ours(log: EventLog, number: str) -> bool:
    """Tell whether our own events tell of a case, and not the log that was taken over alone."""
    at = log.objects.find(number)
    return at >= 0 and any(
        log.events[event].startswith(own_log.OURS) for event in log.happened.of(at).tolist()
    )


def whole() -> Parts | None:
    """Return the log of other systems and our own as one, nothing learned from it; None without the first."""
    path = event_log.path()
    if not path.exists():
        return None
    parts = _own(own_log.Scope(traced=True), _standing())
    return joined(_taken_over(path), parts, *_apart(parts, eventlogs.rules()))


def _own(scope: own_log.Scope, now: Standing) -> Parts:
    """Return our own events as tracing takes them, up to the newest."""
    made = own_log.columns(scope, now.at or datetime.fromtimestamp(0, UTC))
    return Parts(
        made.activities,
        made.types,
        made.event_ids,
        made.object_ids,
        made.activity,
        made.at,
        made.type,
        (made.touch_event, made.touch_object),
        (made.link_source, made.link_target),
    )


def _taken_over(path: Path) -> Parts:
    return Parts(*ocel_whole.whole(path))


def _apart(parts: Parts, rules: Rules) -> tuple[set[str], set[str]]:
    """Return the types of our own that are no orders, and those that are complaints."""
    roles = rules.roles
    patterns = (*roles.places, *roles.actors, *roles.units, *roles.events)
    return (
        {name for name in parts.types if causality.fits(name, patterns)},
        {name for name in parts.types if causality.fits(name, roles.complaints)},
    )


def _learned(parts: Parts, rules: Rules, taken: int, now: Standing, before: Known | None) -> Known:
    """Return a log with what is learned of it; what deviations add may be known from before."""
    about: dict[int, str] = {}
    activities = causality.with_due(parts.activities, rules)
    names = (activities, parts.types, Names(parts.events), Names(parts.objects))
    pairs = Relations(*parts.touches, *parts.links)
    made = eventlog.log(names, parts.activity, parts.at, parts.type, pairs, about)
    tracer = Tracer(replace(made, promised=_promised(parts) if taken else None), rules)
    log, complaints = tracer.log, tracer.complaints()
    latest = complaints[np.argsort([-log.at[log.first(one)] for one in complaints.tolist()], kind="stable")]
    numbers = {log.objects[one]: one for one in latest.tolist()}
    about |= {numbers[number]: category for number, category in categories(numbers).items()}
    if before is not None:
        vars(tracer).update(support=before.tracer.support)
    if len(latest):  # all that is learned is learned now, under the lock, and not by each who asks
        tracer.trace(int(latest[0]))
    units = causality.codes(log.types, rules.roles.all_units)
    learned = before.learned if before else (now.at, len(numbers))
    return Known(tracer, about, numbers, units, parts, taken, now, learned)


def _promised(parts: Parts) -> Promised | None:
    """Return by when orders of the log that was taken over were promised."""
    said = ocel_whole.promises(event_log.path())
    place = {name: at for at, name in enumerate(parts.objects.to_pylist())} if said else {}
    rows = [(place[thing], name, at, EVER) for thing, name, at in said if thing in place]
    return promised(rows) if rows else None
