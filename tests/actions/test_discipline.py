"""A case becomes restricted, accuses a unit, is entrusted to somebody, and is opened again by audit alone."""

from contextlib import contextmanager
from datetime import timedelta

import pytest

from suyuan.actions import preferences
from suyuan.actions.perform import perform
from suyuan.actions.sweep import sweep
from suyuan.domain import disclosure
from suyuan.domain.errors import BadInput, Refused
from suyuan.store import seal
from suyuan.store.models import Case, Event, Message, Person
from suyuan.store.queries import cases, discipline, listing, personal, viewer
from tests.factories import FORMS, NOW, PATHS, actor, case_at, do, order_at, person, unit

pytestmark = pytest.mark.django_db
GAIN = "misconduct.power_for_gain"


@contextmanager
def refused(code: str):
    with pytest.raises(Refused) as found:
        yield
    assert found.value.code == code


def last(case: Case) -> Event:
    return Event.objects.filter(stream=f"case:{case.number}").latest("seq")


def seen(role: str, case: Case, at: str = "", username: str = "") -> tuple[bool, bool]:
    """Return whether somebody may open a case, and whether it stands in their lists."""
    who = viewer.of(person(role, at, username))
    filters = listing.Filters(numbers=(case.number,))
    listed = listing.count(who, filters, NOW)
    return cases.may_see(who.actor, case), bool(listed)


def test_a_category_restricts_a_complaint_from_that_moment_and_says_who_saw_it():
    case = case_at("handling")
    preferences.look(person=person("marketing"), case=case, now=NOW)
    assert seen("marketing", case) == (True, True)

    case = do(case, "classify", "office", category=GAIN)

    written = last(case).detail["restricted"]
    assert case.restricted
    assert written["why"] == "kind"
    assert written["seen_by"] == ["agent", "marketing", "office", "station"]
    assert seen("marketing", case) == seen("office", case) == seen("station", case) == (False, False)
    assert seen("audit", case) == seen("leader", case) == (True, True)
    assert set(Message.objects.filter(case_number=case.number).values_list("restricted", flat=True)) == {True}


@pytest.mark.parametrize("category", ["misconduct", "misconduct.theft_handling"])
def test_a_complaint_registered_into_such_a_category_is_restricted_at_once(category):
    case = do(case_at("received"), "register", "agent", business_type="complaint", category=category)

    assert case.restricted


def test_such_a_category_is_refused_where_no_audit_desk_would_find_the_case():
    case = case_at("registered", "opinion")

    with refused("kind_for_complaints_and_reports"):
        do(case, "classify", "office", category=GAIN)


def test_a_corrected_category_does_not_show_the_case_again_and_audit_lifts_it_with_a_reason():
    case = do(case_at("handling"), "classify", "office", category=GAIN)
    with refused("restricted_by_kind"):
        do(case, "lift_restriction", "audit", note="并非以电谋私")
    case = do(case, "classify", "audit", category="business.billing.reading")
    assert case.restricted
    with pytest.raises(BadInput):
        do(case, "lift_restriction", "audit")
    with refused("not_your_role"):
        do(case, "lift_restriction", "leader", note="并非以电谋私")

    case = do(case, "lift_restriction", "audit", note="并非以电谋私")

    assert not case.restricted
    assert "note" in last(case).detail["form"]
    assert seen("station", case) == (True, True)


def test_a_report_reclassified_as_a_complaint_stays_with_audit():
    case = do(
        case_at("registered", "report"), "reclassify", "office", business_type="complaint", note="是投诉"
    )

    assert (case.procedure, case.restricted) == ("complaint", True)


def test_a_restricted_complaint_is_carried_to_its_end_by_the_audit_desk():
    case = do(case_at("dispatched"), "classify", "office", category=GAIN)
    with refused("restricted"):
        do(case, "accept", "station")
    person("audit", "01", "auditor")
    case = do(case, "accept", "audit")
    case = do(case, "contact", "audit", reached=True, contact_note="已联系")
    case = do(case, "write_report", "audit", **FORMS["write_report"](case))
    case = do(
        case, "submit_finding", "audit", finding="unverified", cause="无", measures="无", reply="查无实据"
    )
    with refused("own_work"):
        do(case, "review_pass", "audit", finding="unverified")
    for verb, by, form in (
        ("review_pass", "leader", FORMS["review_pass"](case) | {"finding": "unverified"}),
        ("call_back", "audit", {"reached": True, "satisfaction": "satisfied"}),
        ("archive", "audit", {}),
    ):
        case = do(case, verb, by, **form)

    told = Message.objects.filter(case_number=case.number, channel="in_app").order_by("pk")
    assert case.state == "archived"
    assert set(told.values_list("recipient", flat=True)) == {"station@0101", "audit@0101"}


