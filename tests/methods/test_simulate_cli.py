"""``suyuan simulate``: the files of the contract, counts as promised, bad options refused in one line."""

import json
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner

from suyuan.cli.simulate import SCHEMA, simulate
from suyuan.domain.errors import BadInput

ARGUMENTS = ["--seed", "3", "--customers", "200", "--days", "21", "--end", "2025-10-31"]


def test_it_writes_the_ten_files_and_says_how_much_is_in_them(tmp_path: Path) -> None:
    told = CliRunner().invoke(simulate, [*ARGUMENTS, "-o", str(tmp_path), "--json"], catch_exceptions=False)

    answer = json.loads(told.stdout)
    jsonschema.validate(answer, SCHEMA)
    assert told.exit_code == 0
    assert answer["end"] == "2025-10-31"
    assert answer["customers"] == 200
    assert sorted(p.name for p in tmp_path.iterdir()) == [
        "calls.csv", "customers.csv", "grid_edges.csv", "grid_nodes.csv", "log.sqlite", "orders.xlsx",
        "readings.parquet", "staff.csv", "truth.json", "units.csv",
    ]  # fmt: skip


def test_in_words_it_says_which_day_is_the_last(tmp_path: Path) -> None:
    told = CliRunner().invoke(simulate, [*ARGUMENTS, "-o", str(tmp_path)], catch_exceptions=False)

    assert told.stdout.splitlines()[-1] == f"{tmp_path}  --end 2025-10-31"
    assert told.stdout.splitlines()[0].split() == ["units", "41"]


def test_too_few_customers_is_bad_input_and_writes_nothing(tmp_path: Path) -> None:
    arguments = ["--seed", "3", "--customers", "5", "--days", "21", "-o", str(tmp_path / "out")]

    with pytest.raises(BadInput) as refused:
        CliRunner().invoke(simulate, arguments, catch_exceptions=False)

    assert refused.value.facts == {"option": "customers", "value": 5, "least": 200}
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("wrong", [["--seed", "-1"], ["--end", "31.10.2025"], ["--days", "many"]])
def test_an_option_that_cannot_be_read_is_a_usage_error(tmp_path: Path, wrong: list[str]) -> None:
    told = CliRunner().invoke(simulate, [*ARGUMENTS, "-o", str(tmp_path / "out"), *wrong])

    assert told.exit_code == 2
    assert not (tmp_path / "out").exists()
