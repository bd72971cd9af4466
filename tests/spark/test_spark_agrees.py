"""Apache Spark gives the figures that DuckDB gives. Needs Java 17 and the extra ``spark``."""

import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from suyuan.analytics.board import UnitRows, by_unit
from suyuan.analytics.drill import Question, drill
from suyuan.analytics.period import parse
from suyuan.analytics.streak import zero_complaints
from suyuan.gateways.engine import open_duckdb, open_spark
from tests.lake_rows import AS_OF, FIRST_0030, LAST_2330, NOON, UNIT_ROWS, bound, case, clock, write

pytestmark = [
    pytest.mark.spark,
    pytest.mark.filterwarnings("default"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),  # Spark's own sockets
]

if shutil.which("java") is None:
    pytest.skip("Java is not installed: Spark cannot start", allow_module_level=True)
pytest.importorskip("pyspark", reason="the extra suyuan[spark] is not installed")

MEASURES = ("timely_rate", "repeat_rate", "complaints_per_10k")
OTHERS = (
    "step_timely_rate",
    "verified_rate",
    "contact_volume",
    "service_quality_index",
    "reply_satisfaction",
)
LOCAL = (
    ("spark.master", "local[1]"),
    ("spark.ui.enabled", "false"),
    ("spark.driver.host", "127.0.0.1"),
    ("spark.driver.bindAddress", "127.0.0.1"),
    ("spark.sql.shuffle.partitions", "1"),
)
OTHER = {"unit": "0102", "unit_path": "/01/0102/"}


def lake(folder: Path) -> Path:
    cases = [
        bound(1, FIRST_0030, binding_stopped=FIRST_0030, satisfaction="satisfied", finding="verified"),
        bound(2, LAST_2330, satisfaction="dissatisfied", event_key="pole 7", contact_count=2),
        bound(3, FIRST_0030, event_key="pole 7", binding_provisional=True, **OTHER),
        bound(4, NOON, binding_due=AS_OF, malicious=None, contact_count=None, is_child=None),
        bound(5, NOON, binding_stopped=NOON + timedelta(hours=24), binding_assessable=False),
        case(6, FIRST_0030, business_type="consult", is_child=True, **OTHER),
    ]
    clocks = [clock(1, FIRST_0030, stopped=FIRST_0030), clock(2, LAST_2330), clock(3, is_open=False, **OTHER)]
    write(folder, {"cases": cases, "clocks": clocks, "units": UNIT_ROWS})
    return folder


def found(tables, measures: tuple[str, ...]) -> tuple[list[UnitRows], ...]:
    periods = ("2025-11", "2025-10", "2025", "all")
    return tuple(by_unit(tables, parse(period), measures, as_of=AS_OF) for period in periods)


@pytest.mark.parametrize("measures", [MEASURES, OTHERS])
def test_measures_of_every_unit_are_equal_on_both_engines(tmp_path: Path, measures: tuple[str, ...]):
    folder = lake(tmp_path)

    with open_duckdb(folder) as duckdb, open_spark(folder, LOCAL) as spark:
        assert found(spark.tables(), measures) == found(duckdb.tables(), measures)


def test_the_cases_behind_a_figure_and_the_streaks_are_equal_on_both_engines(tmp_path: Path):
    folder = lake(tmp_path)
    question = Question(measure_id="timely_rate", part="missed", period=parse("2025"), as_of=AS_OF)

    with open_duckdb(folder) as duckdb, open_spark(folder, LOCAL) as spark:
        assert drill(spark.tables(), question) == drill(duckdb.tables(), question) == [2]
        until = AS_OF.date()
        assert zero_complaints(spark.tables(), until) == zero_complaints(duckdb.tables(), until)


def test_an_empty_lake_is_empty_on_spark_too(tmp_path: Path):
    with open_spark(tmp_path, LOCAL) as spark, open_duckdb(tmp_path) as duckdb:
        assert found(spark.tables(), MEASURES) == found(duckdb.tables(), MEASURES)
