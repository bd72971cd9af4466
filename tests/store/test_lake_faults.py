"""The lake: whether the account of a mended fault reported another one."""

import shutil
from datetime import UTC, datetime

import pytest

from suyuan.actions import imports
from suyuan.domain.procedure import SYSTEM
from suyuan.gateways.engine import open_duckdb
from suyuan.store import lake
from tests.factories import NOW
from tests.lakes import fresh_lake
from tests.methods.order_files import HEADERS, write_csv

pytestmark = pytest.mark.django_db
COLUMNS = ("fault_again", "fault_again_by")


@pytest.fixture(autouse=True)
def own_lake():
    """Begin without a lake, and leave none of another database's ids behind."""
    shutil.rmtree(lake.folder())
    yield
    shutil.rmtree(lake.folder())


def said():
    """Return of each case whether its fault came again, and until when that is watched."""
    with open_duckdb(lake.folder()) as engine:
        tables = engine.tables()
        rows = tables.fetch(tables.cases.order_by("number")).to_pylist()
    return {row["number"]: tuple(row[name] for name in COLUMNS) for row in rows}


def repairs(path, *rows):
    """Import repairs given by number, accepted time, account and the time supply was back."""
    lines = [[n, "故障报修", at, "没电", account, back, back] for n, at, account, back in rows]
    file = write_csv(path, [[*HEADERS, "户号", "复电时间", "归档时间"], *lines])
    imports.run(path=file, layout="auto", actor=SYSTEM, now=NOW)
    lake.refresh()


def test_a_fault_of_the_same_account_within_the_days_is_one_that_came_again(tmp_path):
    first, other = "3300012345678", "9900012345678"
    repairs(
        tmp_path / "a.csv",
        ("N1", "2025-10-01 08:00", first, "2025-10-01 10:00"),
        ("N2", "2025-10-01 08:00", other, "2025-10-01 10:00"),
        ("N3", "2025-10-01 08:00", "", "2025-10-01 10:00"),
        ("N4", "2025-10-01 08:00", other, ""),
    )
    before = said()
    repairs(
        tmp_path / "b.csv",
        ("N5", "2025-10-31 10:00", first, ""),  # thirty days on to the minute
        ("N6", "2025-10-31 10:01", other, ""),
    )

    after = said()
    until = datetime(2025, 10, 31, 2, tzinfo=UTC)
    unknown = dict.fromkeys(("N3", "N4"), (None, None))
    assert before == {"N1": (False, until), "N2": (False, until), **unknown}
    assert after == {**before, "N1": (True, until), "N5": (None, None), "N6": (None, None)}
    fresh_lake()
    assert said() == after
