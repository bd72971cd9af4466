"""A paper says what happened, masked; its code leads to who printed it; templates need two people."""

import hashlib
import importlib.util
import io
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils.translation import override
from docx import Document

from suyuan.actions import papers
from suyuan.domain.errors import BadInput, Refused
from suyuan.domain.papers import PAPERS
from suyuan.store import chain
from suyuan.store.models import Case, Event, Holding, PaperTemplate, Person, Post
from suyuan.store.queries import cases, viewer
from tests.factories import FORMS, NOW, UNHAPPY, actor, case_at, do, order_at, person
from tests.paper_files import docx, words

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).parents[2]
LATER = NOW + timedelta(hours=1)


def printed(case, kind="work_order", role="office", **more):
    """Return a paper of a case."""
    given = {"purpose": "meeting", "now": LATER} | more
    return papers.issue(number=case.number, kind=kind, viewer=viewer.of(person(role)), **given)


def refused(work, *, kind=Refused):
    """Return the code with which something is refused."""
    with pytest.raises(kind) as error:
        work()
    return error.value.code


def test_a_work_order_says_what_the_case_says_and_masks_the_customer():
    case = case_at("handling")

    said = words(printed(case).content)

    assert case.number in said
    assert "东城供电所" in said
    assert "客户反映抄表员连续三个月未抄表" in said
    assert [
        secret for secret in ("13912345678", "3300012345678", "张三丰", "12号3栋") if secret in said
    ] == []


@pytest.mark.parametrize(
    ("kind", "places"), [("work_order", 2), ("supervision", 2), ("investigation", 3), ("penetration", 3)]
)
def test_seals_have_their_places_in_order(kind, places):
    case = do(case_at("callback"), "supervise", "office", LATER, note="限三日")

    said = words(printed(case, kind).content)

    assert said.count("（盖章处）") == said.count("年　　月　　日") == places == len(PAPERS[kind].seals)
    assert said.index("1. ") < said.index("2. ")


def test_an_investigation_holds_the_finding_and_the_opinion_of_the_review():
    said = words(printed(case_at("callback"), "investigation").content)

    for text in ("属实", "换表后未归档", "补抄并更正", "已更正电费", "现场照片", "marketing"):
        assert text in said


def test_a_penetration_report_prints_every_sheet_of_its_round_and_says_what_was_not_written():
    case = case_at("handling")
    Case.objects.filter(pk=case.pk).update(category="business.price.bill")
    for verb in ("contact", "work_out_billing", "write_report"):
        case = do(case, verb, "station", **FORMS[verb](case))
    do(case, "visit_site", "operations", LATER, site_found="示数与系统不一致", at=NOW.isoformat())

    said = words(printed(case, "penetration").content)

    billing = said[said.index("电费核算表") :]
    for text in ("起码（上次示数）", "100", "止码（本次示数）", "400", "0.5", "200", "应退电费（元）", "50"):
        assert text in billing
    for text in ("现场核实", "示数与系统不一致", "operations　2026-03-04 11:30", "2026-03-04 10:30"):
        assert text in said
    assert [absent for absent in ("专业分析", "计量核查表", "家电损坏赔付表") if absent in said] == []

    case = do(case, "submit_finding", "station", LATER, **FORMS["submit_finding"](case))
    case = do(case, "review_pass", "marketing", LATER, **FORMS["review_pass"](case))
    assert "建议而未写：专业分析" in words(printed(case, "penetration").content)
    case = do(case, "call_back", "agent", LATER, **UNHAPPY)
    case = do(case, "second_handle", "lead", LATER, note="电费仍未退")
    assert "第 2 次办理的报告还没有写，这是第 1 次的" in words(printed(case, "penetration").content)
    do(case, "write_report", "station", LATER, **FORMS["write_report"](case))
    again = words(printed(case, "penetration").content)
    assert ("（第 2 次办理）" in again, "应有而未写：电费核算表" in again, "示数与系统不一致" in again) == (
        True,
        True,
        False,
    )


