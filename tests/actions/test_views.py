"""A list looked at often is saved under a name, by the person it belongs to."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest

from suyuan.actions import views
from suyuan.domain.errors import BadInput, Refused
from suyuan.store import chain
from suyuan.store.models import Event, Preference, SavedView
from suyuan.store.queries import viewer
from suyuan.store.queries import views as queries
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
        {"name": "超期", "page": "queue"},
    )


def test_the_same_name_again_replaces_it():
    for query in ("light=red", "light=amber"):
        views.save(person=person("office"), name="超期", query=query, now=NOW)

    assert saved() == [("office", "超期", "light=amber")]
    assert chain.verify(["register:person:office"]) == (1, 2)


@contextmanager
def refused(code: str) -> Iterator[None]:
    """Hold that what is done within is refused with a code."""
    with pytest.raises(Refused) as no:
        yield
    assert no.value.code == code


def view(role: str, name: str = "超期", query: str = "a=1") -> int:
    """Return a view that somebody saved."""
    return views.save(person=person(role), name=name, query=query, now=NOW)


def who(role: str, at: str = "", username: str = ""):
    """Return the viewer somebody is."""
    return viewer.of(person(role, at, username))


def names(role: str, at: str = "", username: str = "") -> list[str]:
    """Return the views somebody sees, in their order."""
    return [each.name for each in queries.of_page(who(role, at, username), "queue")]


def verbs() -> list[str]:
    """Return what was written down, in order."""
    return list(Event.objects.order_by("pk").values_list("verb", flat=True))


def test_two_people_may_use_one_name():
    view("office"), view("agent")

    views.forget(viewer=who("agent"), view=SavedView.objects.get(owner__username="agent").pk, now=NOW)

    assert (names("office"), names("agent")) == (["超期"], [])


def test_what_was_forgotten_comes_back_within_the_term_and_no_later():
    kept = view("office")
    views.forget(viewer=who("office"), view=kept, now=NOW)
    gone = names("office")

    views.restore(viewer=who("office"), view=kept, now=NOW + timedelta(minutes=59))

    assert (gone, names("office")) == ([], ["超期"])
    assert verbs() == ["view_save", "view_forget", "view_restore"]
    views.forget(viewer=who("office"), view=kept, now=NOW)
    with refused("no_view"):
        views.restore(viewer=who("office"), view=kept, now=NOW + timedelta(minutes=61))


def test_what_was_forgotten_long_ago_goes_for_good_with_the_next():
    first, second = view("office"), view("office", "临期")
    views.forget(viewer=who("office"), view=first, now=NOW)

    views.forget(viewer=who("office"), view=second, now=NOW + timedelta(minutes=61))

    assert list(SavedView.objects.values_list("pk", flat=True)) == [second]


def test_a_name_taken_meanwhile_keeps_the_forgotten_view_forgotten():
    kept = view("office")
    views.forget(viewer=who("office"), view=kept, now=NOW)
    view("office")

    with pytest.raises(BadInput) as wrong:
        views.restore(viewer=who("office"), view=kept, now=NOW)

    assert wrong.value.facts["fields"] == {"view_name": "taken"}


def test_nobody_forgets_or_restores_what_is_somebody_elses():
    kept = view("office")

    for verb in (views.forget, views.restore):
        with refused("no_view"):
            verb(viewer=who("agent"), view=kept, now=NOW)


def test_a_view_is_renamed_and_moved():
    kept = [view("office", name) for name in ("一", "二", "三")]

    views.change(viewer=who("office"), view=kept[2], name="叁", place=1, now=NOW)

    assert names("office") == ["叁", "一", "二"]
    assert Event.objects.latest("pk").detail == {"name": "叁", "page": "queue", "was": "三", "place": 1}
    views.change(viewer=who("office"), view=kept[2], name="叁", place=99, now=NOW)
    assert names("office") == ["一", "二", "叁"]
    with pytest.raises(BadInput):
        views.change(viewer=who("office"), view=kept[2], name="一", place=3, now=NOW)


def test_a_shared_view_is_seen_in_the_unit_and_below_and_changed_by_whom_the_table_names():
    kept = view("office")

    views.share(viewer=who("office"), view=kept, unit="0101", now=NOW)

    assert [names(*each) for each in (("station",), ("station", "0102", "west"), ("lead",))] == [
        ["超期"],
        [],
        [],
    ]
    with refused("not_your_role"):
        views.change(viewer=who("station"), view=kept, name="改", place=1, now=NOW)
    views.change(viewer=who("lead", "0101", "chief"), view=kept, name="改", place=1, now=NOW)
    assert names("station") == ["改"]
    assert chain.verify(["register:person:office"]) == (1, 3)


def test_sharing_is_for_some_roles_over_that_unit_alone():
    kept = view("station")
    with refused("not_your_role"):
        views.share(viewer=who("station"), view=kept, unit="0101", now=NOW)
    west = views.save(person=person("lead", "0102", "west"), name="西", query="a=1", now=NOW)

    with refused("unknown_unit"):
        views.share(viewer=who("lead", "0102", "west"), view=west, unit="0101", now=NOW)

    assert SavedView.objects.exclude(shared=None).count() == 0


def test_a_shared_view_is_neither_forgotten_nor_saved_over():
    kept = view("office")
    views.share(viewer=who("office"), view=kept, unit="01", now=NOW)

    with refused("view_shared"):
        views.forget(viewer=who("office"), view=kept, now=NOW)
    with pytest.raises(BadInput):
        view("office", query="a=2")
    views.share(viewer=who("office"), view=kept, unit="", now=NOW)
    view("office", query="a=2")

    assert saved() == [("office", "超期", "a=2")]


def test_each_person_says_which_view_a_list_opens_with():
    kept = view("office")
    views.share(viewer=who("office"), view=kept, unit="01", now=NOW)

    views.opens(viewer=who("station"), page="queue", view=kept, now=NOW)

    assert Preference.objects.get().opens == {"queue": kept}
    with pytest.raises(BadInput):
        views.opens(viewer=who("station"), page="inbox", view=kept, now=NOW)
    views.opens(viewer=who("station"), page="queue", view=None, now=NOW)
    assert Preference.objects.get().opens == {}


@pytest.mark.parametrize(
    ("name", "query", "problems"),
    [
        ("  ", "a=1", {"view_name": "required"}),
        ("名" * 41, "a=1", {"view_name": "too_long"}),
        ("超期", "a" * 401, {"query": "too_long"}),
        ("", "a" * 401, {"view_name": "required", "query": "too_long"}),
        ("有\0空", "a=1", {"view_name": "bad_characters"}),
        ("超期", "a=\ud800", {"query": "bad_characters"}),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_kept(name, query, problems):
    with pytest.raises(BadInput) as wrong:
        views.save(person=person("office"), name=name, query=query, now=NOW)

    assert wrong.value.facts["fields"] == problems
    assert (saved(), Event.objects.count()) == ([], 0)


@pytest.mark.parametrize("words", ["张三丰", "13912345678", "停电 张三", "人民路12号3栋"])
def test_a_view_keeps_no_words_that_may_say_who_somebody_is(words):
    with refused("view_says_who"):
        view("office", query=f"scope=all&q={words}")
    assert saved() == []

    pk = view("office", query="scope=all&q=%E5%81%9C%E7%94%B5&unit=0101")
    SavedView.objects.filter(pk=pk).update(query=f"q={words}")
    sharer = viewer.of(person("office"))
    with refused("view_says_who"):
        views.share(viewer=sharer, view=pk, unit="01", now=NOW)
    assert not SavedView.objects.exclude(shared=None).exists()
