"""Channels: kept by the administrator, their secrets sealed; who is dialled; who has read what in the app."""

from datetime import time, timedelta

import pytest

from suyuan.actions.notice import channels, deliver, inbox
from suyuan.actions.notice.queue import Draft, queue
from suyuan.domain.errors import BadInput, Refused
from suyuan.domain.procedure import SYSTEM
from suyuan.store import chain, seal
from suyuan.store.models import Channel, Event, Message, Reading, ReadMark
from suyuan.store.queries import notices, viewer
from tests.factories import NOW, actor, case_at, do, person, unit

pytestmark = pytest.mark.django_db
FORM = {"title": "通道", "enabled": "1", "language": "zh", "batch": "100"}
SECRET = {"url": "https://sms.example.com/send", "secret": "s3cret"}
DAY = timedelta(days=1)


def save(code: str = "sms", carrier: str = "sms_http", by: str = "admin", **form: str) -> Channel:
    """Save a channel as somebody and return it."""
    unit()
    return channels.save(code=code, carrier=carrier, form=FORM | form, actor=actor(by), now=NOW)


def problems(code: str = "sms", carrier: str = "sms_http", **form: str) -> dict[str, str]:
    """Return what is wrong with a form, having seen that nothing was kept."""
    with pytest.raises(BadInput) as error:
        save(code, carrier, **form)
    assert Channel.objects.count() == Event.objects.count() == 0
    return error.value.facts["fields"]


def test_a_channel_is_kept_with_its_terms_and_its_secret_sealed():
    way = save(rate="20", quiet_from="21:00", quiet_until="08:00", ladder="60 300", carry_rung="1", **SECRET)

    assert (way.rate, way.batch, way.ladder, way.templates) == (20, 100, [60, 300], ["rung"])
    assert (way.quiet_from, way.quiet_until) == (time(21), time(8))
    assert seal.unseal(way.sealed) == SECRET
    event = Event.objects.get()
    assert (event.stream, event.verb, event.detail["sealed"]) == (
        "register:channel",
        "channel_save",
        ["secret", "url"],
    )
    assert "s3cret" not in str(event.detail)
    assert "example.com" not in str(event.detail)
    assert chain.verify(["register:channel"]) == (1, 1)


def test_what_is_left_empty_stays_sealed_as_it_was():
    save(**SECRET)

    way = save(title="新名字", secret="other")

    assert (way.title, seal.unseal(way.sealed)) == ("新名字", SECRET | {"secret": "other"})
    assert channels.values("sms")["title"] == "新名字"
    assert {"secret", "url"} & set(channels.values("sms")) == set()


def test_a_channel_nobody_knows_begins_with_the_rulebooks_terms():
    known = channels.values("")

    assert {name: known[name] for name in ("rate", "batch", "quiet_from", "ladder", "carry_rung")} == {
        "rate": "20",
        "batch": "100",
        "quiet_from": "21:00",
        "ladder": "60 300 1800 7200 21600",
        "carry_rung": "0",
    }


@pytest.mark.parametrize(
    ("form", "wrong"),
    [
        ({}, {"url": "required", "secret": "required"}),
        (SECRET | {"url": "ftp://x"}, {"url": "bad_url"}),
        (SECRET | {"rate": "0"}, {"rate": "out_of_range"}),
        (SECRET | {"batch": "10001"}, {"batch": "out_of_range"}),
        (SECRET | {"quiet_from": "9 o'clock"}, {"quiet_from": "bad_time"}),
        (SECRET | {"quiet_from": "21:00"}, {"quiet_until": "quiet_half"}),
        (SECRET | {"ladder": "60 soon"}, {"ladder": "bad_ladder"}),
        (SECRET | {"ladder": "0"}, {"ladder": "bad_ladder"}),
        (SECRET | {"title": ""}, {"title": "required"}),
        (SECRET | {"language": "fr"}, {"language": "unknown_choice"}),
        (SECRET | {"carry_pigeon": "1"}, {"carry_pigeon": "unknown_field"}),
        (SECRET | {"targets": "* = json://x"}, {"targets": "unknown_field"}),
    ],
    ids=lambda value: str(value)[-44:],
)
def test_a_form_that_makes_no_sense_names_the_field(form, wrong):
    found = problems(**form)

    assert {name: found.get(name) for name in wrong} == wrong


