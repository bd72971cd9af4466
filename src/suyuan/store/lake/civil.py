"""Civil columns: what day, month, week and hour it was where the customer lives.

Computed once, here. Measures never convert time zones: casts lose the zone on DuckDB and Spark alike.
"""

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from suyuan.domain.worktime import Calendar


def local(moments: pa.Array, zones: Sequence[str]) -> pa.Array:
    """Return UTC moments as wall-clock timestamps of the zone each row was taken in."""
    utc = moments.cast(pa.timestamp("us", tz="UTC"))
    names = sorted(set(zones))
    if len(names) == 1:
        return _in_zone(utc, names[0])
    where = pa.array(zones, pa.string())
    found = _in_zone(utc, names[0])
    for name in names[1:]:
        found = pc.if_else(pc.equal(where, name), _in_zone(utc, name), found)
    return found


def _in_zone(utc: pa.Array, zone: str) -> pa.Array:
    return pc.local_timestamp(utc.cast(pa.timestamp("us", tz=zone)))


def columns(accepted: pa.Array, zones: Sequence[str], calendar: Calendar) -> dict[str, pa.Array]:
    """Return the civil columns of the moment that assigns the period."""
    there = local(accepted, zones)
    days = there.cast(pa.date32(), safe=False)
    return {
        "accepted_date": days,
        "accepted_month": pc.strftime(there, format="%Y-%m"),
        "accepted_week": pc.strftime(there, format="%G-W%V"),
        "accepted_year": pc.year(there).cast(pa.int16()),
        "accepted_is_workday": _workdays(days, calendar),
        "accepted_hour": pc.hour(there).cast(pa.int8()),
    }


def dates(moments: pa.Array, zones: Sequence[str]) -> pa.Array:
    """Return the local dates of moments."""
    return local(moments, zones).cast(pa.date32(), safe=False)


def _workdays(days: pa.Array, calendar: Calendar) -> pa.Array:
    coded = days.dictionary_encode()
    flags = pa.array([calendar.provisional_workday(day) for day in coded.dictionary.to_pylist()], pa.bool_())
    return flags.take(coded.indices)
