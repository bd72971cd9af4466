"""How the installation itself stands: its database, its trail, the work nobody took up."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.apps import apps
from django.db import connection
from django.db.models import Count

from suyuan.domain.vocabulary import Role
from suyuan.store.models import Anchor, Event, Grant, Person, Unit
from suyuan.store.models.leased import Leased


@dataclass(frozen=True, slots=True)
class Database:
    """What the database says of itself."""

    vendor: str
    major: int
    encoding: str
    journal: str
    at: datetime | None
    """Its own clock, where it is another machine's."""


def database() -> Database:
    """Return what the database says of itself."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA journal_mode")
            return Database("sqlite", 3, "UTF8", str(cursor.fetchone()[0]), None)
        cursor.execute("SELECT current_setting('server_version_num')::int / 10000")
        major = int(cursor.fetchone()[0])
        cursor.execute("SELECT pg_encoding_to_char(encoding), clock_timestamp() FROM pg_database "
                       "WHERE datname = current_database()")  # fmt: skip
        encoding, at = cursor.fetchone()
        return Database("postgresql", major, str(encoding), "", at)


def set_aside() -> Iterator[tuple[str, int]]:
    """Yield each kind of work with the number of its rows that were set aside."""
    for model in apps.get_app_config("store").get_models():
        if issubclass(model, Leased) and (count := model._default_manager.filter(state="aside").count()):
            yield model.__name__, count


def longest_waiting() -> Iterator[tuple[str, datetime]]:
    """Yield each kind of work with the moment since which its oldest row waits for a worker."""
    for model in apps.get_app_config("store").get_models():
        if issubclass(model, Leased):
            rows = model._default_manager.filter(state="queued", next_at__isnull=False)
            oldest = rows.order_by("next_at").values_list("next_at", flat=True).first()
            if oldest is not None:
                yield model.__name__, oldest


def last_anchor_on() -> date | None:
    """Return the day of the newest anchor."""
    return Anchor.objects.order_by("-on").values_list("on", flat=True).first()


def first_event_at() -> datetime | None:
    """Return when anything first happened here."""
    return Event.objects.order_by("pk").values_list("at", flat=True).first()


def last_backup_at() -> datetime | None:
    """Return when a backup was last taken."""
    rows = Event.objects.filter(stream="register:backup", verb="backup").order_by("-seq")
    return rows.values_list("at", flat=True).first()


def administrators() -> int:
    """Return how many active people hold the administrator's role."""
    return Person.objects.filter(is_active=True, grants__role=Role.ADMIN.value).distinct().count()


def out_of_reach() -> list[tuple[str, str]]:
    """Return code and name of the open units of the register that no administrator reaches."""
    whose = Grant.objects.filter(role=Role.ADMIN.value, person__is_active=True)
    reached = tuple(whose.values_list("unit__path", flat=True))
    units = Unit.objects.filter(closed_at=None, provisional=False).order_by("path")
    return [(unit.code, unit.name) for unit in units if not unit.path.startswith(reached)]


def roots_of_one_name() -> list[tuple[str, list[str]]]:
    """Return each name that several open units without one above have, with their codes."""
    codes: dict[str, list[str]] = {}
    for unit in Unit.objects.filter(parent=None, closed_at=None).order_by("path"):
        codes.setdefault(unit.name, []).append(unit.code)
    return [(name, having) for name, having in codes.items() if len(having) > 1]


def without_role() -> list[str]:
    """Return the user names of active people who hold no role, a few at most."""
    rows = Person.objects.filter(is_active=True).annotate(held=Count("grants")).filter(held=0)
    return list(rows.order_by("username").values_list("username", flat=True)[:8])


def people() -> int:
    """Return how many people may sign in."""
    return Person.objects.filter(is_active=True).count()
