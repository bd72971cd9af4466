"""The page of the audit desk's queue: who opens it, what stands on it, and where a clock has run out."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from suyuan.store.models import Clock
from tests.factories import case_at, do, person

pytestmark = pytest.mark.django_db


def page(role: str, query: str = ""):
    client = Client()
    client.force_login(person(role))
    return client.get(f"/discipline/{query}")


def test_the_queue_names_the_case_whom_it_accuses_and_where_time_ran_out():
    case = do(case_at("registered", "report"), "accuse", "audit", accused_unit="0101")
    open_one = case_at("handling")
    Clock.objects.filter(limit="discipline.verify").update(due_at=timezone.now() - timedelta(hours=1))

    answer = page("audit")

    text = answer.content.decode()
    assert [name in text for name in (case.number, "东城供电所", "超时", open_one.number)] == [
        True,
        True,
        True,
        False,
    ]
    assert answer.context["exceeded"] == [("溯源市供电公司", "100.00 % (1/1)")]
    assert page("audit", "?show=closed").context["listed"].rows == []


@pytest.mark.parametrize(("role", "status"), [("leader", 200), ("office", 403), ("station", 403)])
def test_who_opens_the_queue(role, status):
    assert page(role).status_code == status


def test_an_empty_queue_says_what_would_stand_here():
    assert "没有限制查阅的工单" in page("audit").content.decode()


def test_an_unknown_choice_is_an_error():
    assert page("audit", "?show=all").status_code == 422
