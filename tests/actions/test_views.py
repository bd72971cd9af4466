"""A list looked at often is saved under a name, by the person it belongs to."""

import pytest

from suyuan.actions import views
from suyuan.domain.errors import BadInput
from suyuan.store import chain
from suyuan.store.models import Event, SavedView
from tests.factories import NOW, person

pytestmark = pytest.mark.django_db


def saved():
    """Return whose views there are."""
    return list(
        SavedView.objects.order_by("owner__username", "name").values_list("owner__username", "name", "query")
    )


def test_a_view_is_kept_under_its_name_and_written_down():
    views.save(person=person("office"), name=" 超期 ", query="?light=red&mine=1", now=NOW)

    assert saved() == [("office", "超期", "light=red&mine=1")]
    event = Event.objects.get()
    assert (event.stream, event.verb, event.actor, event.detail) == (
        "register:person:office",
        "view_save",
        "office",
        {"name": "超期"},
    )


def test_the_same_name_again_replaces_it():
    for query in ("light=red", "light=amber"):
        views.save(person=person("office"), name="超期", query=query, now=NOW)

    assert saved() == [("office", "超期", "light=amber")]
    assert chain.verify(["register:person:office"]) == (1, 2)


def test_two_people_may_use_one_name():
    views.save(person=person("office"), name="超期", query="a=1", now=NOW)
    views.save(person=person("agent"), name="超期", query="a=2", now=NOW)

    views.forget(person=person("agent"), name="超期", now=NOW)

    assert saved() == [("office", "超期", "a=1")]


def test_forgetting_is_written_down():
    views.save(person=person("office"), name="超期", query="a=1", now=NOW)

    views.forget(person=person("office"), name="超期", now=NOW)

    assert saved() == []
    assert [event.verb for event in Event.objects.order_by("seq")] == ["view_save", "view_forget"]


@pytest.mark.parametrize(
    ("name", "query", "problems"),
    [
        ("  ", "a=1", {"name": "required"}),
        ("名" * 41, "a=1", {"name": "too_long"}),
        ("超期", "a" * 401, {"query": "too_long"}),
        ("", "a" * 401, {"name": "required", "query": "too_long"}),
        ("有\0空", "a=1", {"name": "bad_characters"}),
        ("超期", "a=\ud800", {"query": "bad_characters"}),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_kept(name, query, problems):
    with pytest.raises(BadInput) as wrong:
        views.save(person=person("office"), name=name, query=query, now=NOW)

    assert wrong.value.facts["fields"] == problems
    assert (saved(), Event.objects.count()) == ([], 0)
