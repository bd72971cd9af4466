"""What a file says of a unit, against the register; and what a case may be called."""

from datetime import datetime

import pytest

from suyuan.actions import imports
from suyuan.actions.imports.units import Units
from suyuan.domain.order import is_number
from suyuan.store.models import Case, ImportRun, Unit
from tests.factories import NOW, unit
from tests.import_files import bring
from tests.methods.order_files import GOOD, HEADERS, write_csv

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("code", "name", "means"),
    [
        ("0101", "", "0101"),
        ("0101", "无此所", "0101"),
        ("370108", "东城供电所", "0101"),
        ("370108", "东城中心供电所", "0101"),
        ("", "東城供電所", "0101"),
        ("370108", "", "unknown_unit"),
        ("370108", "无此所", "unknown_unit"),
        ("0101", "西城供电所", "units_contradict"),
        ("", "营业班", "unit_named_twice"),
        ("370108", "营业班", "unit_named_twice"),
        ("010201", "营业班", "010201"),
    ],
)
def test_a_unit_is_known_by_its_code_or_else_by_its_name(code, name, means):
    unit()
    Unit.objects.filter(code="0101").update(former_names=["东城中心供电所"])
    for above in ("0101", "0102"):
        parent = Unit.objects.get(code=above)
        Unit.objects.create(code=f"{above}01", name="营业班", parent=parent, path=f"{parent.path}{above}01/")

    found = Units.load("office", NOW).find(code, name)

    assert (found.code if isinstance(found, Unit) else found) == means


def test_rows_kept_out_are_counted_by_their_reasons(tmp_path):
    unit()
    rows = [[f"N{n}", *GOOD[1:], named] for n, named in enumerate(["0101", "0199", "0101 西城供电所"])]
    rows += [["../x", *GOOD[1:], "0101"], ["A/do/note", *GOOD[1:], "0101"]]

    bring(write_csv(tmp_path / "a.csv", [[*HEADERS, "供电单位"], *rows]))

    assert ImportRun.objects.get().reasons == {"unknown_unit": 1, "units_contradict": 1, "bad_number": 2}
    assert [case.number for case in Case.objects.all()] == ["N0"]


def test_the_preview_knows_which_units_there_are(tmp_path):
    unit()
    rows = [[f"N{n}", *GOOD[1:], named] for n, named in enumerate(["0101", "0199"])]
    found = imports.preview(write_csv(tmp_path / "a.csv", [[*HEADERS, "供电单位"], *rows]))
    records = [outcome.record for outcome in found.preview]

    assert imports.foreseen(records, datetime.now(NOW.tzinfo)) == {"N1": "unknown_unit"}
    assert Unit.objects.filter(code="0199").count() == 0


@pytest.mark.parametrize(
    "number", ["DY2025100112345", "KF-20251001-001", "SL0700202510010001", "BOS-101", "渝12"]
)
def test_such_numbers_are_met(number):
    assert is_number(number)


@pytest.mark.parametrize(
    "number",
    ["A/do/note", "../x", "..", "<script>alert(1)</script>", "a b", "-1", "a-", "a?b", "a#", "", "%2F"],
)
def test_no_case_is_called_that(number):
    assert not is_number(number)
