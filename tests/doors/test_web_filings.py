"""Filings in the browser and by command: filed, approved, read out at the next contact."""

import json
from datetime import timedelta

import jsonschema
import pytest
from django.utils import timezone

from suyuan.cli.schema import of
from suyuan.store.models import Case
from tests.board_pages import signed_in
from tests.doors.test_web_linked import rows
from tests.factories import case_at, do, person
from tests.filings import FALSE, FILING, filing_at, final_answer_at

pytestmark = pytest.mark.django_db
SAID = "因暴雨部分线路停电，抢修人员已出动，预计今晚恢复"


def at_present() -> dict[str, str]:
    """Return the moments of a filing that counts while the test runs."""
    now = timezone.now()
    return {
        "counts_from": (now - timedelta(hours=1)).isoformat(),
        "counts_until": (now + timedelta(days=2)).isoformat(),
    }


def test_a_station_files_two_levels_approve_and_the_agent_reads_it_at_the_next_contact():
    station, agent = signed_in("station"), signed_in("agent")
    case_at("dispatched")
    form = FILING | at_present()

    assert station.post("/filings/add/", form).url == "/filings/?state=waiting"
    filed = Case.objects.get(procedure="filing")
    assert SAID not in agent.post("/contact/lookup/", {"phone": "13912345678"}).content.decode()
    signed_in("marketing").post(f"/case/{filed.number}/do/endorse/", {})
    signed_in("office").post(f"/case/{filed.number}/do/approve/", {})

    assert [row[0] for row in rows(station.get("/filings/"))] == [filed.number]
    looked = agent.post("/contact/lookup/", {"phone": "13912345678"}).content.decode()
    assert (looked.count(SAID), looked.count(f'href="/case/{filed.number}/"')) == (1, 1)
    assert SAID not in agent.get("/contact/new/").content.decode()
    case = Case.objects.get(procedure="complaint")
    assert SAID in agent.get(f"/case/{case.number}/").content.decode()


def test_a_suspended_unit_reads_on_the_form_until_when_and_why():
    case = filing_at("in_force")
    case = do(case, "find_false", "audit", timezone.now(), **FALSE)
    station = signed_in("station")

    answer = station.post("/filings/add/", FILING | at_present())

    assert answer.status_code == 409
    assert f"单位 0101 的报备 {case.number} 被认定为虚假" in answer.content.decode()
    assert "认定为虚假报备" in station.get(f"/case/{case.number}/").content.decode()
    assert [row[4] for row in rows(station.get("/filings/?state=over"))] == ["已作废"]


def test_the_commands_file_list_and_tell(suyuan, tmp_path):
    person("station")
    case, form = case_at("dispatched"), tmp_path / "form.json"
    form.write_text(json.dumps(FILING | at_present()), encoding="utf-8")

    code, out, _ = suyuan("filing", "register", "--as", "station", "--form", str(form), "--json")
    number = json.loads(out)["number"]
    for verb, who in (("endorse", "marketing"), ("approve", "office")):
        person(who)
        assert suyuan("case", "do", number, verb, "--as", who)[0] == 0
    listed = json.loads(suyuan("filing", "list", "--as", "station", "--json")[1])
    told = json.loads(suyuan("filing", "told", case.number, "--as", "station", "--json")[1])

    assert code == 0
    jsonschema.validate(listed, of("filing list"))
    jsonschema.validate(told, of("filing told"))
    assert [(one["number"], one["state"]) for one in listed["filings"]] == [(number, "in_force")]
    assert [(one["number"], one["script"]) for one in told["filings"]] == [(number, SAID)]
    assert told["answers"] == []
    assert suyuan("filing", "list", "--as", "station", "--state", "some", "--json")[0] == 2


def test_the_command_tells_the_final_answer_in_force_as_the_page_does(suyuan):
    answer = final_answer_at("in_force", timezone.now() - timedelta(days=1))

    told = json.loads(suyuan("filing", "told", answer.parent_number, "--as", "agent", "--json")[1])
    said = suyuan("filing", "told", answer.parent_number, "--as", "agent")[1]

    jsonschema.validate(told, of("filing told"))
    script = "基本电费按政府定价收取，不能免收，139******78"
    assert [(one["number"], one["state"], one["script"]) for one in told["answers"]] == [
        (answer.number, "in_force", script)
    ]
    assert (said.count(answer.number), said.count(script)) == (1, 1)
