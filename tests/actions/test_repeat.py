"""Events that many contacts speak of: found, told of once, and never through who asked to be kept secret."""

from datetime import timedelta

import pytest

from suyuan.actions import intake, repeat
from suyuan.domain.errors import Refused
from suyuan.store import chain
from suyuan.store.models import Case, Event, Message, RepeatEvent, RepeatMember
from suyuan.store.queries import repeats, viewer
from tests.appeal_cases import claim_at
from tests.factories import FORMS, NOW, actor, case_at, do, incoming, person, unit

pytestmark = pytest.mark.django_db
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def called(after: timedelta = timedelta(), **said: str) -> Case:
    unit()
    number = intake.receive(incoming=incoming(**said), actor=actor("agent"), now=NOW + after)
    return Case.objects.get(number=number)


def told() -> list[tuple[str, str]]:
    rows = Message.objects.filter(template="repeat_event", channel="in_app").order_by("recipient")
    return list(rows.values_list("recipient", "case_number"))


def numbers(case: Case, role: str = "office") -> list[str]:
    return [one.case.number for one in repeats.find(viewer.of(person(role)), case).same]


def test_the_third_contact_on_one_event_is_told_once_to_whoever_handles_it():
    first = case_at("handling")
    called(2 * HOUR)
    assert repeat.alarm(now=NOW + 3 * HOUR) == 0

    do(first, "urge", "agent", NOW + 3 * HOUR, **FORMS["urge"](first))
    assert [repeat.alarm(now=NOW + 4 * HOUR), repeat.alarm(now=NOW + 5 * HOUR)] == [1, 0]

    assert told() == [("office@0101", first.number), ("station@0101", first.number)]
    event = RepeatEvent.objects.get()
    assert (event.first, event.contacts, event.told_at) == (first, 3, NOW + 4 * HOUR)
    assert event.last_at == NOW + 3 * HOUR
    assert list(RepeatMember.objects.order_by("pk").values_list("ways", flat=True)) == [
        [],
        ["account", "number", "text"],
    ]
    assert list(Event.objects.filter(stream="register:repeats").values_list("verb", "detail")) == [
        ("repeat_alarm", {"event": event.pk, "contacts": 3})
    ]


def test_what_grows_is_kept_and_told_of_no_second_time():
    for n in range(3):
        called(n * HOUR)
    repeat.alarm(now=NOW + 3 * HOUR)
    last = called(4 * HOUR)

    assert repeat.alarm(now=NOW + 5 * HOUR) == 0

    assert list(RepeatEvent.objects.values_list("contacts", "last_at")) == [(4, last.accepted_at)]
    assert len(told()) == 2
    verbs = Event.objects.filter(stream="register:repeats").order_by("seq").values_list("verb", flat=True)
    assert list(verbs) == ["repeat_alarm", "repeat_grown"]


def test_an_alarm_that_cannot_be_written_down_did_not_happen(monkeypatch):
    for n in range(3):
        called(n * HOUR)

    def fail(**_given: object) -> int:
        raise Refused("no_unit")

    monkeypatch.setattr(chain, "append", fail)
    with pytest.raises(Refused):
        repeat.alarm(now=NOW + 3 * HOUR)

    assert (RepeatEvent.objects.count(), told()) == (0, [])


@pytest.mark.parametrize(
    "said", [{"secrecy": "confidential"}, {"secrecy": "anonymous"}, {"business_type": "report"}]
)
def test_who_asked_to_be_kept_secret_is_linked_to_nothing(said: dict[str, str]):
    first, secret = called(), called(HOUR, **said)
    called(2 * HOUR)

    assert repeat.alarm(now=NOW + 3 * HOUR) == 0
    assert secret.number not in numbers(first)
    assert repeats.find(None, secret).same == ()


def test_a_claim_found_malicious_counts_for_nothing_as_long_as_that_holds():
    first = case_at("handling")
    called(HOUR), called(2 * HOUR)
    found = claim_at("archived", parent=first).claim_review

    assert repeat.alarm(now=NOW + 3 * HOUR) == 0
    type(found).objects.update(lifted_at=NOW)
    assert repeat.alarm(now=NOW + 3 * HOUR) == 1


def test_callers_without_power_on_one_line_are_an_outage_and_no_repeat():
    for n in range(4):
        one = called(n * MINUTE, business_type="repair", account="", phone=f"1391234567{n}", text="家里没电")
        Case.objects.filter(pk=one.pk).update(line="城东线")
    case = Case.objects.order_by("pk").first()

    assert repeat.alarm(now=NOW + HOUR) == 0
    assert len(numbers(case)) == 3


def test_an_event_is_told_through_the_contacts_that_link_it_and_seen_in_reach_alone():
    first = called()
    second = called(HOUR, phone="13900000000")
    third = called(2 * HOUR, account="", phone="13900000000")
    Case.objects.filter(pk=second.pk).update(unit=unit("0102"))

    found = repeats.find(None, first)
    assert [(one.case.number, one.ways, one.through) for one in found.same] == [
        (second.number, ("account", "text"), ""),
        (third.number, ("number", "text"), second.number),
    ]
    assert (found.contacts, found.cases, {one.similarity for one in found.same}) == (3, 3, {1.0})
    Case.objects.filter(pk__in=[first.pk, third.pk]).update(unit=unit("0101"))
    seen = repeats.find(viewer.of(person("station")), first)
    assert ([one.case.number for one in seen.same], seen.contacts) == ([third.number], 3)


def test_a_number_that_calls_the_fourth_time_in_two_hours_is_spoken_with_by_a_person():
    case = called()
    do(case, "urge", "agent", NOW + HOUR, **FORMS["urge"](case))
    phone = incoming().phone

    assert repeats.caller("", NOW) is None
    assert repeats.caller("13900000000", NOW + HOUR) is None
    assert repeats.caller(phone, NOW + HOUR + MINUTE) == repeats.Caller(3, 2, person=False)
    called(HOUR + MINUTE)
    assert repeats.caller(phone, NOW + HOUR + 2 * MINUTE) == repeats.Caller(4, 2, person=True)
    assert repeats.caller(phone, NOW + 2 * HOUR) == repeats.Caller(3, 2, person=False)


def test_who_calls_again_about_an_open_order_in_words_that_share_nothing_is_heard():
    said = (
        "家里停电两小时没人来修，电话打不通",
        "停电还没有来，催一下",
        "我家怎么还没来电",
        "第四次打电话了，家里没电",
    )
    calls = [called(n * MINUTE, text=text, account="", address="") for n, text in enumerate(said)]

    found = repeats.find(None, calls[0])

    assert (found.contacts, [one.case.number for one in found.same]) == (4, [one.number for one in calls[1:]])
    assert repeat.alarm(now=NOW + HOUR) == 1