def test_a_paper_names_who_printed_it_by_name_and_post_and_tells_the_rounds_of_a_clock_apart():
    case = do(case_at("callback"), "supervise", "office", LATER, note="限三日")
    somebody = person("office")
    Person.objects.filter(pk=somebody.pk).update(name="李明")
    post = Post.objects.create(code="quality", name="质量专责", over="unit")
    Holding.objects.create(person=somebody, post=post, unit=somebody.unit, since=NOW)
    case = do(case, "call_back", "agent", LATER, **UNHAPPY)
    case = do(case, "second_handle", "lead", LATER, note="电费仍未退")

    said = words(printed(case, "supervision").content)

    assert "李明（溯源市供电公司 质量专责） 于 2026-03-04 11:30 打印" in said
    assert (said.count("（第 2 次办理）") > 0, "office" in said) == (True, False)


def test_a_paper_waits_for_what_it_is_about():
    case = case_at("registered")

    assert refused(lambda: printed(case, "supervision")) == "paper_not_ready"
    assert refused(lambda: printed(case, "investigation")) == "paper_not_ready"
    assert refused(lambda: printed(case, "tea"), kind=BadInput) == "unknown_paper"
    assert refused(lambda: printed(case, purpose="fun"), kind=BadInput) == "unknown_value"
    assert refused(lambda: printed(case, role="station")) == "not_found"
    assert Event.objects.filter(verb="print").count() == 0


def test_printing_is_an_event_that_the_code_leads_to():
    case = case_at("handling")

    made = printed(case)

    event = papers.verify(number=case.number, code=f" {made.code.lower()} ", viewer=viewer.of(person("lead")))
    assert (event.pk, event.actor, event.detail["purpose"]) == (made.event_id, "office", "meeting")
    assert event.detail["sha256"] == made.sha256 == hashlib.sha256(made.content).hexdigest()
    assert made.code in words(made.content)
    assert refused(lambda: papers.verify(number=case.number, code="0", viewer=viewer.of(person("lead")))) == (
        "no_such_paper"
    )
    assert Case.objects.get(pk=case.pk).changed_event == made.event_id
    assert chain.verify([f"case:{case.number}"])[0] == 1


@pytest.mark.parametrize("kind", ["work_order", "investigation"])
def test_the_same_inputs_give_the_same_bytes_and_the_same_code(kind):
    case = case_at("callback")

    first, second, other = printed(case, kind), printed(case, kind), printed(case, kind, role="lead")

    assert (first.content, first.code) == (second.content, second.code)
    assert first.code != other.code


def test_three_pages_of_text_and_its_line_breaks_are_all_there():
    case = case_at("handling")
    long = "\n".join(f"第{n}段：现场核实情况。" for n in range(200))
    case = do(case, "contact", "station", LATER, reached=True, contact_note=long)

    said = words(printed(case, now=LATER + timedelta(minutes=1)).content)

    assert [n for n in range(200) if f"第{n}段" not in said] == []


def proposed(content=None, by="office", kind="work_order"):
    """Return a template handed in."""
    return papers.propose(
        kind=kind,
        name="..\\本所.docx",
        content=content or docx("本所 {{ number }}"),
        actor=actor(by),
        now=NOW,
    )


def test_a_template_is_used_once_a_second_person_has_approved_it():
    case = case_at("handling")
    row = proposed()
    before = words(printed(case).content)

    assert refused(lambda: papers.approve(template_id=row.pk, actor=actor("office"), now=NOW)) == "own_work"
    papers.approve(template_id=row.pk, actor=actor("admin"), now=NOW)

    made = printed(case)
    assert (row.version, row.name) == (1, "本所.docx")
    assert "供电服务工单" in before
    assert words(made.content).strip() == f"本所 {case.number}"
    assert [e.verb for e in Event.objects.filter(stream="register:paper").order_by("seq")] == [
        "template_propose",
        "template_approve",
    ]
    assert (
        refused(lambda: papers.reject(template_id=row.pk, actor=actor("admin"), now=NOW))
        == "template_settled"
    )


def test_a_rejected_template_is_never_used_and_the_next_has_the_next_version():
    first = proposed()
    papers.reject(template_id=first.pk, actor=actor("office"), now=NOW)

    assert papers.in_force("work_order") is None
    assert proposed().version == 2


