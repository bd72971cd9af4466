"""Who else is brought in on a case, in the browser: relays, support, the improvement register."""

import json
from datetime import timedelta

import jsonschema
import pytest

from suyuan.cli.schema import of
from suyuan.store.models import Case, Improvement, Support, Unit
from tests.board_pages import signed_in
from tests.factories import FORMS, NOW, case_at, do, improvement_at, support_at, unit

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def rows(page) -> list[list[str]]:
    """Return the texts of the rows of a list."""
    return [[str(cell.text or cell.lines) for cell in row.cells] for row in page.context["listed"].rows]


def box(page, verb: str, name: str):
    """Return a box of the form of a verb on the page of a case."""
    (button,) = [one for one in page.context["buttons"] if one.verb == verb]
    return next(one for one in button.boxes if one.name == name)


def test_a_message_is_relayed_and_answered_on_the_page_and_listed_until_then():
    case, agent = case_at("dispatched"), signed_in("agent")
    agent.post(f"/case/{case.number}/do/relay/", FORMS["relay"](case))

    assert rows(agent.get("/relays/"))[0][:3] == [case.number, "营销部门", "客户要求当面答复"]
    assert rows(agent.get("/relays/?to=party")) == []
    marketing = signed_in("marketing")
    page = marketing.get(f"/case/{case.number}/")
    assert box(page, "relay_answer", "relay").choices == [("1", "1　客户要求当面答复")]

    marketing.post(f"/case/{case.number}/do/relay_answer/", FORMS["relay_answer"](case))

    assert rows(agent.get("/relays/")) == []
    assert rows(agent.get("/relays/?show=answered"))[0][4] == "营销部派人上门"
    assert "营销部派人上门" in agent.get(f"/case/{case.number}/").content.decode()
    assert agent.get("/relays/?show=some").status_code == 422


def test_of_a_caller_kept_secret_no_surname_stands_in_what_was_relayed():
    case, agent = case_at("dispatched"), signed_in("agent")
    agent.post(f"/case/{case.number}/do/relay/", {"relay_to": "marketing", "message": "李先生要求当面答复"})
    Case.objects.filter(pk=case.pk).update(secrecy="confidential")

    page = signed_in("marketing").get(f"/case/{case.number}/")

    assert rows(agent.get("/relays/"))[0][2] == "*先生要求当面答复"
    assert box(page, "relay_answer", "relay").choices == [("1", "1　*先生要求当面答复")]
    assert [one.message for one in page.context["relayed"]] == ["*先生要求当面答复"]
    assert "李先生" not in page.content.decode()


def test_a_station_asks_any_unit_for_support():
    case = case_at("handling")
    unit("0102")
    asked = box(signed_in("station").get(f"/case/{case.number}/"), "ask_support", "unit")

    assert {code for code, _ in asked.choices} == set(Unit.objects.values_list("code", flat=True)) > {"0101"}
    assert asked.value == ""


def test_an_answered_request_is_read_and_rated_on_the_case_it_was_asked_for():
    case = support_at("archived")
    agent = signed_in("agent")
    assert rows(agent.get("/supports/")) == []
    assert rows(agent.get("/supports/?show=rate"))[0][1:4] == ["东城供电所", "西城供电所", "已归档"]

    page = agent.get(f"/case/{case.parent_number}/")
    assert "去年十月起为估抄" in page.content.decode()
    assert box(page, "rate_support", "support").value == case.number
    agent.post(
        f"/case/{case.parent_number}/do/rate_support/", {"support": case.number, "support_rating": "fair"}
    )

    assert Support.objects.get().rating == "fair"
    page = agent.get("/supports/?show=done")
    assert [row[5] for row in rows(page)] == ["一般"]
    assert page.context["records"] == [("西城供电所", "100.00 % (1/1)", "0", "100.00 % (1/1)", "一般 1")]


def test_a_station_that_asked_reads_the_answer_of_a_unit_out_of_its_reach():
    case = support_at("archived")
    page = signed_in("station").get(f"/case/{case.parent_number}/").content.decode()

    assert "去年十月起为估抄" in page
    assert f"/case/{case.number}/" not in page
    assert signed_in("station").get(f"/case/{case.number}/").status_code == 404


def test_the_page_of_a_request_says_what_is_asked():
    case = support_at("dispatched")

    page = signed_in("office").get(f"/case/{case.number}/").content.decode()

    assert "请查该户去年的抄表记录" in page


