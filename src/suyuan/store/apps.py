"""The tables as a Django application."""

from django.apps import AppConfig
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

PAGE = 1.1
"""What PostgreSQL takes a page read here or there to cost: its own 4 is that of a turning disk."""


class Store(AppConfig):
    """Where the models live."""

    name = "suyuan.store"
    label = "store"

    def ready(self) -> None:
        """Let each connection to PostgreSQL know what its pages cost and compile nothing; read rules anew."""
        connection_created.connect(_tuned, dispatch_uid="store.tuned")
        connection_created.connect(_read_anew, dispatch_uid="store.read_anew")


def _read_anew(**_: object) -> None:
    from . import rules  # the models cannot be read before the applications are

    rules.forget_stored()


def _tuned(connection: BaseDatabaseWrapper, **_: object) -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET random_page_cost = %s", (PAGE,))
            cursor.execute("SET jit = off")  # to compile a question of a page takes longer than to answer it