@pytest.mark.parametrize(
    ("code", "carrier", "wrong"),
    [
        ("短信", "mail", {"code": "bad_code"}),
        ("a" * 21, "mail", {"code": "bad_code"}),
        ("in_app", "mail", {"code": "taken"}),
        ("x", "pigeon", {"carrier": "bad_code"}),
    ],
)
def test_a_code_or_a_carrier_that_is_none_is_refused(code, carrier, wrong):
    assert problems(code, carrier) == wrong


def test_a_channel_does_not_change_its_carrier():
    save("x", "mail")

    with pytest.raises(BadInput) as error:
        save("x", "file")

    assert error.value.facts == {"fields": {"code": "taken"}}


def test_the_administrator_of_the_company_alone_changes_the_ways_out():
    for who in ("office", "station", "leader"):
        with pytest.raises(Refused) as error:
            save(by=who, **SECRET)
        assert error.value.code == "not_your_role"
    with pytest.raises(Refused):
        channels.save(code="x", carrier="mail", form=FORM, actor=actor("admin", "0101", "local"), now=NOW)

    assert Channel.objects.count() == 0


def test_robots_are_kept_by_recipient_one_line_at_a_time():
    way = save(
        "chat", "apprise", targets="station@0101 = json://a/1\nstation@0101 = json://a/2\n* = json://b/1"
    )
    way = save("chat", "apprise", targets="* =\n0102 = json://c/1")

    assert channels.targets(way) == {"station@0101": ["json://a/1", "json://a/2"], "0102": ["json://c/1"]}


@pytest.mark.parametrize("line", ["json://a/1", "* = pigeon://roof", "= json://a/1"])
def test_a_line_that_names_no_robot_is_refused(line):
    assert problems("chat", "apprise", targets=line) == {"targets": "bad_targets"}


def dialled(code: str, *recipients: str) -> dict[str, tuple[str, ...]]:
    """Return what a channel dials for each recipient."""
    for place, each in enumerate(recipients):
        draft = Draft(f"k{place}", code, "test", recipient=each, facts={"title": "x"})
        queue(draft=draft, actor=SYSTEM, now=NOW)
    batch = deliver.claim(channel=code, holder="w1", now=NOW)
    return {recipients[int(letter.key[1:])]: letter.to for letter in batch.letters}


def test_a_robot_is_found_for_the_role_over_the_unit_then_the_unit_then_the_role_then_anybody():
    lines = ("station@0101 = json://a/1", "0102 = json://b/1", "office = json://c/1", "* = json://d/1")
    save("chat", "apprise", targets="\n".join((*lines, "person:wang = json://e/1")))
    person("office", username="wang")

    found = dialled(
        "chat", "station@0101", "station@0102", "office@0101", "agent@01", "person:wang", "person:li"
    )

    assert found == {
        "station@0101": ("json://a/1",),
        "station@0102": ("json://b/1",),
        "office@0101": ("json://c/1",),
        "agent@01": ("json://d/1",),
        "person:wang": ("json://e/1",),
    }


def test_mail_goes_to_everybody_active_who_holds_the_role_over_the_unit_today():
    save("mail", "mail")
    for name, role, at, active in (
        ("near", "station", "0101", True),
        ("above", "station", "01", True),
        ("beside", "station", "0102", True),
        ("gone", "station", "0101", False),
        ("silent", "station", "0101", True),
    ):
        somebody = person(role, at, name)
        somebody.email, somebody.is_active = "" if name == "silent" else f"{name}@example.com", active
        somebody.save()

    assert dialled("mail", "station@0101", "person:beside", "person:gone") == {
        "station@0101": ("near@example.com", "above@example.com"),
        "person:beside": ("beside@example.com",),
    }


def test_a_test_message_is_queued_by_the_administrator_alone():
    save("mail", "mail")

    pk = channels.test(code="mail", recipient="", address={"email": "a@b.c"}, actor=actor("admin"), now=NOW)

    assert Message.objects.values_list("template", "channel", "state").get(pk=pk) == (
        "test",
        "mail",
        "queued",
    )
    with pytest.raises(Refused):
        channels.test(code="mail", recipient="office@01", address={}, actor=actor("office"), now=NOW)


def seen(role: str, at: str = "", username: str = "", **more) -> list[tuple[str, str, bool]]:
    """Return recipient, template and whether it is unread, of what stands in somebody's inbox."""
    who = viewer.of(person(role, at, username))
    shown = notices.inbox(who, now=NOW + timedelta(hours=1), **more)
    return [(row.recipient, row.template, row.is_unread) for row in shown.rows]


