"""The audit desk draws a sample, looks at its cases and reads what it says, by page and by command."""

import json
import re

import jsonschema
import pytest

from suyuan.cli.schema import of
from suyuan.store.models import AuditSample, SampledCase
from tests.board_pages import signed_in
from tests.factories import case_at, person

pytestmark = pytest.mark.django_db


def test_a_sample_is_drawn_looked_at_and_told_with_an_interval() -> None:
    numbers = {case_at("archived").number for _ in range(3)}
    desk = signed_in("audit")

    assert "还没有抽查过" in desk.get("/audit/samples/").content.decode()
    made = desk.post("/audit/samples/draw/", {"period": "2026-03", "seed": "会议", "n": "2"})
    assert (made.status_code, AuditSample.objects.get().n) == (302, 2)
    pk = AuditSample.objects.get().pk
    page = desk.get(f"/audit/samples/{pk}/").content.decode()
    assert set(re.findall(r'href="/case/([^/]+)/"', page)) < numbers

    one = SampledCase.objects.filter(part="random").get()
    form = {"audit_verdict": "objected", "reason": "no_evidence", "remedy": "supervise"}
    assert desk.post(f"/audit/samples/check/{one.pk}/", form).status_code == 302
    said = desk.get(f"/audit/samples/{pk}/").content.decode()
    assert "随机部分异议 100.00 % (1/1)，可推及全部，95% 区间 20.65–100.00 %" in said
    assert "结论没有证据 · 责成单位说明 · audit" in said
    assert signed_in("office").get("/audit/samples/").status_code == 403


def test_an_objection_stands_on_the_case_and_is_ended_on_a_page_of_its_own() -> None:
    case, desk = case_at("archived"), signed_in("audit")
    desk.post("/audit/samples/draw/", {"period": "2026-03", "seed": "会议", "n": "1"})
    one = SampledCase.objects.get()
    form = {"audit_verdict": "objected", "reason": "no_evidence", "remedy": "reopen"}
    desk.post(f"/audit/samples/check/{one.pk}/", form)

    station = signed_in("station").get(f"/case/{case.number}/").content.decode()
    assert "抽查有异议：结论没有证据。要求：重新打开。" in station
    assert 'id="do-answer_objection"' in station
    assert "抽查有异议，请查看并处理" in signed_in("station").get("/inbox/").content.decode()
    settle = f"/audit/samples/settle/{one.pk}/"
    assert f'href="{settle}">待处理' in desk.get(f"/audit/samples/{one.sample_id}/").content.decode()
    met = {"objection_outcome": "settled", "note": "证据已补"}
    early = desk.post(settle, met)
    assert (early.status_code, "还没有人处理这项异议" in early.content.decode()) == (409, True)
    signed_in("station").post(f"/case/{case.number}/do/answer_objection/", {"note": "证据已补"})
    assert desk.post(settle, met).status_code == 302
    assert "已办结" in desk.get(f"/audit/samples/{one.sample_id}/").content.decode()


def test_what_is_typed_wrong_is_said_on_the_form() -> None:
    desk = signed_in("audit")
    answers = [
        desk.post("/audit/samples/draw/", form).status_code
        for form in (
            {"period": "soon", "seed": "x", "n": "2"},
            {"period": "2026-03", "seed": "", "n": "2"},
            {"period": "2026-03", "seed": "x", "n": "many"},
        )
    ]

    assert (answers, AuditSample.objects.count()) == ([422, 422, 422], 0)


def test_the_command_draws_the_same_again_and_keeps_nothing(suyuan) -> None:
    for _ in range(3):
        case_at("archived")
    restricted = case_at("archived", "report").number
    asked = ("audit", "sample", "--period", "2026-03", "--n", "4", "--seed", "7", "--json")

    answer = json.loads(suyuan(*asked)[1])

    jsonschema.validate(answer, of("audit sample"))
    assert (answer, answer["of"]) == (json.loads(suyuan(*asked)[1]), 3)
    seen = json.loads(suyuan(*asked, "--as", signed_in("audit") and "audit")[1])
    assert restricted in {one["number"] for one in seen["cases"]}
    code, _, said = suyuan(*asked[:5], "0", *asked[6:])
    assert (code, "least=1 most=" in said, AuditSample.objects.count()) == (2, True, 0)
    code, out, _ = suyuan(*asked, "--as", person("station").username)
    assert (code, json.loads(out)) == (1, {"refused": "not_your_role", "facts": {"roles": ["audit"]}})


def test_a_sample_of_less_than_one_is_answered_with_the_rule() -> None:
    answer = signed_in("audit").post("/audit/samples/draw/", {"period": "2026-03", "seed": "会议", "n": "-3"})

    assert (answer.status_code, "应是不小于 1 的整数" in answer.content.decode()) == (422, True)
