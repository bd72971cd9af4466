"""What was promised on cases, out of the database, in column form."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

import pyarrow as pa

from suyuan.analytics.lake import COMMITMENTS
from suyuan.domain.rulebook import Rulebook

from .orders import span
from .reading import bools, chunks, dates, moment, shaped, timestamps
from .units import Units

NAMES = ("p.case_id", "c.unit_id", "c.zone", "c.procedure", "c.restricted", "p.state", "p.promised_on")


def rows(after: int, upto: int, rules: Rulebook) -> Iterator[pa.Table]:
    """Yield the promises of the cases whose last event lies in (after, upto], in order of acceptance."""
    changed, values = span(after, upto)
    sql = (
        f"SELECT {', '.join(NAMES)}, {moment('c.accepted_at')} FROM store_case c "
        f"JOIN store_commitment p ON p.case_id = c.id WHERE {changed} ORDER BY c.accepted_at"
    )
    units = Units()
    for found in chunks(sql, values):
        yield _commitments(found, units, rules)


def _commitments(found: Sequence[tuple[Any, ...]], units: Units, rules: Rulebook) -> pa.Table:
    case, unit, zone, procedure, restricted, state, day, accepted = zip(*found, strict=True)
    days = dates(day)
    of_case = units.of_case(unit, timestamps(accepted), zone, rules.calendar)
    return shaped(
        of_case
        | {
            "case_id": pa.array(case),
            "procedure": pa.array(procedure),
            "restricted": bools(restricted),
            "state": pa.array(state),
            "promised_on": days,
            "over_at": pa.array(
                [_over(one, rules) for one in days.to_pylist()], pa.timestamp("us", tz="UTC")
            ),
        },
        COMMITMENTS,
    )


def _over(day: date, rules: Rulebook) -> datetime:
    """Return the moment from which a promise is over: the day after has begun where the office is."""
    return datetime.combine(day + timedelta(days=1), time(), rules.calendar.zone)
