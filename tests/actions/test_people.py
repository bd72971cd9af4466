"""Units, posts and people: roles follow posts, nobody gives what is not his, nothing is left behind."""

from datetime import date, timedelta

import pytest

from suyuan.actions import org
from suyuan.domain.errors import BadInput, Refused
from suyuan.domain.procedure import SYSTEM
from suyuan.store import chain
from suyuan.store.models import Case, Event, Grant, Holding, Person, Unit
from suyuan.store.queries import viewer
from tests.factories import NOW, actor, case_at, do, person, unit

pytestmark = pytest.mark.django_db
STATION_HEAD = {"post_name": "供电所所长", "roles": "station", "over": "unit"}
CLERK = {"post_name": "专责", "roles": "office marketing", "over": "company"}


def admin():
    """Return the administrator of the whole company."""
    return actor("admin")


def post(code: str = "head", form=STATION_HEAD, by=None) -> bool:
    unit()
    return org.save_post(code=code, form=form, actor=by or admin(), now=NOW)


def enter(username: str = "li", at: str = "0101", by=None, **form) -> Person:
    unit()
    org.save_person(username=username, unit=at, form={"name": "李", **form}, actor=by or admin(), now=NOW)
    return Person.objects.get(username=username)


def roles(username: str) -> list[tuple[str, str]]:
    return sorted(Grant.objects.filter(person__username=username).values_list("role", "unit__code"))


def refused(expected: str, verb, /, **given) -> dict:
    with pytest.raises((Refused, BadInput)) as no:
        verb(**{"actor": admin(), "now": NOW} | given)
    assert no.value.code == expected
    return no.value.facts


def test_a_post_gives_its_roles_when_taken_and_takes_them_when_left():
    post()
    post("clerk", CLERK)
    enter()

    org.take_post(username="li", post="head", actor=admin(), now=NOW)
    assert roles("li") == [("station", "0101")]

    org.take_post(username="li", post="clerk", actor=admin(), now=NOW + timedelta(days=1))
    assert roles("li") == [("marketing", "01"), ("office", "01")]
    assert list(Holding.objects.order_by("since").values_list("post__code", "until")) == [
        ("head", NOW + timedelta(days=1)),
        ("clerk", None),
    ]

    org.take_post(username="li", post="", actor=admin(), now=NOW + timedelta(days=2))
    assert roles("li") == []


def test_taking_the_post_one_holds_changes_nothing():
    post()
    enter()

    assert org.take_post(username="li", post="head", actor=admin(), now=NOW) is True
    events = Event.objects.count()
    assert org.take_post(username="li", post="head", actor=admin(), now=NOW) is False
    assert Event.objects.count() == events


def test_a_post_that_changes_changes_what_its_holders_may_do():
    post()
    enter()
    org.take_post(username="li", post="head", actor=admin(), now=NOW)

    assert post(form=STATION_HEAD | {"roles": "agent station", "over": "company"}) is True
    assert roles("li") == [("agent", "01"), ("station", "01")]
    assert post(form=STATION_HEAD | {"roles": "agent station", "over": "company"}) is False


def test_an_own_grant_outlives_the_post_that_gave_the_same():
    post()
    enter()
    org.take_post(username="li", post="head", actor=admin(), now=NOW)
    form = {"role": "station", "unit": "0101", "reason": "代班"}
    org.give(username="li", form=form, actor=admin(), now=NOW)

    org.take_post(username="li", post="", actor=admin(), now=NOW)

    assert roles("li") == [("station", "0101")]


def test_moving_somebody_takes_the_post_and_its_roles_along():
    post()
    enter()
    org.take_post(username="li", post="head", actor=admin(), now=NOW)

    assert org.move_person(username="li", unit="0102", actor=admin(), now=NOW) is True

    assert roles("li") == [("station", "0102")]
    assert Person.objects.get(username="li").unit.code == "0102"
    assert org.move_person(username="li", unit="0102", actor=admin(), now=NOW) is False


@pytest.mark.parametrize("role", ["admin", "audit", "leader"])
def test_the_office_gives_no_role_that_sees_or_gives_more_than_its_own(role):
    enter()
    form = {"role": role, "unit": "0101", "reason": "x"}

    refused("not_yours_to_give", org.give, username="li", form=form, actor=actor("office"))
    refused(
        "not_yours_to_give",
        org.save_post,
        code="p",
        form=STATION_HEAD | {"roles": role},
        actor=actor("office"),
    )


