"""The papers of liability, veto and accountability: what was decided on what, by whom; names for few."""

import io
from datetime import timedelta

import pytest
from docx import Document

from suyuan.actions import papers
from suyuan.domain.errors import Refused
from suyuan.domain.papers import printed_by
from suyuan.store.models import Case, Event, Person
from suyuan.store.queries import history, viewer
from tests.actions.test_accountability import PENALTY, WEEK
from tests.actions.test_papers import printed
from tests.factories import NOW, case_at, do, person
from tests.liable import BEGUN, HEARD, accountability_opened, liability_at, veto_at
from tests.paper_files import words

pytestmark = pytest.mark.django_db
AT = NOW + timedelta(days=10)
OBJECTION = {"share_line": "2", "reason": "not_our_node", "note": "换表由西城所负责"}


def tables(content: bytes) -> list[list[list[str]]]:
    """Return the tables of a paper as rows of cells."""
    found = Document(io.BytesIO(content)).tables
    return [[[cell.text for cell in row.cells] for row in table.rows] for table in found]


def refused(case: Case, kind: str, role: str = "office") -> tuple[str, object]:
    with pytest.raises(Refused) as no:
        printed(case, kind, role, now=AT)
    return no.value.code, no.value.facts.get("verb")


def test_a_liability_prints_the_matrix_its_evidence_the_objections_and_who_signed():
    case = liability_at("signing")
    at = NOW + timedelta(hours=3)
    do(case, "object_share", "station", at, **OBJECTION)
    do(case, "answer_share", "office", at, share_line="2", upheld=False, note="现场记录为本所")
    unsigned = tables(printed(case, "liability", now=at).content)
    case = do(case, "sign_shares", "leader", at + HEARD, note="同意")

    facts, matrix, objections, signed, seals = tables(printed(case, "liability", now=AT).content)

    assert (facts[0][3], unsigned[0][3][3], facts[3][3]) == (
        case.parent_number,
        "未签认，不作为考核依据",
        "已签认",
    )
    assert (facts[2][1], facts[2][3]) == ("第 1 轮", "2026-03-07 11:35（期限未经确认）")
    assert matrix[0] == ["序号", "责任单位", "流程节点", "责任人", "比例", "证据", "来源"]
    assert [(row[0], row[1], row[4], row[6]) for row in matrix[1:]] == [
        ("1", "西城供电所", "60 %", "人工写入"),
        ("2", "东城供电所", "40 %", "人工写入"),
    ]
    assert objections[1][:5] == ["2", "东城供电所", "不是本单位的环节", "换表由西城所负责", "station"]
    assert objections[1][6].startswith("不成立：现场记录为本所")
    assert [(row[0], row[1], row[3]) for row in signed[1:]] == [
        ("提请认定", "office", case.notes.get(field="analysis").masked),
        ("审核责任", "audit", ""),
        ("签认责任", "leader", "同意"),
    ]
    assert [cell.split("意见")[0] for cell in seals[0]] == ["1. 责任单位", "2. 优质服务办公室", "3. 监审部门"]


def test_a_draft_and_another_kind_of_case_have_no_such_paper():
    case, complaint = liability_at("drafted"), case_at("callback")

    assert refused(case, "liability") == ("paper_not_ready", "put_forward")
    assert refused(complaint, "liability") == ("paper_not_ready", "put_forward")
    assert refused(veto_at("drafted"), "veto") == ("paper_not_ready", "sign_veto")
    assert refused(complaint, "accountability") == ("paper_not_ready", "put_in_effect")
    again = do(liability_at("archived"), "begin_round", "office", AT, note="有新证据")
    assert refused(again, "liability") == ("paper_not_ready", "put_forward")
    assert Event.objects.filter(verb="print").count() == 0


def test_whose_a_share_is_stands_on_the_paper_and_in_the_history_for_few():
    case = Case.objects.get(number=accountability_opened().parent_number)
    Person.objects.filter(username="reader").update(name="周抄表")
    person("station", "0101", "neighbour")

    said = {name: words(_printed_by(case, name)) for name in ("office", "neighbour", "reader")}

    assert {name: "周抄表" in text for name, text in said.items()} == {
        "office": True,
        "neighbour": False,
        "reader": True,
    }
    assert "不在此列出" in said["neighbour"]
    told = {
        name: [dict(line.form).get("liable_person") for line in history.timeline(viewer.named(name), case)]
        for name in said
    }
    assert {name: "reader" in values for name, values in told.items()} == {
        "office": True,
        "neighbour": False,
        "reader": True,
    }


def _printed_by(case: Case, username: str) -> bytes:
    who = viewer.named(username)
    return papers.issue(number=case.number, kind="liability", purpose="meeting", viewer=who, now=AT).content


def test_a_notice_of_a_veto_says_whom_it_keeps_until_when_and_what_became_of_the_appeal():
    case = veto_at("archived")

    facts, signed, seals = tables(printed(case, "veto", now=AT).content)

    assert facts[1] == ["否决期限", "2026-03-04 至 2026-06-30", "效力", "有效"]
    assert (facts[0][3], facts[2][1]) == (case.parent_number, "东城供电所")
    assert [(row[0], row[1]) for row in signed[1:]] == [("提出一票否决", "office"), ("签认否决", "audit")]
    assert len(seals[0]) == 3
    do(case, "appeal_veto", "station", AT, note="已整改到位")
    assert tables(printed(case, "veto", now=AT).content)[0][1][3] == "有效，申诉待决定"
    do(case, "lift_veto", "leader", AT, note="情况属实")
    lifted = tables(printed(case, "veto", now=AT).content)
    assert (lifted[0][1][3], [row[3] for row in lifted[1][3:]]) == (
        "申诉成立，已撤销，视为从未生效",
        ["已整改到位", "情况属实"],
    )


def test_a_decision_on_accountability_is_printed_once_in_effect_by_those_who_see_it():
    case = do(accountability_opened(), "propose_penalty", "audit", BEGUN, **PENALTY)
    case = do(case, "review_penalty", "leader", BEGUN, note="同意")
    assert refused(case, "accountability", "audit") == ("paper_not_ready", "put_in_effect")
    case = do(case, "put_in_effect", "audit", BEGUN + WEEK, penalty_points="2")
    Person.objects.filter(username="reader").update(name="周抄表")

    late = BEGUN + WEEK
    content = printed(case, "accountability", "audit", now=late).content

    facts, signed, _ = tables(content)
    assert (facts[1][1], facts[1][3], facts[2][1]) == ("周抄表", "40 %", "东城供电所　工单 · 处理")
    assert [row[1] for row in facts[3:]] == ["未按规定归档", "工单 DZ0000001", "扣绩效分", "2"]
    assert [(row[0], row[1], row[3]) for row in signed[1:]] == [
        ("提出处罚", "audit", "未按规定归档"),
        ("审核处罚", "leader", "同意"),
        ("处罚生效", "audit", ""),
    ]
    with pytest.raises(Refused) as no:
        printed(case, "accountability", "office", now=late)
    assert no.value.code == "not_found"


def test_the_menu_of_a_case_begins_with_its_own_paper_and_names_none_of_another_kind():
    assert printed_by(frozenset(), "veto")[0] == "veto"
    assert [
        kind for kind in ("veto", "appeal", "accountability") if kind in printed_by(frozenset(), "liability")
    ] == []
    assert printed_by(frozenset(), "complaint") == [
        *("work_order", "supervision", "investigation", "penetration", "regulator_return", "card"),
    ]
