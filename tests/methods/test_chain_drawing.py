"""The chain of a trace as geometry: where things stand, what is cut, which way arrows go."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from suyuan.web.chain_drawing import PHONE, SMALL, WIDE, Stop, draw, lines, mark, width

ZONE = ZoneInfo("Asia/Shanghai")
FIRST, LAST = datetime(2025, 7, 1, tzinfo=UTC), datetime(2025, 10, 9, tzinfo=UTC)
DAY = timedelta(days=1)
SOURCE = Stop(
    "source", "源头：批量地址修改单 DZ1", "没有办“归档”", "营销部", "自 7-01", FIRST, LAST, is_open=True
)
BLOCKED = Stop("then", "换表单 HB1", "“被拒”", "计量班", "自 7-21", FIRST + 20 * DAY, FIRST + 30 * DAY)
END = Stop("complaint", "投诉 SY1", "客户投诉：抄表", "", "10-09", LAST, LAST)
WHY = ["挡住了 · 同一户号不能同时走两张工单", "先于投诉发生"]


@pytest.mark.parametrize("wide", [WIDE, SMALL])
def test_time_runs_from_the_source_to_the_complaint_at_the_right_end(wide: int) -> None:
    drawn = draw([SOURCE, BLOCKED, END], WHY, ZONE, wide)

    left, right, _ = drawn.axis
    source, blocked, end = (lane.bar for lane in drawn.lanes)
    assert (source[0], source[0] + source[1]) == (left, right)
    assert blocked[0] == left + round((right - left) * 0.2)
    assert blocked[1] == round((right - left) * 0.3) - round((right - left) * 0.2)
    assert end[:2] == (right, 0)
    assert [lane.is_open for lane in drawn.lanes] == [True, False, False]


def test_lanes_stand_one_below_the_other_and_the_drawing_holds_them() -> None:
    drawn = draw([SOURCE, BLOCKED, END], WHY, ZONE)

    for above, below in zip(drawn.lanes, drawn.lanes[1:], strict=False):
        assert below.y > above.y + above.height
    assert drawn.height > drawn.lanes[-1].y + drawn.lanes[-1].height
    for lane in drawn.lanes:
        assert all(lane.y < line.y < lane.y + lane.height for line in lane.words)


def test_an_arrow_falls_straight_where_the_source_still_stands_open_else_it_goes_round() -> None:
    drawn = draw([SOURCE, BLOCKED, END], WHY, ZONE)

    straight, bent = drawn.arrows
    x = drawn.lanes[1].bar[0]
    assert straight.way.startswith(f"M{x} ")
    assert "H" not in straight.way
    ended = drawn.lanes[1].bar[0] + drawn.lanes[1].bar[1]
    assert bent.way.startswith(f"M{ended} ")
    assert f"H{drawn.axis[1]}" in bent.way
    assert (straight.anchor, bent.anchor) == ("start", "end")
    for arrow in drawn.arrows:
        x, _, wide, high = arrow.box
        assert x >= 0
        assert x + wide <= drawn.width
        assert high >= 24


def test_words_are_cut_to_their_room_and_whole_for_who_asks() -> None:
    long = replace(SOURCE, title="批量地址修改单" * 20, says="archive of the address change " * 12)
    drawn = draw([long, BLOCKED, END], ["因为" * 200, ""], ZONE, SMALL)

    lane, arrow = drawn.lanes[0], drawn.arrows[0]
    assert len(lane.words) == 6
    assert [line.text.endswith("…") for line in lane.words] == [False, True, False, True, False, False]
    assert all(line.x + width(line.text) <= drawn.axis[0] for line in lane.words)
    assert long.title in lane.full
    assert long.says in lane.full
    assert arrow.words[-1].text.endswith("…")
    assert arrow.full == "因为" * 200
    assert all(line.x + width(line.text) <= drawn.axis[1] for line in arrow.words)
    assert drawn.arrows[1].words == ()


@pytest.mark.parametrize(("wide", "most"), [(WIDE, 3), (PHONE, 4)])
def test_why_takes_the_lines_it_needs_and_its_box_holds_them(wide: int, most: int) -> None:
    why = "Came before the complaint · At least 9.4 times as often before complaints as elsewhere"

    short, long = (draw([SOURCE, END], [said], ZONE, wide) for said in ("挡住了", why + 3 * f" ({why})"))

    assert len(long.arrows[0].words) == most
    assert long.arrows[0].words[-1].text.endswith("…")
    _, top, _, high = long.arrows[0].box
    assert all(top < line.y < top + high for line in long.arrows[0].words)
    assert long.height > short.height


def test_a_word_or_a_number_is_not_broken_where_it_fits_a_line() -> None:
    assert lines("order SY20251023000010 archived", 140, 3) == ["order", "SY20251023000010", "archived"]
    assert lines("SY" + "1" * 40, 100, 2)[1].endswith("…")
    assert lines("", 100, 2) == []


@pytest.mark.parametrize(
    ("span", "form", "most"),
    [
        (100 * DAY, "2025-07-31", 6),
        (400 * DAY, "2025-09-29", 6),
        (3 * DAY, "2025-07-02", 6),
        (timedelta(hours=5), "07-01 10:00", 6),
        (timedelta(minutes=20), "07-01 08:00", 5),
    ],
)
def test_dates_on_the_axis_are_local_and_few(span: timedelta, form: str, most: int) -> None:
    last = FIRST + span
    stops = [replace(SOURCE, until=last), replace(END, since=last, until=last)]

    ticks = draw(stops, [""], ZONE).ticks

    assert form in [tick.text for tick in ticks]
    assert 1 <= len(ticks) <= most
    assert [tick.x for tick in ticks] == sorted({tick.x for tick in ticks})


def test_a_chain_without_length_is_drawn() -> None:
    at_once = replace(SOURCE, since=LAST, until=LAST)

    drawn = draw([at_once, END], [""], ZONE)

    assert [lane.bar[1] for lane in drawn.lanes] == [0, 0]


def test_on_a_phone_words_stand_above_the_bars_and_nothing_is_wider_than_it() -> None:
    long = replace(SOURCE, title="批量地址修改单" * 20)

    drawn = draw([long, BLOCKED, END], WHY, ZONE, PHONE)

    assert drawn.width == PHONE
    for lane in drawn.lanes:
        assert max(line.y for line in lane.words) < lane.bar[2]
        assert all(line.x + width(line.text) <= PHONE for line in lane.words)
        assert lane.bar[0] + lane.bar[1] <= drawn.axis[1]
    for arrow in drawn.arrows:
        edge = arrow.words[0].x
        reach = max(width(line.text) for line in arrow.words)
        assert (edge + reach <= PHONE) if arrow.anchor == "start" else (edge - reach >= 0)


def test_what_a_colour_says_a_shape_says_too() -> None:
    shapes = {mark(role, 50, 50) for role in ("source", "then", "complaint")}

    assert len(shapes) == 3
