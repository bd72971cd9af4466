"""Competence tags: ticked on the form or read from a list, found again where somebody is picked."""

import re

import pytest

from suyuan.actions import org
from suyuan.domain.errors import BadInput
from suyuan.store.models import Event, Person
from suyuan.store.queries import people, viewer
from tests.board_pages import signed_in
from tests.factories import NOW, actor, case_at, person

pytestmark = pytest.mark.django_db


def save(tags: str) -> bool:
    form = {"name": "赵", "tags": tags}
    return org.save_person(username="agent", unit="01", form=form, actor=actor("admin"), now=NOW)


def test_tags_are_kept_in_the_order_of_the_rulebook_and_a_change_is_an_event():
    person("agent")

    assert (save("mediation command"), save("command mediation")) == (True, False)
    assert Person.objects.get(username="agent").tags == "command mediation"
    event = Event.objects.filter(verb="person_save").latest("pk")
    assert "tags" in event.detail["changed"]
    with pytest.raises(BadInput) as bad:
        save("singing")
    assert bad.value.facts["fields"] == {"tags": "unknown_choice"}


def test_people_are_found_by_a_tag_on_the_list_and_an_unknown_one_is_named():
    person("agent"), save("mediation")
    desk = viewer.of(person("office"))

    found = people.listed(desk, people.Wanted(tag="mediation"))

    assert [one.username for one in found] == ["agent"]
    assert list(people.listed(desk, people.Wanted(tag="command"))) == []
    page = signed_in("office").get("/people/?tag=mediation").content.decode()
    assert ("调解" in page, "没有这样的人员" in page) == (True, False)
    assert signed_in("office").get("/people/?tag=singing").status_code == 422


def test_whoever_hands_a_customer_over_is_offered_those_with_tags_first():
    case = case_at("handling")
    person("agent", "", "bo"), person("agent"), save("mediation liaison")

    page = signed_in("lead").get(f"/case/{case.number}/").content.decode()

    offered = re.search(r'<datalist id="[^"]*owner-list">(.*?)</datalist>', page, re.DOTALL)
    options = re.findall(r'<option value="([^"]+)">([^<]+)</option>', offered[1])
    assert options[0] == ("agent", "赵 · 溯源市供电公司 · 联络 · 调解")
    assert "bo" in dict(options)
