"""Roles that see most: one asks, another who held such a role before confirms, nobody is two people."""

from datetime import date, timedelta

import pytest
from allauth.mfa.models import Authenticator

from suyuan.actions import org, signin
from suyuan.domain.errors import Refused
from suyuan.domain.procedure import SYSTEM
from suyuan.store import chain
from suyuan.store.models import Event, Grant, Holding, Message, Person, RoleRequest, Unit
from suyuan.store.queries import viewer
from tests.factories import NOW, actor, person, unit

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)
WEIGHTY = ["admin", "audit", "leader"]


def enter(username: str = "li", at: str = "0101", **form) -> Person:
    unit()
    org.save_person(username=username, unit=at, form={"name": "李", **form}, actor=actor("admin"), now=NOW)
    return Person.objects.get(username=username)


def give(role: str = "audit", to: str = "li", over: str = "0101", by=None, at=NOW, **more):
    form = {"role": role, "unit": over, "reason": "新任", **more}
    return org.give(username=to, form=form, actor=by or actor("admin"), now=at)


def roles(username: str = "li") -> list[tuple[str, str]]:
    return sorted(Grant.objects.filter(person__username=username).values_list("role", "unit__code"))


def waiting(username: str = "li") -> list[tuple[str, str, str]]:
    rows = RoleRequest.objects.filter(person__username=username, outcome="")
    return sorted(rows.values_list("role", "unit__code", "asked_by"))


def refused(expected: str, verb, /, **given) -> dict:
    with pytest.raises(Refused) as no:
        verb(**{"now": LATER} | given)
    assert no.value.code == expected
    return no.value.facts


def post(roles_given: str, over: str = "unit", code: str = "chief") -> None:
    unit()
    form = {"post_name": "主任", "roles": roles_given, "over": over}
    org.save_post(code=code, form=form, actor=actor("admin"), now=NOW)


@pytest.mark.parametrize("role", WEIGHTY)
def test_a_role_that_sees_most_waits_for_a_second_person_and_everybody_is_told(role):
    enter()
    person("audit")

    request = give(role)

    assert (roles(), waiting()) == ([], [(role, "0101", "admin")])
    told = Message.objects.filter(template="role_asked").values_list("recipient", flat=True)
    assert sorted(told) == ["admin@0101", "audit@0101", "person:admin"]
    refused("own_request", org.confirm_role, request=request.pk, actor=actor("admin"))
    refused("not_your_role", org.confirm_role, request=request.pk, actor=actor("office"))
    again = {"role": role, "unit": "0101", "reason": "x"}
    refused("already_asked", org.give, username="li", form=again, actor=actor("admin"))
    org.confirm_role(request=request.pk, actor=actor("audit"), now=LATER)
    assert (roles(), waiting()) == ([(role, "0101")], [])
    refused("already_decided", org.confirm_role, request=request.pk, actor=actor("audit"))
    told = Message.objects.filter(template="role_decided").values_list("recipient", flat=True)
    assert sorted(told) == ["admin@0101", "audit@0101", "person:admin", "person:li"]
    events = Event.objects.filter(stream="register:org", verb__startswith="role_").order_by("seq")
    assert list(events.values_list("actor", "verb")) == [("admin", "role_ask"), ("audit", "role_confirm")]
    chain.verify()


def test_an_administrator_is_not_two_people():
    """He makes an account, signs in as it, gives it a role that sees all, and would confirm with it."""
    person("audit")
    enter("puppet", "01")
    give("agent", "puppet", "01")
    org.first_password(username="puppet", actor=actor("admin"), now=NOW)
    signin.password_changed(
        person=Person.objects.get(username="puppet"), sign_in_id=None, session_key="", now=NOW
    )
    puppet = viewer.named("puppet").actor
    own = give("admin", "puppet", "01")
    refused("not_your_role", org.confirm_role, request=own.pk, actor=puppet)
    enter("next", "01")
    other = give("leader", "next", "01")

    refused("not_your_role", org.confirm_role, request=other.pk, actor=puppet)
    org.confirm_role(request=own.pk, actor=actor("audit"), now=LATER)

    refused("second_too_new", org.confirm_role, request=other.pk, actor=viewer.named("puppet").actor)
    assert roles("next") == []


