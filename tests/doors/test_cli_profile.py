"""``suyuan trace LOG --profile``: what a whole log says, beside the rows of its population."""

import json
from datetime import date

import jsonschema
import pytest

from suyuan.cli.schema import of
from suyuan.simulate import build


@pytest.fixture(scope="module")
def log(tmp_path_factory):
    """Return a small city's log."""
    folder = tmp_path_factory.mktemp("city")
    build(7, 300, 120, date(2025, 10, 31), folder, 6.0)
    return folder / "log.sqlite"


def test_a_whole_log_is_told_beside_the_rows_of_its_population(suyuan, log):
    code, out, _ = suyuan("trace", log, "--profile", "--json")
    told = json.loads(out)

    jsonschema.validate(told, of("trace log"))
    assert (code, told["rows"]) == (0, json.loads(suyuan("trace", log, "--population", "--json")[1])["rows"])
    assert sum(row["share"] for row in told["rows"]) <= 1
    assert sum(one["share"] for one in told["bottlenecks"]) == pytest.approx(1.0)
    assert told["trend"]["months"][-1]["month"] == told["new"]["month"] == "2025-10"
    assert all(row["is_new"] or row["is_more"] for row in told["new"]["rows"])
    parts = {one["part"]: one["n"] for one in told["axis"]}
    assert parts["contact"] + parts["upstream"] + parts["unsure"] == told["axis"][0]["of"] > 0
    assert all(one["waited"] <= one["done"] for one in told["profiles"])


def test_an_index_tells_the_same(suyuan, log, tmp_path):
    suyuan("trace", log, "--keep", tmp_path / "index")

    assert suyuan("trace", tmp_path / "index", "--profile", "--json") == suyuan(
        "trace", log, "--profile", "--json"
    )


def test_a_profile_can_be_read(suyuan, log):
    code, out, _ = suyuan("trace", log, "--profile")

    assert (code, " upstream " in out, " h " in out) == (0, True, True)


def test_a_profile_is_of_all_complaints(suyuan, log):
    code, _, err = suyuan("trace", log, "--profile", "--object", "x")

    assert (code, "--object" in err) == (2, True)
