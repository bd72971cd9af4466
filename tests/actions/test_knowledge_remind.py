"""A document's review day tells the office and its author once, however often the worker looks."""

from datetime import timedelta

import pytest

from suyuan.actions import knowledge
from suyuan.domain.procedure import SYSTEM
from suyuan.jobs import schedules
from suyuan.store import chain, rules, seal, wording
from suyuan.store.models import Channel, Event, Message
from tests.factories import NOW, person, unit
from tests.rulebook_entries import landed

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
TODAY = NOW.date()
DOCUMENT = {
    "number": "Q/SY-01",
    "title": {"zh": "投诉处理规范", "en": "Handling complaints"},
    "kind": "standard",
    "version": "A/0",
    "text": "先联系客户",
    "review_on": str(TODAY),
    "basis": "公司文件",
    "certainty": "Q",
}


@pytest.fixture(autouse=True)
def nothing_left():
    rules.forget()
    yield
    rules.forget()


def remind(now=NOW) -> int:
    return knowledge.remind(actor=SYSTEM, now=now)


def told() -> list[str]:
    return list(
        Message.objects.filter(template="review").order_by("recipient").values_list("recipient", flat=True)
    )


def test_it_tells_the_office_and_the_author_once_for_a_review_day():
    author, office = person("lead"), unit()
    while office.parent is not None:
        office = office.parent
    landed("document", DOCUMENT)

    assert [remind(), remind(), remind(NOW + DAY)] == [1, 0, 0]

    assert told() == [f"office@{office.code}", f"person:{author.username}"]
    [event] = Event.objects.filter(verb="rule_remind")
    assert chain.verify([event.stream]) == (1, 1)


def test_a_missed_day_is_made_up_for_and_another_review_day_tells_again():
    person("lead")
    landed("document", DOCUMENT | {"review_on": str(TODAY - 9 * DAY)})
    assert remind() == 1

    landed("document", DOCUMENT | {"review_on": str(TODAY + DAY)})

    assert [remind(), remind(NOW + DAY)] == [0, 1]


def test_what_is_no_longer_in_force_reminds_nobody():
    landed("document", DOCUMENT | {"in_force_from": "2026-01-01", "in_force_until": str(TODAY - DAY)})

    assert (remind(), told()) == (0, [])


def test_it_leaves_by_a_channel_that_carries_it_and_is_worded_in_both_languages():
    unit()
    row = {
        "rate": 9,
        "batch": 9,
        "ladder": [60],
        "changed_by": "admin",
        "changed_at": NOW,
        "sealed": seal.seal({}),
    }
    Channel.objects.create(code="mail", carrier="mail", templates=["review"], enabled=True, **row)
    landed("document", DOCUMENT)

    schedules.RUN[schedules.Kind.REVIEW](None, NOW)

    message = Message.objects.filter(template="review", channel="mail").first()
    said = wording.words("review", message.facts, "", "en")
    assert said.subject == "Document to be reviewed"
    assert "“Handling complaints” A/0" in said.text
    assert "《投诉处理规范》A/0" in wording.words("review", message.facts, "", "zh").text
    assert str(TODAY) in said.text
    assert str(TODAY) in wording.words("review", message.facts, "", "zh").text
