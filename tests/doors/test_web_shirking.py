"""The table of shirking on its page and by command, drawn down to the orders."""

import json
from datetime import timedelta

import jsonschema
import pytest

from suyuan.cli.schema import of
from tests.board_pages import signed_in
from tests.doors.test_web_linked import rows
from tests.factories import NOW, case_at, do, person, support_at, unit

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def returned():
    """Return a case that a station returned, beside one that it accepted."""
    unit("0102")
    case_at("handling")
    case = case_at("dispatched")
    form = {"reason": "wrong_area", "evidence": "台区图"}
    return do(case, "return", "station", NOW + HOUR, **form)


def test_the_table_names_the_pair_and_leads_to_the_order_that_bounced(returned):
    office = signed_in("office")

    (row,) = rows(office.get("/shirking/?period=2026-03"))
    drilled = rows(office.get("/shirking/?period=2026-03&giver=01&taker=0101"))

    assert row[:5] == ["溯源市供电公司", "东城供电所", "2", "1", "50.00 %"]
    assert drilled == [[returned.number]]
    assert rows(office.get("/shirking/?period=2026-02")) == []
    assert office.get("/shirking/?period=2026-13").status_code == 422


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
