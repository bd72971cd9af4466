"""A database emptied after a test that committed: the tables with rows alone, whatever refers to what.

Django's own way empties every table and has each app write its permissions anew: that costs more than most
of these tests do.
"""

from django.db import connections, transaction
from django.test import TransactionTestCase

STAYS = {"django_content_type", "auth_permission"}
"""What the migrations wrote, and a test never does."""
UNCHECKED = {
    "sqlite": "PRAGMA defer_foreign_keys = ON",
    "postgresql": "SET LOCAL session_replication_role = replica",
}
"""How each database leaves references alone until all rows are gone."""


def empty(alias: str) -> None:
    """Delete every row that a test left in a database."""
    connection = connections[alias]
    names = connection.introspection.django_table_names(only_existing=True)
    tables = [connection.ops.quote_name(name) for name in sorted(set(names) - STAYS)]
    filled = ", ".join(f"EXISTS (SELECT 1 FROM {table})" for table in tables)
    with transaction.atomic(using=alias), connection.cursor() as cursor:
        cursor.execute(UNCHECKED[connection.vendor])
        cursor.execute(f"SELECT {filled}")
        for table, has in zip(tables, cursor.fetchone(), strict=True):
            if has:
                cursor.execute(f"DELETE FROM {table}")


def instead_of_flush() -> None:
    """Empty databases this way after every test that commits."""

    def after(test: TransactionTestCase) -> None:
        for alias in test._databases_names(include_mirrors=False):
            empty(alias)

    TransactionTestCase._fixture_teardown = after