def test_the_register_counts_both_kinds_and_takes_an_entry_directly():
    unit()
    case = improvement_at("handling")
    office = signed_in("office")

    office.post(
        "/improvements/add/", {"improvement_kind": "service", "problems": "不受理预约", "unit": "0101"}
    )

    page = office.get("/improvements/")
    assert [row[:3] for row in page.context["tallies"]] == [("硬件问题", "1", "1"), ("服务问题", "1", "1")]
    assert sorted(row[1] for row in rows(page)) == ["服务问题", "硬件问题"]
    assert [row[0] for row in rows(office.get("/improvements/?kind=hardware"))] == [case.number]
    assert rows(office.get("/improvements/?state=done")) == []
    assert office.post("/improvements/add/", {"problems": "x", "unit": "0101"}).status_code == 422
    assert signed_in("agent").get("/improvements/add/").status_code == 403
    assert "登记改进事项" not in signed_in("agent").get("/improvements/").content.decode()
    assert case.number in office.get(f"/case/{case.parent_number}/").content.decode()
    page = office.get(f"/case/{case.number}/").content.decode()
    assert (page.count("硬件问题"), "hardware" in page) == (2, False)


def test_a_form_of_the_register_handed_in_twice_makes_one_entry_and_filled_in_otherwise_is_another():
    unit()
    office, page = signed_in("office"), "/improvements/add/"
    ((name, mark),) = office.get(page).context["asked"].hidden
    form = {"improvement_kind": "service", "problems": "不受理预约", "unit": "0101", name: mark}

    first, again = office.post(page, form), office.post(page, form)
    otherwise = office.post(page, form | {"problems": "不受理改期"})

    assert [one.status_code for one in (first, again, otherwise)] == [302, 302, 409]
    assert Improvement.objects.count() == 1
    ((_, fresh),) = otherwise.context["asked"].hidden
    assert office.post(page, form | {"problems": "不受理改期", name: fresh}).status_code == 302
    assert Improvement.objects.count() == 2


def test_an_improvement_asked_for_twice_on_a_case_is_one():
    case, office = case_at("callback"), signed_in("office")
    url, form = f"/case/{case.number}/", FORMS["register_improvement"](case)
    seen = office.get(url).context["seen"]

    answers = [office.post(f"{url}do/register_improvement/", form | {"seen": seen}) for _ in range(2)]

    assert [one.status_code for one in answers] == [302, 409]
    assert Improvement.objects.count() == 1


def test_the_command_lists_the_register_and_puts_something_on_it(suyuan, tmp_path):
    case = improvement_at("registered")
    form = tmp_path / "form.json"
    form.write_text('{"improvement_kind": "service", "problems": "不受理预约", "unit": "0101"}', "utf-8")

    code, out, _ = suyuan("improvement", "register", "--as", "office", "--form", form, "--json")
    number = json.loads(out)["number"]
    jsonschema.validate(json.loads(out), of("improvement register"))
    assert (code, Improvement.objects.get(case__number=number).kind) == (0, "service")

    code, out, _ = suyuan("improvement", "list", "--as", "office", "--state", "all", "--json")
    answer = json.loads(out)
    jsonschema.validate(answer, of("improvement list"))
    assert {one["number"]: one["kind"] for one in answer["improvements"]} == {
        case.number: "hardware",
        number: "service",
    }
    assert [(one["kind"], one["total"]) for one in answer["kinds"]] == [("hardware", 1), ("service", 1)]
    assert suyuan("improvement", "list", "--as", "office", "--kind", "software")[0] == 2
    form.write_text("[]", "utf-8")
    assert suyuan("improvement", "register", "--as", "office", "--form", form)[0] == 2


def test_a_verb_that_opens_a_case_goes_through_the_command_too(suyuan, tmp_path):
    case = case_at("handling")
    unit("0102")
    form = tmp_path / "form.json"
    form.write_text(json.dumps(FORMS["ask_support"](case)), "utf-8")

    code, _, _ = suyuan(
        *("case", "do", case.number, "ask_support", "--as", "station", "--form", form),
        *("--at", (NOW + HOUR).isoformat(), "--json"),
    )

    assert (code, Case.objects.get(parent_number=case.number).procedure) == (0, "support")


def test_what_is_done_is_no_more_on_the_open_lists():
    case = improvement_at("archived")
    do(Case.objects.get(number=case.parent_number), "relay", "agent", NOW + HOUR, **FORMS["relay"](case))

    office = signed_in("office")
    assert rows(office.get("/improvements/")) == []
    assert [row[0] for row in rows(office.get("/improvements/?state=done"))] == [case.number]