def test_naming_the_accused_unit_takes_the_case_away_from_it():
    case = case_at("handling")
    assert (case.unit.code, case.handler) == ("0101", "station")

    case = do(case, "accuse", "audit", accused_unit="0101")

    assert (case.unit.code, case.handler, case.restricted) == ("01", "", True)
    assert last(case).detail["left"] == {"unit": "0101", "handler": "station"}
    assert ["unit", "0101"] in [list(pair) for pair in last(case).objects_json]


def test_nobody_of_the_accused_unit_sees_or_does_anything_even_with_roles_above_it():
    case = do(case_at("registered", "report"), "accuse", "audit", accused_unit="0101")
    inside = person("audit", "01", "inside")
    Person.objects.filter(pk=inside.pk).update(unit=unit("0101"))

    assert seen("audit", case, username="inside") == (False, False)
    assert seen("audit", case) == (True, True)
    for verb, form in (("note", {"note": "看过"}), ("dispatch", {"unit": "0102", "specialty": "marketing"})):
        with refused("of_accused_unit"):
            perform(
                number=case.number, verb=verb, actor=actor("audit", username="inside"), now=NOW, form=form
            )


@pytest.mark.parametrize("given", [{}, {"accused_unit": "0101"}])
def test_a_case_is_not_sent_to_the_unit_it_accuses(given):
    case = case_at("registered", "report")
    if not given:
        case = do(case, "accuse", "audit", accused_unit="0101")
    with refused("to_accused_unit"):
        do(case, "dispatch", "audit", unit="0101", specialty="marketing", **given)

    case = do(case, "dispatch", "audit", unit="0102", specialty="marketing", **given)
    assert (case.unit.code, case.accused.code) == ("0102", "0101")


def test_the_whole_company_cannot_be_accused():
    with refused("accused_too_wide"):
        do(case_at("registered", "report"), "accuse", "audit", accused_unit="01")


def test_somebody_of_another_unit_is_entrusted_and_works_on_it():
    case = do(case_at("registered", "report"), "accuse", "audit", accused_unit="0101")
    case = do(case, "dispatch", "audit", unit="0102", specialty="marketing")
    crew = person("station", "0102", "crew")
    person("station", "0102", "other"), person("station")
    with refused("of_accused_unit"):
        do(case, "entrust", "audit", entrusted="station")
    with refused("restricted"):
        perform(number=case.number, verb="accept", actor=viewer.of(crew).actor, now=NOW, form={})

    case = do(case, "entrust", "audit", entrusted="crew")

    assert seen("station", case, username="crew") == (True, True)
    assert seen("station", case, username="other") == (False, False)
    perform(number=case.number, verb="accept", actor=viewer.of(crew).actor, now=NOW, form={})
    with refused("restricted"):
        do(Case.objects.get(pk=case.pk), "note", "office", note="看过")


def test_an_order_opened_from_a_case_is_restricted_with_it():
    complaint = case_at("callback")
    order = order_at("drafted", complaint=complaint)
    do(complaint, "restrict", "audit", NOW + timedelta(hours=2), note="涉及行风")
    order.refresh_from_db()

    assert order.restricted
    assert last(order).detail["restricted"]["why"] == "parent"
    assert seen("station", order) == (False, False)


def test_three_working_days_run_out_are_kept_for_the_assessment_once_and_told_to_audit():
    case = case_at("dispatched", "report")
    person("audit")
    clock = case.clocks.get(limit="discipline.verify")
    assert clock.due_at - case.accepted_at == timedelta(days=5)  # a Wednesday, and a weekend between
    register = Event.objects.filter(stream="register:discipline")

    sweep(now=clock.due_at - timedelta(minutes=1))
    assert (register.count(), discipline.exceeded(viewer.of(person("audit")), NOW)) == (
        0,
        [discipline.Exceeded("东城供电所", 0, 1)],
    )
    for minutes in (0, 1):
        sweep(now=clock.due_at + timedelta(minutes=minutes))

    kept = register.get()
    assert (kept.verb, kept.objects_json) == ("time_exceeded", [["case", case.number], ["unit", "0101"]])
    late = discipline.exceeded(viewer.of(person("audit")), clock.due_at + timedelta(minutes=1))
    assert late == [discipline.Exceeded("东城供电所", 1, 1)]
    told = Message.objects.filter(case_number=case.number, template="rung", facts__limit=clock.limit)
    assert set(told.values_list("recipient", flat=True)) == {"audit@0101"}
    assert discipline.exceeded(viewer.of(person("office")), clock.due_at) == []


def test_a_review_stops_the_three_days_and_a_category_starts_them_on_a_complaint():
    report = case_at("callback", "report")
    complaint = do(case_at("handling"), "classify", "office", category=GAIN)

    assert report.clocks.get(limit="discipline.verify").state == "stopped"
    assert complaint.clocks.get(limit="discipline.verify.complaint").state == "running"


