"""Flags with consent, contacts, preferences: minded through a case, written down with no word in clear."""

from datetime import date, timedelta

import pytest

from suyuan.actions import customer
from suyuan.actions.perform import perform
from suyuan.domain.errors import BadInput, Refused
from suyuan.store import chain, seal
from suyuan.store.models import Account, Case, ContactWay, Event, SpecialFlag
from suyuan.store.queries import customer as queries
from suyuan.store.queries import viewer
from tests.customer_files import load
from tests.factories import NOW, actor, case_at, person, unit

pytestmark = pytest.mark.django_db
CONSENT = {
    "special_flag": "elderly_alone",
    "consent_how": "recorded_call",
    "consent_scope": "service notice",
    "consent_on": "2026-03-01",
}
LIFE = CONSENT | {"special_flag": "life_support"}


@pytest.fixture
def case(tmp_path) -> Case:
    unit()
    load(tmp_path)
    return case_at("handling")


def do(verb, case, by="office", now=NOW, username="", **form):
    return verb(number=case.number, actor=actor(by, "", username), now=now, form=form)


def shown(case, by="office", now=NOW):
    found = queries.of_case(viewer.of(person(by)), case, now)
    return None if found is None else [mark.code for mark in found.marks]


def refusal(verb, case, by="office", username="", **form) -> str:
    with pytest.raises((Refused, BadInput)) as no:
        do(verb, case, by, username=username, **form)
    return no.value.facts.get("fields") or no.value.code


def test_a_contact_links_its_case_to_account_area_and_line_and_says_so_in_its_event(case):
    event = Event.objects.filter(stream=f"case:{case.number}").earliest("seq")

    assert (case.area, case.line) == ("东城0001号台区", "10kV清云001线")
    assert event.objects_json[2:] == [
        ["line", "10kV清云001线"],
        ["area", "东城0001号台区"],
    ]


def test_a_telephone_number_leads_to_the_account_of_who_holds_one(tmp_path):
    unit()
    load(tmp_path)

    assert case_at("received", account="").account_index == seal.index("account", "3300012345678")
    assert case_at("received", account="", secrecy="anonymous").account_index == ""


def test_a_flag_is_shown_with_its_consent_until_that_runs_out(case):
    do(customer.set_flag, case, **CONSENT)
    flag = SpecialFlag.objects.get()

    assert shown(case) == ["elderly_alone"]
    assert (flag.expires_on, flag.consent_by) == (date(2027, 3, 1), "office")
    assert shown(case, now=NOW + timedelta(days=360)) == ["elderly_alone"]
    assert shown(case, now=NOW + timedelta(days=363)) == []


def test_a_withdrawn_consent_hides_the_flag_at_once_everywhere(case):
    do(customer.set_flag, case, **CONSENT)
    who = viewer.of(person("office"))
    assert dict(queries.marks(who, [case], NOW)) == {case.pk: ["elderly_alone"]}

    do(customer.withdraw_consent, case, special_flag="elderly_alone")

    assert (shown(case), dict(queries.marks(who, [case], NOW))) == ([], {})
    assert queries.of_caller(who, "3300012345678", "", NOW)[0].marks == []
    assert refusal(customer.withdraw_consent, case, special_flag="elderly_alone") == "no_consent_to_withdraw"


def test_a_consent_to_something_else_does_not_show_the_flag_at_a_case(case):
    do(customer.set_flag, case, **CONSENT | {"consent_scope": "notice"})

    assert shown(case) == []
    assert queries.flag_counts(SpecialFlag.objects.get(), NOW, "notice") is True


def test_a_flag_on_a_person_is_not_set_without_consent_one_on_an_enterprise_is(case):
    assert refusal(customer.set_flag, case, special_flag="disabled") == {
        "consent_how": "required", "consent_scope": "required", "consent_on": "required",
    }  # fmt: skip
    assert refusal(customer.set_flag, case, **CONSENT | {"consent_on": "2026-03-05"}) == {
        "consent_on": "in_the_future"
    }
    assert refusal(customer.set_flag, case, **CONSENT | {"consent_on": "2020-03-05"}) == {
        "consent_on": "consent_run_out"
    }
    do(customer.set_flag, case, special_flag="important_user")
    assert shown(case) == ["important_user"]


