"""Sweep: fire the rungs of clocks that have come due for one, each rung once, in bounded batches.

A batch is claimed with its rows locked (rows another worker holds are skipped), and the unique key of a
rung makes a second firing impossible even if a claim were lost.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction

from suyuan.domain import audit
from suyuan.domain import clock as clocks
from suyuan.domain.rulebook import Rulebook
from suyuan.store import chain, rules
from suyuan.store.models import Case, Clock, Event, Message, Rung

BATCH = 1_000
TELL = ("station", "office")
"""Roles told when a rung fires; the office from the due on."""


@dataclass(frozen=True, slots=True)
class Fired:
    """One rung of one clock."""

    clock: Clock
    rung: str


@transaction.atomic
def sweep(*, now: datetime, limit: int = BATCH) -> int:
    """Fire what is due in one batch and return how many rungs fired; 0 means nothing is left."""
    rows = Clock.objects.filter(next_rung_at__lte=now).order_by("next_rung_at")
    skip = connection.features.has_select_for_update_skip_locked
    claimed = list(
        rows.select_for_update(skip_locked=skip, of=("self",)).select_related("case__unit")[:limit]
    )
    book = rules.rulebook()
    fired = [rung for clock in claimed for rung in _fire(clock, book, now)]
    known = set(Rung.objects.filter(clock__in=claimed).values_list("clock_id", "rung"))
    fresh = [each for each in fired if (each.clock.pk, each.rung) not in known]
    Rung.objects.bulk_create(Rung(clock=each.clock, rung=each.rung, fired_at=now) for each in fresh)
    Clock.objects.bulk_update(claimed, ["next_rung_at"], batch_size=200)
    _write_down(fresh, now)
    _tell(fresh, now)
    return len(fresh)


def _fire(clock: Clock, book: Rulebook, now: datetime) -> list[Fired]:
    """Return the rungs of a clock reached by now, and set when to look at it next."""
    ladder = clocks.rungs(clock.started_at, clock.due_at, *_ladder(clock, book))
    clock.next_rung_at = next((rung.at for rung in ladder if rung.at > now), None)
    return [Fired(clock, rung.code) for rung in ladder if rung.at <= now]


def _ladder(clock: Clock, book: Rulebook) -> tuple[tuple[float, ...], list[timedelta]]:
    editions = book.limits.get(clock.limit)
    if not editions:
        terms = book.figures["clock.ladder"][-1].terms
        return tuple(terms["warn"]), [timedelta(hours=hours) for hours in terms["after_hours"]]
    return editions[-1].warn, [timedelta(hours=hours) for hours in editions[-1].after]


def _write_down(fresh: Sequence[Fired], now: datetime) -> None:
    """Append one event a case, in bulk: the heads are read in one query."""
    by_case: dict[int, list[Fired]] = {}
    for each in fresh:
        by_case.setdefault(each.clock.case_id, []).append(each)
    cases = {each.clock.case_id: each.clock.case for each in fresh}
    heads = chain.heads_of([f"case:{case.number}" for case in cases.values()])
    events = []
    for pk, rungs in by_case.items():
        case = cases[pk]
        stream = f"case:{case.number}"
        seq, previous = heads.get(stream, (0, audit.GENESIS))
        detail = {"rungs": [[each.clock.limit, each.rung] for each in rungs]}
        objects = (("case", case.number), ("unit", case.unit.code))
        entry = audit.Entry(stream, seq + 1, now, "system", "rung", objects, detail)
        events.append(
            Event(
                stream=stream,
                seq=entry.seq,
                at=now,
                actor="system",
                verb="rung",
                objects_json=[list(pair) for pair in objects],
                detail=detail,
                digest=audit.digest(entry, previous, chain.canonical),
            )
        )
    Event.objects.bulk_create(events, batch_size=500)
    newest = chain.ids_of([(event.stream, event.seq) for event in events])
    changed = [Case(pk=pk, changed_event=newest[f"case:{cases[pk].number}"]) for pk in by_case]
    Case.objects.bulk_update(changed, ["changed_event"], batch_size=200)


def _tell(fresh: Sequence[Fired], now: datetime) -> None:
    Message.objects.bulk_create(
        [
            Message(
                key=f"rung:{each.clock.pk}:{each.rung}:{role}",
                channel="in_app",
                template="rung",
                recipient=f"{role}@{each.clock.case.unit.code}",
                case_number=each.clock.case.number,
                facts={"limit": each.clock.limit, "rung": each.rung},
                queued_at=now,
            )
            for each in fresh
            for role in (TELL[:1] if each.rung.startswith("warn") else TELL)
        ],
        batch_size=500,
    )
