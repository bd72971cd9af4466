"""The office words a message in the rulebook: dated, by two people; what was queued keeps its wording."""

from datetime import timedelta

import pytest

from suyuan.actions import knowledge
from suyuan.actions.notice import queue
from suyuan.domain.errors import BadInput
from suyuan.domain.rulebook import load
from suyuan.domain.rulebook.entries import toml
from suyuan.store import rules, wording
from suyuan.store.models import Message, Wording
from suyuan.store.queries import rulebook
from tests.factories import NOW, actor, case_at, do
from tests.rulebook_entries import MESSAGE, landed, proposed

pytestmark = pytest.mark.django_db
FACTS = {"limit": "complaint.accept", "rung": "due"}
DISPATCHED = MESSAGE | {
    "template": "dispatch",
    "title": {"zh": "新工单", "en": "New order"},
    "text": {"zh": "{case}派给您单位，现为{state}", "en": "{case} is yours, now {state}"},
}


@pytest.fixture(autouse=True)
def nothing_left():
    """Leave this process knowing of no approved entry and no stored wording."""
    rules.forget()
    yield
    rules.forget()


def queued(key: str, template: str = "rung", now=NOW) -> Message:
    """Return a message queued to the office."""
    draft = queue.Draft(
        key, "in_app", template, recipient="office@01", facts=FACTS, case_number="T-1", unit="01"
    )
    return Message.objects.get(pk=queue.queue(draft=draft, actor=actor("admin"), now=now))


def test_a_message_keeps_the_wording_it_was_queued_with():
    before = queued("a")
    landed("message", MESSAGE)
    after = queued("b")
    landed("message", MESSAGE | {"text": {"zh": "第三版{case}", "en": "third {case}"}})

    shipped = wording.words("rung", FACTS, "T-1", "zh")
    assert wording.of(before, "zh") == shipped
    assert wording.of(after, "zh") == wording.Words("催办 T-1", "请看工单T-1：投诉接单分办，到期")
    assert wording.of(after, "en").text.startswith("Look at T-1: ")
    assert wording.of(queued("c"), "en") == wording.Words("Time is short T-1", "third T-1")
    assert after.wording.content["since"] == {"day": "2026-01-01", "basis": "优服办通知 2026-2"}
    assert Wording.objects.filter(template="rung").count() == 3


def test_the_same_wording_is_kept_once():
    first, second = queued("a"), queued("b")

    assert first.wording_id == second.wording_id
    assert Wording.objects.count() == 1


def test_a_wording_counts_from_its_first_day_to_its_last():
    landed("message", MESSAGE | {"in_force_from": "2026-03-05", "in_force_until": "2026-03-06"})

    subjects = [wording.of(queued(str(day), now=NOW + timedelta(days=day)), "zh").subject for day in range(4)]

    assert subjects == ["时限预警 T-1", "催办 T-1", "催办 T-1", "时限预警 T-1"]


def test_a_verb_is_worded_by_its_own_edition_and_else_by_the_one_all_steps_share():
    shared = {"zh": "工单有变：{case}{verb}", "en": "{case} {verb}"}
    landed("message", MESSAGE | {"template": "step", "text": shared})
    landed("message", DISPATCHED)

    case = case_at("dispatched")
    do(case, "urge", "office", NOW, note="客户催办")

    said = {
        one.template: wording.of(one, "zh").text
        for one in Message.objects.filter(template__in=("dispatch", "urge"))
    }
    assert said == {
        "dispatch": f"{case.number}派给您单位，现为已派单",
        "urge": f"工单有变：{case.number}催办",
    }


def test_a_warning_of_a_clock_is_not_worded_as_a_step():
    landed("message", MESSAGE | {"template": "step", "text": {"zh": "{case}{verb}", "en": "{case}"}})

    assert wording.of(queued("a"), "zh") == wording.words("rung", FACTS, "T-1", "zh")


@pytest.mark.parametrize("name", ["phone", "stat"])
def test_what_a_template_may_not_name_is_refused_when_proposed(name):
    text = {"zh": "{" + name + "}", "en": "x"}
    with pytest.raises(BadInput) as no:
        knowledge.propose(
            proposed=proposed("message", MESSAGE | {"text": text}), actor=actor("lead"), now=NOW
        )

    assert (no.value.code, no.value.facts["key"]) == ("entry_does_not_fit", "text.zh")
    assert repr(name) in str(no.value.facts["problem"])


def test_it_is_exported_as_a_file_that_words_the_same(tmp_path):
    landed("message", MESSAGE)
    file = tmp_path / "own.toml"
    file.write_text(toml(rulebook.approved()), "utf-8")

    assert load(file).messages == rules.rulebook().messages


def test_a_wording_judges_nobody():
    before = rules.rulebook().edition
    landed("message", MESSAGE)

    assert rules.rulebook().edition == before
