"""Node liability in the browser and by command: the matrix, an objection from afar, who has to be trained."""

import json
from datetime import timedelta

import jsonschema
import pytest

from suyuan.cli.schema import of
from suyuan.store.models import Case, Person
from suyuan.store.queries import shares
from tests.board_pages import signed_in
from tests.factories import NOW, case_at, do, person
from tests.liable import HEARD, accountability_opened, liability_at, veto_at

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=2)


def rows(page) -> list[list[str]]:
    """Return the texts of the rows of a list."""
    return [[str(cell.text or cell.lines) for cell in row.cells] for row in page.context["listed"].rows]


def test_the_page_of_a_complaint_leads_to_its_liability_and_back():
    parent = case_at("callback")
    office = signed_in("office")

    office.post(f"/case/{parent.number}/do/open_liability/", {})

    case = Case.objects.get(parent_number=parent.number)
    assert f'href="/case/{case.number}/"' in office.get(f"/case/{parent.number}/").content.decode()
    page = office.get(f"/case/{case.number}/")
    assert [(one.seq, one.unit, one.percent) for one in page.context["shares"]] == [
        (1, "东城供电所", "100 %")
    ]
    assert f'href="/case/{parent.number}/"' in page.content.decode()
    assert rows(office.get("/liability/"))[0][:2] == ["东城供电所 · 工单 · 处理", "100 %"]
    assert rows(office.get("/liability/?node=order.dispatch")) == []


def test_a_unit_out_of_reach_sees_its_own_share_without_the_case_and_objects_to_it():
    case = liability_at("signing")
    far = signed_in("station", at="0102", username="far")

    page = far.get("/liability/")
    assert [row[:2] for row in rows(page)] == [["西城供电所 · 档案 · 地址修改归档", "60 %"]]
    assert f'href="/case/{case.number}/"' not in page.content.decode()
    assert far.get(f"/case/{case.number}/").status_code == 404
    own, other = (row.pk for row in shares.shares(shares.of(case)))
    assert far.get(f"/liability/share/{other}/object/").status_code == 404
    sent = far.post(f"/liability/share/{own}/object/", {"reason": "not_our_node", "note": "由营销部办理"})

    assert sent.status_code == 302
    assert rows(signed_in("office").get("/liability/?show=objected"))[0][1] == "60 %"
    assert "由营销部办理" in signed_in("office").get(f"/case/{case.number}/").content.decode()


def test_what_staff_lack_is_listed_and_counted_by_unit():
    case = liability_at("drafted")
    form = {"responsibility": "staff", "skill_gap": "communication", "analysis": "解释不清"}
    do(case, "put_forward", "office", LATER, **form)
    do(case, "review_shares", "audit", LATER)
    do(case, "sign_shares", "leader", LATER + HEARD)

    page = signed_in("office").get("/liability/trainings/")

    assert page.context["tallies"] == [("东城供电所", "沟通技巧", 1), ("西城供电所", "沟通技巧", 1)]
    assert [row[:2] for row in rows(signed_in("station").get("/liability/trainings/"))] == [
        ["东城供电所", "沟通技巧"]
    ]


def test_a_veto_says_that_it_has_no_limits_and_a_liability_shows_no_empty_statement():
    veto, liability = veto_at("drafted"), liability_at("drafted")
    leader = signed_in("leader")

    said, timed = (leader.get(f"/case/{one.number}/").content.decode() for one in (veto, liability))

    assert (said.count("这类工单没有时限。"), said.count("还没有开始计时。")) == (1, 0)
    assert "这类工单没有时限。" not in timed
    assert ('class="said">三次来电未登记投诉' in said, 'id="said">诉求</h2>' in said) == (True, True)
    assert ('class="said">—' in timed, 'id="said">工单</h2>' in timed) == (False, True)


def test_an_accountability_names_the_person_by_name():
    case = accountability_opened()
    Person.objects.filter(username="reader").update(name="王抄表")

    page = signed_in("audit").get(f"/case/{case.number}/").content.decode()

    assert '<dt>当事人</dt><dd title="reader">王抄表</dd>' in page
    assert "用户名，可不填" not in page.partition('id="accountability"')[2].partition("</section>")[0]


def test_the_command_tells_the_shares_and_objects(suyuan, tmp_path):
    case = liability_at("signing")
    person("station", "0102", "far")
    form = tmp_path / "why.json"
    form.write_text(
        json.dumps({"share_line": "1", "reason": "not_our_node", "note": "由营销部办理"}), "utf-8"
    )

    code, out, _ = suyuan("liability", "show", case.parent_number, "--json")
    said = json.loads(out)
    assert suyuan("liability", "object", case.number, "--as", "far", "--form", str(form), "--json")[0] == 0
    again = suyuan("liability", "object", case.number, "--as", "far", "--form", str(form), "--json")

    jsonschema.validate(said, of("liability show"))
    assert (code, said["signed"], [(one["node"], one["unit"], one["share"]) for one in said["shares"]]) == (
        0,
        False,
        [("file.address", "0102", 60.0), ("order.handle", "0101", 40.0)],
    )
    assert (again[0], json.loads(again[1])["refused"]) == (1, "objected_already")
    assert suyuan("liability", "show", case.number, "--as", "far")[0] == 1
