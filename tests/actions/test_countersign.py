"""A sheet goes round: what each verb writes down, whom it tells, and what two at once make of it."""

from datetime import timedelta

import pytest

from suyuan.actions.perform import perform
from suyuan.domain.errors import BadInput, Refused
from suyuan.domain.rulebook import Figure
from suyuan.store import chain, fingerprint, rules
from suyuan.store.models import Case, ClockEntry, Event, Message, Signature
from suyuan.store.queries import countersign
from suyuan.store.queries import told as told_to_programs
from tests.actions.test_races import at_once, code
from tests.factories import NOW, actor, case_at, do, order_at, person

pytestmark = pytest.mark.django_db
DAY = NOW + timedelta(days=1)


def signed(order, *roles):
    for role in roles:
        order = do(order, "sign", role, DAY)
    return order


def lines():
    return list(Signature.objects.order_by("pk").values_list("place", "act", "by", "ended"))


def told(order):
    """Return who was told that the sheet waits for them, in the order of telling."""
    rows = Message.objects.filter(case_number=order.number, template="to_sign").order_by("queued_at", "pk")
    return list(rows.values_list("recipient", flat=True))


def test_the_next_signers_are_told_and_only_once():
    order = order_at("signing")
    assert told(order) == ["station@0101"]

    signed(order, "station", "marketing")

    assert told(order) == ["station@0101", "marketing@0101", "operations@0101"]


def test_a_rejection_is_decided_by_the_leader_and_the_order_goes_on():
    order = signed(order_at("signing"), "station")

    order = do(order, "reject", "marketing", DAY, note="期限过紧")
    assert (order.state, told(order)[-1]) == ("signing", "operations@0101")
    order = signed(order, "operations")
    assert told(order)[-1] == "leader@0101"
    order = signed(order, "leader", "office")

    assert (order.state, order.reviewed_at) == ("rectifying", DAY)
    assert lines() == [
        ("station", "signed", "station", ""),
        ("marketing", "rejected", "marketing", ""),
        ("operations", "signed", "operations", ""),
        ("decision", "signed", "leader", ""),
        ("office", "signed", "office", ""),
    ]


def test_a_rejection_that_is_upheld_returns_the_order_and_what_was_signed_stands_while_it_reads_the_same():
    order = do(signed(order_at("signing"), "station"), "reject", "marketing", DAY, note="期限过紧")
    order = do(signed(order, "operations"), "reject", "leader", DAY, note="同意营销部意见")
    assert (order.state, order.reviewed_at) == ("drafted", None)

    order = do(order, "circulate", "station", DAY)

    assert [place.code for place in countersign.circulation(order).awaited] == ["marketing"]
    order = do(
        do(order, "pull_back", "office", DAY, note="补充措施"), "revise", "office", DAY, due_on="2026-05-31"
    )
    order = do(order, "circulate", "station", DAY)
    assert [place.code for place in countersign.circulation(order).awaited] == ["station"]
    assert lines()[0] == ("station", "signed", "station", "content_changed")


def test_an_order_sent_back_counts_the_days_of_its_draft_and_not_those_of_the_signatures():
    order = signed(order_at("signing"), "station")
    due = dict(order.clocks.values_list("limit", "due_at"))
    order = do(order, "pull_back", "office", DAY + timedelta(days=1), note="补充措施")
    states = dict(order.clocks.values_list("limit", "state"))
    assert (states["rectification.draft"], states["rectification.countersign"]) == ("running", "paused")

    order = do(order, "circulate", "station", DAY + timedelta(days=2))

    states = dict(order.clocks.values_list("limit", "state"))
    assert (states["rectification.draft"], states["rectification.countersign"]) == ("stopped", "running")
    after = dict(order.clocks.values_list("limit", "due_at"))
    assert after["rectification.countersign"] > due["rectification.countersign"]
    assert after["rectification.draft"] > due["rectification.draft"]
    ledger = [
        (one.clock.limit.rpartition(".")[2], one.kind, one.reason)
        for one in ClockEntry.objects.order_by("pk")
    ]
    assert ledger == [
        ("draft", "pause", "went_back"),
        ("draft", "resume", ""),
        ("countersign", "pause", "went_back"),
        ("countersign", "resume", ""),
    ]


