"""Weak links on their page and by command, and the improvement that begins with one."""

import json
from datetime import timedelta

import jsonschema
import pytest

from suyuan.actions.improvement import put_on_register
from suyuan.cli.schema import of
from suyuan.domain.vocabulary import State
from suyuan.store.models import Case
from tests.board_pages import signed_in
from tests.doors.test_web_linked import rows
from tests.factories import NOW, actor, case_at, person, unit
from tests.lakes import fresh_lake

pytestmark = pytest.mark.django_db
MARCH = "period=2026-03"


@pytest.fixture
def slow():
    """Answer the complaints of one of three stations, and only those, after days instead of hours."""
    unit("0102")
    first = case_at("archived")
    for at, code in enumerate(("0101", "0102", "0109")):
        for n in range(8):
            case = Case.objects.get(pk=first.pk)
            answered = NOW + timedelta(hours=90 if code == "0102" else 3, minutes=7 * n)
            case.pk, case.number, case.unit = None, f"W{at}{n:03}", unit(code)
            case.account_index, case.answered_at = f"{at}{n}", answered
            case.save(force_insert=True)
    fresh_lake()


def test_the_weak_unit_is_listed_with_what_the_others_came_to(slow):
    office = signed_in("office")

    (row,) = rows(office.get(f"/weak-links/?{MARCH}"))

    assert row[:2] == ["西城供电所", "投诉办理时长（小时，几何平均）"]
    assert (row[2].startswith("90."), row[3], row[6], row[7]) == (True, "8/8", "< 0.001", "登记改进事项")
    assert rows(office.get("/weak-links/?period=2026-02")) == []
    assert office.get("/weak-links/?period=2026-13").status_code == 422
    assert f"/weak-links/?{MARCH}" in office.get(f"/board/?{MARCH}").content.decode()


def test_an_improvement_begins_with_what_was_found(slow):
    office = signed_in("office")
    page = office.get(f"/weak-links/?{MARCH}")
    (row,) = page.context["listed"].rows

    form = office.get(row.cells[-1].url).context["asked"]

    filled = {box.name: box.value for box in form.boxes}
    assert (filled["unit"], filled["improvement_kind"]) == ("0102", "service")
    assert filled["problems"].startswith("2026-03 投诉办理时长")
    number = put_on_register(actor=actor("office"), form=filled, now=NOW)
    assert Case.objects.get(number=number).state == State.REGISTERED


def test_a_unit_out_of_reach_is_not_listed_and_who_improves_nothing_has_no_button(slow):
    assert rows(signed_in("station", at="0101").get(f"/weak-links/?{MARCH}")) == []
    (row,) = rows(signed_in("agent").get(f"/weak-links/?{MARCH}"))
    assert len(row) == 7


def test_the_command_says_what_the_page_says(slow, suyuan):
    person("office")

    code, told, _ = suyuan("weak-links", "--period", "2026-03", "--as", "office", "--json")

    found = json.loads(told)
    jsonschema.validate(found, of("weak-links"))
    assert (code, [(one["unit"], one["measure"], one["n"]) for one in found["weak"]]) == (
        0,
        [("0102", "complaint_hours", 8)],
    )