def test_a_template_that_may_not_be_is_not_kept():
    assert refused(lambda: proposed(docx("{{ nonsense }}")), kind=BadInput) == "unknown_placeholder"
    assert refused(lambda: proposed(by="station")) == "not_your_role"
    assert refused(lambda: papers.approve(template_id=9, actor=actor("admin"), now=NOW)) == "not_found"
    assert PaperTemplate.objects.count() == 0


@pytest.mark.parametrize("kind", PAPERS)
def test_a_sample_fills_every_template_that_comes_along(kind):
    said = words(papers.sample(kind=kind, content=papers.template(kind), now=NOW))

    assert ("{{" in said, "工单编号" in said) == (False, True)


def test_the_templates_that_come_along_are_what_the_script_makes():
    spec = importlib.util.spec_from_file_location("make_papers", ROOT / "scripts/make_papers.py")
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)

    assert [kind for kind in PAPERS if script.made(kind) != papers.template(kind)] == []


def test_a_rectification_order_prints_who_signed_when_and_a_place_for_each_who_has_not():
    order = order_at("signing")
    do(order, "sign", "station", NOW + timedelta(days=1), note="同意整改")

    content = printed(order, "rectification", now=NOW + timedelta(days=2)).content

    said = words(content)
    assert said.count("（盖章处）") == 3
    for each in (order.parent_number, "抄表员连续三个月估抄", "补抄, 每月抽查", "2026-04-30"):
        assert each in said
    sheet = [[cell.text for cell in row.cells] for row in Document(io.BytesIO(content)).tables[1].rows]
    assert sheet == [
        ["节点", "会签人", "意见", "签署人", "时间", "说明", "签字盖章"],
        ["责任单位", "供电所", "同意", "station", "2026-03-05 10:30", "同意整改", ""],
        ["专业部门", "营销部", "", "", "", "", ""],
        ["专业部门", "运检部", "", "", "", "", ""],
        ["优服办", "优服办", "", "", "", "", ""],
    ]


def test_a_paper_tells_what_was_handed_in_in_words_and_people_by_their_names():
    order = order_at("rectifying")
    complaint = Case.objects.get(number=order.parent_number)
    Person.objects.filter(username="marketing").update(name="王审核")
    Person.objects.filter(username="station").update(name="赵所长")

    said = words(printed(complaint, "investigation", now=NOW + timedelta(days=2)).content)
    sheet = words(printed(order, "rectification", now=NOW + timedelta(days=2)).content)

    for each in ("违反的条款：投诉处理答复", "供电单位：东城供电所 0101", "审核人 王审核", "调查人 赵所长"):
        assert each in said
    assert "complaint.answer" not in said
    assert ("王审核" in sheet, "marketing" in sheet) == (True, False)


def test_a_rectification_order_is_printed_once_it_went_round_and_no_complaint_as_one():
    drafted, complaint = order_at("drafted"), case_at("callback")

    assert refused(lambda: printed(drafted, "rectification")) == "paper_not_ready"
    assert refused(lambda: printed(complaint, "rectification")) == "paper_not_ready"


def test_a_paper_is_chinese_whatever_the_language_of_who_prints_it():
    case = case_at("callback")

    with override("zh-hans"):
        chinese = words(printed(case, "investigation").content)
    with override("en"):
        english = words(printed(case, "investigation").content)

    assert english == chinese
    assert "\n投诉\n" in english


def test_an_answered_case_still_says_when_its_answer_was_due():
    case = case_at("archived")
    due = case.clocks.get(limit="complaint.answer").due_at

    said = words(printed(case, "work_order").content)

    assert case.next_due_at is None
    assert due.astimezone(cases.LOCAL).strftime("%Y-%m-%d %H:%M") in said


def test_a_delegate_is_called_by_name_on_the_paper():
    order = order_at("signing")
    wang = person("agent", "0101", "wang")
    Person.objects.filter(pk=wang.pk).update(name="王代签")

    order = do(order, "delegate", "station", NOW + timedelta(days=2), delegate="wang")
    said = words(printed(order, "rectification", now=NOW + timedelta(days=2)).content)

    assert ("受托人：王代签" in said, "wang" in said) == (True, False)
