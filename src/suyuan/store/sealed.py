"""Every sealed column there is, as its table declares it, and which key each value is sealed with."""

from dataclasses import dataclass

from django.apps import apps
from django.db import connection


@dataclass(frozen=True, slots=True)
class Column:
    """One sealed column."""

    table: str
    name: str

    def __str__(self) -> str:
        return f"{self.table}.{self.name}"


def columns() -> list[Column]:
    """Return the columns declared sealed, in the order of their names."""
    found = [
        Column(model._meta.db_table, model._meta.get_field(name).column)
        for model in apps.get_app_config("store").get_models()
        for name in model.privacy.sealed.split()
    ]
    return sorted(found, key=str)


def by_key(column: Column) -> dict[int, int]:
    """Return how many values of a column each key has sealed."""
    with connection.cursor() as cursor:
        cursor.execute(
            f'SELECT {_first(column)}, COUNT(*) FROM "{column.table}" '
            f'WHERE "{column.name}" IS NOT NULL GROUP BY 1'
        )
        return {_number(first): count for first, count in cursor.fetchall() if first not in (None, b"")}


def ends(column: Column) -> list[bytes]:
    """Return the oldest and the newest sealed value of a column, one where there is but one."""
    found = {}
    with connection.cursor() as cursor:
        for order in ("ASC", "DESC"):
            cursor.execute(f"{_some(column, 'id')} ORDER BY id {order} LIMIT 1")
            found |= {pk: bytes(value) for pk, value in cursor.fetchall()}
    return list(found.values())


def anything() -> bool:
    """Return whether any value is sealed here."""
    with connection.cursor() as cursor:
        for column in columns():
            cursor.execute(f"{_some(column, '1')} LIMIT 1")
            if cursor.fetchone() is not None:
                return True
    return False


def _some(column: Column, beside: str) -> str:
    """Return SQL for the values of a column that hold something."""
    return (
        f'SELECT {beside}, "{column.name}" FROM "{column.table}" '
        f'WHERE "{column.name}" IS NOT NULL AND length("{column.name}") > 0'
    )


def others(column: Column, number: int, after: int, most: int) -> list[tuple[int, bytes]]:
    """Return ``(id, value)`` of rows past ``after`` sealed with another key than ``number``, locked."""
    lock = "" if connection.vendor == "sqlite" else " FOR UPDATE"
    with connection.cursor() as cursor:
        cursor.execute(
            f'SELECT id, "{column.name}" FROM "{column.table}" WHERE id > %s '
            f'AND "{column.name}" IS NOT NULL AND length("{column.name}") > 0 '
            f"AND {_first(column)} <> %s ORDER BY id LIMIT %s{lock}",
            (after, _stored(number), most),
        )
        return [(pk, bytes(value)) for pk, value in cursor.fetchall()]


def _first(column: Column) -> str:
    """Return SQL for the first byte of a value."""
    return f'substr("{column.name}", 1, 1)'


def _stored(number: int) -> bytes:
    return bytes((number,))


def _number(first: bytes | memoryview) -> int:
    return bytes(first)[0]