def test_what_one_person_put_into_an_account_ends_when_it_first_sees_most():
    person("audit")
    who = enter("puppet")
    org.first_password(username="puppet", actor=actor("admin"), now=NOW)
    there = signin.opened(person=who, method="password", place=signin.Place("a" * 32), now=NOW)
    signin.password_changed(person=who, sign_in_id=there.pk, session_key="b" * 32, now=NOW)
    Authenticator.objects.create(user=who, type="totp", data={})

    assert org.confirm_role(request=give(to="puppet").pk, actor=actor("audit"), now=LATER) is True

    who.refresh_from_db()
    there.refresh_from_db()
    assert (who.has_usable_password(), who.handed_by, there.ended_why) == (False, "", "password_reset")
    assert Authenticator.objects.filter(user=who).count() == 0


def test_a_password_made_for_somebody_who_is_to_see_most_waits_as_well_and_stays():
    person("audit")
    enter()
    request = give()
    password = org.first_password(username="li", actor=actor("admin"), now=NOW)
    waits = Message.objects.filter(template="password_waits").values_list("recipient", flat=True)
    assert sorted(waits) == ["admin@0101", "audit@0101"]

    assert org.confirm_role(request=request.pk, actor=actor("audit"), now=LATER) is False
    org.confirm_password(username="li", actor=actor("audit"), now=LATER)

    li = Person.objects.get(username="li")
    assert (li.check_password(password), li.password_by, li.handed_by) == (True, "admin", "")


def test_ones_own_old_factor_does_not_confirm_what_was_handed_out_before_one_saw_most():
    person("audit")
    who = enter()
    request = give()
    org.first_password(username="li", actor=actor("admin"), now=NOW)
    signin.opened(person=who, method="password+totp", place=signin.Place("c" * 32), now=NOW)

    assert org.confirm_role(request=request.pk, actor=actor("audit"), now=LATER) is True


@pytest.mark.parametrize("hand", ["password", "factor"])
def test_who_asked_has_no_hand_in_the_second_persons_account_meanwhile(hand):
    person("audit")
    enter()
    request = give()
    if hand == "password":
        org.first_password(username="audit", actor=actor("admin"), now=NOW)
        org.confirm_password(username="audit", actor=actor("admin", "01", "third"), now=NOW)
    else:
        signin.reset_factors(username="audit", actor=actor("admin"), now=NOW)

    refused("second_in_hand", org.confirm_role, request=request.pk, actor=actor("audit"))
    org.confirm_role(request=request.pk, actor=actor("admin", "01", "third"), now=LATER)
    assert roles() == [("audit", "0101")]


def test_whose_own_password_waits_confirms_nothing():
    person("audit")
    enter()
    request = give()
    org.first_password(username="audit", actor=actor("admin", "01", "third"), now=NOW)

    refused("password_waits", org.confirm_role, request=request.pk, actor=actor("audit"))


def test_two_administrators_are_enough_and_the_second_comes_from_the_server():
    given = {"username": "root", "name": "张", "company": "溯源市供电公司", "password": "long enough 1"}
    org.first_admin(**given, now=NOW)
    root = viewer.named("root").actor
    for name in ("li", "wang"):
        org.save_person(username=name, unit="01", form={"name": name}, actor=root, now=NOW)
    first = give("admin", "li", "01", by=root)

    org.confirm_role(request=first.pk, actor=SYSTEM, now=NOW)
    li = viewer.named("li").actor
    second = give("leader", "wang", "01", by=root, at=LATER)
    org.confirm_role(request=second.pk, actor=li, now=LATER)
    third = give("audit", "wang", "01", by=li, at=LATER)
    org.confirm_role(request=third.pk, actor=root, now=LATER)

    assert roles("wang") == [("audit", "01"), ("leader", "01")]


