"""Filings: two levels by two people, told while they count, ended by themselves, suspended when false."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from suyuan.actions import filing
from suyuan.actions.perform import perform
from suyuan.domain.errors import BadInput, Refused
from suyuan.store import chain
from suyuan.store.models import Case, Event, Filing, FilingBan, Grant, Message
from suyuan.store.queries import filings, served, viewer
from suyuan.store.queries.filings import Place
from tests.customer_files import load, row
from tests.factories import NOW, actor, case_at, do, person, unit
from tests.filings import FALSE, FILING, filing_at

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
EAST = Place("/01/0101/")


def told(place: Place = EAST, now: datetime = NOW + HOUR) -> list[str]:
    found = filings.told_at(viewer.of(person("agent")), [place], now)
    return [one.filing.case.number for one in found]


def test_a_filing_counts_once_two_people_at_two_levels_approved_it_and_ends_by_itself():
    case = filing_at("signing")
    assert told() == []

    case = do(case, "approve", "office", NOW + HOUR)

    assert (case.state, case.handlers) == ("in_force", ["station", "marketing", "office"])
    assert told() == [case.number]
    assert told(Place("/01/0102/")) == []
    assert told(now=NOW - HOUR * 5) == []
    end = datetime(2026, 3, 6, 12, tzinfo=UTC)
    assert told(now=end) == []
    assert (filing.lapse(now=end - HOUR), filing.lapse(now=end), filing.lapse(now=end)) == (0, 1, 0)
    assert Case.objects.get().state == "archived"
    assert Event.objects.order_by("-pk").first().actor == "system"
    assert chain.verify_cases() == 1


def test_nobody_approves_what_they_filed_nor_at_both_levels():
    two = person("marketing", "01", "both")
    Grant.objects.create(person=two, role="office", unit=unit("01"))
    own = Case.objects.get(number=filing.file(actor=viewer.of(two).actor, form=FILING, now=NOW))
    other = filing_at("reviewing")

    with pytest.raises(Refused) as filed:
        by(own, "endorse", two)
    by(other, "endorse", two)
    with pytest.raises(Refused) as twice:
        by(other, "approve", two)

    assert (filed.value.code, twice.value.code) == ("own_work", "own_work")


def by(case: Case, verb: str, who) -> None:
    perform(number=case.number, verb=verb, actor=viewer.of(who).actor, now=NOW + HOUR, form={})


def test_a_feeder_and_an_area_narrow_where_it_counts():
    filing_at("in_force", line="东一线")

    assert told(Place("/01/0102/", "东一线")) != []
    assert told(EAST) == []


def test_a_false_filing_suspends_the_unit_and_those_below_it():
    waiting = filing_at("signing")
    false = do(filing_at("in_force"), "find_false", "audit", NOW + HOUR, **FALSE)

    ban = FilingBan.objects.get()
    assert (false.state, ban.unit.code, ban.until) == ("void", "0101", NOW + HOUR + timedelta(days=61))
    with pytest.raises(Refused) as again:
        filing.file(actor=actor("station"), form=FILING, now=NOW + 2 * HOUR)
    assert (again.value.code, again.value.facts) == (
        "filing_suspended",
        {"unit": "0101", "until": "2026-05-04", "because_of": false.number},
    )
    with pytest.raises(Refused) as meanwhile:
        do(waiting, "approve", "office", NOW + 2 * HOUR)
    assert meanwhile.value.code == "filing_suspended"
    unit("0102")
    assert filing.file(actor=actor("office"), form=FILING | {"unit": "0102"}, now=NOW + 2 * HOUR)
    late = {"counts_from": "2026-05-05T08:00", "counts_until": "2026-05-06T08:00"}
    assert filing.file(actor=actor("station"), form=FILING | late, now=ban.until)


def test_a_unit_above_files_nothing_that_would_count_in_a_suspended_unit(tmp_path):
    supplied(tmp_path, "3300000000001", "东城供电所", 线路="东一线")
    supplied(tmp_path, "3300000000002", "西城供电所", 线路="西一线")
    do(filing_at("in_force", line="东一线"), "find_false", "audit", NOW + HOUR, **FALSE)

    def above(**form: str) -> str:
        given = FILING | {"unit": "01"} | form
        return filing.file(actor=actor("office"), form=given, now=NOW + 2 * HOUR)

    for form in ({}, {"line": "东一线"}):
        with pytest.raises(Refused) as no:
            above(**form)
        assert (no.value.code, no.value.facts["unit"]) == ("filing_suspended", "0101")
    assert Filing.objects.get(case__number=above(line="西一线")).line == "西一线"
    with pytest.raises(BadInput) as unknown:
        above(line="东九线")
    assert unknown.value.facts == {
        "fields": {"line": "not_served_by_unit"},
        "value": ["东九线"],
        "unit": "01",
    }


def test_one_above_that_waited_for_approval_meanwhile_is_not_approved():
    number = filing.file(actor=actor("lead"), form=FILING | {"unit": "01"}, now=NOW)
    waiting = do(Case.objects.get(number=number), "endorse", "marketing")
    do(filing_at("in_force"), "find_false", "audit", NOW + HOUR, **FALSE)

    with pytest.raises(Refused) as no:
        do(waiting, "approve", "office", NOW + 2 * HOUR)

    assert (no.value.code, no.value.facts["unit"]) == ("filing_suspended", "0101")


@pytest.mark.parametrize(("place", "head"), [("line", "线路"), ("area", "台区")])
def test_a_feeder_or_area_is_one_that_cases_or_accounts_of_the_unit_know(tmp_path, place, head):
    station = unit()
    assert served.serves(station, place, "东一") is None
    Case.objects.filter(pk=case_at("dispatched").pk).update(**{place: "东一"})
    supplied(tmp_path, "3300000000001", "东城供电所", **{head: "东二"})
    supplied(tmp_path, "3300000000002", "西城供电所", **{head: "西一"})

    known = [served.serves(station, place, name) for name in ("东一", "东二", "西一", "东")]
    assert known == [True, True, False, False]
    assert served.serves(unit("01"), place, "西一") is True
    with pytest.raises(BadInput) as no:
        filing.file(actor=actor("station"), form=FILING | {place: "西一"}, now=NOW)
    assert no.value.facts["fields"] == {place: "not_served_by_unit"}
    number = filing.file(actor=actor("station"), form=FILING | {place: "东二"}, now=NOW)
    assert getattr(Filing.objects.get(case__number=number), place) == "东二"


def supplied(folder: Path, at: str, by: str, **place: str) -> None:
    """Take in the customer of an account number whom a unit supplies: on a feeder or in an area."""
    unit()
    load(folder, row(户号=at, 表号="", 装表日期="", 供电单位=by, **{"线路": "", "台区": ""} | place))


def test_the_span_of_a_suspension_is_the_rulebooks():
    case = filing_at("in_force")

    with pytest.raises(BadInput) as no:
        do(case, "find_false", "audit", **FALSE | {"suspended_months": "4"})

    assert no.value.facts["allowed"] == {"suspended_months": [1, 3]}
    assert FilingBan.objects.count() == 0


def test_who_may_file_is_asked_over_the_unit_and_the_event_holds_no_text():
    unit("0102")
    with pytest.raises(Refused) as no:
        filing.file(actor=actor("station"), form=FILING | {"unit": "0102"}, now=NOW)
    assert no.value.code == "not_your_role"

    filing_at("reviewing", script="联系人张三丰 13912345678，线路检修")

    assert "13912345678" not in Filing.objects.get().script
    assert set(Event.objects.get().detail["form"]["script"]) == {"note"}
    assert sorted(Message.objects.values_list("recipient", flat=True)) == [
        "leader@0101",
        "marketing@0101",
        "operations@0101",
    ]


def test_one_that_ran_out_before_it_was_approved_never_counts():
    case = filing_at("signing")

    with pytest.raises(Refused) as no:
        do(case, "approve", "office", NOW + timedelta(days=5))

    assert no.value.code == "filing_over"


def test_it_is_told_on_the_page_of_a_case_and_counts_as_no_customers_order():
    filing_at("in_force")
    case = case_at("registered")

    assert told(filings.place_of(case)) == []
    assert told(filings.place_of(case_at("dispatched"))) != []