def test_an_order_called_in_while_its_clocks_are_paused_finds_its_way_with_the_resume():
    order = do(order_at("signing"), "pause", "office", DAY, reason="customer", evidence="客户来电")
    order = do(order, "pull_back", "office", DAY + timedelta(days=1), note="补充措施")
    assert {clock.state for clock in order.clocks.filter(kind="internal")} == {"paused", "stopped"}

    order = do(order, "resume", "office", DAY + timedelta(days=2))

    states = dict(order.clocks.values_list("limit", "state"))
    assert (states["rectification.draft"], states["rectification.countersign"]) == ("running", "paused")


def test_changing_what_is_signed_for_lets_everybody_sign_again():
    order = signed(order_at("signing"), "station", "marketing")

    same = do(order, "revise", "office", DAY)
    assert lines() == [("station", "signed", "station", ""), ("marketing", "signed", "marketing", "")]
    changed = do(same, "revise", "office", DAY, measures="补抄, 每周抽查")

    assert changed.state == "signing"
    assert {line[-1] for line in lines()} == {"content_changed"}
    assert [place.code for place in countersign.circulation(changed).awaited] == ["station"]


def test_a_signature_is_withdrawn_by_whoever_gave_it_as_long_as_the_sheet_is_out():
    order = signed(order_at("signing"), "station", "marketing")

    with pytest.raises(Refused) as nothing:
        do(order, "withdraw", "operations", DAY)
    order = do(order, "withdraw", "marketing", DAY)
    done = signed(order, "marketing", "operations", "office")

    assert nothing.value.code == "nothing_signed"
    assert [line for line in lines() if line[0] == "marketing"] == [
        ("marketing", "signed", "marketing", "withdrawn"),
        ("marketing", "signed", "marketing", ""),
    ]
    with pytest.raises(Refused) as closed:
        do(done, "withdraw", "marketing", DAY)
    assert closed.value.code == "not_from_here"


def test_somebody_of_the_unit_signs_for_whoever_let_them():
    order = order_at("signing")
    person("agent", "0101", "wang")
    person("agent", "0102", "far")

    with pytest.raises(BadInput) as elsewhere:
        do(order, "delegate", "station", DAY, delegate="far")
    do(order, "delegate", "station", DAY, delegate="wang")
    perform(number=order.number, verb="sign", actor=actor("agent", username="wang"), now=DAY, form={})

    assert elsewhere.value.facts == {"fields": {"delegate": "not_of_the_unit"}}
    assert told(order)[1] == "person:wang"
    assert Signature.objects.values_list("act", "by", "on_behalf_of", "to").order_by("pk")[:2][::1] == [
        ("delegated", "station", "", "wang"),
        ("signed", "wang", "station", ""),
    ]
    event = Event.objects.get(stream=f"case:{order.number}", verb="delegate")
    assert event.detail["form"] == {"delegate": "wang"}


def test_it_is_nobody_elses_turn_and_nobody_signs_twice():
    order = order_at("signing")

    with pytest.raises(Refused) as early:
        do(order, "sign", "office", DAY)
    signed(order, "station")
    with pytest.raises(Refused) as again:
        do(order, "sign", "station", DAY)

    assert (early.value.code, again.value.code) == ("not_awaited", "signed_already")


def test_an_order_from_a_misconduct_report_stays_with_the_audit_desk_and_the_leaders():
    report = case_at("callback", "report")

    order = order_at("drafted", complaint=report)
    order = do(order, "circulate", "audit", DAY)
    with pytest.raises(Refused) as out:
        do(order, "sign", "station", DAY)
    order = signed(order, "audit", "leader")

    assert (order.restricted, order.state, out.value.code) == (True, "rectifying", "not_awaited")
    with pytest.raises(Refused) as kept:
        do(order, "carry_out", "station", DAY, evidence="记录", note="已处理")
    assert kept.value.code == "restricted"
    assert set(Message.objects.filter(case_number=order.number).values_list("channel", flat=True)) == {
        "in_app"
    }


