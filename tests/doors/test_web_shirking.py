"""The table of shirking on its page and by command, drawn down to the orders."""

import json
from datetime import timedelta

import jsonschema
import pytest

from suyuan.cli.schema import of
from suyuan.store import lake
from suyuan.store.models import Case
from tests.board_pages import signed_in
from tests.doors.test_web_linked import rows
from tests.factories import NOW, case_at, do, person, support_at, unit
from tests.lakes import fresh_lake

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def returned():
    """Return a case that a station returned, beside one that it accepted."""
    unit("0102")
    case_at("handling")
    case = case_at("dispatched")
    form = {"reason": "wrong_area", "evidence": "台区图"}
    case = do(case, "return", "station", NOW + HOUR, **form)
    fresh_lake()
    return case


def test_the_table_names_the_pair_and_leads_to_the_order_that_bounced(returned):
    office = signed_in("office")

    (row,) = rows(office.get("/shirking/?period=2026-03"))
    drilled = rows(office.get("/shirking/?period=2026-03&giver=01&taker=0101"))

    assert row[:5] == ["溯源市供电公司", "东城供电所", "2", "1", "50.00 %"]
    assert drilled == [[returned.number]]
    assert rows(office.get("/shirking/?period=2026-02")) == []
    assert office.get("/shirking/?period=2026-13").status_code == 422


def test_an_order_restricted_since_the_export_is_not_listed(returned):
    Case.objects.filter(pk=returned.pk).update(restricted=True)

    assert rows(signed_in("office").get("/shirking/?period=2026-03&giver=01&taker=0101")) == []


def test_a_return_enters_the_table_at_the_next_export_and_one_built_anew_says_the_same(returned):
    office = signed_in("office")
    do(returned, "dispatch", "lead", NOW + 2 * HOUR, unit="0101", specialty="marketing")
    other = case_at("dispatched", account="3300000000009")
    do(other, "return", "station", NOW + HOUR, reason="wrong_area", evidence="台区图")
    before = [row[:4] for row in rows(office.get("/shirking/?period=2026-03"))]

    lake.refresh()
    after = [row[:4] for row in rows(office.get("/shirking/?period=2026-03"))]

    assert before == [["溯源市供电公司", "东城供电所", "2", "1"]]
    assert after == [["溯源市供电公司", "东城供电所", "4", "2"]]
    fresh_lake()
    assert [row[:4] for row in rows(office.get("/shirking/?period=2026-03"))] == after


def test_the_command_tells_pairs_and_support(returned, suyuan):
    support_at("archived")
    person("office")

    code, out, _ = suyuan("shirking", "--period", "2026-03", "--as", "office", "--json")
    found = json.loads(out)

    assert code == 0
    jsonschema.validate(found, of("shirking"))
    assert [(one["giver"], one["taker"], one["bounced"]) for one in found["pairs"]] == [("01", "0101", 1)]
    assert found["pairs"][0]["cases"] == [returned.number]
    assert found["support"] == [{"asked_by": "0101", "helper": "0102", "kept": 1, "late": 0, "running": 0}]
