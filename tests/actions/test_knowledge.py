"""Changing the rulebook takes two people, one event each, and never a running clock."""

from datetime import date, timedelta

import pytest

from suyuan.actions import knowledge
from suyuan.domain.errors import BadInput, Refused
from suyuan.domain.rulebook import load
from suyuan.domain.rulebook.entries import content, toml
from suyuan.store import chain, rules
from suyuan.store.models import Event, Message, RuleDraft, RuleReading
from suyuan.store.queries import rulebook
from tests.factories import NOW, actor, case_at, person
from tests.rulebook_entries import DISPATCH, PHRASE, SURE, landed, proposed, submitted

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def nothing_left():
    """Leave this process knowing of no approved entry."""
    rules.forget()
    yield
    rules.forget()


def limit(on: date = date(2026, 3, 4), name: str = "complaint.accept"):
    return rules.rulebook().limit(name, on)


def written() -> list[tuple[str, str]]:
    """Return who did what to the rulebook."""
    return list(Event.objects.filter(stream=rules.STREAM).order_by("seq").values_list("verb", "actor"))


def test_an_approved_edition_is_in_force_from_its_day_and_the_one_before_stays():
    before = limit()

    landed("limit", DISPATCH)

    assert (before.amount, limit(date(2025, 12, 31)).amount, limit().amount) == (2, 2, 1)
    assert written() == [("rule_propose", "lead"), ("rule_submit", "lead"), ("rule_approve", "office")]
    assert chain.verify([rules.STREAM]) == (1, 3)


def test_the_event_of_an_approval_says_what_was_approved_and_who_wrote_it():
    done = landed("limit", DISPATCH)

    event = Event.objects.get(pk=done.landed)
    assert event.objects_json == [["rule", "limit:complaint.accept:2026-01-01"]]
    assert (event.detail["author"], event.detail["entry"]) == ("lead", DISPATCH)
    assert event.detail["edition"] == rules.rulebook().edition


@pytest.mark.parametrize(
    ("who", "code"), [("lead", "not_your_role"), ("station", "not_your_role"), ("admin", "not_your_role")]
)
def test_a_role_that_may_not_approve_is_refused(who, code):
    draft = submitted("limit", DISPATCH, by="marketing")

    with pytest.raises(Refused) as refused:
        knowledge.approve(draft=draft.pk, actor=actor(who), now=NOW)

    assert refused.value.code == code


def test_nobody_approves_a_proposal_of_their_own():
    draft = submitted("limit", DISPATCH, by="office")

    with pytest.raises(Refused) as refused:
        knowledge.approve(draft=draft.pk, actor=actor("office"), now=NOW)

    assert refused.value.code == "own_proposal"
    assert knowledge.approve(draft=draft.pk, actor=actor("leader"), now=NOW).state == "approved"


def test_an_approver_of_one_station_does_not_bind_the_company():
    draft = submitted("limit", DISPATCH)

    with pytest.raises(Refused) as refused:
        knowledge.approve(draft=draft.pk, actor=actor("office", at="0101", username="office-east"), now=NOW)

    assert refused.value.code == "not_your_role"


def test_a_draft_is_not_approved_before_it_is_submitted_nor_twice():
    draft = knowledge.propose(proposed=proposed("limit", DISPATCH), actor=actor("lead"), now=NOW)
    codes = []
    for step in (None, knowledge.submit):
        if step:
            step(draft=draft.pk, actor=actor("lead"), now=NOW)
            knowledge.approve(draft=draft.pk, actor=actor("office"), now=NOW)
        with pytest.raises(Refused) as refused:
            knowledge.approve(draft=draft.pk, actor=actor("office"), now=NOW)
        codes.append(refused.value.code)

    assert codes == ["proposal_not_submitted", "proposal_not_submitted"]


@pytest.mark.parametrize(
    ("wrong", "key"),
    [
        ({"starts": "tea_time"}, "starts"),
        ({"amount": 0}, "amount"),
        ({"colour": "red"}, "colour"),
        ({"certainty": "sure"}, "certainty"),
        ({"in_force_from": "tomorrow"}, "in_force_from"),
        ({"binding": True, "id": "complaint.other"}, "binding"),
    ],
)
def test_an_entry_that_does_not_fit_the_whole_book_never_gets_in(wrong, key):
    with pytest.raises(BadInput) as bad:
        knowledge.propose(proposed=proposed("limit", DISPATCH | wrong), actor=actor("lead"), now=NOW)

    assert (bad.value.code, bad.value.facts["key"]) == ("entry_does_not_fit", key)
    assert RuleDraft.objects.count() == 0


