"""``suyuan customer``: a file taken in from the command line, twice the same as once."""

import json

import jsonschema
import pytest

from suyuan.cli.schema import of
from suyuan.store.models import Account
from tests.customer_files import KNOWN, row, write
from tests.factories import unit

pytestmark = pytest.mark.django_db


def told(out: str) -> dict[str, object]:
    jsonschema.validate(json.loads(out), of("customer import"))
    return {name: value for name, value in json.loads(out).items() if name != "seconds"}


def test_a_file_is_taken_in_once_and_its_bad_row_set_aside_each_time(suyuan, tmp_path):
    unit()
    path = write(tmp_path / "c.csv", [row(), row(户号="12", 户名="李四")])

    code, out, err = suyuan("customer", "import", path, "--json")
    again = told(suyuan("customer", "import", path, "--json")[1])

    aside = str(tmp_path / "c.quarantine.csv")
    faults = [{"row": 3, "column": "户号", "value": "", "rule": "not_a_number_of_ours"}]
    same = {"dry_run": False, "read": 2, "quarantined": 1, "quarantine_file": aside, "faults": faults}
    assert (code, err) == (0, "")
    assert told(out) == same | {"accepted": 1, "new": 1, "changed": 0, "duplicate": 0}
    assert again == same | {"accepted": 0, "new": 0, "changed": 0, "duplicate": 1}
    assert [word for word in ("李四", KNOWN[1], KNOWN[0]) if word in out] == []


def test_a_dry_run_writes_nothing_anywhere(suyuan, tmp_path):
    unit()
    path = write(tmp_path / "c.csv", [row(), row(户号="12")])

    assert suyuan("customer", "import", path, "--dry-run") == (
        0, "2 read, 1 new, 0 changed, 0 duplicate, 1 quarantined\n  row 3 户号: not_a_number_of_ours\n", "",
    )  # fmt: skip
    assert (Account.objects.count(), sorted(file.name for file in tmp_path.iterdir())) == (0, ["c.csv"])


def test_the_template_is_a_file_that_can_be_read_again(suyuan, tmp_path):
    from suyuan.gateways import customerfile

    code, out, _ = suyuan("customer", "template", tmp_path / "t.csv")

    assert (code, out) == (0, f"{tmp_path / 't.csv'}\n")
    assert set(customerfile.read(tmp_path / "t.csv")[0].places) == {
        column.field for column in customerfile.CUSTOMERS.columns
    }


@pytest.mark.parametrize(
    ("arguments", "said"), [(("--as", "nobody"), "unknown_person"), ((), "no_header")], ids=["who", "what"]
)
def test_bad_input_is_one_line(suyuan, tmp_path, arguments, said):
    unit()
    path = write(tmp_path / "c.csv", [["1", "2"]], ["甲", "乙"])

    code, out, err = suyuan("customer", "import", path, *arguments)

    assert (code, out, f" [{said}] " in err, err.count("\n")) == (2, "", True, 1)
