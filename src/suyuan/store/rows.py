"""One row of a table by plain SQL, its columns read and written as the model declares them.

Every contact and every verb passes here. The ORM would put the same sentence together anew each time, which
costs a multiple of what the database needs for it.
"""

import functools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import connection, models
from django.db.models.expressions import Col

from . import bulk

Row = TypeVar("Row", bound=models.Model)
Convert = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class _Table:
    """How one kind of database reads and writes the rows of a model."""

    name: str
    names: Sequence[str]
    """Every column as the instance calls it, in the order of ``select``."""
    columns: dict[str, str]
    """The quoted column of each name but the key's."""
    select: str
    insert: str
    read: Sequence[tuple[int, Convert]]
    """What has to be made of the values of some columns."""
    write: dict[str, Convert]


def one(model: type[Row], *, lock: bool = False, **wanted: object) -> Row | None:
    """Return the row with these values, None where there is none; locked until the transaction ends."""
    table = _table(model, connection.vendor)
    where = " AND ".join(f'"{name}" = %s' for name in wanted)
    held = " FOR UPDATE" if lock and connection.vendor != "sqlite" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"{table.select} WHERE {where} LIMIT 1{held}", (*wanted.values(),))
        found = cursor.fetchone()
    if found is None:
        return None
    values = list(found)
    for place, convert in table.read:
        if values[place] is not None:
            values[place] = convert(values[place])
    return model.from_db(connection.alias, table.names, values)


def insert(row: models.Model) -> None:
    """Write a new row, and give it the key it got."""
    table = _table(type(row), connection.vendor)
    with connection.cursor() as cursor:
        cursor.execute(table.insert, [_stored(table, row, name) for name in table.columns])
        (row.pk,) = cursor.fetchone()
    row._state.adding, row._state.db = False, connection.alias


def update(row: models.Model, names: Iterable[str]) -> None:
    """Write some columns of a row that is there."""
    update_each([row], names)


def update_each(changed: Sequence[models.Model], names: Iterable[str]) -> None:
    """Write some columns of rows of one model that are there."""
    if not changed:
        return
    table, written = _table(type(changed[0]), connection.vendor), list(names)
    named = ", ".join(f"{table.columns[name]} = %s" for name in written)
    values = [[*(_stored(table, row, name) for name in written), row.pk] for row in changed]
    with connection.cursor() as cursor:
        cursor.executemany(f"UPDATE {table.name} SET {named} WHERE id = %s", values)


def stored(row: models.Model, names: Sequence[str]) -> list[Any]:
    """Return columns of a row as ``store.bulk`` inserts them on SQLite and PostgreSQL alike."""
    table = _table(type(row), connection.vendor)
    return [_stored(table, row, name) for name in names]


def _stored(table: _Table, row: models.Model, name: str) -> Any:
    value = getattr(row, name)
    convert = table.write.get(name)
    return value if convert is None or value is None else convert(value)


@functools.cache
def _table(model: type[models.Model], _vendor: str) -> _Table:
    fields = model._meta.concrete_fields
    name = f'"{model._meta.db_table}"'
    columns = {field.attname: f'"{field.column}"' for field in fields if not field.primary_key}
    holes = ", ".join(["%s"] * len(columns))
    every = ", ".join(f'"{field.column}"' for field in fields)
    return _Table(
        name=name,
        names=[field.attname for field in fields],
        columns=columns,
        select=f"SELECT {every} FROM {name}",
        insert=f"INSERT INTO {name} ({', '.join(columns.values())}) VALUES ({holes}) RETURNING id",
        read=[(place, reader) for place, field in enumerate(fields) if (reader := _reader(field))],
        write={field.attname: _writer(field) for field in fields if not isinstance(field, AS_THEY_ARE)},
    )


AS_THEY_ARE = (models.IntegerField, models.BooleanField, models.ForeignKey, models.AutoField)
"""Fields whose values the databases take as they stand on the instance."""


def _reader(field: Any) -> Convert | None:
    column = Col(field.model._meta.db_table, field)
    steps = [*connection.ops.get_db_converters(column), *column.get_db_converters(connection)]
    if not steps:
        return None

    def read(value: Any) -> Any:
        for step in steps:
            value = step(value, column, connection)
        return value

    return read


def _writer(field: Any) -> Convert:
    if isinstance(field, models.CharField | models.TextField):
        return str
    if isinstance(field, models.DateTimeField):
        return bulk.stamp()
    return lambda value: field.get_db_prep_save(value, connection)
