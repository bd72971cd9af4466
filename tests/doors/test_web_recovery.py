"""The golden time of recovery: on the page of a case, recorded, and what delay costs on its page."""

import json
from datetime import timedelta

import jsonschema
import pytest
from django.utils import timezone

from suyuan.actions import recovery
from suyuan.cli.schema import of
from suyuan.domain.errors import BadInput, Refused
from suyuan.store import chain
from suyuan.store.models import Case, Event
from suyuan.store.queries import recoveries
from tests.board_pages import signed_in
from tests.factories import NOW, actor, case_at, do, person

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
SAID = {"recovery_kind": "visited", "note": "所长上门道歉"}


def test_the_page_of_a_complaint_says_the_sign_and_the_time_and_records_what_was_done():
    case = case_at("handling", now=timezone.now() - 3 * HOUR)
    office = signed_in("office")
    link = f"/recovery/record/?case={case.number}"

    before = office.get(f"/case/{case.number}/").content.decode()
    done = office.post(link, SAID)
    after = office.get(f"/case/{case.number}/").content.decode()

    assert ("还剩" in before, link in before, "本系统推定，不考核" in before) == (
        True,
        True,
        True,
    )
    assert done.status_code == 302
    assert ("及时补救" in after, "上门" in after) == (True, True)
    event = Event.objects.get(verb="recover")
    assert (
        event.detail["form"]["recovery_kind"],
        "道歉" in json.dumps(event.detail),
    ) == ("visited", False)
    assert chain.verify_cases() == 1


def test_an_enquiry_has_no_clock_until_the_customer_urges():
    case = case_at("handling", "enquiry")
    assert recoveries.watch(case) is None
    assert "黄金补救" not in signed_in("office").get(f"/case/{case.number}/").content.decode()

    case = do(case, "urge", "agent", NOW + HOUR, channel="95598", note="催办")

    found = recoveries.watch(case)
    assert found is not None
    assert (found.sign.kind, found.due, found.acted) == ("urged", NOW + 25 * HOUR, None)


def test_a_case_that_was_merged_is_watched_where_it_went():
    case = case_at("handling")
    assert recoveries.watch(case) is not None

    case.state = "merged"

    assert recoveries.watch(case) is None


def test_who_may_not_a_restricted_case_and_an_unknown_kind_are_refused():
    case = case_at("handling")
    with pytest.raises(Refused):
        recovery.recover(number=case.number, actor=actor("leader"), form=dict(SAID), now=NOW + HOUR)
    with pytest.raises(BadInput):
        recovery.recover(
            number=case.number,
            actor=actor("office"),
            form={"note": "x"},
            now=NOW + HOUR,
        )
    Case.objects.filter(pk=case.pk).update(restricted=True)
    with pytest.raises(Refused):
        recovery.recover(number=case.number, actor=actor("office"), form=dict(SAID), now=NOW + HOUR)

    assert Event.objects.filter(verb="recover").count() == 0


def test_the_report_counts_soon_and_later_and_says_that_it_cannot_tell(suyuan):
    person("office")
    soon, late = case_at("handling"), case_at("handling", account="3301016666")
    for case, hours in ((soon, 2), (late, 50)):
        recovery.recover(
            number=case.number,
            actor=actor("office"),
            form=dict(SAID),
            now=NOW + hours * HOUR,
        )
    Event.objects.filter(verb="contact").update(verb="note")
    do(late, "urge", "agent", NOW + 60 * HOUR, channel="95598", note="再催")

    code, out, _ = suyuan("recovery", "--period", "2026-03", "--as", "office", "--json")
    page = signed_in("office").get("/recovery/?period=2026-03").content.decode()

    shown = json.loads(out)
    jsonschema.validate(shown, of("recovery"))
    day = next(one for one in shown["landmarks"] if one["hours"] == 24)
    assert (code, day["soon"]["n"], day["later"]["n"], day["later"]["contacts"]) == (
        0,
        1,
        1,
        1,
    )
    assert day["verdict"] == "cannot_tell"
    assert ("24 小时内已补救" in page, "不是因果" in page) == (True, True)


@pytest.mark.parametrize("period", ["0001", "9999"])
def test_a_period_outside_the_years_there_are_is_refused_in_words(suyuan, period):
    office = signed_in("office")
    pages = ("recovery", "weak-links", "board", "blame", "shirking", "ledger", "population", "reconcile")

    codes = {one: office.get(f"/{one}/?period={period}").status_code for one in pages}
    ends = {one: suyuan(one, "--period", period, "--as", "office")[0] for one in ("recovery", "weak-links")}

    assert {one for one, code in codes.items() if code not in (404, 422)} == set()
    assert ends == {"recovery": 2, "weak-links": 2}
