"""One department asks another for support with a case, and rates what came of it."""

from datetime import timedelta

import pytest

from suyuan.actions import papers, undo
from suyuan.actions.perform import perform
from suyuan.domain.errors import BadInput, Refused
from suyuan.store import chain
from suyuan.store.models import Case, Clock, Event, Message, Support, Unit
from suyuan.store.queries import supports, viewer
from tests.factories import FORMS, NOW, actor, case_at, do, person, support_at, unit
from tests.paper_files import words

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def test_a_request_is_a_case_of_its_own_with_clocks_linked_both_ways_and_without_the_customer():
    case = support_at("dispatched")
    parent = Case.objects.get(number=case.parent_number)

    assert (case.procedure, case.unit.code, case.is_child, case.owner) == ("support", "0102", True, "agent")
    assert (case.account_index, case.phone_index, case.contacts.count()) == ("", "", 0)
    assert list(Clock.objects.filter(case=case).order_by("limit").values_list("limit", "state")) == [
        ("support.accept", "running"),
        ("support.answer", "running"),
    ]
    asked = Event.objects.get(stream=f"case:{parent.number}", verb="ask_support")
    opened = Event.objects.get(stream=f"case:{case.number}", verb="open")
    assert ["case", case.number] in asked.objects_json
    assert ["case", parent.number] in opened.objects_json
    assert (parent.state, parent.supports) == ("handling", 1)
    assert Message.objects.filter(case_number=case.number).values_list("recipient", flat=True).get() == (
        "station@0102"
    )


def test_the_answer_ends_it_and_tells_whoever_asked_about_their_own_case():
    case = support_at("archived")

    told = Message.objects.get(template="support_answered")
    assert (told.recipient, told.case_number) == ("person:agent", case.parent_number)
    assert set(Clock.objects.filter(case=case).values_list("state", flat=True)) == {"stopped"}
    assert case.is_open is False


def test_a_rating_is_given_once_on_the_case_it_was_asked_for_and_stands_in_both_histories():
    case = support_at("archived")
    parent = Case.objects.get(number=case.parent_number)

    parent = do(parent, "rate_support", "agent", NOW + DAY, **FORMS["rate_support"](parent))

    found = Support.objects.get()
    assert (found.rating, found.rated_by, found.rated_at) == ("good", "agent", NOW + DAY)
    assert Event.objects.get(stream=f"case:{case.number}", verb="rated").detail["form"] == {
        "support_rating": "good"
    }
    with pytest.raises(Refused) as again:
        do(parent, "rate_support", "agent", NOW + DAY, **FORMS["rate_support"](parent))
    assert again.value.code == "no_support_unrated"
    chain.verify()
    assert chain.verify_cases() == 2


def test_only_an_answered_request_of_the_case_is_rated():
    case = support_at("archived")
    parent = Case.objects.get(number=case.parent_number)
    second = support_at("dispatched", NOW + HOUR, parent)
    other = support_at("archived", NOW + HOUR)

    def rated(number: str) -> dict[str, str]:
        with pytest.raises(BadInput) as wrong:
            do(parent, "rate_support", "agent", NOW + DAY, support=number, support_rating="poor")
        return wrong.value.facts["fields"]

    assert [rated(one.number) for one in (second, other)] == [
        {"support": "not_to_rate"},
        {"support": "unknown_support"},
    ]


def test_who_gave_the_support_does_not_rate_it():
    case = support_at("archived")
    parent = Case.objects.get(number=case.parent_number)
    Case.objects.filter(pk=case.pk).update(handlers=["agent"])

    with pytest.raises(Refused) as own:
        do(parent, "rate_support", "agent", NOW + DAY, **FORMS["rate_support"](parent))

    assert (own.value.code, Support.objects.get().rating) == ("own_work", "")


@pytest.mark.parametrize("n", [1, 3])
def test_the_page_of_a_case_asks_the_same_for_one_request_and_for_many(n, django_assert_num_queries):
    parent = case_at("handling")
    cases = [support_at("archived", NOW + each * HOUR, parent) for each in range(n)]
    looks = viewer.of(person("agent"))
    assert looks.actor.reaching

    with django_assert_num_queries(3):
        found = supports.supports_of(looks, parent.number)

    asked, said = "请查该户去年的抄表记录", "去年十月起为估抄"
    assert [(one.support.case, one.request, one.said) for one in found] == [
        (case, asked, said) for case in cases
    ]