def joined_before() -> None:
    """Let everybody have been here before the messages came: people made by tests join today."""
    from suyuan.store.models import Person

    Person.objects.update(joined_at=NOW - DAY)


def test_everybody_finds_what_was_told_to_a_role_of_theirs_over_a_unit_in_reach():
    do(case_at("handling"), "urge", "office", NOW + timedelta(minutes=9), note="催")
    for who in (("station", "0102", "west"), ("station", "01", "above")):
        person(*who)
    joined_before()

    told = [("station@0101", "urge", True), ("station@0101", "dispatch", True)]
    assert seen("station") == seen("station", "01", "above") == told
    assert seen("station", "0102", "west") == []
    assert seen("office") == [("office@0101", "urge", True)]


def test_a_restricted_case_is_told_to_whom_it_is_meant_for_alone():
    case_at("dispatched", "report")
    person("station")
    joined_before()

    told = Message.objects.filter(restricted=True).values_list("recipient", flat=True)
    assert sorted(set(told)) == ["audit@0101"]
    assert seen("station") == []


def test_what_came_before_somebody_joined_and_what_is_long_past_is_not_new():
    case_at("dispatched")
    who = viewer.of(person("station"))

    assert notices.unread(who, NOW) == 0
    joined_before()
    who = viewer.of(person("station"))
    assert (notices.unread(who, NOW), notices.unread(who, NOW + 40 * DAY)) == (1, 0)


def test_reading_is_by_person_one_by_one_and_written_down():
    do(case_at("handling"), "urge", "office", NOW + timedelta(minutes=9), note="催")
    person("station", "01", "above")
    joined_before()
    who = viewer.of(person("station"))
    theirs = Message.objects.get(recipient="office@0101").pk
    [first, second] = (
        Message.objects.filter(recipient="station@0101").order_by("pk").values_list("pk", flat=True)
    )

    counts = [
        inbox.read(viewer=who, ids=ids, now=NOW + timedelta(hours=1)) for ids in ([first, theirs], [first])
    ]

    assert counts == [[first], []]
    assert seen("station", unread_only=True) == [("station@0101", "urge", True)]
    assert [unread for *_, unread in seen("station", "01", "above")] == [True, True]
    event = Event.objects.get(stream="inbox:station")
    assert (event.verb, event.detail) == ("inbox_read", {"messages": [first]})
    assert second not in Reading.objects.values_list("message", flat=True)


def test_reading_everything_reads_what_came_so_far_and_not_what_comes_next():
    case = case_at("handling")
    person("station")
    joined_before()
    who = viewer.of(person("station"))
    inbox.read(viewer=who, ids=[Message.objects.earliest("pk").pk], now=NOW)

    inbox.read_all(viewer=who, now=NOW)
    nothing = notices.unread(who, NOW)
    do(case, "urge", "office", NOW + timedelta(minutes=9), note="催")

    assert (nothing, notices.unread(who, NOW + DAY)) == (0, 1)
    assert chain.verify(["inbox:station"]) == (1, 2)


def test_reading_everything_is_taken_back_to_what_was_read_one_by_one():
    do(case_at("handling"), "urge", "office", NOW + timedelta(minutes=9), note="催")
    person("station")
    joined_before()
    who = viewer.of(person("station"))
    [first, second] = Message.objects.filter(recipient="station@0101").order_by("pk")
    inbox.read(viewer=who, ids=[first.pk], now=NOW)

    was = inbox.read_all(viewer=who, now=NOW)
    inbox.unread_all(viewer=who, upto=was, now=NOW)

    assert seen("station") == [("station@0101", "urge", True), ("station@0101", "dispatch", False)]
    inbox.read_all(viewer=who, now=NOW)
    inbox.unread_all(viewer=who, upto=10**9, now=NOW)
    assert (notices.unread(who, NOW), second.pk <= ReadMark.objects.get().upto) == (0, True)
    verbs = Event.objects.filter(stream="inbox:station").order_by("seq").values_list("verb", flat=True)
    assert list(verbs) == ["inbox_read", "inbox_read", "inbox_unread", "inbox_read", "inbox_unread"]


def test_one_question_counts_what_is_new(django_assert_num_queries):
    case_at("handling")
    joined_before()
    who = viewer.of(person("station"))

    with django_assert_num_queries(1):
        assert notices.unread(who, NOW) == 1
