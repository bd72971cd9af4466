"""Real files, imported whole: their board against the same figures counted straight from the file.

The files are read here with csv, zip and calamine alone, no layout and no reader of ours. They lie where
SUYUAN_DATA says; without it these tests are skipped.
"""

import csv
import io
import os
import zipfile
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import sqrt
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from python_calamine import CalamineWorkbook

from suyuan.actions import imports
from suyuan.analytics import board
from suyuan.analytics.period import ALL, Period, parse
from suyuan.domain.procedure import Actor
from suyuan.gateways.engine import open_duckdb
from suyuan.store import chain, lake
from tests.lakes import fresh_lake

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 4, 2, 30, tzinfo=UTC)
CLERK = Actor("clerk", frozenset())
BOSTON = "service_requests/boston_2011.zip"
REPLIES = "citizen_messages/replies.xlsx"
ORDERS = "citizen_messages/orders_sample.xlsx"
NEW_YORK, SHANGHAI = ZoneInfo("America/New_York"), ZoneInfo("Asia/Shanghai")
Z = 1.959963984540054


@dataclass(frozen=True)
class Line:
    """One row of a file, as far as a board needs it."""

    number: str
    opened: datetime
    target: datetime | None
    answered: datetime | None
    closed: bool
    blank_flag: bool = False

    @property
    def late(self) -> bool | None:
        """Return whether the target was missed; None without a target or before it."""
        if self.target is None or (self.answered is None and self.target >= NOW):
            return None
        return self.answered is None or self.answered > self.target


def file(name: str) -> Path:
    """Return a real file, or skip the test saying what is not there."""
    if "SUYUAN_DATA" not in os.environ:
        pytest.skip("SUYUAN_DATA names no folder of real files")
    path = Path(os.environ["SUYUAN_DATA"], name)
    if not path.exists():
        pytest.skip(f"{name} is not in SUYUAN_DATA")
    return path


def in_boston(text: str) -> datetime | None:
    """Return a moment of Boston's file."""
    return datetime.fromisoformat(text).replace(tzinfo=NEW_YORK).astimezone(UTC) if text else None


def boston() -> list[Line]:
    """Return Boston's requests."""
    with zipfile.ZipFile(file(BOSTON)) as archive, archive.open(archive.namelist()[0]) as raw:
        return [
            Line(
                number=row["case_enquiry_id"],
                opened=in_boston(row["open_dt"]),
                target=in_boston(row["target_dt"]),
                answered=in_boston(row["closed_dt"]),
                closed=row["case_status"] == "Closed",
                blank_flag=not row["ontime"] and bool(row["target_dt"]),
            )
            for row in csv.DictReader(io.TextIOWrapper(raw, "utf-8", newline=""))
        ]


def citizens(name: str) -> list[Line]:
    """Return citizens' messages, a number that comes again left out."""
    heads, *rows = CalamineWorkbook.from_path(str(file(name))).get_sheet_by_index(0).to_python()
    found: dict[str, Line] = {}
    for cells in rows:
        row = dict(zip(heads, cells, strict=True))
        number = str(int(row["留言编号"]))
        found.setdefault(
            number,
            Line(
                number,
                in_china(row["留言时间"]),
                None,
                in_china(row.get("答复时间")),
                closed=bool(row.get("答复时间")),
            ),
        )
    return list(found.values())


def in_china(value: object) -> datetime | None:
    """Return a moment of a citizens' file: a date cell, or text like 2019/4/25 9:32:09, or a day alone."""
    if value in (None, ""):
        return None
    if isinstance(value, datetime):
        return value.replace(tzinfo=SHANGHAI).astimezone(UTC)
    day, _, clock = str(value).strip().partition(" ")
    parts = [int(part) for part in (*day.split("/"), *(clock.split(":") if clock else ()))]
    return datetime(*parts, tzinfo=SHANGHAI).astimezone(UTC)


def figures(lines: list[Line], no_clock: str) -> dict[str, tuple[int, int | None, dict[str, int]]]:
    """Return n, of and what is left out, for every measure these files say anything about."""
    count, answered = len(lines), sum(line.answered is not None for line in lines)
    judged = [line.late for line in lines if line.late is not None]
    waiting = sum(line.target is not None and line.late is None for line in lines)
    in_time, without = judged.count(False), sum(line.target is None for line in lines)
    running = waiting - sum(line.target is not None and line.late is None and line.closed for line in lines)
    return {
        "registration_rate": (0, 0, {"no_contact_record": count}),
        "timely_rate": (in_time, len(judged), kept({no_clock: without, "not_due_yet": waiting})),
        "closure_rate": (sum(line.closed for line in lines), count, {}),
        "reply_rate": (answered, count - running, kept({"not_due_yet": running})),
        "reply_satisfaction": (0, 0, {"not_asked": count}),
        "callback_satisfaction": (0, 0, {"not_asked": count}),
        "step_timely_rate": (in_time, len(judged), kept({"not_due_yet": waiting})),
        "contact_volume": (count, None, {}),
        "order_volume": (count, None, {}),
        "complaint_volume": (0, None, {}),
        "complaint_volume_assessed": (0, None, {}),
        "verified_complaint_volume": (0, None, {}),
        **dict.fromkeys(("verified_rate", "verified_rate_assessed", "callback_rate"), (0, 0, {})),
        **dict.fromkeys(("first_answer_rate", "arrival_rate"), (0, 0, {})),
    }


