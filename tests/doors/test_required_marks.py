"""Every form of the console marks what it refuses when it is empty."""

from collections.abc import Iterator

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from suyuan.domain import notice
from suyuan.web import customer, errors, register
from suyuan.web.forms import Box
from suyuan.web.rules import written
from tests.access_world import Where, World, build, everybody
from tests.doors.test_access_matrix import LAKE, LIBRARY, SIGNED_IN, address

pytestmark = pytest.mark.django_db

FORMS = {
    "channel_add": [f"?carrier={carrier}" for carrier in notice.CARRIERS],
    "rules_new": [reverse("rules_new", args=[kind]) for kind in written.FIELDS],
    "customer": list(customer.KINDS),
}
"""Addresses with a form for each of several things."""


def forms_of(name: str, world: World) -> list[str]:
    """Return the addresses at which a form may be handed in."""
    if name == "customer":
        return [reverse(name, args=[world.cases[Where.OWN], what]) for what in FORMS[name]]
    url = address(name, world, Where.OWN)
    return [each if each.startswith("/") else url + each for each in FORMS.get(name, [""])]


PLAUSIBLE = {
    "integer": "1",
    "decimal": "1",
    "bool": "1",
    "date": "2026-03-04",
    "datetime": "2026-03-04T08:00",
}


def boxes(value: object) -> Iterator[Box]:
    """Yield the boxes in what a page is drawn from."""
    if isinstance(value, Box):
        yield value
    for each in (
        value.boxes if isinstance(value, register.Asked) else value if isinstance(value, list | tuple) else ()
    ):
        yield from boxes(each)


def handed_in(client: Client, url: str, filled: dict[str, str]) -> list[Box]:
    """Return the boxes of the form as it comes back, none where something else does."""
    with transaction.atomic():
        answer = client.post(url, filled)
        transaction.set_rollback(True)
    return list(boxes(list(answer.context[0].flatten().values()))) if answer.context else []


def test_what_is_refused_when_empty_is_marked_as_required(tmp_path) -> None:
    """Each form is handed in empty, and again with what it marks: what it misses then is badly marked.

    What is needed in some cases alone says so under its box.
    """
    world, client = build(tmp_path), Client()
    client.force_login(everybody())
    wrong, seen = {}, 0
    for name in sorted(name for name in SIGNED_IN if not name.startswith(LIBRARY) and name not in LAKE):
        for url in forms_of(name, world):
            found = handed_in(client, url, {})
            marked = {
                box.name: box.choices[0][0] if box.choices else PLAUSIBLE.get(box.kind, "a1")
                for box in found
                if box.required
            }
            again = handed_in(client, url, marked) if found else []
            seen += bool(found)
            missed = {box.name for box in found if box.error} | {
                box.name for box in again if box.error == errors.words_for("required")
            }
            if bare := missed - set(marked) - {box.name for box in found if box.hint}:
                wrong[url] = sorted(bare)

    assert wrong == {}
    assert seen > 30