def test_an_administrator_of_one_station_gives_nothing_over_another():
    enter("li", "0102")
    here = actor("admin", "0101", "admin-0101")
    over = {"role": "station", "unit": "0102", "reason": "x"}

    refused("not_yours_to_give", org.give, username="li", form=over, actor=here)
    refused("not_your_role", org.take_post, username="li", post="", actor=here)
    refused("not_your_role", org.move_person, username="li", unit="0101", actor=here)
    refused("not_your_role", org.end_person, username="li", actor=here)
    refused("not_your_role", org.save_post, code="p", form=STATION_HEAD, actor=here)
    refused("not_your_role", org.change_unit, code="0102", form={"unit_name": "x"}, actor=here)


def test_nobody_gives_himself_a_role_nor_ends_himself():
    unit()
    form = {"role": "audit", "unit": "01", "reason": "x"}

    refused("own_grant", org.give, username="admin", form=form)
    refused("own_end", org.end_person, username="admin")


def test_a_grant_needs_a_reason_and_an_end_that_lies_ahead():
    enter()
    form = {"role": "agent", "unit": "0101"}

    facts = refused("bad_form", org.give, username="li", form=form)
    assert facts == {"fields": {"reason": "required"}}
    past = form | {"reason": "x", "expires_at": "2026-03-04T10:29"}
    assert refused("bad_form", org.give, username="li", form=past) == {
        "fields": {"expires_at": "in_the_past"}
    }


def test_a_grant_goes_when_its_time_is_over():
    enter()
    form = {"role": "agent", "unit": "0101", "reason": "节日顶班", "expires_at": "2026-03-05T18:00"}
    org.give(username="li", form=form, actor=admin(), now=NOW)

    assert org.expire(now=NOW) == 0
    assert org.expire(now=NOW + timedelta(days=2)) == 1
    assert roles("li") == []
    assert Event.objects.filter(verb="grant_expire").count() == 1


def test_a_role_that_came_with_a_post_is_not_withdrawn_alone():
    post()
    enter()
    org.take_post(username="li", post="head", actor=admin(), now=NOW)

    refused("grant_of_a_post", org.withdraw, grant=Grant.objects.get(person__username="li").pk)


def test_the_last_administrator_stays():
    by = admin()
    only = Grant.objects.get(person__username="admin", role="admin")

    refused("last_administrator", org.withdraw, grant=only.pk, actor=SYSTEM)
    refused("last_administrator", org.end_person, username="admin", actor=SYSTEM)
    refused("last_administrator", org.withdraw, grant=only.pk, actor=by)

    person("admin", "01", "second")
    org.withdraw(grant=only.pk, actor=by, now=NOW)
    assert Grant.objects.filter(role="admin").count() == 1


def test_somebody_with_open_cases_goes_when_they_are_taken():
    case = case_at("handling")
    person("station", "0102", "far")
    near = person("station", "0101", "near")

    facts = refused("person_has_cases", org.end_person, username="station")
    assert facts == {"cases": [case.number], "count": 1}
    refused("successor_out_of_reach", org.end_person, username="station", successor="far")
    assert (
        org.end_person(username="station", successor="near", actor=admin(), now=NOW + timedelta(hours=1)) == 1
    )

    case.refresh_from_db()
    assert (case.handler, near.username in case.handlers) == ("near", True)
    assert roles("station") == []
    assert viewer.named("station") is None
    last = Event.objects.filter(stream=f"case:{case.number}").order_by("-seq")[0]
    assert (last.verb, last.pk) == ("hand_over", case.changed_event)
    chain.verify()


def test_time_at_work_begins_and_ends_by_the_calendar():
    enter("new", active_from="2026-03-10")
    enter("old", active_until="2026-03-05")
    assert list(
        Person.objects.filter(username__in=("new", "old"), is_active=True).values_list("username")
    ) == [("old",)]

    assert org.begin_and_end(now=NOW + timedelta(days=1)) == 0
    assert org.begin_and_end(now=NOW + timedelta(days=7)) == 2
    assert org.begin_and_end(now=NOW + timedelta(days=7)) == 0
    assert list(
        Person.objects.filter(username__in=("new", "old"), is_active=True).values_list("username")
    ) == [("new",)]


