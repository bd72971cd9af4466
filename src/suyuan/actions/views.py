"""Views: the lists a person saved."""

from datetime import datetime

from django.db import transaction

from suyuan.domain.errors import BadInput
from suyuan.store import chain
from suyuan.store.models import Person, SavedView

from ._forms import storable


@transaction.atomic
def save(*, person: Person, name: str, query: str, now: datetime) -> None:
    """Keep a list under a name; the same name again replaces it."""
    name, query = name.strip(), query.lstrip("?")
    problems = {}
    if not name or len(name) > 40:
        problems["name"] = "required" if not name else "too_long"
    if len(query) > 400:
        problems["query"] = "too_long"
    for field, text in (("name", name), ("query", query)):
        if not storable(text):
            problems.setdefault(field, "bad_characters")
    if problems:
        raise BadInput("bad_form", fields=problems)
    SavedView.objects.update_or_create(owner=person, name=name, defaults={"query": query})
    _write(person, "view_save", name, now)


@transaction.atomic
def forget(*, person: Person, name: str, now: datetime) -> None:
    """Drop a saved list."""
    SavedView.objects.filter(owner=person, name=name).delete()
    _write(person, "view_forget", name, now)


def _write(person: Person, verb: str, name: str, now: datetime) -> None:
    chain.append(
        stream=f"register:person:{person.username}",
        at=now,
        actor=person.username,
        verb=verb,
        objects=[("person", person.username)],
        detail={"name": name},
    )