def test_two_proposals_that_fit_alone_and_not_together_do_not_both_land():
    one = {"list": "channel", "code": "kiosk", "title": {"zh": "自助机", "en": "Kiosk"}}
    one |= {"basis": "本公司", "certainty": "Q"}
    first = submitted("choice", one)
    second = submitted("choice", one | {"code": "machine"})

    knowledge.approve(draft=first.pk, actor=actor("office"), now=NOW)
    with pytest.raises(BadInput) as bad:
        knowledge.approve(draft=second.pk, actor=actor("office"), now=NOW)

    assert (bad.value.code, bad.value.facts["key"]) == ("entry_does_not_fit", "synonyms")
    assert RuleDraft.objects.get(pk=second.pk).state == "submitted"


def test_a_rejected_proposal_is_revised_by_its_author_and_lands():
    draft = submitted("limit", DISPATCH)
    with pytest.raises(BadInput):
        knowledge.reject(draft=draft.pk, reason=" ", actor=actor("office"), now=NOW)

    sent_back = knowledge.reject(draft=draft.pk, reason="请注明条款", actor=actor("office"), now=NOW)
    better = DISPATCH | {"basis": "省公司通知 2026-3 第4条"}
    knowledge.revise(draft=draft.pk, proposed=proposed("limit", better), actor=actor("lead"), now=NOW)
    knowledge.submit(draft=draft.pk, actor=actor("lead"), now=NOW)
    knowledge.approve(draft=draft.pk, actor=actor("office"), now=NOW)
    rules.look()

    assert (sent_back.state, sent_back.reason) == ("rejected", "请注明条款")
    assert limit().basis == "省公司通知 2026-3 第4条"


def test_a_withdrawn_proposal_is_over_and_only_its_author_withdraws_it():
    draft = submitted("limit", DISPATCH)
    with pytest.raises(Refused) as other:
        knowledge.withdraw(draft=draft.pk, actor=actor("marketing"), now=NOW)

    knowledge.withdraw(draft=draft.pk, actor=actor("lead"), now=NOW)
    with pytest.raises(Refused) as over:
        knowledge.withdraw(draft=draft.pk, actor=actor("lead"), now=NOW)

    assert (other.value.code, over.value.code) == ("not_your_proposal", "proposal_decided")


def test_a_later_entry_of_the_same_day_replaces_the_earlier_one():
    first = landed("limit", DISPATCH)
    landed("limit", DISPATCH | {"amount": 3}, NOW + MINUTE)

    assert RuleDraft.objects.get(pk=first.pk).state == "superseded"
    assert limit().amount == 3


def test_a_choice_does_not_wait_for_its_day():
    entry = {"list": "reason.void", "code": "moved", "title": {"zh": "已迁址", "en": "Moved away"}}
    entry |= {"basis": "本公司", "certainty": "Q", "in_force_from": "2026-06-01"}
    draft = submitted("choice", entry)

    with pytest.raises(Refused) as early:
        knowledge.approve(draft=draft.pk, actor=actor("office"), now=NOW)

    assert (early.value.code, early.value.facts) == ("not_yet_in_force", {"on": "2026-06-01"})


INBOX = {
    "id": "outbox.inbox",
    "title": {"zh": "消息箱", "en": "Inbox"},
    "terms": {"days": 20, "most_unread": 50},
    "basis": "本公司",
    "certainty": "Q",
}


def test_a_figure_that_lacks_what_the_product_reads_is_not_proposed():
    with pytest.raises(BadInput) as lacking:
        submitted("figure", INBOX | {"terms": {"days": 30}})

    assert (lacking.value.code, lacking.value.facts["key"]) == ("entry_does_not_fit", "terms.most_unread")
    assert RuleDraft.objects.count() == 0


def test_a_figure_is_approved_on_its_day_and_holds_from_then():
    landed("figure", INBOX)
    draft = submitted(
        "figure", INBOX | {"terms": {"days": 9, "most_unread": 9}, "in_force_from": "2026-06-01"}
    )
    with pytest.raises(Refused) as early:
        knowledge.approve(draft=draft.pk, actor=actor("office"), now=NOW)
    before = rules.figure("outbox.inbox", "days")

    knowledge.approve(draft=draft.pk, actor=actor("office"), now=NOW + timedelta(days=90))
    rules.look(NOW + timedelta(days=90))

    assert (early.value.code, before, rules.figure("outbox.inbox", "days")) == ("not_yet_in_force", 20, 9)


def test_a_figure_approved_before_its_day_is_read_only_from_it():
    draft = submitted("figure", INBOX | {"in_force_from": "2026-06-01"})
    RuleDraft.objects.filter(pk=draft.pk).update(state="approved", landed=1)
    days = []

    for now in (NOW, NOW + timedelta(days=90)):
        rules.look(now)
        days.append(rules.figure("outbox.inbox", "days"))

    assert days == [30, 20]


