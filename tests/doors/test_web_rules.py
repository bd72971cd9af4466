"""The rules page: every limit with its basis and how sure we are; unconfirmed ones do not count."""

import pytest
from django.test import Client

from suyuan.store import rules
from tests.factories import person

pytestmark = pytest.mark.django_db


def page(query: str = "") -> tuple[int, str, list[str]]:
    """Return status, text and the ids of the limits on the page."""
    client = Client()
    client.force_login(person("agent"))
    answer = client.get(f"/rules/{query}")
    found = [line.limit.id for line in answer.context["found"]] if answer.status_code == 200 else []
    return answer.status_code, answer.content.decode(), found


def test_every_edition_of_every_limit_is_listed_with_its_basis() -> None:
    editions = [limit for editions in rules.rulebook().limits.values() for limit in editions]

    _, text, found = page()

    assert sorted(found) == sorted(limit.id for limit in editions)
    assert "国网江苏电力公开页面" in text


def test_a_limit_from_memory_is_marked_as_not_counting() -> None:
    _, text, found = page("?find=complaint.accept&certainty=memory")

    assert "complaint.accept" in found
    assert text.count("mark mark-warn") == len(found) > 0


@pytest.mark.parametrize(
    ("query", "some"),
    [
        ("?find=投诉处理答复", "complaint.answer"),
        ("?find=COMPLAINT.ANSWER", "complaint.answer"),
        ("?find=12398", "regulator.12398"),
    ],
)
def test_text_narrows_the_list(query: str, some: str) -> None:
    _, _, found = page(query)
    _, _, every = page()

    assert some in found
    assert len(found) < len(every)


def test_nothing_found_says_so() -> None:
    status, text, found = page("?find=没有这样的时限名")

    assert (status, found) == (200, [])
    assert "没有符合的时限" in text


@pytest.mark.parametrize("query", ["?colour=red", "?certainty=sure"])
def test_an_option_nobody_knows_is_refused(query: str) -> None:
    assert page(query)[0] == 422
