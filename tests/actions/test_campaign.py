"""Campaigns: opened with a baseline, followed day by day, given improvements, closed."""

from datetime import date, timedelta

import pytest

from suyuan.actions import campaign as actions
from suyuan.domain.campaign import Day, Span, track
from suyuan.domain.errors import BadInput, Refused
from suyuan.store import chain
from suyuan.store.models import Campaign, Case, Event, Improvement
from suyuan.store.queries import campaigns, viewer
from tests.factories import NOW, case_at, improvement_at, person, unit

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
FORM = {
    "goal": "抄表投诉下降一半，联系13912345678",
    "unit": "0101",
    "baseline_from": "2026-02-22",
    "starts_on": "2026-03-04",
    "ends_on": "2026-03-31",
}
CLOSED = {"goal_reached": "yes", "conclusion": "抄表到户率已达百分之百"}


def seen(role: str, at: str = ""):
    """Return the viewer a new person of a role is."""
    return viewer.of(person(role, at))


def complaints(*days: int, category: str = "", **more: object) -> None:
    """Put complaints on days counted from the start of the campaign."""
    of = case_at("registered")
    held = {f.attname: getattr(of, f.attname) for f in Case._meta.concrete_fields if not f.primary_key}
    Case.objects.filter(pk=of.pk).update(state="void")  # only its columns are wanted
    for number, day in enumerate(days):
        row = {**held, "number": f"{of.number}-{number}", "accepted_at": NOW + day * DAY}
        Case.objects.create(**row | {"category": category, "unit_id": unit().pk} | more)


def test_each_day_stands_beside_what_the_baseline_would_have_brought():
    span = Span(date(2026, 2, 22), date(2026, 3, 4), date(2026, 3, 6))
    counts = {date(2026, 3, 4): 2, date(2026, 3, 6): 1, date(2026, 3, 7): 9}

    days = track(counts, span, 5, date(2026, 4, 1))

    assert days == [
        Day(date(2026, 3, 4), 2, 2, 0.5),
        Day(date(2026, 3, 5), 0, 2, 1.0),
        Day(date(2026, 3, 6), 1, 3, 1.5),
    ]
    assert track(counts, span, 5, date(2026, 3, 4)) == days[:1]


@pytest.mark.parametrize(
    ("days", "wrong"),
    [
        ({"baseline_from": "2026-03-04"}, {"baseline_from": "baseline_not_before"}),
        ({"starts_on": "2026-03-05"}, {"starts_on": "start_to_come"}),
        ({"ends_on": "2026-03-03"}, {"ends_on": "end_before_start"}),
    ],
)
def test_days_out_of_order_and_a_start_to_come_are_refused(days, wrong):
    unit()

    with pytest.raises(BadInput) as bad:
        actions.open_campaign(viewer=seen("office"), form=FORM | days, now=NOW)

    assert bad.value.facts == {"fields": wrong}


def test_what_is_counted_is_of_the_unit_the_days_and_the_categories():
    unit("0102")
    complaints(-10, -1, -1, 0, category="service.hall.hall")
    complaints(-11, 0, category="service.hall.hall")  # before the baseline; on the first day
    complaints(-1, category="supply.frequent.frequent")
    complaints(-1, category="service.hall.hall", is_child=True)
    complaints(-1, category="service.hall.hall", state="merged")
    complaints(-1, category="service.hall.hall", business_type="opinion")
    complaints(-1, category="service.hall.hall", unit_id=unit("0102").pk)

    office = seen("office")
    number = actions.open_campaign(viewer=office, form=FORM | {"category": "service"}, now=NOW)
    every = actions.open_campaign(viewer=office, form=FORM, now=NOW)

    one = campaigns.campaign(office, number)
    assert (one.baseline, one.span.baseline_days, one.goal) == (3, 10, "抄表投诉下降一半，联系139******78")
    assert [(day.n, day.expected) for day in campaigns.days(one, NOW)] == [(2, pytest.approx(0.3))]
    assert Campaign.objects.get(pk=every).baseline == 4
    event = Event.objects.get(stream=actions.STREAM, seq=1)
    assert (event.verb, event.detail["baseline"], "139" in str(event.detail)) == ("open_campaign", 3, False)
    chain.verify()


def test_the_five_class_1_items_are_an_assessment_group():
    unit()
    office = seen("office")

    number = actions.open_campaign(viewer=office, form=FORM | {"assess_group": "class1"}, now=NOW)

    assert len(Campaign.objects.get(pk=number).categories) == 5
    with pytest.raises(BadInput) as both:
        actions.open_campaign(
            viewer=office, form=FORM | {"assess_group": "class1", "category": "service"}, now=NOW
        )
    assert set(both.value.facts["fields"].values()) == {"one_of_two"}


def test_it_is_opened_and_seen_by_those_over_its_unit_alone():
    unit("0102")
    with pytest.raises(Refused) as station:
        actions.open_campaign(viewer=seen("station"), form=FORM, now=NOW)
    number = actions.open_campaign(viewer=seen("office"), form=FORM, now=NOW)

    west = viewer.of(person("lead", "0102", "west"))
    with pytest.raises(Refused) as elsewhere:
        campaigns.campaign(west, number)

    assert (station.value.code, elsewhere.value.code) == ("not_your_role", "not_found")
    assert list(campaigns.listed(west)) == []


def test_an_improvement_belongs_to_one_campaign_and_a_closed_one_takes_none():
    entry, office = improvement_at("registered"), seen("office")
    first, second = (actions.open_campaign(viewer=office, form=FORM, now=NOW) for _ in range(2))

    def add(campaign: int, number: str) -> None:
        actions.add_improvement(viewer=office, campaign=campaign, form={"improvement": number}, now=NOW)

    add(first, entry.number)
    with pytest.raises(Refused) as twice:
        add(second, entry.number)
    with pytest.raises(BadInput) as no_entry:
        add(second, entry.parent_number)
    actions.close_campaign(viewer=office, campaign=second, form=CLOSED, now=NOW + DAY)
    with pytest.raises(Refused) as closed:
        actions.close_campaign(viewer=office, campaign=second, form=CLOSED, now=NOW + DAY)

    assert (twice.value.code, twice.value.facts["campaign"]) == ("in_a_campaign", first)
    assert no_entry.value.facts == {"fields": {"improvement": "unknown_case"}}
    assert closed.value.code == "campaign_closed"
    one = campaigns.campaign(office, first)
    assert (campaigns.improvements(office, one), one.improvements) == (list(Improvement.objects.all()), 1)
    assert [each.pk for each in campaigns.listed(office)] == [first]
    ended = campaigns.campaign(office, second)
    assert (ended.reached, ended.conclusion) == (True, CLOSED["conclusion"])
    assert len(campaigns.days(ended, NOW + 9 * DAY)) == 2
    event = Event.objects.get(verb="close_campaign")
    assert (event.detail["n"], event.detail["days"]) == (1, 2)
    chain.verify()
