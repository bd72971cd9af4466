"""The one place that opens an analytics engine over the lake: DuckDB embedded, Apache Spark distributed.

The lake's ``manifest.json`` names the Parquet files in force; a file it does not name does not exist. Both
engines are given the very columns of ``analytics.lake``, so a file of another shape is an error here and
not a wrong figure later. DuckDB opens no file but Parquet and loads no extension.
"""

import functools
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import ibis
import pyarrow as pa
import pyarrow.parquet as pq
from ibis.expr.operations import Node

from suyuan.analytics import source
from suyuan.analytics.lake import TABLES
from suyuan.domain.errors import BadInput

MANIFEST = "manifest.json"

_DUCKDB = {
    "int64": "BIGINT",
    "int32": "INTEGER",
    "int16": "SMALLINT",
    "int8": "TINYINT",
    "bool": "BOOLEAN",
    "string": "VARCHAR",
    "date32": "DATE",
    "timestamp": "TIMESTAMPTZ",
}


@dataclass(frozen=True)
class Engine:
    """An open engine; ``fetch`` runs an Ibis expression over the lake and returns Arrow."""

    fetch: source.Fetch
    close: Callable[[], None]
    files: tuple[Path, ...] = ()
    """The files it reads."""

    def tables(self) -> source.Tables:
        """Return the tables of the lake, run by this engine."""
        return source.tables(self.fetch)

    def __enter__(self) -> "Engine":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _listed(lake_dir: Path) -> dict[str, list[Path]]:
    """Return the files of each table that the manifest names; none at all for a lake not written yet."""
    manifest = lake_dir / MANIFEST
    if not manifest.exists():
        return {name: [] for name in TABLES}
    try:
        named = json.loads(manifest.read_text(encoding="utf-8"))
    except (ValueError, UnicodeDecodeError) as error:
        raise BadInput("lake_manifest_unreadable", file=str(manifest), problem=str(error)) from error
    files = {name: [lake_dir / str(part) for part in named.get(name, [])] for name in TABLES}
    for name, paths in files.items():
        for path in paths:
            _check(name, path)
    return files


def _check(name: str, path: Path) -> None:
    if not path.is_file():
        raise BadInput("lake_file_missing", table=name, file=str(path))
    try:
        found = pq.read_schema(path)
    except pa.ArrowInvalid as error:
        raise BadInput("lake_file_unreadable", table=name, file=str(path), problem=str(error)) from error
    wanted = source.arrow_schema(TABLES[name])
    for field in wanted:
        at = found.get_field_index(field.name)
        kind = found.field(at).type if at >= 0 else None
        if kind is not None and pa.types.is_dictionary(kind):
            kind = kind.value_type
        if kind != field.type:
            facts = {"file": str(path), "column": field.name, "wanted": str(field.type), "found": str(kind)}
            raise BadInput("lake_file_of_another_shape", table=name, **facts)


_MARK = datetime(2999, 12, 31, tzinfo=UTC)
_MARKED = "MAKE_TIMESTAMPTZ(2999, 12, 31, 0, 0, 0.0, 'UTC')"


@functools.lru_cache(maxsize=256)
def _written(node: Node) -> str:
    """Return the SQL of an expression, the moment it is drawn for left open as ``$as_of``."""
    sql = str(ibis.to_sql(node.to_expr(), dialect="duckdb", params={source.AS_OF: _MARK}))
    return sql.replace(_MARKED, "$as_of")


def open_duckdb(lake_dir: Path | str, threads: int | None = None) -> Engine:
    """Open the lake in an embedded DuckDB that lives in memory."""
    files = _listed(Path(lake_dir))
    config: dict[str, Any] = {"autoinstall_known_extensions": False, "autoload_known_extensions": False}
    connection = duckdb.connect(config={**config, **({"threads": threads} if threads else {})})
    connection.execute("SET TimeZone = 'UTC'")
    for name, paths in files.items():
        if paths:
            columns = ", ".join(f'"{column}"' for column, _ in TABLES[name])
            listed = ", ".join("'" + str(path).replace("'", "''") + "'" for path in paths)
            connection.execute(f"CREATE VIEW {name} AS SELECT {columns} FROM read_parquet([{listed}])")
        else:
            nothing = ", ".join(
                f'CAST(NULL AS {_DUCKDB[kind]}) AS "{column}"' for column, kind in TABLES[name]
            )
            connection.execute(f"CREATE VIEW {name} AS SELECT {nothing} WHERE false")

    def fetch(expression: source.Table, as_of: datetime | None = None) -> pa.Table:
        sql = _written(expression.op())
        told = {"as_of": as_of} if "$as_of" in sql else None
        with connection.cursor() as cursor:
            return cursor.sql(sql, params=told).to_arrow_table()

    every = tuple(path for paths in files.values() for path in paths)
    return Engine(fetch=fetch, close=connection.close, files=every)


def open_spark(lake_dir: Path | str, settings: Sequence[tuple[str, str]] = ()) -> Engine:
    """Open the lake in Apache Spark (extra ``spark``): a local session unless ``settings`` name a master."""
    from pyspark.sql import SparkSession  # optional extra, imported where it is asked for

    files = _listed(Path(lake_dir))
    fixed = (("spark.sql.session.timeZone", "UTC"), ("spark.sql.ansi.enabled", "true"))
    builder = SparkSession.builder.appName("suyuan")
    for key, value in (*settings, *fixed):
        builder = builder.config(key, value)
    session = builder.getOrCreate()
    for name, paths in files.items():
        columns = [column for column, _ in TABLES[name]]
        if paths:
            frame = session.read.parquet(*(str(path) for path in paths)).select(*columns)
        else:
            frame = session.createDataFrame(source.empty(name))
        frame.createOrReplaceTempView(name)

    def fetch(expression: source.Table, as_of: datetime | None = None) -> pa.Table:
        told = {source.AS_OF: as_of} if as_of else {}
        return session.sql(str(ibis.to_sql(expression, dialect="pyspark", params=told))).toArrow()

    return Engine(fetch=fetch, close=session.stop)
