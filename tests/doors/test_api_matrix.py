"""Every operation of the programs' door × every scope, and × every reach of the person a key acts as.

Which scope opens what is read from docs/api.md; what lies in reach is what lies in reach of the same person's
pages.
"""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from suyuan.actions import keys
from suyuan.api.door import api
from suyuan.domain.keys import SCOPES
from suyuan.domain.vocabulary import Role
from suyuan.web.access import Reach
from tests.access_world import Viewer, Where, case
from tests.factories import actor, unit

pytestmark = pytest.mark.django_db
PAGE = (Path(__file__).parents[2] / "docs/api.md").read_text("utf-8")
SAID = dict(re.findall(r"^\| `((?:GET|POST) /api/v1/[^`]+)` \| `?(\w+)`? \|", PAGE, re.MULTILINE))
"""Operation → the scope it asks for, ``any`` for none in particular."""
BODIES = {
    "POST /api/v1/cases/find": "{}",
    "POST /api/v1/cases/{number}/{verb}": '{"form": {}}',
    "POST /api/v1/contacts": '{"channel": "95598", "business_type": "complaint", "text": "抄表员未抄表"}',
}


def secret(role: str, *scopes: str, at: str = "0101") -> str:
    """Return the secret of a key that acts as somebody with a role over the station."""
    who, now = actor(role, at, f"{role}-{at}"), timezone.now()
    wanted = keys.Wanted(name="k", scopes=scopes or SCOPES, expires_at=now + timedelta(days=1))
    return keys.make(owner=who.username, wanted=wanted, actor=who, now=now).secret


def ask(operation: str, key: str, number: str = "SY1"):
    """Send what an operation asks for; return the status and the answer."""
    method, _, address = operation.partition(" ")
    address = address.replace("{number}", number).replace("{verb}", "urge")
    headers = {"Authorization": f"Bearer {key}"}
    body = BODIES.get(operation, "")
    got = Client().generic(method, address, body, "application/json", headers=headers)
    return got.status_code, got.json()


def test_the_page_says_of_every_operation_which_scope_it_asks_for():
    paths = api.get_openapi_schema(path_prefix="/api/v1")["paths"]
    found = {f"{method.upper()} {path}" for path, each in paths.items() for method in each}

    assert set(SAID) == {one for one in found if "/receipts/" not in one}
    assert set(SAID.values()) == {*SCOPES, "any"}


@pytest.mark.parametrize("scope", SCOPES)
def test_a_key_opens_the_operations_of_its_scope_and_is_told_what_the_others_ask_for(scope):
    unit()
    key = secret("agent", scope)

    answers = {operation: ask(operation, key) for operation in SAID}

    missing = {one: said["facts"]["scope"] for one, (status, said) in answers.items() if status == 403}
    assert missing == {one: asked for one, asked in SAID.items() if asked not in (scope, "any")}
    assert {status for status, _ in answers.values()} <= {200, 201, 403, 404}


@pytest.fixture
def standing() -> dict[Where, str]:
    """Return the numbers of cases that stand in the station, beside it, above it, and restricted in it."""
    unit()
    return {where: case(where) for where in Where}


WHO = [(Role.STATION, "0101"), (Role.AUDIT, "0101"), (Role.ADMIN, "0101"), (Role.OFFICE, "01")]
"""One of each reach: a unit, what is restricted in it, nothing, the whole company."""


def test_a_key_reaches_the_cases_its_person_reaches(standing):
    """The lists name them, one by one they are shown, and for a verb the others are not there either."""
    numbers, wrong = {number: where for where, number in standing.items()}, {}
    for role, at in WHO:
        key = secret(role, at=at)
        seen = {where for where in Where if Viewer(role, at).sees(where, Reach.CASE)}
        listed = {
            operation: {numbers[row["number"]] for row in ask(operation, key)[1]["cases"]}
            for operation in ("GET /api/v1/cases", "POST /api/v1/cases/find")
        }
        opened = {
            operation: {where for where, number in standing.items() if ask(operation, key, number)[0] != 404}
            for operation in (
                "GET /api/v1/cases/{number}",
                "GET /api/v1/cases/{number}/interactions",
                "POST /api/v1/cases/{number}/{verb}",
            )
        }
        wrong |= {(role, name): got for name, got in (listed | opened).items() if got != seen}

    assert wrong == {}
