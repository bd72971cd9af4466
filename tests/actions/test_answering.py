"""1+1+1: the three parts of a complaint, and the customer's one face through every transfer."""

from datetime import timedelta

import pytest

from suyuan.domain.errors import BadInput, Refused
from suyuan.store.models import Case, Event, Message, Person
from suyuan.store.queries import listing, parts, viewer
from suyuan.store.queries.listing import Filters
from tests.factories import FORMS, NOW, case_at, do, order_at, person, unit

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def shown(case: Case) -> dict[str, tuple[str, tuple[str, ...]]]:
    return {one.part.value: (one.unit.code if one.unit else "", one.people) for one in parts.of(case)}


def numbers(role: str, part: str, **more: object) -> list[str]:
    asked = Filters(part=part, **more)
    return [row.number for row in listing.listing(viewer.of(person(role)), asked, now=NOW + HOUR).rows]


def test_a_complaint_names_who_leads_who_owns_it_and_who_does_it():
    case = case_at("handling")
    person("marketing")

    assert shown(case) == {
        "lead": ("01", ("office",)),
        "specialty": ("01", ("marketing",)),
        "unit": ("0101", ("station",)),
        "owner": ("", ("agent",)),
    }


def test_who_is_not_named_is_counted_and_an_order_has_no_face_of_a_customer():
    order = order_at("drafted")
    for name in ("li", "sun", "wu"):
        person("office", username=name)

    found = {one.part.value: (one.people, one.more) for one in parts.of(order)}

    assert found == {
        "lead": (("li", "office", "sun"), 1),
        "specialty": (("marketing",), 0),
        "unit": (("station",), 0),
    }


def test_a_transfer_never_changes_who_faces_the_customer():
    case = case_at("handling")
    unit("0102")

    moved = do(
        case, "transfer", "office", NOW + HOUR, unit="0102", specialty="operations", reason="other_unit"
    )

    assert (moved.unit.code, moved.owner) == ("0102", "agent")


def test_registering_leaves_the_case_with_whoever_took_the_contact():
    case = do(case_at("received"), "register", "lead", NOW + HOUR, business_type="complaint")

    assert case.owner == "agent"


def test_the_customer_is_handed_over_with_a_reason_by_whoever_leads():
    case = case_at("handling")
    person("agent", username="wang")

    given = do(case, "hand_over_owner", "lead", NOW + HOUR, owner="wang", reason="absent")

    event = Event.objects.get(stream=f"case:{case.number}", verb="hand_over_owner")
    assert given.owner == "wang"
    assert (event.detail["was"], event.detail["form"]) == (
        {"owner": "agent"},
        {"owner": "wang", "reason": "absent"},
    )
    assert ["person", "wang"] in event.objects_json


@pytest.mark.parametrize(("name", "problem"), [("nobody", "unknown_person"), ("station", "not_at_the_desk")])
def test_only_somebody_of_the_desk_can_face_the_customer(name, problem):
    case = case_at("handling")

    with pytest.raises(BadInput) as bad:
        do(case, "hand_over_owner", "lead", NOW + HOUR, owner=name, reason="left")

    assert bad.value.facts == {"fields": {"owner": problem}}


def test_the_unit_does_not_choose_who_faces_the_customer():
    with pytest.raises(Refused) as no:
        do(case_at("handling"), "hand_over_owner", "station", NOW + HOUR, owner="lead", reason="left")

    assert no.value.code == "not_your_role"


@pytest.mark.parametrize(("at_work", "told"), [(True, "person:agent"), (False, "agent@0101")])
def test_the_callback_falls_first_to_whoever_faces_the_customer(at_work, told):
    case = case_at("reviewing")
    Person.objects.filter(username="agent").update(is_active=at_work)

    do(case, "review_pass", "marketing", NOW + HOUR, **FORMS["review_pass"](case))

    assert list(Message.objects.filter(template="review_pass").values_list("recipient", flat=True)) == [told]


def test_each_part_sees_its_queue():
    handling, waiting = case_at("handling"), case_at("reviewing")
    case_at("archived")
    person("marketing"), person("operations")

    assert numbers("office", "lead") == [handling.number, waiting.number]
    assert numbers("marketing", "specialty") == [handling.number, waiting.number]
    assert numbers("marketing", "specialty", mine=True) == [waiting.number]
    assert numbers("operations", "specialty") == []
    assert numbers("station", "unit", mine=True) == [handling.number]
    assert numbers("agent", "owner") == [handling.number, waiting.number]
    assert numbers("agent", "lead") == []


def test_a_part_nobody_knows_is_an_error():
    with pytest.raises(BadInput) as bad:
        numbers("office", "everybody")

    assert bad.value.facts == {"field": "part", "value": "everybody"}


def test_the_specialty_follows_the_category_until_somebody_chose_another():
    case = do(case_at("registered"), "classify", "office", NOW + HOUR, category="service.hall.attitude")
    assert case.specialty == "marketing"

    corrected = do(case, "classify", "office", NOW + HOUR, category="outage.repair.quality")

    assert corrected.specialty == "operations"
