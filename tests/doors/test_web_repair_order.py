"""The order of repairs on its page and by command: by area, in reach, with its reasons."""

import json

import jsonschema
import pytest

from suyuan.cli.schema import of
from suyuan.store.models import Case
from tests.board_pages import signed_in
from tests.doors.test_web_linked import rows
from tests.factories import case_at, unit

pytestmark = pytest.mark.django_db


def repair(area: str, **changed: object) -> Case:
    """Return a repair whose supply is not back."""
    case = case_at("handling", procedure="repair")
    Case.objects.filter(pk=case.pk).update(line="10kV一线", area=area, **changed)
    return Case.objects.get(pk=case.pk)


def test_repairs_of_one_area_are_one_place_and_those_out_of_reach_or_restricted_none():
    unit("0102")
    both = [repair("一区"), repair("一区")]
    repair("二区", restricted=True)
    other = repair("三区", unit=unit("0102"))
    Case.objects.filter(pk=other.pk).update(restored_at=other.accepted_at)

    page = signed_in("operations").get("/repairs/order/")
    (row,) = rows(page)

    assert row[0] == "10kV一线 一区"
    assert row[3] == both[0].number
    assert "另有 1 张" in page.content.decode()
    assert "报修来电 2 (+2.0)" in row[5]
    assert rows(signed_in("station", at="0102", username="far").get("/repairs/order/")) == []
    assert signed_in("marketing").get("/repairs/order/").status_code == 403


def test_the_command_has_the_same_order_with_numbers(suyuan):
    case = repair("一区")
    signed_in("operations")

    code, told, _ = suyuan("sensitivity", "--as", "operations", "--json")

    found = json.loads(told)
    jsonschema.validate(found, of("sensitivity"))
    (one,) = found["repairs"]
    assert (code, one["area"], one["cases"], one["affected"]) == (0, "一区", [case.number], 0)
    assert one["points"] == pytest.approx(sum(each["points"] for each in one["reasons"]))
