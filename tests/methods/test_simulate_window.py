"""The simulated days: office hours, weeks and moments."""

from datetime import date, datetime

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from suyuan.simulate.golden import readings_before
from suyuan.simulate.window import DAY, HOUR, Window, to_office

WINDOW = Window(date(2025, 7, 4), 120)
moments = st.integers(min_value=-200 * DAY, max_value=200 * DAY)


@given(st.lists(moments, min_size=1, max_size=20), st.integers(0, 100))
def test_desk_work_happens_on_weekdays_in_office_hours_and_never_earlier(at: list[int], seed: int) -> None:
    before = np.array(at)

    after = to_office(np.random.default_rng(seed), before, WINDOW)

    assert (after >= before).all()
    assert {WINDOW.date_of(int(m)).weekday() for m in after} <= {0, 1, 2, 3, 4}
    assert ((after % DAY >= 8.5 * HOUR) & (after % DAY <= 17.5 * HOUR)).all()
    assert (after - before < 4 * DAY).all()


@given(moments)
def test_a_moment_written_reads_back_as_the_same_moment(at: int) -> None:
    text = str(WINDOW.iso(np.array([at]))[0])

    read = datetime.fromisoformat(text)

    assert read.timestamp() == at + datetime.fromisoformat("2025-07-04T00:00:00+08:00").timestamp()


@given(moments, st.integers(0, 5_000), st.integers(1, 12))
def test_the_readings_before_a_moment_are_a_month_apart(at: int, customer: int, count: int) -> None:
    found = readings_before(WINDOW, at, customer, count)

    days = [WINDOW.date_of(m) for m in found]
    assert len(found) == count
    assert found[-1] < at
    assert {d.day for d in days} == {1 + customer % 20}
    assert [
        b - a
        for a, b in zip(
            (d.year * 12 + d.month for d in days), (d.year * 12 + d.month for d in days[1:]), strict=False
        )
    ] == [1] * (count - 1)
