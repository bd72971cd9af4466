"""Pre-complaint cases in the browser and by command: promoted, listed, told on the pages of both."""

import json

import jsonschema
import pytest

from suyuan.analytics.detect.signal import Level
from suyuan.cli.schema import of
from suyuan.store.models import PreComplaint
from tests.board_pages import signed_in
from tests.doors.test_web_linked import rows
from tests.factories import case_at, person
from tests.precomplaints import SAID, promoted
from tests.warned import keep, kept, signal

pytestmark = pytest.mark.django_db


def test_a_case_is_promoted_from_its_page_and_handed_in_twice_it_is_one():
    parent = case_at("handling", "enquiry")
    agent = signed_in("agent")
    link = f"/precomplaints/open/?case={parent.number}"

    page = agent.get(f"/case/{parent.number}/").content.decode()
    asked = agent.get(link).content.decode()
    first = agent.post(link, SAID)
    agent.post(link, SAID)

    assert link in page
    assert "由您判断" in asked
    assert first.status_code == 302
    one = PreComplaint.objects.select_related("case").get()
    assert first["Location"] == f"/case/{one.case.number}/"
    assert one.case.number in agent.get(f"/case/{parent.number}/").content.decode()
    (row,) = rows(agent.get("/precomplaints/"))
    assert row[0].startswith(one.case.number)
    assert parent.number in row[3]


def test_the_page_of_one_says_where_it_comes_from_and_why():
    case = promoted(satisfaction="dissatisfied", urges=2)

    page = signed_in("office").get(f"/case/{case.number}/").content.decode()

    assert case.parent_number in page
    assert "表示不满意、催办 ×2" in page


def test_no_button_on_a_complaint_and_none_for_who_may_not():
    complaint, enquiry = case_at("handling"), case_at("handling", "enquiry", account="3301017777")

    assert "提升为预投诉" not in signed_in("office").get(f"/case/{complaint.number}/").content.decode()
    leader = signed_in("leader")
    assert "提升为预投诉" not in leader.get(f"/case/{enquiry.number}/").content.decode()
    assert leader.get(f"/precomplaints/open/?case={enquiry.number}").status_code == 403
    assert signed_in("office").get(f"/precomplaints/open/?case={complaint.number}").status_code == 409


def test_the_list_is_narrowed_and_an_unknown_filter_is_an_error():
    promoted()
    office = signed_in("office")

    found = [
        len(rows(office.get(f"/precomplaints/?{query}")))
        for query in ("risk=low", "risk=high", "state=follow", "state=closed", "outcome=calmed&state=")
    ]

    assert found == [1, 0, 0, 0, 0]
    assert office.get("/precomplaints/?risk=none").status_code == 422


def test_a_signal_is_promoted_with_its_level_and_the_case_behind_it():
    parent = case_at("handling", "enquiry")
    keep(signal(about=f"case:{parent.number}", level=Level.URGENT, cases=(parent.number,)))
    found = kept(f"case:{parent.number}")
    agent = signed_in("office")
    link = f"/precomplaints/open/?signal={found.pk}"

    done = agent.post(link, SAID)
    agent.post(link, SAID)

    one = PreComplaint.objects.select_related("case").get()
    assert (done.status_code, one.key, one.risk) == (302, f"signal:{found.pk}", "high")
    assert one.case.parent_number == parent.number
    assert str(found.pk) in rows(agent.get("/precomplaints/"))[0][3]
    assert agent.get("/precomplaints/open/?signal=x").status_code == 422
    assert agent.get("/precomplaints/open/?signal=99999").status_code == 404


def test_the_commands_promote_and_list(suyuan):
    parent = case_at("handling", "enquiry")
    person("office")
    said = ("--as", "office", "--situation", "不满意", "--json")

    code, made, _ = suyuan("precomplaint", "open", parent.number, *said)
    _, again, _ = suyuan("precomplaint", "open", parent.number, *said)
    _, told, _ = suyuan("precomplaint", "list", "--as", "office", "--risk", "low", "--json")
    refused, _, _ = suyuan("precomplaint", "open", "SY0", *said)

    jsonschema.validate(json.loads(made), of("precomplaint open"))
    jsonschema.validate(json.loads(told), of("precomplaint list"))
    assert json.loads(again) == {"number": json.loads(made)["number"], "joined": True}
    (one,) = json.loads(told)["cases"]
    assert (code, one["origin"], refused) == (0, f"case:{parent.number}", 1)
