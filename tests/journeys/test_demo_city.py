"""A simulated city comes in like anybody's files, and what the console says of it is what was planted."""

import json
import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from suyuan.actions import demo, imports, org, trace
from suyuan.analytics import board
from suyuan.analytics.period import ALL, parse
from suyuan.analytics.trace import scorecard
from suyuan.domain.procedure import SYSTEM
from suyuan.domain.rulebook.tariff import Counted
from suyuan.domain.trace_verdict import Verdict
from suyuan.gateways import registers
from suyuan.gateways.engine import open_duckdb
from suyuan.simulate import build
from suyuan.store import event_log, lake, rules
from suyuan.store.models import Case, TraceVerdict, Unit
from suyuan.store.queries import blame, trace_verdicts

NOW = datetime(2026, 3, 9, 1, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def city(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("city")
    build(7, 400, 60, date(2026, 3, 8), folder)
    return folder


def test_the_board_of_a_simulated_city_counts_what_was_planted(city):
    truth = json.loads((city / "truth.json").read_text("utf-8"))
    rows = registers.read(city / "units.csv", registers.UNIT_COLUMNS)
    org.load_units(rows=rows, actor=SYSTEM, now=NOW)

    summary = imports.run(path=city / "orders.xlsx", layout="auto", actor=SYSTEM, now=NOW)
    shutil.rmtree(lake.folder())  # tests share a home: what another left there is not this city's
    lake.refresh()

    with open_duckdb(lake.folder()) as engine:
        figures = {row.id: row for row in board.board(engine.tables(), ALL, as_of=NOW)}
    complaints = set(Case.objects.filter(business_type="complaint").values_list("number", flat=True))
    assert (summary.layout, summary.quarantined, Case.objects.count()) == ("suyuan", 0, summary.accepted)
    assert complaints == {cause["complaint"] for cause in truth["causes"]}
    assert figures["complaint_volume"].n == len(complaints)
    assert Unit.objects.filter(provisional=True).count() == 0
    blamed(city, truth)


def blamed(city: Path, truth: dict) -> None:
    """Hold the statement to the truth: the front desk was charged for what stood still elsewhere."""
    people = registers.read(city / "staff.csv", registers.PEOPLE_COLUMNS)
    org.load_people(rows=people, actor=SYSTEM, now=NOW)
    event_log.path().unlink(missing_ok=True)
    trace.take_log(path=city / "log.sqlite", actor=SYSTEM, now=NOW)

    first, *_ = demo.share_blame(now=NOW)

    about = Case.objects.select_related("unit").get(number=Case.objects.get(number=first).parent_number)
    cause = next(one for one in truth["causes"] if one["complaint"] == about.number)
    told = blame.told(None, parse("2026-Q1"), Counted.POINTS)
    lines = {line.party[0]: line for line in told.statement.lines}
    (charge,) = [one for one in told.statement.charges if told.entries[one.entry].case == about]
    assert (cause["kind"], cause["front_desk"]) == ("zero_reading", False)
    assert [(part.node, part.party[0], part.percent) for part in charge.parts] == [
        ("file.address", cause["root"]["unit"], 60),
        ("order.contact", about.unit.code, 40),  # that it called too late is the station's own
    ]
    assert lines[about.unit.code].charged > lines[about.unit.code].shared
    assert lines[cause["root"]["unit"]].charged < lines[cause["root"]["unit"]].shared
    assert told.statement.charged == told.statement.shared > 0
    judged(truth, about.number)
    event_log.path().unlink()
    rules.forget()


def judged(truth: dict, blamed: str) -> None:
    """Hold the verdicts to the truth: each says what began the complaint, and the scorecard counts it."""
    said = demo.judge_some(causes=truth["causes"], now=NOW)

    roots = {one["complaint"]: one["root"] for one in truth["causes"]}
    assert len(said) > 10
    assert blamed not in said
    for one in TraceVerdict.objects.select_related("case", "unit"):
        root = roots[one.case.number]
        assert said[one.case.number] == one.verdict
        if one.verdict == Verdict.CONFIRMED:
            assert (one.activity, one.source) == (root["activity"], root["unit"])
        if one.verdict == Verdict.CORRECTED:
            assert one.unit.code == root["unit"]
    bands = scorecard.bands(trace_verdicts.judged())
    assert sum(band.judged for band in bands) == len(said)
    assert sum(band.right for band in bands) == list(said.values()).count(Verdict.CONFIRMED)
