"""``suyuan import`` and ``suyuan export``: the summary in JSON, the progress aside."""

import json
import shutil
from pathlib import Path

import jsonschema
import pytest

from suyuan.cli.schema import of
from suyuan.store import lake
from suyuan.store.models import Case, Event, ImportRun
from tests.factories import case_at, person
from tests.methods.order_files import GOOD, HEADERS, write_csv

pytestmark = pytest.mark.django_db
ROWS = [HEADERS, GOOD, ["N2", "怪事", *GOOD[2:]], ["合计", "2"]]


@pytest.fixture(autouse=True)
def own_lake():
    """Begin without a lake, and leave none of another database's ids behind."""
    shutil.rmtree(lake.folder())
    yield
    shutil.rmtree(lake.folder())


def test_import_answers_with_the_summary(suyuan, tmp_path):
    code, out, err = suyuan("import", write_csv(tmp_path / "周报.csv", ROWS), "--json")

    answer = json.loads(out)
    jsonschema.validate(answer, of("import"))
    assert code == 0
    assert answer == {
        "read": 2,
        "accepted": 1,
        "duplicate": 0,
        "quarantined": 1,
        "quarantine_file": answer["quarantine_file"],
        "seconds": answer["seconds"],
        "layout": "office_95598",
        "notes": {"footer_row": 1},
    }
    aside = Path(answer["quarantine_file"])
    assert (aside, aside.stat().st_mode & 0o777) == (tmp_path / "周报.quarantine.csv", 0o600)
    assert aside.read_text("utf-8-sig").splitlines()[1].split(",")[0] == ROWS[2][0]
    assert "Traceback" not in err


def test_the_same_file_again_accepts_nothing(suyuan, tmp_path):
    path = write_csv(tmp_path / "周报.csv", ROWS)
    suyuan("import", path)

    answer = json.loads(suyuan("import", path, "--json")[1])

    assert [answer[name] for name in ("read", "accepted", "duplicate", "quarantined")] == [2, 0, 1, 1]


def test_without_bad_rows_there_is_no_quarantine_file(suyuan, tmp_path):
    answer = json.loads(suyuan("import", write_csv(tmp_path / "a.csv", ROWS[:2]), "--json")[1])

    assert (answer["quarantined"], answer["quarantine_file"], answer["notes"]) == (0, None, {})


def test_the_lake_is_up_to_date_afterwards(suyuan, tmp_path):
    suyuan("import", write_csv(tmp_path / "a.csv", ROWS[:2]), "--json")

    assert [path.parent.name for path in lake.folder().rglob("cases/*/*.parquet")] == ["month=2025-10"]


def test_in_words_it_says_where_the_bad_rows_are(suyuan, tmp_path):
    code, out, _ = suyuan("import", write_csv(tmp_path / "周报.csv", ROWS))

    lines = out.splitlines()
    assert (code, len(lines)) == (0, 3)
    assert lines[0].startswith("读取 2 行：接收 1，重复 0，隔离 1；")
    assert lines[1].endswith("quarantine.csv")


def test_who_imports_is_written_down(suyuan, tmp_path):
    person("office")

    suyuan(
        "import", write_csv(tmp_path / "a.csv", [[*HEADERS, "供电单位"], [*GOOD, "0101"]]), "--as", "office"
    )

    assert set(Event.objects.values_list("actor", flat=True)) == {"office"}


BAD = [
    ([HEADERS[:3], GOOD[:3]], [], "wrong_layout"),
    ([HEADERS[:3], GOOD[:3]], ["--layout", "office_95598"], "missing_column"),
    ([HEADERS, GOOD], ["--layout", "boston_311"], "no_header"),
    ([HEADERS, GOOD], ["--layout", "none"], "unknown_layout"),
    ([[""]], [], "empty_file"),
    (None, [], "no_such_file"),
]


@pytest.mark.parametrize(("rows", "options", "said"), BAD, ids=[said for *_, said in BAD])
def test_a_file_that_cannot_be_read_is_exit_2_and_one_line(suyuan, tmp_path, rows, options, said):
    path = tmp_path / "a.csv" if rows is None else write_csv(tmp_path / "a.csv", rows)

    code, out, err = suyuan("import", path, *options, "--json")

    lines = [line for line in err.splitlines() if line.startswith("suyuan: ")]
    assert (code, out, len(lines)) == (2, "", 1)
    assert said in lines[0]
    assert Case.objects.count() == 0


def test_export_says_how_many_and_its_file_is_taken_back(suyuan, tmp_path):
    case_at("archived")
    path = tmp_path / "a.csv"

    code, out, err = suyuan("export", path, "--purpose", "move", "--json")

    jsonschema.validate(json.loads(out), of("export"))
    told = json.loads(out)
    assert (code, told, err) == (
        0,
        {"file": str(path), "orders": 1, "masked": False, "code": told["code"]},
        "",
    )
    back = json.loads(suyuan("audit", "export", told["code"], "--json")[1])
    jsonschema.validate(back, of("audit export"))
    assert (back["actor"], back["purpose"], back["count"]) == ("system", "move", 1)
    assert suyuan("audit", "export", "0000000000")[0] == 2
    again = json.loads(suyuan("import", path, "--json")[1])
    assert (again["layout"], again["read"], again["accepted"] + again["quarantined"]) == ("suyuan", 1, 1)


def test_export_keeps_to_the_reach_of_who_asks(suyuan, tmp_path):
    case_at("registered")
    person("station")

    assert suyuan("export", tmp_path / "a.csv", "--as", "station") == (0, f"0 → {tmp_path / 'a.csv'}\n", "")


def test_an_interrupted_import_is_gone_on_with(suyuan, tmp_path, monkeypatch):
    from suyuan.actions import imports
    from suyuan.domain.procedure import Actor
    from tests.factories import NOW

    monkeypatch.setattr("suyuan.actions.imports.produce.BATCH", 2)
    path = write_csv(tmp_path / "a.csv", [HEADERS, *([f"N{n}", *GOOD[1:]] for n in range(5))])

    def stop(fraction, rows):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        imports.run(path=path, layout="auto", actor=Actor("system", frozenset()), now=NOW, progress=stop)

    answer = json.loads(suyuan("import", path, "--json")[1])

    assert [answer[name] for name in ("read", "accepted", "duplicate", "quarantined")] == [5, 5, 0, 0]
    assert ImportRun.objects.values_list("state", "rows_done").get() == ("done", 6)
