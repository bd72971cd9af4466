"""Duties by post: the page, the line on a case, the command."""

import json

import jsonschema
import pytest

from suyuan.cli.schema import of
from suyuan.store.models import Holding, Post
from tests.board_pages import signed_in
from tests.factories import NOW, case_at, person, unit

pytestmark = pytest.mark.django_db


def marked(page) -> dict[str, list[str]]:
    """Return what the page marks as one's own, by the step."""
    rows = page.context["listed"].rows
    return {str(row.cells[0].text): list(row.cells[0].marks) for row in rows if row.cells[0].marks}


def test_the_page_lists_each_step_and_marks_what_one_owes_oneself():
    page = signed_in("station").get("/duties/?procedure=complaint")

    (accept,) = [row for row in page.context["listed"].rows if row.cells[0].text == "接单"]
    assert [cell.text for cell in accept.cells[1:5]] == [
        "供电所所长、台区经理",
        "供电所所长",
        "",
        "优服办专责",
    ]
    assert marked(page)["接单"] == ["我负责", "我批准"]
    assert marked(page)["派单"] == ["我知会"]


def test_a_post_that_is_held_counts_before_the_roles():
    manager = person("station")
    post = Post.objects.create(code="area-manager", name="台区经理", roles=["station"], over="unit")
    Holding.objects.create(person=manager, post=post, unit=unit("0101"), since=NOW)

    page = signed_in("station").get("/duties/?procedure=complaint")

    assert marked(page)["接单"] == ["我负责"]
    assert "派单" not in marked(page)


def test_a_post_narrows_the_page_and_nothing_unknown_is_taken():
    leader = signed_in("leader")

    rows = leader.get("/duties/?procedure=report&post=leader").context["listed"].rows
    assert [row.cells[0].text for row in rows] == [
        "查处举报",
        "审核查处结论",
        "下达整改单",
        "回复举报人、归档",
    ]
    assert [leader.get(f"/duties/?{query}").status_code for query in ("post=boss", "procedure=x", "q=1")] == [
        422,
        422,
        422,
    ]


def test_a_case_says_who_owes_what_at_the_step_it_waits_for():
    case = case_at("dispatched")

    step = signed_in("office").get(f"/case/{case.number}/").context["step"]

    assert step == (
        "接单",
        [("负责", "供电所所长、台区经理"), ("批准", "供电所所长"), ("知会", "优服办专责")],
    )
    assert signed_in("office").get(f"/case/{case_at('archived').number}/").context["step"] is None


def test_the_command_says_the_same(suyuan):
    code, out, _ = suyuan("duties", "--procedure", "complaint", "--post", "crew-member", "--json")
    assert (code, [one["stage"] for one in json.loads(out)["duties"]]) == (0, ["commitment"])

    code, out, _ = suyuan("duties", "--procedure", "repair", "--post", "crew-member", "--json")
    answer = json.loads(out)
    jsonschema.validate(answer, of("duties"))
    assert [(one["stage"], one["accountable"], one["assessable"]) for one in answer["duties"]] == [
        ("accept.repair", "station-head", False),
        ("commitment", "station-head", False),
    ]
    assert suyuan("duties", "--post", "boss")[0] == 2
    assert "A station-head" in suyuan("duties", "--procedure", "complaint")[1]
