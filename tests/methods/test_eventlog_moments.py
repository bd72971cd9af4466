"""Moments read together are those the standard library reads one by one."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from suyuan.gateways.eventlog import moments

SHANGHAI, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")
YEARS = (datetime.fromisoformat("1900-01-01"), datetime.fromisoformat("2100-01-01"))
ZONES = st.sampled_from(["", "Z", "+08:00", "-03:30", "+0530", "-08", "+24:00", "+08:60", "z", "+8:00"])
FRACTIONS = st.sampled_from(["", ".5", ".123", ".123456", ".1234567", ".123456789", ".", ",5", ".12a"])
TEXTS = st.builds(
    lambda date, gap, time, fraction, zone: f"{date}{gap}{time}{fraction}{zone}",
    st.dates().map(str)
    | st.sampled_from(["2023-02-29", "2024-02-29", "1900-02-29", "0000-01-01", "2026-13-01"]),
    st.sampled_from("T T T _"),
    st.times().map(lambda t: t.isoformat()[:8])
    | st.sampled_from(["24:00:00", "23:59:60", "1:00:00", "00-00-00"]),
    FRACTIONS,
    ZONES,
)


def alone(text, zone):
    """Return what the standard library says."""
    return moments.one(text, zone)


@given(st.lists(TEXTS | st.text(max_size=30), max_size=20), st.sampled_from([None, UTC, SHANGHAI, BERLIN]))
def test_many_are_read_as_each_alone(texts, zone):
    found = moments.read(pa.array(texts, pa.string()), zone)
    each = [alone(text, zone) for text in texts]

    assert found.state.tolist() == [state for _, state in each]
    assert [
        at for at, state in zip(found.at.tolist(), found.state, strict=True) if state == moments.READ
    ] == [at for at, state in each if state == moments.READ]


@given(st.lists(st.datetimes(*YEARS), min_size=1, max_size=20))
def test_moments_of_a_zone_are_what_its_clocks_say(local):
    found = moments.read(pa.array([each.isoformat() for each in local], pa.string()), BERLIN)
    began = datetime(1970, 1, 1, tzinfo=UTC)

    assert found.at.tolist() == [
        (each.replace(tzinfo=BERLIN) - began) // timedelta(microseconds=1) for each in local
    ]


def test_an_hour_that_comes_twice_is_its_first_and_one_that_never_came_is_counted_on():
    texts = ["2024-10-27T02:30:00", "2024-03-31T02:30:00", "1893-04-01T00:03:00"]
    found = moments.read(pa.array(texts, pa.string()), BERLIN)

    assert [moments.written(at) for at in found.at.tolist()] == [
        "2024-10-27T00:30:00Z",
        "2024-03-31T01:30:00Z",
        "1893-03-31T23:09:32Z",
    ]


def test_nothing_is_no_moment():
    found = moments.read(pa.array([None, "", "2026-01-01T00:00:00Z"], pa.string()), None)

    assert found.state.tolist() == [moments.NO_MOMENT, moments.NO_MOMENT, moments.READ]
