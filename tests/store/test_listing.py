"""Lists: in reach, filtered, in order, with their lights; one query each however long they are."""

from datetime import date, timedelta

import pytest
from django.test.utils import CaptureQueriesContext

from suyuan.domain.errors import BadInput, Refused
from suyuan.store.models import Case
from suyuan.store.queries import cases, listing, viewer
from tests.factories import FORMS, NOW, case_at, do, person, unit

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
Filters = listing.Filters


def seen(role="office", now=NOW, at="", username="", **filters):
    """Return the numbers a person finds, in order."""
    looking = viewer.of(person(role, at, username))
    return [case.number for case in listing.listing(looking, Filters(**filters), now=now).rows]


def test_the_most_urgent_comes_first_and_what_has_no_due_last():
    late = case_at("handling", now=NOW - 2 * DAY)
    soon = case_at("registered")
    received = case_at("received", now=NOW - HOUR)
    done = case_at("archived", now=NOW - 2 * HOUR)

    assert seen(open_only=True) == [late.number, soon.number, received.number]
    assert seen(open_only=True, order="accepted")[-1] == late.number
    assert seen() == [soon.number, received.number, done.number, late.number]


def test_an_order_nobody_knows_is_refused():
    with pytest.raises(BadInput) as wrong:
        seen(order="random")

    assert (wrong.value.code, wrong.value.facts) == ("unknown_value", {"field": "order", "value": "random"})


def test_a_light_nobody_knows_is_refused():
    with pytest.raises(BadInput) as wrong:
        seen(light="pink")

    assert wrong.value.facts == {"field": "light", "value": "pink"}


def test_each_light_is_a_filter_that_finds_what_shows_it():
    handling = do(case_at("handling"), "contact", "station", reached=True, contact_note="已联系")
    do(handling, "note", "office", note="x")
    paused = do(case_at("handling"), "pause", "office", reason="customer", evidence="录音")
    case_at("archived"), case_at("received"), case_at("handling", now=NOW - 20 * HOUR)
    case_at("registered", now=NOW - 2 * DAY)
    looking = viewer.of(person("office"))

    whole = listing.listing(looking, Filters(), now=NOW)

    by_light = {light: seen(light=light) for light in listing.LIGHTS}
    assert {case.number: whole.lights[case.pk] for case in whole.rows} == {
        number: light for light, numbers in by_light.items() for number in numbers
    }
    assert {light: len(numbers) for light, numbers in by_light.items()} == {
        "red": 1,
        "amber": 1,
        "green": 1,
        "paused": 1,
        "none": 1,
        "done": 1,
    }
    assert by_light["paused"] == [paused.number]


def test_a_clock_at_its_due_moment_is_red():
    case = case_at("registered")

    assert seen(light="red", now=case.next_due_at) == [case.number]
    assert seen(light="amber", now=case.next_due_at - timedelta(microseconds=1)) == [case.number]


@pytest.mark.parametrize(
    ("filters", "count"),
    [
        ({"state": "handling"}, 1),
        ({"procedure": "repair"}, 1),
        ({"business_type": "complaint"}, 2),
        ({"open_only": True}, 2),
        ({"finding": "unverified"}, 1),
        ({"satisfaction": "satisfied"}, 1),
        ({"unit": "0101"}, 3),
        ({"unit": "01"}, 3),
        ({"unit": "0102"}, 0),
        ({"category": "service"}, 1),
        ({"category": "service.hall"}, 1),
        ({"accepted_from": date(2026, 3, 4)}, 3),
        ({"accepted_to": date(2026, 3, 3)}, 0),
        ({"accepted_from": date(2026, 3, 4), "accepted_to": date(2026, 3, 4)}, 3),
        ({"numbers": ("none",)}, 0),
        ({"ids": ()}, 0),
    ],
)
def test_filters_narrow(filters, count):
    case = case_at("handling")
    do(case, "classify", "office", category="service.hall.attitude")
    case_at("archived"), case_at("dispatched", "repair")

    assert len(seen(**filters)) == count


@pytest.mark.parametrize(("field", "value"), [("unit", "1"), ("category", "serv"), ("state", "gone")])
def test_a_value_that_no_case_can_have_is_refused(field, value):
    case_at("registered")

    with pytest.raises(BadInput) as wrong:
        seen(**{field: value})

    assert (wrong.value.code, wrong.value.facts) == ("unknown_value", {"field": field, "value": value})


def test_a_unit_out_of_reach_is_refused_and_one_above_shows_what_is_in_reach():
    case = case_at("registered", now=NOW)
    do(case, "dispatch", "office", unit="0102", specialty="marketing")
    here = case_at("dispatched")

    assert seen("station", unit="01") == [here.number]
    with pytest.raises(BadInput):
        seen("station", unit="0102")


def test_a_list_is_turned_so_far_and_says_so(monkeypatch):
    monkeypatch.setattr(listing, "DEEPEST", 4)
    looking = viewer.of(person("office"))
    for _ in range(5):
        case_at("received")

    pages = [listing.listing(looking, Filters(), now=NOW, page=n, size=2) for n in (1, 2)]

    assert [(page.has_next, page.cut) for page in pages] == [(True, False), (False, True)]
    with pytest.raises(BadInput) as wrong:
        listing.listing(looking, Filters(), now=NOW, page=3, size=2)
    assert (wrong.value.code, wrong.value.facts) == ("list_too_deep", {"page": 3, "most": 2})