def test_what_is_known_of_a_person_is_kept_and_no_event_holds_it():
    who = enter(
        employee_number="10023", phone="13900001111", email="li@example.com", active_from="2026-01-05"
    )

    assert (who.employee_number, who.phone, who.active_from) == ("10023", "13900001111", date(2026, 1, 5))
    assert "13900001111" not in str(list(Event.objects.values_list("detail", "objects_json")))
    facts = refused(
        "bad_form",
        org.save_person,
        username="wang",
        unit="0101",
        form={"name": "王", "employee_number": "10023"},
    )
    assert facts == {"fields": {"employee_number": "number_taken"}}


def test_a_renamed_unit_keeps_the_name_it_had():
    unit()

    assert org.change_unit(
        code="0101", form={"unit_name": "东城中心供电所", "specialty": "marketing"}, actor=admin(), now=NOW
    )
    assert Unit.objects.get(code="0101").former_names == ["东城供电所"]


def test_a_unit_closes_when_nothing_is_left_there():
    case_at("handling")

    facts = refused("unit_not_empty", org.close_unit, code="0101")
    assert facts == {"unit": "0101", "cases": 1, "people": 1, "grants": 1}
    org.close_unit(code="0102", actor=admin(), now=NOW)
    refused("unit_closed", org.change_unit, code="0102", form={"unit_name": "x"})
    registered = case_at("registered", account="3300099999999", phone="13911112222")
    with pytest.raises(BadInput) as no:
        do(registered, "dispatch", "office", unit="0102", specialty="marketing")
    assert no.value.facts["fields"] == {"unit": "unit_closed"}


def test_a_merged_unit_leaves_its_cases_people_and_roles_to_the_other():
    case = case_at("handling")
    post()
    enter()
    org.take_post(username="li", post="head", actor=admin(), now=NOW)
    later = NOW + timedelta(hours=2)

    assert org.merge_units(code="0101", into="0102", actor=admin(), now=later) == 1

    case.refresh_from_db()
    assert case.unit.code == "0102"
    assert roles("li") == roles("station") == [("station", "0102")]
    gone = Unit.objects.get(code="0101")
    assert (gone.path, gone.merged_into.code, gone.closed_at) == ("/01/0102/0101/", "0102", later)
    assert Person.objects.filter(unit=gone).count() == 0
    chain.verify()


def test_a_unit_does_not_go_into_itself_or_what_lies_below():
    unit()

    assert refused("bad_form", org.merge_units, code="01", into="0101") == {
        "fields": {"into_unit": "below_itself"}
    }
    refused("bad_form", org.merge_units, code="0101", into="0101")


def test_the_first_administrator_makes_an_office_and_there_is_no_second_first():
    given = {"username": "root", "name": "张", "company": "溯源市供电公司", "password": "long enough 1"}

    org.first_admin(**given, now=NOW)

    assert roles("root") == [("admin", "01"), ("office", "01")]
    assert Unit.objects.get().name == "溯源市供电公司"
    assert Person.objects.get().check_password("long enough 1")
    with pytest.raises(Refused) as no:
        org.first_admin(**given | {"username": "two"}, now=NOW)
    assert no.value.code == "already_set_up"


def test_a_first_password_is_made_by_whoever_could_give_the_roles():
    who = person("audit")

    refused("not_yours_to_give", org.first_password, username="audit", actor=actor("office"))
    password = org.first_password(username="audit", actor=admin(), now=NOW)

    who.refresh_from_db()
    assert who.check_password(password)
    assert password not in str(list(Event.objects.values_list("detail", flat=True)))


def test_an_import_finds_a_unit_by_the_name_it_had_and_a_merged_one_by_where_it_went():
    from suyuan.actions.imports.units import Units

    unit()
    org.change_unit(code="0101", form={"unit_name": "东城中心供电所"}, actor=admin(), now=NOW)
    org.merge_units(code="0101", into="0102", actor=admin(), now=NOW)

    known = Units.load("system", NOW)

    assert [
        known.resolve(*each).code for each in (("0101", ""), ("", "东城供电所"), ("", "东城中心供电所"))
    ] == ["0102"] * 3


def test_no_case_is_left_where_nobody_is():
    case_at("handling")
    org.merge_units(code="0101", into="0102", actor=admin(), now=NOW + timedelta(hours=2))

    assert Case.objects.filter(is_open=True, unit__closed_at__isnull=False).count() == 0
