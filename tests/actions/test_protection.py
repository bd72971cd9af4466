"""Staff protection: for the person and who sees to them, and for nobody else anywhere."""

from datetime import timedelta

import pytest

from suyuan.actions import protection
from suyuan.actions.perform import perform
from suyuan.domain.errors import BadInput, Refused
from suyuan.store import chain
from suyuan.store.models import Case, Event, Message, Person, Protection
from suyuan.store.queries import cases, listing, notices, protections, viewer
from tests.appeal_cases import INCIDENT, protection_of
from tests.factories import FORMS, NOW, actor, case_at, do, person, unit

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
ROLES = ("agent", "lead", "office", "marketing", "operations", "station", "audit", "party", "leader", "admin")
SEE = {"agent", "lead", "audit", "party"}
"""The person it is about, an agent here, and who sees to colleagues."""


def looks(role: str) -> viewer.Viewer:
    return viewer.of(person(role))


def test_the_person_and_who_sees_to_them_meet_a_record_and_nobody_else_does():
    case = protection_of("agent")
    actor("agent", "", "colleague")
    everybody = {role: looks(role) for role in ROLES} | {"colleague": looks("colleague")}

    listed = {who for who, each in everybody.items() if protections.listed(each).exists()}
    found = {
        who
        for who, each in everybody.items()
        if listing.found(each, listing.Filters(), NOW).filter(pk=case.pk).exists()
    }
    opened = {who for who, each in everybody.items() if cases.may_see(each.actor, case)}
    asked = {
        who
        for who, each in everybody.items()
        if listing.found(each, listing.Filters(q=case.number), NOW).exists()
    }

    assert (listed, found, opened, asked) == (SEE, SEE, SEE, SEE)


def test_who_is_told_of_a_record_is_told_by_name_in_the_app_alone():
    case = protection_of("agent")
    for role in ROLES:
        person(role)
    Person.objects.update(joined_at=NOW)
    case = protection_of("agent", NOW + HOUR)

    told = Message.objects.filter(case_number=case.number)
    assert set(told.values_list("recipient", "channel", "restricted")) == {
        (f"person:{who}", "in_app", True) for who in ("lead", "audit", "party")
    }
    seen = {role for role in ROLES if notices.inbox(looks(role), now=NOW + HOUR).rows}
    assert seen == {"lead", "audit", "party"}


def test_a_record_is_written_about_oneself_or_by_who_sees_to_a_colleague():
    unit()
    for who in ("agent", "station"):
        person(who)

    with pytest.raises(Refused) as no:
        protection.record(viewer=looks("office"), form=INCIDENT | {"protected": "agent"}, now=NOW)
    number = protection.record(viewer=looks("party"), form=INCIDENT | {"protected": "station"}, now=NOW)
    with pytest.raises(BadInput) as unknown:
        protection.record(viewer=looks("party"), form=INCIDENT | {"protected": "nobody"}, now=NOW)

    case = Case.objects.select_related("unit").get(number=number)
    assert (no.value.code, unknown.value.facts["fields"]) == ("not_your_role", {"protected": "no_colleague"})
    assert (case.entrusted, case.unit.code, case.restricted, case.owner) == ("station", "0101", True, "party")


def test_nothing_is_written_on_the_case_at_which_it_happened_and_no_text_stands_in_an_event():
    about = case_at("handling")
    before = Event.objects.filter(stream=f"case:{about.number}").count()

    number = protection.record(viewer=looks("agent"), form=INCIDENT | {"about_case": about.number}, now=NOW)

    case = Case.objects.get(number=number)
    assert Event.objects.filter(stream=f"case:{about.number}").count() == before
    opened = Event.objects.get(stream=f"case:{number}")
    assert ["case", about.number] not in opened.objects_json
    assert set(opened.detail["form"]["what_happened"]) == {"note"}
    assert case.parent_number == about.number


def test_help_is_asked_for_arranged_and_looked_after_until_it_is_over():
    case = protection_of("agent")
    person("lead")
    case = do(case, "ask_care", "agent", NOW + HOUR, care="rest")
    case = do(
        case, "log_incident", "agent", NOW + 2 * HOUR, incident="threatened", what_happened="又来电威胁"
    )
    case = do(case, "arrange_care", "lead", NOW + 3 * HOUR, **FORMS["arrange_care"](case))
    again = {"more_needed": True, "note": "仍失眠", "due_on": "2026-05-10"}
    case = do(case, "follow_up", "lead", NOW + DAY, **again)
    found = Protection.objects.get()

    assert (case.state, found.incident, found.care, str(found.due_on)) == (
        "handling",
        "threatened",
        "rest",
        "2026-05-10",
    )
    assert Message.objects.filter(template="protection_arranged").get().recipient == "person:agent"
    case = do(case, "follow_up", "lead", NOW + 2 * DAY, **FORMS["follow_up"](case))
    assert (case.state, case.is_open) == ("archived", False)
    chain.verify()
    assert chain.verify_cases() == 1


def test_a_colleague_who_knows_the_number_can_do_nothing_with_it():
    case = protection_of("agent")

    with pytest.raises(Refused) as no:
        perform(
            number=case.number,
            verb="note",
            actor=actor("agent", "", "colleague"),
            now=NOW + HOUR,
            form={"note": "听说"},
        )

    assert no.value.code == "restricted"