def test_a_request_can_be_declined_with_a_reason_and_is_not_rated():
    case = support_at("dispatched")
    helper = actor("station", "0102", "helper")
    perform(
        number=case.number,
        verb="decline_support",
        actor=helper,
        now=NOW + 2 * HOUR,
        form=FORMS["decline_support"](case),
    )

    case.refresh_from_db()
    assert (case.state, case.is_open) == ("void", False)
    assert Message.objects.get(template="support_declined").recipient == "person:agent"
    parent = Case.objects.get(number=case.parent_number)
    with pytest.raises(Refused):
        do(parent, "rate_support", "agent", NOW + DAY, support=case.number, support_rating="good")


def test_a_department_is_told_by_its_own_role():
    unit(), unit("0102")
    Unit.objects.filter(code="0102").update(kind="department", specialty="operations")

    case = support_at("dispatched")

    assert Message.objects.get(case_number=case.number).recipient == "operations@0102"


def test_a_restricted_case_asks_for_support_through_audit_alone_and_stays_restricted():
    parent = case_at("handling", "report")
    form = FORMS["ask_support"](parent)

    with pytest.raises(Refused) as no:
        do(parent, "ask_support", "office", NOW + HOUR, **form)
    do(parent, "ask_support", "audit", NOW + HOUR, **form)

    case = Case.objects.get(parent_number=parent.number)
    assert (no.value.code, case.restricted) == ("restricted", True)
    with pytest.raises(Refused) as kept:
        perform(
            number=case.number,
            verb="accept",
            actor=actor("station", "0102", "helper"),
            now=NOW + 2 * HOUR,
            form={},
        )
    assert kept.value.code == "restricted"


def test_nobody_asks_the_accused_unit():
    parent = do(case_at("registered"), "accuse", "agent", NOW + HOUR, accused_unit="0102")

    with pytest.raises(Refused) as no:
        do(parent, "ask_support", "audit", NOW + 2 * HOUR, **FORMS["ask_support"](parent))

    assert no.value.code == "to_accused_unit"


def test_what_came_of_the_requests_is_counted_unit_by_unit():
    case = support_at("archived")
    parent = Case.objects.get(number=case.parent_number)
    do(parent, "rate_support", "agent", NOW + DAY, **FORMS["rate_support"](parent))
    support_at("dispatched", NOW + HOUR)

    (found,) = supports.records(viewer.of(person("office")))

    assert case.handlers == ["helper"]
    assert (found.unit, found.asked, found.answered, found.declined) == ("西城供电所", 2, 1, 0)
    assert (found.in_time, found.timed, found.ratings) == (1, 1, {"good": 1, "fair": 0, "poor": 0})


def test_two_units_of_one_name_are_counted_apart():
    support_at("dispatched")
    other = support_at("dispatched", NOW + HOUR)
    namesake = Unit.objects.create(code="0199", name="西城供电所", parent=unit("01"), path="/01/0199/")
    Case.objects.filter(pk=other.pk).update(unit=namesake)

    found = supports.records(viewer.of(person("office")))

    assert [(one.unit, one.asked) for one in found] == [("西城供电所", 1), ("西城供电所", 1)]


def test_a_request_prints_with_what_was_asked_and_answered_and_nothing_of_the_customer():
    case = support_at("archived")
    office = viewer.of(person("office"))

    def printed(number: str) -> str:
        given = {"kind": "support", "purpose": "meeting", "viewer": office, "now": NOW + DAY}
        return words(papers.issue(number=number, **given).content)

    said = printed(case.number)
    expected = ("供电服务协办单", case.parent_number, "东城供电所", "西城供电所", "去年十月起为估抄")
    assert [each for each in expected if each not in said] == []
    assert [each for each in ("13912345678", "张三丰", "人民路") if each in said] == []
    assert said.count("（盖章处）") == 2
    with pytest.raises(Refused) as no:
        printed(case.parent_number)
    assert no.value.code == "paper_not_ready"


def test_whoever_took_a_request_on_can_take_that_back():
    case = support_at("handling")
    helper = actor("station", "0102", "helper")

    undo.take_back_last(number=case.number, actor=helper, now=NOW + HOUR + timedelta(minutes=2))

    case.refresh_from_db()
    assert (case.state, case.handler) == ("dispatched", "")
    running = (
        Clock.objects.filter(case=case, state="running").order_by("limit").values_list("limit", flat=True)
    )
    assert list(running) == ["support.accept", "support.answer"]
