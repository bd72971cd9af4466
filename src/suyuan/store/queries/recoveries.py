"""The golden time of recovery of a case, and of many: first sign, first act, what came after."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from django.db.models import QuerySet

from suyuan.analytics.effects.delay import Course
from suyuan.analytics.period import Period
from suyuan.domain import recovery
from suyuan.domain.recovery import Happened, Watch
from suyuan.domain.rulebook.records import OPENED_BY_A_VERB
from suyuan.store import rules
from suyuan.store.models import Case, Event

from . import restricted
from .shirking import _within
from .viewer import Viewer

CLOCK, COST, REPORT = "recovery.clock", "recovery.cost", "recovery.report"
"""The figures: by when to act and what counts as acting; what counts as cost; which hours are compared."""
ENDED = ("void", "merged")
"""Of these nobody owes the customer anything: of a merged case the one it went into does."""
LIVE = "live"
"""The origin of cases worked here: of what a file brought the steps are not known, nor when anybody acted."""
AT_ONCE = 500
"""Cases whose events are read at once."""


def watch(case: Case) -> Watch | None:
    """Return the clock of a customer's case, None where nothing points to discontent."""
    return watches([case]).get(case.number)


def watches(every: Sequence[Case]) -> dict[str, Watch]:
    """Return the clocks of some cases by number, at one asking; those without a sign of discontent not."""
    own = [one for one in every if _is_watched(one)]
    happened = _happened([one.number for one in own]) if own else {}
    found = {one.number: _watch(one, happened.get(f"case:{one.number}", [])) for one in own}
    return {number: one for number, one in found.items() if one is not None}


def _is_watched(case: Case) -> bool:
    return case.origin == LIVE and case.procedure not in OPENED_BY_A_VERB and case.state not in ENDED


def acts(case: Case, since: datetime) -> list[Happened]:
    """Return what was done about a discontent since its first sign, the earliest first."""
    happened = _happened([case.number])[f"case:{case.number}"]
    return recovery.acts(happened, since, _terms(CLOCK)["verbs"])


def _terms(name: str) -> Mapping[str, list[str]]:
    return rules.rulebook().figures[name][-1].terms


def _watch(case: Case, happened: list[Happened]) -> Watch | None:
    verbs, hours = _terms(CLOCK)["verbs"], rules.figure(CLOCK, "hours")
    return recovery.watch(case.procedure, case.accepted_at, happened, verbs, hours)


def _happened(numbers: Sequence[str]) -> Mapping[str, list[Happened]]:
    """Return the events of some cases that can be signs, acts or costs, by stream."""
    verbs = {
        *recovery.WATCHED,
        *_terms(CLOCK)["verbs"],
        *_terms(COST)["contacts"],
        *_terms(COST)["escalated"],
    }
    rows = Event.objects.filter(stream__in=[f"case:{number}" for number in numbers], verb__in=verbs)
    found: dict[str, list[Happened]] = defaultdict(list)
    for stream, at, verb, detail in rows.order_by("seq").values_list("stream", "at", "verb", "detail"):
        found[stream].append(Happened(at, verb, detail.get("form", {})))
    return found


def cases_of(viewer: Viewer, period: Period) -> QuerySet[Case]:
    """Return the customers' own cases in reach that came in within a period, restricted ones left out."""
    own = Case.objects.filter(
        restricted.unrestricted(viewer), viewer.scope(), _within(period), is_child=False
    )
    own = own.filter(origin=LIVE).exclude(procedure__in=OPENED_BY_A_VERB)
    return own.filter(restricted=False).exclude(state__in=ENDED).order_by("accepted_at", "pk")


def courses(viewer: Viewer, period: Period, now: datetime) -> Iterator[Course]:
    """Yield what came after the first sign of each case of a period that shows one."""
    found = cases_of(viewer, period).only("number", "procedure", "accepted_at", "archived_at", "is_open")
    batch: list[Case] = []
    for case in found.iterator(AT_ONCE):
        batch.append(case)
        if len(batch) == AT_ONCE:
            yield from _of(batch, now)
            batch = []
    yield from _of(batch, now)


def _of(batch: list[Case], now: datetime) -> Iterator[Course]:
    happened = _happened([case.number for case in batch])
    cost = _terms(COST)
    for case in batch:
        mine = happened.get(f"case:{case.number}", [])
        if (seen := _watch(case, mine)) is None:
            continue
        since, ended = seen.sign.at, None if case.is_open else case.archived_at
        yield Course(
            f"{case.procedure}:{seen.sign.kind}",
            None if seen.acted is None else _hours(since, seen.acted.at),
            _after(mine, since, cost["contacts"]),
            _after(mine, since, cost["escalated"]),
            None if ended is None else _hours(since, ended),
            _hours(since, now),
        )


def _after(happened: list[Happened], since: datetime, verbs: Sequence[str]) -> tuple[float, ...]:
    return tuple(_hours(since, one.at) for one in happened if one.verb in verbs and one.at > since)


def _hours(since: datetime, at: datetime) -> float:
    return (at - since).total_seconds() / 3600