def test_what_is_asked_for_is_declined_taken_back_or_lapses():
    person("audit")
    enter()
    org.decline_role(request=give("audit").pk, actor=actor("audit"), now=NOW)
    org.decline_role(request=give("audit").pk, actor=actor("admin"), now=NOW)
    left = give("audit")
    refused("not_your_role", org.decline_role, request=left.pk, actor=actor("office"))
    assert org.lapse(now=NOW + timedelta(days=13)) == 0
    over = NOW + timedelta(days=14)
    refused("request_lapsed", org.confirm_role, request=left.pk, actor=actor("audit"), now=over)

    assert org.lapse(now=over) == 1

    outcomes = RoleRequest.objects.order_by("pk").values_list("outcome", "decided_by")
    assert list(outcomes) == [("declined", "audit"), ("declined", "admin"), ("lapsed", "system")]
    assert (roles(), waiting()) == ([], [])


def test_who_asked_has_to_be_one_who_may_still_give():
    person("audit")
    enter()
    request = give(by=actor("admin", "01", "second"))
    held = Grant.objects.get(person__username="second")
    org.withdraw(grant=held.pk, actor=actor("admin"), now=NOW)

    refused("asker_gone", org.confirm_role, request=request.pk, actor=actor("audit"))


def test_the_same_role_wider_or_longer_waits_again_and_narrower_does_not():
    person("audit")
    enter()
    ends = "2026-03-10T18:00"
    org.confirm_role(request=give(expires_at=ends).pk, actor=actor("audit"), now=NOW)

    give(expires_at="2026-03-09T18:00")
    assert waiting() == []
    longer, wider = give(), give(over="01", expires_at=ends)
    assert waiting() == [("audit", "01", "admin"), ("audit", "0101", "admin")]

    for each in (longer, wider):
        org.confirm_role(request=each.pk, actor=actor("audit"), now=LATER)
    ends_of = dict(Grant.objects.filter(person__username="li").values_list("unit__code", "expires_at"))
    assert (ends_of["0101"], ends_of["01"].isoformat()) == (None, "2026-03-10T10:00:00+00:00")


def test_a_post_gives_what_sees_most_when_a_second_person_agrees():
    person("audit")
    post("leader station")
    enter()

    org.take_post(username="li", post="chief", actor=actor("admin"), now=NOW)
    assert (roles(), waiting()) == ([("station", "0101")], [("leader", "0101", "admin")])
    org.confirm_role(request=RoleRequest.objects.get().pk, actor=actor("audit"), now=LATER)
    assert roles() == [("leader", "0101"), ("station", "0101")]

    org.take_post(username="li", post="", actor=actor("admin"), now=LATER)
    assert roles() == []


def test_a_post_left_takes_its_request_along():
    post("leader station")
    enter()
    org.take_post(username="li", post="chief", actor=actor("admin"), now=NOW)

    org.take_post(username="li", post="", actor=actor("admin"), now=NOW)

    assert list(RoleRequest.objects.values_list("outcome", flat=True)) == ["dropped"]


def test_a_post_that_gets_such_a_role_or_reaches_further_asks_for_each_of_its_holders():
    person("audit")
    post("station")
    enter()
    org.take_post(username="li", post="chief", actor=actor("admin"), now=NOW)

    post("leader station")
    assert (roles(), waiting()) == ([("station", "0101")], [("leader", "0101", "admin")])
    org.confirm_role(request=RoleRequest.objects.get().pk, actor=actor("audit"), now=LATER)
    post("leader station", "company")

    assert (roles(), waiting()) == ([("station", "01")], [("leader", "01", "admin")])


def test_moving_within_what_one_sees_anyway_waits_for_nobody():
    person("audit")
    post("leader", "company")
    enter()
    org.take_post(username="li", post="chief", actor=actor("admin"), now=NOW)
    org.confirm_role(request=RoleRequest.objects.get().pk, actor=actor("audit"), now=NOW)

    org.move_person(username="li", unit="0102", actor=actor("admin"), now=LATER)

    assert (roles(), waiting()) == ([("leader", "01")], [])
    assert Grant.objects.get(person__username="li").given_at == NOW


def test_moving_to_where_one_saw_nothing_waits():
    person("audit")
    post("leader")
    enter()
    org.take_post(username="li", post="chief", actor=actor("admin"), now=NOW)
    org.confirm_role(request=RoleRequest.objects.get().pk, actor=actor("audit"), now=NOW)

    org.move_person(username="li", unit="0102", actor=actor("admin"), now=LATER)

    assert (roles(), waiting()) == ([], [("leader", "0102", "admin")])