def kept(counts: dict[str, int]) -> dict[str, int]:
    """Return the counts that are not 0."""
    return {code: count for code, count in counts.items() if count}


def wilson(n: int, of: int) -> tuple[float, float]:
    """Return the 95 % interval of a share by Wilson's formula."""
    share = n / of
    middle = (share + Z * Z / (2 * of)) / (1 + Z * Z / of)
    half = Z * sqrt(share * (1 - share) / of + Z * Z / (4 * of * of)) / (1 + Z * Z / of)
    return max(middle - half, 0), min(middle + half, 1)


def brought(name: str) -> imports.Summary:
    """Import a file and bring the lake up to date."""
    summary = imports.run(path=file(name), layout="auto", actor=CLERK, now=NOW)
    fresh_lake()
    return summary


def drawn(*periods: Period) -> list[dict[str, board.Row]]:
    """Return the boards of these periods, rows by measure."""
    with open_duckdb(lake.folder()) as engine:
        tables = engine.tables()
        return [{row.id: row for row in board.board(tables, one, as_of=NOW)} for one in periods]


def said(rows: dict[str, board.Row], ids) -> dict[str, tuple[float, float | None, dict[str, float]]]:
    """Return n, of and what is left out of the measures asked for."""
    return {name: (rows[name].n, rows[name].of, dict(rows[name].excluded)) for name in ids}


def check_values(rows: dict[str, board.Row]) -> None:
    """Hold value and interval of every share with something to count against the formula."""
    for row in rows.values():
        if row.id.endswith(("_rate", "_rate.imported.target")) and row.of:
            assert row.value == row.n / row.of
            assert (row.low, row.high) == pytest.approx(wilson(row.n, row.of), rel=1e-9, abs=1e-12)


def test_the_board_of_bostons_requests_is_what_the_file_says():
    lines = boston()
    wanted = figures(lines, "no_target")
    assert wanted["timely_rate"] == (35_591, 47_270, {"no_target": 10_981})

    summary = brought(BOSTON)
    everything, year, winter = drawn(ALL, parse("2011"), parse("2011-12"))

    assert (summary.read, summary.accepted, summary.quarantined) == (58_251, 58_251, 0)
    assert said(everything, wanted) == wanted
    assert said(everything, ["step_timely_rate.imported.target"]) == {
        "step_timely_rate.imported.target": wanted["step_timely_rate"]
    }
    check_values(everything)
    assert said(year, wanted) == wanted
    december = [line for line in lines if line.opened.astimezone(NEW_YORK).month == 12]
    assert said(winter, wanted) == figures(december, "no_target")


def test_bostons_days_are_bostons():
    lines = boston()
    summary = brought(BOSTON)

    with open_duckdb(lake.folder()) as engine:
        tables = engine.tables()
        days = tables.fetch(tables.cases.accepted_date.value_counts(name="n")).to_pylist()

    assert {row["accepted_date"]: row["n"] for row in days} == Counter(
        line.opened.astimezone(NEW_YORK).date() for line in lines
    )
    beyond = [line for line in lines if line.opened.astimezone(SHANGHAI).year == 2012]
    assert len(beyond) > 0
    assert summary.notes["flag_blank"]["count"] == sum(line.blank_flag for line in lines) == 158
    assert len(summary.notes["flag_blank"]["rows"]) == 158
    assert chain.verify()[1] >= 58_251


@pytest.mark.parametrize(
    ("name", "count", "quarantined"), [(REPLIES, 2_816, 0), (ORDERS, 374, 1)], ids=["replies", "orders"]
)
def test_the_board_of_citizens_messages_is_what_the_file_says(name, count, quarantined):
    lines = citizens(name)
    wanted = figures(lines, "type_unknown")
    months = Counter(line.opened.astimezone(SHANGHAI).strftime("%Y-%m") for line in lines)
    busiest, most = months.most_common(1)[0]

    summary = brought(name)
    everything, month = drawn(ALL, parse(busiest))

    assert (len(lines), summary.accepted, summary.quarantined) == (count, count, quarantined)
    assert summary.read == count + quarantined
    assert said(everything, wanted) == wanted
    check_values(everything)
    assert month["order_volume"].n == most


def test_the_replies_came_when_the_file_says():
    lines = {f"LY-{line.number}": line for line in citizens(REPLIES)}
    brought(REPLIES)

    with open_duckdb(lake.folder()) as engine:
        tables = engine.tables()
        rows = tables.fetch(tables.cases.select("number", "accepted_at", "answered_at")).to_pylist()

    assert {row["number"]: (row["accepted_at"], row["answered_at"]) for row in rows} == {
        number: (line.opened, line.answered) for number, line in lines.items()
    }
    assert max(line.answered - line.opened for line in lines.values()) > timedelta(days=30)
