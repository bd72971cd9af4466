"""Urges climb a ladder, each rung once; what is supervised is acknowledged, reported on and closed."""

from datetime import timedelta

import pytest

from suyuan.actions import demo, papers
from suyuan.actions.sweep import sweep
from suyuan.domain.errors import Refused
from suyuan.store import chain
from suyuan.store.models import Case, Channel, Clock, Contact, Event, Message, Supervision, Urge
from suyuan.store.queries import ladder, viewer
from tests.factories import FORMS, NOW, case_at, do, person, supervision_at, unit
from tests.paper_files import words

pytestmark = pytest.mark.django_db
AWAY = {"unit": "0102", "specialty": "operations", "reason": "other_unit"}
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def urged(case: Case, times: int, since=NOW + HOUR) -> Case:
    for n in range(times):
        case = do(case, "urge", "agent", since + n * MINUTE, **FORMS["urge"](case))
    return case


def told(number: str, template: str) -> list[str]:
    rows = Message.objects.filter(case_number=number, template=template, channel="in_app")
    return list(rows.order_by("pk").values_list("recipient", flat=True))


def test_each_urge_is_counted_with_the_contact_it_came_by():
    case = urged(case_at("handling"), 1)
    case = do(case, "urge", "lead", NOW + 2 * HOUR, note="12345 转来催办", channel="12345")

    assert case.urges == 2
    rows = (
        Urge.objects.filter(case=case)
        .order_by("seq")
        .values_list("seq", "by", "contact__channel", "contact__masked", "rungs")
    )
    assert list(rows) == [
        (1, "agent", "", "客户来电催办，要求尽快答复", []),
        (2, "lead", "12345", "12345 转来催办", ["superior"]),
    ]
    assert Contact.objects.filter(case=case).count() == 3


def test_the_second_urge_tells_the_superior_and_the_third_opens_an_order_by_the_system():
    case = urged(case_at("handling"), 3)

    order = Supervision.objects.get()
    assert (order.opened_by, order.issued_by, order.urges) == ("urges", "system", 3)
    child = order.case
    assert (child.procedure, child.state, child.unit.code) == ("supervision", "dispatched", "0101")
    assert (child.parent_number, child.account_index, child.contacts.count()) == (case.number, "", 0)
    assert told(case.number, "urged_again") == ["leader@0101"]
    assert told(child.number, "open") == ["station@0101"]
    opened = Event.objects.get(stream=f"case:{child.number}", verb="open")
    assert (opened.actor, ["case", case.number] in opened.objects_json) == ("system", True)
    third = Event.objects.filter(stream=f"case:{case.number}", verb="urge").latest("seq")
    assert (third.detail["ladder"], third.detail["opened"]) == (["supervision"], child.number)
    assert case.supervised is True
    chain.verify()


def test_no_second_order_is_opened_while_one_is_open_and_another_after_as_many_urges_again():
    case = urged(case_at("handling"), 5)
    child = Supervision.objects.get().case
    for step, (verb, role) in enumerate(
        (("acknowledge", "station"), ("report_supervision", "station"), ("close_supervision", "leader"))
    ):
        child = do(child, verb, role, NOW + 2 * HOUR + step * MINUTE, **FORMS[verb](child))

    case = urged(case, 2, NOW + 3 * HOUR)
    assert Supervision.objects.count() == 1
    case = urged(case, 1, NOW + 4 * HOUR)

    assert list(Supervision.objects.order_by("pk").values_list("urges", flat=True)) == [5, 8]
    assert told(case.number, "urged_again") == ["leader@0101"]


def test_a_leader_issues_one_order_by_hand_and_writes_to_it_the_second_time():
    order = supervision_at("dispatched")
    parent = Case.objects.get(number=order.parent_number)

    parent = do(parent, "supervise", "office", NOW + 2 * HOUR, note="明早八点前上报")

    assert Supervision.objects.get().issued_by == "leader"
    again = Event.objects.filter(stream=f"case:{parent.number}", verb="supervise").latest("seq")
    assert again.detail["supervision"] == order.number
    parent = urged(parent, 3, NOW + 3 * HOUR)
    assert (Supervision.objects.count(), Supervision.objects.get().urges) == (1, 3)


def test_who_issued_an_order_gets_the_receipt_and_the_report():
    order = supervision_at("archived")

    assert told(order.number, "acknowledge") == ["person:leader"]
    assert told(order.number, "report_supervision") == ["office@0101", "person:leader"]
    assert Supervision.objects.get().acknowledged_by == "station"
    assert set(Clock.objects.filter(case=order).values_list("state", flat=True)) == {"stopped"}


def test_a_report_that_is_not_enough_lets_its_clock_run_on_and_the_closing_wait():
    order = supervision_at("reported")

    order = do(order, "return_supervision", "leader", NOW + 3 * HOUR, **FORMS["return_supervision"](order))

    states = dict(Clock.objects.filter(case=order).values_list("limit", "state"))
    assert states == {
        "supervision.acknowledge": "stopped",
        "supervision.report": "running",
        "supervision.close": "paused",
    }
    assert order.answered_at is None
    order = do(order, "report_supervision", "station", NOW + 4 * HOUR, **FORMS["report_supervision"](order))
    assert dict(Clock.objects.filter(case=order).values_list("limit", "state")) == states | {
        "supervision.report": "stopped",
        "supervision.close": "running",
    }