def test_the_nodes_are_those_of_the_rulebook_on_the_day_it_goes_round(monkeypatch):
    book = rules.rulebook()
    nodes = {name: f for name, f in book.figures.items() if not name.startswith("countersign.rectification.")}
    (unit,) = book.figures["countersign.rectification.unit"]
    wanted = {
        "order": 1,
        "signers": ["specialty", "person:leader"],
        "quorum": "any",
        "on_reject": "back_to_draft",
    }
    one = {name: getattr(unit, name) for name in ("id", "title", "basis", "certainty")}
    monkeypatch.setattr(
        book, "figures", nodes | {unit.id: (Figure(**one, terms=wanted | {"in_order": False}),)}
    )
    order = order_at("signing")

    done = signed(order, "leader")

    assert done.state == "rectifying"
    assert lines() == [("person:leader", "signed", "leader", "")]


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("shared_base")
def test_of_two_who_sign_one_place_at_once_one_wins_and_the_other_is_told():
    order = order_at("signing")
    first, second = actor("station"), actor("station", username="other")

    def sign(by):
        return lambda: perform(number=order.number, verb="sign", actor=by, now=DAY, form={})

    ends = at_once(sign(first), sign(second))

    assert sorted(map(code, ends)) == ["Done", "not_awaited"]
    assert Signature.objects.filter(place="station", ended="").count() == 1
    assert chain.verify()[0] == 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("shared_base")
def test_two_departments_that_sign_at_once_both_count():
    order = signed(order_at("signing"), "station")
    by = [actor("marketing"), actor("operations")]

    ends = at_once(
        *[
            lambda one=one: perform(number=order.number, verb="sign", actor=one, now=DAY, form={})
            for one in by
        ]
    )

    assert [code(end) for end in ends] == ["Done", "Done"]
    assert [place.code for place in countersign.circulation(order).awaited] == ["office"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("shared_base")
def test_whoever_signs_a_form_made_before_the_order_was_changed_is_told_what_happened():
    order = order_at("signing")
    seen = fingerprint.read(fingerprint.of(Case.objects.get(pk=order.pk)), order.number)
    office, station = actor("office"), actor("station")

    def sign():
        return perform(number=order.number, verb="sign", actor=station, now=DAY, form={}, seen=seen)

    def revise():
        form = {"measures": "补抄, 每周抽查"}
        return perform(number=order.number, verb="revise", actor=office, now=DAY, form=form, seen=seen)

    ends = at_once(sign, revise)

    assert sorted(map(code, ends)) == ["Done", "moved_on"]
    overtaken = next(end for end in ends if isinstance(end, Refused))
    won = Event.objects.filter(stream=f"case:{order.number}").latest("seq")
    assert [(each["verb"], each["by"]) for each in overtaken.facts["since"]] == [(won.verb, won.actor)]


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("shared_base")
def test_of_two_who_check_one_effect_at_once_one_wins():
    order = order_at("checking")
    later = order.answered_at + timedelta(days=31)
    said = {"note": "已核查", "evidence": "抽查记录"}
    by = actor("office"), actor("marketing")

    def check(one, **given):
        return lambda: perform(
            number=order.number, verb="verify_effect", actor=one, now=later, form=said | given
        )

    ends = at_once(
        check(by[0], effective=True, means="check"), check(by[1], effective=False, due_on="2026-12-31")
    )

    assert sorted(map(code, ends)) == ["Done", "not_from_here"]
    assert Case.objects.get(pk=order.pk).episode in (1, 2)
    assert chain.verify()[0] == 2


def test_programs_are_told_the_sheet_and_that_other_cases_have_none():
    order = do(signed(order_at("signing"), "station"), "reject", "marketing", DAY, note="期限过紧")
    order = signed(order, "operations")
    complaint = Case.objects.select_related("unit").get(number=order.parent_number)

    said = told_to_programs.case(order, (), DAY)["rectification"]

    assert told_to_programs.case(complaint, (), DAY)["rectification"] is None
    assert (said["due_on"], said["round"]) == ("2026-04-30", 1)
    assert [(node["node"], node["state"]) for node in said["nodes"]] == [
        ("unit", "passed"),
        ("departments", "current"),
        ("office", "ahead"),
    ]
    at = "2026-03-05T10:30:00+08:00"
    assert [[p["place"], p["act"], p["at"], p["awaited_since"]] for p in said["nodes"][1]["places"]] == [
        ["marketing", "rejected", at, None],
        ["operations", "signed", at, None],
        ["decision", "", None, at],
    ]
