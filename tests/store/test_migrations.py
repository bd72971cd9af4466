"""A fresh database is made at once, one of before step by step, and both are the same in the end."""

import os
import sqlite3
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader

from tests import ready, single_steps

URL = os.environ.get("SUYUAN_DATABASE_URL", "")
SERVER = URL.startswith("postgres")
OLD = "0040_who_is_awaited"
UNIT = ("U1", "城东供电所", "/U1/")
ADD_UNIT = (
    "INSERT INTO store_unit (code, name, path, specialty, kind, provisional, former_names) "
    "VALUES ('U1', '城东供电所', '/U1/', '', 'station', false, '[]')"
)
SEARCH = ("index", "store_search", "store_search_body") if SERVER else ("table", "store_search")
Ask = Callable[[str], list[tuple[Any, ...]]]


@contextmanager
def on_this_server(source: str) -> Iterator[str]:
    """Yield the address of a database of our own, made from another one of this run's server."""
    name = f"migrations_{uuid.uuid4().hex}"
    with psycopg.connect(URL, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {source}")
        yield f"{URL.rpartition('/')[0]}/{name}"
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def opened(place: dict[str, str]) -> Iterator[Ask]:
    """Yield how to ask the database of a home."""
    file = Path(place["SUYUAN_HOME"], "suyuan.sqlite3")
    with closing(psycopg.connect(place["SUYUAN_DATABASE_URL"]) if SERVER else sqlite3.connect(file)) as found:
        yield lambda sql: list(map(tuple, found.execute(sql).fetchall()))


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ask]:
    """Return how to ask a database that was made at once."""
    place = {"SUYUAN_HOME": str(ready.home(tmp_path_factory.mktemp("fresh") / "home"))}
    with ExitStack() as stack:
        if SERVER:
            place["SUYUAN_DATABASE_URL"] = stack.enter_context(on_this_server(ready.on_server(URL)))
        yield stack.enter_context(opened(place))


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ask]:
    """Return how to ask a database that stood at an old migration, with a row in it, and was upgraded."""
    place = {"SUYUAN_HOME": str(tmp_path_factory.mktemp("old"))}
    with ExitStack() as stack:
        if SERVER:
            place["SUYUAN_DATABASE_URL"] = stack.enter_context(on_this_server("template1"))
        single_steps.brought_to(OLD, ADD_UNIT, **place)
        ready.migrated(**place)
        yield stack.enter_context(opened(place))


def parts(sql: str) -> list[str]:
    """Return the head of a statement that creates something, and what stands in its brackets, in order."""
    head, _, body = " ".join(sql.split()).partition("(")
    found, depth = [""], 1
    for letter in body:
        depth += {"(": 1, ")": -1}.get(letter, 0)
        if letter == "," and depth == 1:
            found.append("")
        else:
            found[-1] += letter
    return [head, *sorted(part.strip() for part in [*found[:-1], found[-1].rpartition(")")[0]])]


def on_sqlite(ask: Ask) -> dict[tuple[str, str], Any]:
    """Return all that a database consists of by kind and name; columns in any order: all SQL names them."""
    found = ask("SELECT type, name, tbl_name, sql FROM sqlite_master")
    return {
        (kind, name): (table, parts(sql or "") if kind == "table" else sql)
        for kind, name, table, sql in found
    }


ON_SERVER = {
    "column": "SELECT table_name, column_name, data_type, udt_name, character_maximum_length, is_nullable, "
    "column_default, collation_name, is_identity, identity_generation FROM information_schema.columns "
    "WHERE table_schema = 'public'",
    "index": "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "constraint": "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint "
    "WHERE connamespace = 'public'::regnamespace",
    "trigger": "SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(oid) FROM pg_trigger "
    "WHERE NOT tgisinternal",
    "sequence": "SELECT sequence_name, '', data_type, increment FROM information_schema.sequences",
    "function": "SELECT proname, '', prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace",
    "view": "SELECT viewname, '', definition FROM pg_views WHERE schemaname = 'public'",
    "extension": "SELECT extname, '' FROM pg_extension",
}


def on_server(ask: Ask) -> dict[tuple[str, str, str], Any]:
    """Return all that a database consists of by kind, table and name; columns in any order."""
    return {(kind, row[0], row[1]): row[2:] for kind, sql in ON_SERVER.items() for row in ask(sql)}


def schema(ask: Ask) -> dict[Any, Any]:
    """Return all that a database consists of."""
    return dict(on_server(ask) if SERVER else on_sqlite(ask))


def differing(one: dict[Any, Any], other: dict[Any, Any]) -> dict[Any, tuple[Any, Any]]:
    """Return what is not the same in both."""
    return {key: (one.get(key), other.get(key)) for key in one | other if one.get(key) != other.get(key)}


def tables(ask: Ask) -> list[str]:
    """Return the tables that hold rows of ours or of Django's."""
    sql = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    if SERVER:
        sql = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
    found = sorted(name for (name,) in ask(sql))
    return [name for name in found if not name.startswith("store_search")]


def filled(ask: Ask) -> dict[str, int]:
    """Return how many rows each table has that has any, the list of migrations left out."""
    counted = {name: ask(f'SELECT count(*) FROM "{name}"')[0][0] for name in tables(ask)}
    return {name: count for name, count in counted.items() if count and name != "django_migrations"}


def migrations(ask: Ask) -> set[tuple[Any, ...]]:
    """Return the migrations a database says it has run."""
    return set(ask("SELECT app, name FROM django_migrations"))


def kinds(ask: Ask) -> Iterable[tuple[Any, ...]]:
    """Return the rights and kinds of rows that Django writes down."""
    return sorted(
        ask(
            "SELECT app_label, model, codename, name FROM auth_permission "
            "JOIN django_content_type ON content_type_id = django_content_type.id"
        )
    )


def singles() -> dict[str, Any]:
    """Return the migrations of our own that replace no other."""
    return {
        name: found
        for (app, name), found in single_steps.Singles(None).disk_migrations.items()
        if app == "store"
    }


def test_a_fresh_database_is_what_an_old_one_becomes(old, fresh):
    assert differing(schema(old), schema(fresh)) == {}
    assert SEARCH in schema(fresh)


def test_a_fresh_database_holds_the_rows_an_old_one_was_given(old, fresh):
    assert filled(old) == filled(fresh) | {"store_unit": 1}
    assert kinds(old) == kinds(fresh)


def test_what_stood_in_an_old_database_stands_there_still(old):
    assert old("SELECT code, name, path FROM store_unit") == [UNIT]


def test_old_and_fresh_have_run_the_same_migrations(old, fresh):
    assert migrations(old) == migrations(fresh)


def test_the_squashed_migration_leads_to_the_models_of_the_single_ones():
    single = single_steps.Singles(None)
    told = MigrationAutodetector(single.project_state(), MigrationLoader(None).project_state())

    assert told.changes(graph=single.graph) == {}


def test_one_migration_replaces_all_up_to_the_one_it_is_named_after():
    ((_, name),) = replacing = MigrationLoader(None).replacements
    last = name.removeprefix("0001_squashed_")

    assert replacing["store", name].replaces == [
        ("store", single) for single in sorted(singles()) if single <= last
    ]


def test_no_single_migration_stands_on_the_squashed_one():
    """Where the single ones are run, and once there is another squashed one, there is no such ground."""
    assert [
        name for name, found in singles().items() if any("_squashed_" in on for _, on in found.dependencies)
    ] == []