def test_whoever_reported_does_not_close():
    person("office")
    order = supervision_at("dispatched")
    order = do(order, "acknowledge", "office", NOW + 2 * HOUR)
    order = do(order, "report_supervision", "office", NOW + 3 * HOUR, **FORMS["report_supervision"](order))

    with pytest.raises(Refused) as own:
        do(order, "close_supervision", "office", NOW + 4 * HOUR)

    assert own.value.code == "own_work"


def test_nobody_acknowledges_and_one_role_more_is_told_at_each_rung_the_last_of_them_at_night_too():
    order = supervision_at("dispatched")
    Channel.objects.create(
        code="mail",
        title="邮件",
        carrier="mail",
        templates=["rung"],
        batch=9,
        sealed=b"",
        changed_by="a",
        changed_at=NOW,
    )
    start = Clock.objects.get(case=order, limit="supervision.acknowledge").started_at

    fired = [sweep(now=start + hours * HOUR) for hours in (1, 1.5, 2, 4, 4.5)]

    rows = Message.objects.filter(case_number=order.number, template="rung", channel="mail")
    assert list(rows.order_by("pk").values_list("facts__rung", "recipient", "urgent")) == [
        ("warn_50", "station@0101", False),
        ("due", "office@0101", False),
        ("due", "station@0101", False),
        ("over_2h", "leader@0101", True),
        ("over_2h", "office@0101", True),
        ("over_2h", "station@0101", True),
    ]
    assert sum(fired) >= 3


def test_an_acknowledged_order_climbs_no_further():
    order = supervision_at("handling")

    sweep(now=NOW + 12 * HOUR)

    limits = Message.objects.filter(case_number=order.number, template="rung")
    assert "supervision.acknowledge" not in set(limits.values_list("facts__limit", flat=True))


def test_the_ladder_of_a_case_tells_urges_rungs_fired_and_to_come_and_who_read_them():
    case = urged(case_at("handling"), 3)
    order = Supervision.objects.get().case
    acknowledge = Clock.objects.get(case=order, limit="supervision.acknowledge")
    sweep(now=acknowledge.started_at + HOUR)

    shown = ladder.of(viewer.of(person("office")), Case.objects.get(pk=case.pk))

    assert (shown.urges, shown.priority, [one.rungs for one in shown.urged]) == (
        3,
        "high",
        [(), ("superior",), ("supervision",)],
    )
    mine = [one for one in shown.rungs if one.limit == "supervision.acknowledge"]
    assert [(one.rung, one.fired_at is not None, one.roles, one.urgent) for one in mine] == [
        ("warn_50", True, ("station",), False),
        ("due", False, ("station", "office"), False),
        ("over_2h", False, ("station", "office", "leader"), True),
        ("over_6h", False, ("station", "office", "leader"), True),
    ]
    assert [(one.role, one.channel, one.state, one.read_by) for one in mine[0].receipts] == [
        ("station", "in_app", "delivered", ())
    ]


def test_a_level_of_the_rulebook_is_told_to_leaders_once_it_is_given():
    case = case_at("received")

    case = do(case, "register", "agent", NOW + MINUTE, business_type="complaint", level="special")
    case = do(case, "classify", "office", NOW + 2 * MINUTE, category="service", level="special")

    assert told(case.number, "grave") == ["leader@01", "office@01"]


def test_a_supervision_order_prints_as_one_with_whoever_issued_it():
    order = supervision_at("dispatched")

    printed = papers.issue(
        number=order.number,
        kind="supervision",
        purpose="handling",
        viewer=viewer.of(person("office")),
        now=NOW + 2 * HOUR,
    )

    said = words(printed.content)
    assert [one for one in ("供电服务督办单", order.number, "请限期查清并书面回复") if one not in said] == []


def test_the_demo_urges_one_case_and_supervises_another():
    for role in ("agent", "leader", "station"):
        person(role)
    assert demo.urge_some(now=NOW) == []
    case_at("handling"), case_at("handling")

    orders = demo.urge_some(now=NOW + HOUR)

    found = Supervision.objects.order_by("pk").values_list("case__number", "opened_by", "acknowledged_by")
    assert list(found) == [(orders[0], "urges", ""), (orders[1], "person", "station")]


def test_an_open_order_goes_along_with_its_case_to_another_unit():
    order = supervision_at("dispatched")
    parent = Case.objects.get(number=order.parent_number)
    unit("0102"), person("station", "0102", "west")

    parent = do(parent, "transfer", "office", NOW + 2 * HOUR, **AWAY)

    order.refresh_from_db()
    assert (order.unit.code, order.state) == ("0102", "dispatched")
    moved = Event.objects.filter(stream=f"case:{order.number}").latest("seq")
    assert (moved.verb, moved.actor, moved.detail["was"]) == ("follow", "office", {"unit": "0101"})
    assert told(order.number, "open") == ["station@0101", "station@0102"]
    order = do(order, "acknowledge", "west", NOW + 3 * HOUR)
    assert order.state == "handling"
    chain.verify()


def test_an_order_that_is_over_stays_with_the_unit_that_answered_it():
    order = supervision_at("archived")
    parent = Case.objects.get(number=order.parent_number)
    unit("0102")

    do(parent, "transfer", "office", NOW + DAY, **AWAY)

    order.refresh_from_db()
    assert order.unit.code == "0101"