def test_dates_are_local_days():
    before_midnight = case_at("received", now=NOW.replace(hour=15, minute=59))
    after_midnight = case_at("received", now=NOW.replace(hour=16, minute=0))

    assert seen(accepted_to=date(2026, 3, 4)) == [before_midnight.number]
    assert seen(accepted_from=date(2026, 3, 5)) == [after_midnight.number]


def test_a_page_says_whether_there_is_another_and_no_case_is_on_two():
    numbers = [case_at("received").number for _ in range(5)]
    looking = viewer.of(person("office"))

    pages = [listing.listing(looking, Filters(), now=NOW, page=n, size=2) for n in (1, 2, 3, 4)]

    assert [(len(p.rows), p.has_next) for p in pages] == [(2, True), (2, True), (1, False), (0, False)]
    assert sorted(case.number for p in pages for case in p.rows) == numbers


def test_as_many_queries_however_many_rows(django_assert_num_queries):
    looking = viewer.of(person("office"))
    case_at("handling")
    with django_assert_num_queries(
        6
    ):  # whose number is it; all units; the list, its words, its rows, its units
        assert len(listing.listing(looking, Filters(q="抄表", light="green"), now=NOW).rows) == 1
    case_at("handling"), case_at("handling")

    with django_assert_num_queries(3) as captured:  # all units; the list; its units
        rows = listing.listing(looking, Filters(), now=NOW).rows
        assert {case.unit.name for case in rows} == {"东城供电所"}
    assert isinstance(captured, CaptureQueriesContext)


def test_a_station_sees_its_own_and_a_department_all():
    case = case_at("dispatched")
    case_at("registered")

    assert seen("station") == [case.number]
    assert seen("station", at="0102", username="west") == []
    assert len(seen("marketing")) == 2


def test_somebody_without_a_role_sees_nothing():
    case_at("dispatched")
    nobody = person("station", username="nobody")
    nobody.grants.all().delete()

    assert listing.listing(viewer.of(nobody), Filters(), now=NOW).rows == []


def test_a_unit_whose_code_begins_alike_is_not_in_reach():
    from suyuan.store.models import Grant, Unit

    case = case_at("dispatched")
    twin = Unit.objects.create(code="01010", name="东城十所", parent=unit("01"), path="/01/01010/")
    looking = person("agent", username="twin", at="0102")
    Grant.objects.filter(person=looking).update(unit=twin)

    assert seen("agent", username="twin") == []
    with pytest.raises(Refused):
        cases.get(viewer.of(looking), case.number)


@pytest.mark.parametrize(
    ("role", "count"),
    [("audit", 1), ("leader", 1), ("office", 0), ("station", 0), ("agent", 0), ("party", 0)],
)
def test_a_restricted_case_is_listed_and_opened_by_audit_and_leaders_alone(role, count):
    case = case_at("dispatched", "report")
    looking = viewer.of(person(role))

    assert len(seen(role)) == count
    if count:
        assert cases.get(looking, case.number).pk == case.pk
    else:
        with pytest.raises(Refused) as refused:
            cases.get(looking, case.number)
        assert refused.value.code == "not_found"


def test_audit_of_one_unit_does_not_see_the_restricted_cases_of_another():
    case_at("dispatched", "report")

    assert seen("audit", at="0102", username="west-audit") == []


def test_a_role_that_may_see_restricted_cases_elsewhere_does_not_open_them_here():
    from suyuan.store.models import Grant

    case_at("dispatched", "report")
    both = person("station", username="both")
    Grant.objects.create(person=both, role="audit", unit=unit("0102"))

    assert seen("station", username="both") == []


@pytest.mark.parametrize(
    ("state", "roles"),
    [
        ("received", {"agent", "lead", "office"}),
        ("registered", {"agent", "lead", "office"}),
        ("dispatched", {"station"}),
        ("handling", {"station", "office"}),
        ("reviewing", {"marketing", "operations", "office"}),
        ("callback", {"agent", "lead", "office", "marketing"}),
    ],
)
def test_mine_is_where_one_of_my_roles_has_the_next_step(state, roles):
    case_at(state)
    everybody = ("agent", "lead", "office", "marketing", "operations", "station", "audit", "party", "leader")

    waiting = {role for role in everybody if seen(role, mine=True)}

    assert roles <= waiting
    assert waiting & {"party", "leader"} == set()


def test_nothing_closed_or_merged_is_mine():
    first, second = case_at("handling"), case_at("handling")
    do(second, "merge", "office", into=first.number, note="同一事件")
    case_at("archived")

    assert seen("station", mine=True) == [first.number]
    assert Case.objects.count() == 3


def test_what_was_urged_or_is_supervised_is_found_by_its_priority_the_gravest_first():
    calm, once, twice = (case_at("handling", now=NOW - n * HOUR) for n in (3, 2, 1))
    supervised, over = case_at("handling"), case_at("handling")
    do(once, "urge", "agent", **FORMS["urge"](once))
    for _ in range(2):
        do(twice, "urge", "agent", **FORMS["urge"](twice))
    do(supervised, "supervise", "leader", note="今日内上报")
    do(over, "urge", "agent", **FORMS["urge"](over))
    do(over, "merge", "office", into=calm.number, note="同一事件")

    assert seen(priority="pressing", at="0101") == [supervised.number, twice.number, once.number]
    assert seen(priority="high", at="0101") == [supervised.number, twice.number]
    assert seen("station", priority="pressing", mine=True)[0] == supervised.number
    assert seen(priority="pressing", order="accepted", at="0101")[-1] == once.number
    with pytest.raises(BadInput) as wrong:
        seen(priority="urgent")
    assert wrong.value.facts == {"field": "priority", "value": "urgent"}
