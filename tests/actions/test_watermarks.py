"""Every file that can hold what is personal says who took it out; the others are listed with the reason."""

import gzip
import io
import json
import re
import zipfile
from pathlib import Path

import pytest

from suyuan.actions import evidence, exports, papers, worksheets
from suyuan.actions.privacy import rights
from suyuan.store.models import Case, Event
from suyuan.store.queries import personal, viewer
from suyuan.store.queries.listing import Filters
from tests.evidence_files import add
from tests.factories import NOW, actor, case_at, person

pytestmark = pytest.mark.django_db
PACKAGE = Path(__file__).parents[2] / "src/suyuan"
AT = "2026-03-04 10:30"
MARK = re.compile(rf"([0-9A-F]{{10}}) · office · {AT}|office（office）[^<]*{AT}[^<]*· ([0-9A-F]{{10}})")


def parts(path: Path) -> dict[str, str]:
    """Return what a file says; of workbooks, documents and bundles by the name of each part."""
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as book:
            return {name: book.read(name).decode("utf-8", "replace") for name in book.namelist()}
    content = path.read_bytes()
    return {"": (gzip.decompress(content) if path.suffix == ".gz" else content).decode("utf-8-sig")}


def orders(path: Path, _case: Case) -> None:
    exports.orders(path=path, username="office", purpose="move", actor=actor("office"), now=NOW)


def worksheet(path: Path, _case: Case) -> None:
    worksheets.export(path=path, viewer=viewer.of(person("office")), filters=Filters(), verb="", now=NOW)


def everything_of_a_person(path: Path, _case: Case) -> None:
    rights.export(
        person="3300012345678",
        path=path,
        actor=actor("office"),
        now=NOW,
        form={"purpose": "subject_request"},
    )


@pytest.mark.parametrize(
    ("name", "write", "part"),
    [
        ("a.csv", orders, ""),
        ("a.tsv", orders, ""),
        ("a.csv.gz", orders, ""),
        ("a.xlsx", orders, "xl/worksheets/sheet1.xml"),
        ("a.xlsx", orders, "docProps/core.xml"),
        ("w.xlsx", worksheet, "xl/worksheets/sheet1.xml"),
        ("w.xlsx", worksheet, "docProps/core.xml"),
        ("p.zip", everything_of_a_person, "taken-out.txt"),
    ],
)
def test_the_file_says_who_when_and_a_code_that_leads_back(tmp_path, name, write, part):
    case, path = case_at("registered"), tmp_path / name
    person("office")
    write(path, case)

    found = MARK.search(parts(path)[part])
    assert found is not None
    told = personal.taken_out(found[1] or found[2])
    assert (told["actor"], told["at"]) == ("office", NOW.isoformat())
    assert told["masked"] == (write is worksheet)


def test_a_paper_carries_its_code_also_where_its_template_leaves_it_out():
    case = case_at("handling")
    made = papers.issue(
        number=case.number, kind="work_order", purpose="meeting", viewer=viewer.of(person("office")), now=NOW
    )
    with zipfile.ZipFile(io.BytesIO(made.content)) as document:
        core = document.read("docProps/core.xml").decode()

    assert f"{made.code} · office · 2026-03-04 10:30" in core
    assert Event.objects.get(verb="print").detail["code"] == made.code


def test_a_bundle_of_evidence_says_so_in_its_manifest():
    case = case_at("handling")
    add(case)
    made = evidence.prepare(numbers=[case.number], purpose="handling", actor=actor("office"), now=NOW)

    assert json.loads(made.manifest)["exported"] | {"software": ""} == {
        "at": "2026-03-04T02:30:00.000000+00:00",
        "by": "office",
        "purpose": "handling",
        "software": "",
    }


HAND_OUT = {
    "web/blame.py": "marked: the fair-blame statement",
    "web/export.py": "marked: lists",
    "web/worksheets.py": "marked: worksheets",
    "web/handing_in.py": "rows of the file of whoever handed it in, and an empty template",
    "web/imports.py": "rows of the file of whoever handed it in",
    "web/publications.py": "figures, nobody is named",
}
"""The pages that answer with a file made here, and why they may."""


def test_no_page_hands_out_a_file_that_is_not_on_this_list():
    pages = {path.relative_to(PACKAGE).as_posix(): path.read_text("utf-8") for path in PACKAGE.rglob("*.py")}

    assert {name for name, text in pages.items() if "FileResponse(" in text} == set(HAND_OUT)