def test_a_flag_on_which_a_life_hangs_is_ended_by_two(case):
    do(customer.set_flag, case, "agent", **LIFE)
    ending = {"special_flag": "life_support", "reason": "moved"}

    assert do(customer.clear_flag, case, **ending) is False
    assert shown(case) == ["life_support"]
    assert refusal(customer.clear_flag, case, **ending) == "second_person_to_end"
    assert refusal(customer.clear_flag, case, "agent", **ending) == "not_your_role"
    assert do(customer.clear_flag, case, "lead", **ending) is True
    assert shown(case) == []
    assert refusal(customer.clear_flag, case, **ending) == "flag_not_set"


def test_any_other_flag_is_ended_by_one_and_can_be_set_again(case):
    do(customer.set_flag, case, **CONSENT)

    assert do(customer.clear_flag, case, special_flag="elderly_alone", reason="no_longer") is True
    do(customer.set_flag, case, **CONSENT)
    assert shown(case) == ["elderly_alone"]
    assert SpecialFlag.objects.count() == 2


def test_only_who_works_with_customers_sees_or_changes_the_register(case):
    do(customer.set_flag, case, **CONSENT)

    assert [shown(case, by) for by in ("leader", "party")] == [None, None]
    assert [shown(case, by) for by in ("audit", "station")] == [["elderly_alone"]] * 2
    assert refusal(customer.set_flag, case, "audit", **CONSENT) == "not_your_role"
    assert refusal(customer.set_flag, case_at("received", account="", phone=""), **CONSENT) == (
        "no_account_of_case"
    )


def test_who_asks_for_confidence_is_shown_to_audit_alone(tmp_path):
    unit()
    load(tmp_path)
    secret = case_at("received", secrecy="confidential")

    assert (shown(secret), shown(secret, "audit")) == (None, [])


def test_a_wrong_number_is_ended_and_the_right_one_found(case):
    wrong = ContactWay.objects.get()

    do(customer.correct_contact, case, contact_way=wrong.pk, contact_kind="phone",
       contact_value="13800001111", whose="tenant")  # fmt: skip

    wrong.refresh_from_db()
    found = queries.of_caller(viewer.of(person("agent")), "", "138 0000 1111", NOW)
    assert str(wrong.valid_until) == "2026-03-04"
    assert [way.masked for way in found[0].ways] == ["138******11"]
    assert queries.of_caller(viewer.of(person("agent")), "", "13912345678", NOW) == []


def test_a_customer_is_called_when_and_how_he_wants(case):
    way = ContactWay.objects.get()
    form = {"contact_way": way.pk, "preferred": "1", "language": "en"}

    do(customer.set_preferences, case, **form, quiet_from="12:00", quiet_until="14:00")

    way.refresh_from_db()
    assert (way.preferred, way.language, str(way.quiet_from), str(way.quiet_until)) == (
        True, "en", "12:00:00", "14:00:00",
    )  # fmt: skip
    assert refusal(customer.set_preferences, case, **form, quiet_from="noon") == {
        "quiet_from": "not_two_times"
    }
    assert refusal(customer.set_preferences, case, **form | {"contact_way": "999"}) == {
        "contact_way": "unknown_choice"
    }


def test_the_events_of_a_customer_hold_no_word_in_clear_and_chain(case):
    do(customer.set_flag, case, **CONSENT)
    do(customer.correct_contact, case, contact_kind="phone", contact_value="13800001111", whose="owner")

    ref, through = Account.objects.get().ref, Case.objects.get().register_ref
    events = Event.objects.filter(stream=f"register:customer:{ref}").order_by("seq")
    assert [(event.verb, event.objects_json) for event in events] == [
        (verb, [["through", through], ["register", ref]]) for verb in ("set_flag", "correct_contact")
    ]
    assert [word for word in ("elderly", "138", "张") if word in str([e.detail for e in events])] == []
    assert chain.verify([f"register:customer:{ref}"]) == (1, 2)


def test_what_the_register_holds_is_revealed_by_the_same_rule_as_what_was_said(case):
    from suyuan.actions.privacy.reveal import reveal

    form = {"personal_field": "registered_address", "purpose": "visit"}
    assert reveal(number=case.number, actor=actor("station"), now=NOW, form=form) == "滨海市人民路12号3栋"
    with pytest.raises(Refused) as no:
        reveal(number=case.number, actor=actor("leader"), now=NOW, form=form)
    assert no.value.code == "not_your_role"


def test_a_case_goes_its_way_with_a_customer_of_the_register(case):
    perform(number=case.number, verb="urge", actor=actor("agent"), now=NOW, form={"note": "客户再次来电"})

    found = queries.of_case(viewer.of(person("office")), Case.objects.get(pk=case.pk), NOW)
    assert (found.earlier, found.promised) == (0, [])
