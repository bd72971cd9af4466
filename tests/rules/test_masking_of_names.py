"""Names of activities and types are no people: a log that is taken over keeps them, each apart."""

import sqlite3
import tomllib
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from importlib import resources

from suyuan.domain.masking import mask
from suyuan.domain.rulebook.words import labels
from suyuan.simulate import build


def texts(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for each in value.values():
            yield from texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from texts(each)
    elif isinstance(value, str):
        yield value


def hidden(names: Iterator[str] | list[str]) -> list[str]:
    return [name for name in names if mask(name) != name]


def test_what_a_log_of_the_city_calls_things_is_hidden_nowhere(tmp_path):
    build(7, 300, 40, date(2025, 10, 31), tmp_path)
    with closing(sqlite3.connect(tmp_path / "log.sqlite")) as link:
        names = [
            name
            for table in ("event_map_type", "object_map_type")
            for (name,) in link.execute(f"SELECT ocel_type FROM {table}")
        ]

    assert len(names) > 50
    assert hidden(names) == []


def test_what_tables_of_orders_and_our_own_steps_are_called_is_hidden_nowhere():
    orders = resources.files("suyuan.rulebook").joinpath("orders")
    tables = [
        tomllib.loads(file.read_text("utf-8")) for file in orders.iterdir() if file.name.endswith(".toml")
    ]
    assert tables
    assert hidden(texts(tables)) == []
    kinds = ("milestone", "log_type", "log_activity", "log_link")
    assert hidden([one["zh"] for kind in kinds for one in labels()[kind].values()]) == []