def test_a_merged_unit_widens_no_role_that_sees_most_by_itself():
    person("leader", "0101", "held")
    post("leader")
    person("audit")
    enter()
    org.take_post(username="li", post="chief", actor=actor("admin"), now=NOW)
    org.confirm_role(request=RoleRequest.objects.get().pk, actor=actor("audit"), now=NOW)

    org.merge_units(code="0101", into="0102", actor=actor("admin"), now=LATER)

    assert (roles("held"), waiting("held")) == ([("leader", "0101")], [("leader", "0102", "admin")])
    assert (roles(), waiting()) == ([], [("leader", "0102", "admin")])
    assert Unit.objects.get(code="0101").path == "/01/0102/0101/"


def test_who_was_out_for_a_while_is_asked_for_again():
    person("audit")
    enter()
    org.confirm_role(request=give().pk, actor=actor("audit"), now=NOW)
    form = {"name": "李", "active_until": "2026-03-01"}
    save = {"username": "li", "unit": "", "actor": actor("admin"), "now": LATER}

    org.save_person(form=form, **save)
    org.save_person(form={"name": "李"}, **save)

    assert Person.objects.get(username="li").is_active
    assert (roles(), waiting()) == ([], [("audit", "0101", "admin")])


def test_the_office_puts_nobody_out_of_work_whose_roles_it_could_not_take():
    person("leader", "0101", "boss")
    form = {"name": "boss", "active_until": "2026-03-01"}

    refused("not_yours_to_give", org.save_person, username="boss", unit="", form=form, actor=actor("office"))
    assert Person.objects.get(username="boss").is_active


@pytest.mark.parametrize(
    "dates",
    [
        {"active_until": "2026-03-04"},
        {"active_until": "2026-12-30"},
        {"active_from": "2026-03-10", "active_until": "2026-12-31"},
    ],
)
def test_nor_lets_their_time_run_out_sooner(dates):
    """What a day to come takes away is refused on the day it is entered: then nobody asks any more."""
    person("leader", "0101", "boss"), person("office", "0101", "clerk")
    Person.objects.filter(username__in=("boss", "clerk")).update(active_until=date(2026, 12, 31))
    save = {"unit": "", "actor": actor("office"), "now": NOW}

    refused("not_yours_to_give", org.save_person, username="boss", form={"name": "boss", **dates}, **save)
    org.save_person(username="clerk", form={"name": "clerk", **dates}, **save)

    assert Person.objects.get(username="boss").active_until == date(2026, 12, 31)
    assert org.begin_and_end(now=NOW + timedelta(days=1)) == (dates["active_until"] == "2026-03-04")
    assert roles("boss") == [("leader", "0101")]


def test_the_office_may_let_them_stay_longer_or_change_what_else_is_known():
    boss = person("leader", "0101", "boss")
    Person.objects.filter(pk=boss.pk).update(active_until=date(2026, 12, 31))
    save = {"username": "boss", "unit": "", "actor": actor("office"), "now": NOW}

    org.save_person(form={"name": "boss", "seat": "3", "active_until": "2026-12-31"}, **save)
    org.save_person(form={"name": "boss", "seat": "3", "active_until": "2027-01-31"}, **save)

    boss.refresh_from_db()
    assert (boss.seat, boss.active_until) == ("3", date(2027, 1, 31))


def test_who_leaves_takes_the_requests_along():
    enter()
    give()

    org.end_person(username="li", actor=actor("admin"), now=LATER)

    assert RoleRequest.objects.get().outcome == "dropped"
    assert Holding.objects.count() == 0


def test_what_cannot_be_written_down_is_not_given(monkeypatch):
    person("audit")
    enter()
    request = give()
    monkeypatch.setattr("suyuan.store.chain.append", lambda **_: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        org.confirm_role(request=request.pk, actor=actor("audit"), now=LATER)

    assert (roles(), waiting()) == ([], [("audit", "0101", "admin")])
