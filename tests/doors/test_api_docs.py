"""The examples of docs/api.md answer as the page says."""

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from suyuan.actions import keys
from suyuan.domain.keys import SCOPES
from tests.factories import actor, unit

pytestmark = pytest.mark.django_db

PAGE = (Path(__file__).parents[2] / "docs/api.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```\n(GET|POST) (/\S+)\n(.*?)```", PAGE.split("<!-- examples -->")[1], re.DOTALL)


def lines(rest: str) -> tuple[str, int, object]:
    """Return the body sent, the status and the answer an example shows; None for no answer shown."""
    body, status, answer = re.fullmatch(r"(?:(\{.*\})\n)?(\d{3})\n(?:(\{.*\})\n)?", rest).groups()
    return body or "", int(status), json.loads(answer) if answer else None


def test_there_are_examples():
    assert len(EXAMPLES) == 8


@pytest.mark.parametrize(("method", "address", "rest"), EXAMPLES, ids=lambda v: v[:40])
def test_an_example_answers_as_the_page_says(method, address, rest):
    unit()
    who, now = actor("agent"), timezone.now()
    wanted = keys.Wanted(name="x", scopes=SCOPES, expires_at=now + timedelta(days=1))
    secret = keys.make(owner="agent", wanted=wanted, actor=who, now=now).secret
    body, status, answer = lines(rest)

    got = Client().generic(
        method, address, body, "application/json", headers={"Authorization": f"Bearer {secret}"}
    )

    assert (got.status_code, got.json() if answer else None) == (status, answer)