def test_of_an_anonymous_reporter_nothing_is_kept_but_the_words():
    case = case_at("registered", secrecy="anonymous")

    contact = case.contacts.get()
    assert set(seal.unseal(contact.sealed)) == {"text"}
    assert (case.account_index, case.phone_index, case.name_index) == ("", "", "")


def test_an_anonymous_complaint_is_archived_with_a_reason_and_without_a_callback():
    case = case_at("dispatched", secrecy="anonymous")
    case = do(case, "accept", "station")
    with refused("anonymous_uncalled"):
        do(case, "contact", "station", reached=True, contact_note="无")
    for verb, by in (
        ("write_report", "station"),
        ("submit_finding", "station"),
        ("review_pass", "marketing"),
    ):
        form = FORMS[verb](case)
        case = do(case, verb, by, **(form | {"finding": "unverified"} if "finding" in form else form))
    with refused("anonymous_uncalled"):
        do(case, "call_back", "agent", reached=True, satisfaction="satisfied")
    with pytest.raises(BadInput) as found:
        do(case, "archive", "lead")
    assert found.value.facts == {"fields": {"note": "required"}}

    assert do(case, "archive", "lead", note="匿名, 无从回访").state == "archived"


def test_a_confidential_customer_is_called_by_the_desk_that_knows_who_it_is():
    case = case_at("handling", secrecy="confidential")
    person("agent", "01", "colleague"), person("lead")
    assert case.owner == "agent"
    with refused("confidential_uncalled"):
        perform(
            number=case.number,
            verb="contact",
            actor=actor("agent", username="colleague"),
            now=NOW,
            form={"reached": True, "contact_note": "已联系"},
        )
    assert disclosure.refusal("phone", personal.standing(actor("agent"), case, to_call=True)) is None

    case = do(case, "hand_over_owner", "lead", owner="colleague", reason="absent")

    assert (
        disclosure.refusal("phone", personal.standing(actor("agent"), case, to_call=True))
        == "secret_reporter"
    )
    with refused("confidential_uncalled"):
        do(case, "contact", "agent", reached=True, contact_note="已联系")
    called = perform(
        number=case.number,
        verb="contact",
        actor=actor("agent", username="colleague"),
        now=NOW,
        form={"reached": True, "contact_note": "已联系"},
    )
    assert called.state == "handling"
    with refused("not_your_role"):
        do(case_at("handling"), "contact", "agent", reached=True, contact_note="已联系")


def test_a_restricted_confidential_caller_is_nobodys_to_call_but_audits():
    case = case_at("handling", secrecy="confidential")
    Case.objects.filter(pk=case.pk).update(state="callback")
    case = do(case, "restrict", "audit", note="涉及行风")

    with refused("confidential_uncalled"):
        do(case, "call_back", "agent", reached=True, satisfaction="satisfied")
    assert (
        disclosure.refusal("phone", personal.standing(actor("agent"), case, to_call=True))
        == "secret_reporter"
    )


@pytest.mark.parametrize("procedure", ["opinion", "enquiry", "application", "repair"])
def test_secrecy_holds_where_somebody_asks_or_suggests_too(procedure):
    hidden = case_at("dispatched", procedure, secrecy="anonymous")
    for verb in PATHS[procedure][2:-2]:
        if verb != "contact":
            hidden = do(
                hidden, verb, "marketing" if verb == "review_pass" else "station", **FORMS[verb](hidden)
            )
    with refused("anonymous_uncalled"):
        do(hidden, "call_back", "agent", reached=True, satisfaction="satisfied")
    with pytest.raises(BadInput):
        do(hidden, "archive", "lead")
    assert do(hidden, "archive", "lead", note="匿名, 无从回访").state == "archived"
    person("office")
    kept = Case.objects.get(pk=hidden.pk)
    Case.objects.filter(pk=kept.pk).update(state="callback", secrecy="confidential")
    with refused("confidential_uncalled"):
        do(kept, "call_back", "office", reached=True, satisfaction="satisfied")
    assert do(kept, "call_back", "agent", reached=True, satisfaction="satisfied").called_back_at


def test_a_confidential_customer_is_called_by_whom_audit_names():
    case = case_at("handling", secrecy="confidential")
    person("station", "0101", "crew")
    with refused("confidential_uncalled"):
        do(case, "contact", "station", reached=True, contact_note="已联系")
    assert disclosure.refusal("phone", personal.standing(actor("station"), case)) == "secret_reporter"

    case = do(case, "entrust", "audit", entrusted="station")

    assert disclosure.refusal("phone", personal.standing(actor("station"), case)) is None
    other = actor("station", "0101", "crew")
    assert disclosure.refusal("phone", personal.standing(other, case)) == "secret_reporter"
    assert do(case, "contact", "station", reached=True, contact_note="已联系").contacted_at
