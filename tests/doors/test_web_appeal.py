"""Appeals, reviews of claims and staff protection, in the browser and by command."""

import json
from datetime import timedelta

import jsonschema
import pytest
from django.utils import timezone

from suyuan.actions import papers
from suyuan.cli.schema import of
from suyuan.domain.errors import Refused
from suyuan.store.models import AppealSeal, Case, ClaimReview, Protection
from suyuan.store.queries import viewer
from tests.appeal_cases import FORMS, INCIDENT, appeal_at, claim_at, closed_on, scan
from tests.board_pages import signed_in
from tests.factories import NOW, case_at, person
from tests.paper_files import words

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def rows(page) -> list[list[str]]:
    """Return the texts of the rows of a list."""
    return [[str(cell.text or cell.lines) for cell in row.cells] for row in page.context["listed"].rows]


def conditions(page) -> dict[str, bool]:
    return {one.title: one.met for one in page.context["conditions"]}


def test_the_page_of_a_closed_case_shows_the_conditions_to_its_unit_and_the_appeal_to_all_who_see_it():
    parent = case_at("archived", now=timezone.now() - DAY)
    station, office = signed_in("station"), signed_in("office")

    page = station.get(f"/case/{parent.number}/")
    assert conditions(page) == dict.fromkeys(
        ("工单已归档", "在申诉期限内提起", "工单计入考核", "没有别的申诉"), True
    )
    assert office.get(f"/case/{parent.number}/").context["conditions"] == []
    station.post(f"/case/{parent.number}/do/file_appeal/", FORMS["file_appeal"](parent))

    case = Case.objects.get(procedure="appeal")
    assert office.get(f"/case/{parent.number}/").context["appeal_on"].case == case
    shown = station.get(f"/case/{case.number}/")
    assert conditions(shown)["列明证据"] is True
    assert dict(shown.context["appeal_texts"]) == {"what_happened": "故障点在客户产权侧", "aim": "不计考核"}


def test_a_seal_is_put_down_with_a_scan_that_is_chosen_among_the_evidence():
    case = appeal_at("sealing", timezone.now() - DAY)
    digest = scan(case)
    station = signed_in("station")
    page = station.get(f"/case/{case.number}/")
    (button,) = [one for one in page.context["buttons"] if one.verb == "seal"]
    box = next(one for one in button.boxes if one.name == "evidence")
    assert digest in str(box.suggest)

    wrong = station.post(f"/case/{case.number}/do/seal/", {"sealed_on": closed_on(case), "evidence": "有"})
    assert (wrong.status_code, AppealSeal.objects.count()) == (422, 0)
    right = station.post(f"/case/{case.number}/do/seal/", {"sealed_on": closed_on(case), "evidence": digest})

    assert (right.status_code, AppealSeal.objects.get().level) == (302, "station")
    assert signed_in("office").get("/appeals/").context["listed"].rows[0].cells[3].text == "1/3"


def test_the_list_says_what_became_of_the_appeals_of_each_unit():
    case = appeal_at("archived")
    office = signed_in("office")

    assert rows(office.get("/appeals/")) == []
    assert [row[0] for row in rows(office.get("/appeals/?show=upheld"))] == [case.number]
    assert office.get("/appeals/?show=refused&ground=not_ours").context["tallies"] == [
        ("东城供电所", "1", "1", "0", "0")
    ]
    assert office.get("/appeals/?show=some").status_code == 422
    page = office.get(f"/case/{case.parent_number}/").content.decode()
    assert "申诉成功，不计考核" in page


def test_a_review_of_a_claim_is_asked_for_and_found_on_and_the_case_shows_how_it_stands():
    case = claim_at("deciding")
    url = f"/case/{case.number}/do/judge_claim/"
    for who in ("office", "audit"):
        assert signed_in(who).post(url, FORMS["judge_claim"](case)).status_code == 302

    assert ClaimReview.objects.get().upheld is True
    office = signed_in("office")
    assert [row[3] for row in rows(office.get("/claims/?show=in_force"))] == ["认定有效"]
    assert office.get(f"/case/{case.parent_number}/").context["claim_standing"] == "in_force"


def test_a_record_of_staff_protection_is_written_on_a_page_and_is_not_found_by_others():
    agent = signed_in("agent")
    page = agent.get("/protections/add/")
    form = INCIDENT | dict(page.context["asked"].hidden)

    assert agent.post("/protections/add/", form).status_code == 302
    number = Protection.objects.get().case.number
    assert [row[0] for row in rows(agent.get("/protections/"))] == [number]
    assert agent.get(f"/case/{number}/").status_code == 200
    for who in ("lead", "audit", "party"):
        assert [row[0] for row in rows(signed_in(who).get("/protections/"))] == [number]
        assert signed_in(who).get(f"/case/{number}/").status_code == 200
    for who in ("office", "leader", "station", "marketing", "admin"):
        client = signed_in(who)
        assert (rows(client.get("/protections/")), client.get(f"/case/{number}/").status_code) == ([], 404)
        assert f">{number}<" not in client.get(f"/search/?q={number}").content.decode()


def test_the_paper_of_an_appeal_has_its_conditions_its_seals_and_three_places_to_seal():
    case = appeal_at("archived")
    looks = viewer.of(person("office"))

    made = papers.issue(number=case.number, kind="appeal", purpose="appeal", viewer=looks, now=NOW + 9 * DAY)

    said = words(made.content)
    for text in ("非供电企业责任", "故障点在客户产权侧", "市公司意见", "列明证据", "成立，不计考核"):
        assert text in said
    assert said.count("（盖章处）") == 3
    with pytest.raises(Refused) as no:
        papers.issue(
            number=case.parent_number, kind="appeal", purpose="appeal", viewer=looks, now=NOW + 9 * DAY
        )
    assert no.value.code == "paper_not_ready"


def test_the_commands_say_what_an_appeal_rests_on_and_what_became_of_it(suyuan):
    case = appeal_at("archived")

    def said(*args: str) -> dict[str, object]:
        code, out, _ = suyuan(*args, "--as", "office", "--json")
        assert code == 0
        answer = json.loads(out)
        jsonschema.validate(answer, of(" ".join(args[:2])))
        return answer

    shown = said("appeal", "show", case.number)
    assert [one["level"] for one in shown["seals"]] == ["station", "department", "company"]
    assert [(one["final"], one["upheld"]) for one in shown["decisions"]] == [(False, False), (True, True)]
    assert (shown["outcome"], shown["case"]) == ("upheld", case.parent_number)
    assert {one["code"]: one["met"] for one in said("appeal", "check", case.parent_number)["conditions"]} == {
        "closed": True,
        "in_window": False,
        "counts": False,
        "first_appeal": False,
    }
    assert said("appeal", "list", "--show", "upheld")["units"][0]["upheld"] == 1
    assert suyuan("appeal", "show", case.parent_number, "--as", "office")[0] == 1


def test_the_command_writes_a_record_down_and_lists_what_one_may_see(suyuan, tmp_path):
    person("agent"), person("office")
    form = tmp_path / "form.json"
    form.write_text(json.dumps(INCIDENT), "utf-8")

    code, out, _ = suyuan("protection", "record", "--as", "agent", "--form", form, "--json")
    number = json.loads(out)["number"]
    jsonschema.validate(json.loads(out), of("protection record"))

    seen = {}
    for who in ("agent", "office"):
        answer = json.loads(suyuan("protection", "list", "--as", who, "--json")[1])
        jsonschema.validate(answer, of("protection list"))
        seen[who] = [one["number"] for one in answer["records"]]
    assert (code, seen) == (0, {"agent": [number], "office": []})
