"""People stand on a page by their names, the user name beside it, and the system in words."""

import pytest
from django.test import Client
from django.utils.translation import override

from suyuan.store.models import Person
from suyuan.web.names import Named, named
from tests.factories import case_at, person

pytestmark = pytest.mark.django_db


def test_a_name_stands_for_a_user_name_after_one_question(django_assert_num_queries):
    person("station")
    Person.objects.filter(username="station").update(name="王芳")
    person("agent")

    with override("zh-hans"), django_assert_num_queries(1):
        found = named(["station", "station", "system", "agent", "stranger", ""])

    assert found == {
        "station": Named("王芳", "station"),
        "system": Named("系统", "system"),
        "agent": Named("agent"),
        "stranger": Named("stranger"),
    }


def test_the_timeline_of_a_case_and_its_handler_are_named():
    case = case_at("handling")
    Person.objects.filter(username="station").update(name="王芳")
    client = Client()
    client.force_login(person("office"))

    page = client.get(f"/case/{case.number}/").content.decode()

    assert '<dd title="station">王芳</dd>' in page
    assert '<span class="small-2" title="station">王芳</span>' in page
    assert ">station<" not in page
