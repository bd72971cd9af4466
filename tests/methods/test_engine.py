"""The engine opens what the manifest names and nothing else."""

import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from suyuan.analytics import source
from suyuan.analytics.lake import CASES, TABLES
from suyuan.domain.errors import BadInput
from suyuan.gateways.engine import MANIFEST, open_duckdb
from tests.lake_rows import AS_OF, case, unit, write


def counted(engine, name: str) -> int:
    table = getattr(engine.tables(), name)
    return engine.fetch(table.aggregate(total=table.count())).column("total")[0].as_py()


def refused(folder) -> BadInput:
    with pytest.raises(BadInput) as caught:
        open_duckdb(folder)
    return caught.value


def test_an_empty_lake_has_the_right_columns_and_no_rows(tmp_path):
    with open_duckdb(tmp_path / "nowhere") as engine:
        for name, columns in TABLES.items():
            found = engine.fetch(getattr(engine.tables(), name))

            assert found.schema.names == [column for column, _ in columns]
            assert found.num_rows == source.empty(name).num_rows == 0
            assert source.empty(name).schema.names == found.schema.names


def test_a_manifest_without_files_is_an_empty_lake(tmp_path):
    (tmp_path / MANIFEST).write_text('{"exported_to": 0}', encoding="utf-8")

    with open_duckdb(tmp_path) as engine:
        assert counted(engine, "cases") == 0


def test_only_named_files_are_read(tmp_path):
    write(tmp_path, {"cases": [case(1)], "units": [unit("/01/")]})
    pq.write_table(pq.read_table(tmp_path / "cases.parquet"), tmp_path / "orphan.parquet")

    with open_duckdb(tmp_path) as engine:
        assert (counted(engine, "cases"), counted(engine, "units")) == (1, 1)


def test_several_files_of_a_table_in_folders_with_quotes_are_one_table(tmp_path):
    folder = tmp_path / "lake's month=2025-10"
    folder.mkdir()
    write(folder, {"cases": [case(1)]})
    pq.write_table(pq.read_table(folder / "cases.parquet"), folder / "more.parquet")
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    manifest["cases"].append("more.parquet")
    (folder / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")

    with open_duckdb(folder, threads=1) as engine:
        assert counted(engine, "cases") == 2


def test_moments_come_back_as_the_same_instants(tmp_path):
    write(tmp_path, {"cases": [case(1, answered_at=AS_OF)]})

    with open_duckdb(tmp_path) as engine:
        found = engine.fetch(engine.tables().cases.select("answered_at")).column("answered_at")

    assert found[0].as_py() == AS_OF


def test_a_named_file_that_is_missing_is_an_error(tmp_path):
    write(tmp_path, {})
    (tmp_path / "cases.parquet").unlink()

    error = refused(tmp_path)

    assert (error.code, error.facts["table"]) == ("lake_file_missing", "cases")


def test_a_file_that_is_not_parquet_is_an_error(tmp_path):
    write(tmp_path, {})
    (tmp_path / "cases.parquet").write_bytes(b"number,unit\n1,2\n")

    assert refused(tmp_path).code == "lake_file_unreadable"


@pytest.mark.parametrize(
    ("column", "kind", "found"),
    [
        ("case_id", None, "None"),
        ("accepted_date", pa.string(), "string"),
        ("accepted_at", pa.timestamp("us"), None),
    ],
)
def test_a_file_of_another_shape_is_an_error_that_names_the_column(tmp_path, column, kind, found):
    write(tmp_path, {})
    schema = source.arrow_schema(CASES)
    at = schema.get_field_index(column)
    schema = schema.remove(at) if kind is None else schema.set(at, pa.field(column, kind))
    pq.write_table(schema.empty_table(), tmp_path / "cases.parquet")

    error = refused(tmp_path)

    assert (error.code, error.facts["column"]) == ("lake_file_of_another_shape", column)
    assert error.facts["found"] == (found or "timestamp[us]")


def test_a_broken_manifest_is_an_error(tmp_path):
    (tmp_path / MANIFEST).write_text('{"cases": [', encoding="utf-8")

    assert refused(tmp_path).code == "lake_manifest_unreadable"


def test_two_threads_may_ask_at_once(tmp_path):
    from concurrent.futures import ThreadPoolExecutor

    write(tmp_path, {"cases": [case(n) for n in range(20)]})

    with open_duckdb(tmp_path) as engine, ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda _: counted(engine, "cases"), range(12))) == [20] * 12
