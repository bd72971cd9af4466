"""Orders that one unit gave another, out of the events of the cases that changed, in column form."""

from collections.abc import Iterator, Sequence
from typing import Any

import pyarrow as pa

from suyuan.analytics import shirking
from suyuan.analytics.lake import HANDOVERS
from suyuan.analytics.shirking import HandOver, Passed
from suyuan.domain.procedure import RECALL
from suyuan.domain.rulebook import Rulebook
from suyuan.store.models import Event

from .orders import NOT_A_CUSTOMERS, span
from .reading import bools, chunks, moment, shaped, timestamps
from .units import Units

NAMES = ("c.id", "c.number", "c.unit_id", "c.zone", "c.restricted")
AT_ONCE = 500
"""So many cases' events are read at once."""
VERBS = (*shirking.VERBS, RECALL)


def rows(after: int, upto: int, rules: Rulebook) -> Iterator[pa.Table]:
    """Yield the hand-overs of cases handled here that changed in (after, upto], in order of acceptance.

    Of an imported order no hand-over is known.
    """
    changed, values = span(after, upto)
    here = "c.origin = 'live' AND NOT c.is_child AND (c.dispatched_at IS NOT NULL OR c.returns > 0)"
    sql = (
        f"SELECT {', '.join(NAMES)}, {moment('c.accepted_at')} FROM store_case c "
        f"WHERE {changed} AND {NOT_A_CUSTOMERS} AND {here} ORDER BY c.accepted_at"
    )
    units = Units()
    for found in chunks(sql, values):
        given: dict[str, list[HandOver]] = {}
        for one in shirking.hand_overs(_passed([row[1] for row in found]), rules.calendar):
            given.setdefault(one.case, []).append(one)
        each = [(row, one) for row in found for one in given.get(row[1], ())]
        if each:
            yield _handovers(each, units, rules)


def _handovers(each: Sequence[tuple[tuple[Any, ...], HandOver]], units: Units, rules: Rulebook) -> pa.Table:
    case, number, unit, zone, restricted, accepted = zip(*(row for row, _ in each), strict=True)
    given = [one for _, one in each]
    of_case = units.of_case(unit, timestamps(accepted), zone, rules.calendar)
    return shaped(
        of_case
        | {
            "case_id": pa.array(case),
            "number": pa.array(number),
            "restricted": bools(restricted),
            "giver": pa.array([one.giver for one in given]),
            "taker": pa.array([one.taker for one in given]),
            "given": pa.array([one.at for one in given], pa.timestamp("us", tz="UTC")),
            "ended": pa.array([one.ended for one in given]),
            "given_work": pa.array([one.given_work for one in given], pa.int64()),
            "idle": pa.array([one.idle for one in given], pa.int64()),
        },
        HANDOVERS,
    )


def _passed(numbers: Sequence[str]) -> Iterator[Passed]:
    """Return the events by which cases change hands, each case's in order; what was taken back left out."""
    for start in range(0, len(numbers), AT_ONCE):
        streams = [f"case:{number}" for number in numbers[start : start + AT_ONCE]]
        rows = Event.objects.filter(stream__in=streams, verb__in=VERBS).order_by("stream", "seq")
        read = list(rows.values_list("pk", "stream", "verb", "at", "objects_json", "detail"))
        undone = {row[5]["undoes"] for row in read if "undoes" in row[5]}
        for pk, stream, verb, at, objects, detail in read:
            if verb in shirking.VERBS and pk not in undone and "undoes" not in detail:
                to = next(key for kind, key in objects if kind == "unit")
                was = detail.get("was", {})
                yield Passed(stream.removeprefix("case:"), verb, at, str(was.get("unit", "")), to)