def test_what_was_approved_put_back_as_a_file_is_the_same_book(tmp_path):
    landed("limit", DISPATCH)
    landed("confirm", SURE)
    landed("phrase", PHRASE | {"text": '他说："好"\n第二行\\'})
    rows = list(RuleDraft.objects.filter(state="approved").order_by("landed"))
    file = tmp_path / "own.toml"

    file.write_text(toml((row.kind, row.entry) for row in rows), "utf-8")

    there = load(file)
    assert there.edition == rules.rulebook().edition != load().edition
    assert there.phrases == rules.rulebook().phrases
    assert load(entries=[content(row.kind, row.entry) for row in rows]).edition == there.edition


def test_wording_judges_nobody_so_a_case_pins_the_same_edition():
    before = rules.rulebook().edition

    landed("phrase", PHRASE)

    assert rules.rulebook().edition == before
    assert [one.text for one in rules.rulebook().phrases_for("reply", NOW.date())] == ["您好，95598为您服务"]


def test_agents_propose_phrases_and_no_limits():
    knowledge.propose(proposed=proposed("phrase", PHRASE), actor=actor("agent"), now=NOW)

    with pytest.raises(Refused) as refused:
        knowledge.propose(proposed=proposed("limit", DISPATCH), actor=actor("agent"), now=NOW)

    assert refused.value.code == "not_your_role"


def test_a_verb_sees_what_another_process_approved():
    """The process that takes the contact has looked before; the approval comes from elsewhere."""
    rules.look()
    entry = {"list": "channel", "code": "kiosk", "title": {"zh": "自助机", "en": "Kiosk"}}
    draft = submitted("choice", entry | {"basis": "本公司", "certainty": "Q"})
    knowledge.approve(draft=draft.pk, actor=actor("office"), now=NOW)
    assert "kiosk" not in rules.rulebook().channels

    case = case_at("received", now=NOW, channel="kiosk")

    assert (case.channel, rules.pinned(case.edition_id).channels["kiosk"].title.zh) == ("kiosk", "自助机")


def test_an_unknown_kind_and_an_unknown_proposal_are_errors():
    with pytest.raises(BadInput):
        knowledge.propose(proposed=proposed("wish", DISPATCH), actor=actor("lead"), now=NOW)
    with pytest.raises(Refused) as missing:
        knowledge.approve(draft=404, actor=actor("office"), now=NOW)

    assert missing.value.code == "not_found"


def test_a_document_is_read_once_a_version():
    entry = {"number": "Q/SY-01", "title": {"zh": "投诉处理规范", "en": "Handling complaints"}}
    entry |= {"kind": "standard", "version": "A/0", "text": "先回访，后归档", "steps": ["complaint.accept"]}
    landed("document", entry | {"basis": "公司文件", "certainty": "Q", "posts": ["station"]})
    reader = person("station")

    fresh = [knowledge.read(number="Q/SY-01", person=reader, now=NOW) for _ in range(2)]

    assert fresh == [True, False]
    assert list(RuleReading.objects.values_list("number", "version")) == [("Q/SY-01", "A/0")]
    assert [one.number for one in rules.rulebook().documents_of("complaint.accept", NOW.date())] == [
        "Q/SY-01"
    ]
    with pytest.raises(BadInput):
        knowledge.read(number="Q/SY-99", person=reader, now=NOW)


def test_a_routing_row_names_a_unit_that_is_there():
    entry = {"id": "east", "title": {"zh": "东城", "en": "East"}, "unit": "0999"}

    with pytest.raises(BadInput) as bad:
        knowledge.propose(
            proposed=proposed("route", entry | {"basis": "分工", "certainty": "Q"}),
            actor=actor("lead"),
            now=NOW,
        )

    assert bad.value.code == "unknown_unit"


def test_those_who_may_approve_are_told_of_a_proposal_and_its_author_of_the_decision():
    author = person("lead")
    draft = submitted("limit", DISPATCH)

    waits = Message.objects.filter(template="rule_to_approve")
    assert {one.recipient.partition("@")[0] for one in waits} == {"office", "audit", "leader"}
    assert {one.facts["draft"] for one in waits} == {str(draft.pk)}

    knowledge.reject(draft=draft.pk, reason="没有依据", actor=actor("office"), now=NOW + MINUTE)

    told = Message.objects.get(template="rule_decided")
    assert (told.recipient, told.facts["verb"]) == (f"person:{author.username}", "rule_reject")


def test_the_first_page_counts_what_somebody_may_decide_and_not_their_own():
    submitted("phrase", PHRASE, by="office")

    waiting = {who: rulebook.to_decide(actor(who)) for who in ("office", "audit", "lead", "station")}

    assert waiting == {"office": 0, "audit": 1, "lead": 1, "station": 0}
