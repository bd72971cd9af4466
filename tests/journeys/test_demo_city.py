"""A simulated city comes in like anybody's files, and what the console says of it is what was planted."""

import json
import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from suyuan.actions import imports, org
from suyuan.analytics import board
from suyuan.analytics.period import ALL
from suyuan.domain.procedure import SYSTEM
from suyuan.gateways import registers
from suyuan.gateways.engine import open_duckdb
from suyuan.simulate import build
from suyuan.store import lake
from suyuan.store.models import Case, Unit

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
