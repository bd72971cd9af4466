"""Layouts are TOML that says what is wrong with it, and agree with the rulebook's codes."""

import re
import tomllib
from importlib import resources
from pathlib import Path

import pytest

import suyuan.gateways.layout as layout_package
from suyuan.domain.errors import BadInput
from suyuan.domain.rulebook.records import OPENED_BY_A_VERB
from suyuan.gateways.layout import available, load, to_toml
from suyuan.gateways.layout.files import parse, shipped
from suyuan.gateways.layout.proposal import layout_from
from suyuan.gateways.layout.spelling import word

NAMES = ["boston_311", "citizen_orders", "citizen_replies", "office_95598", "state_grid_orders", "suyuan"]
MINIMAL = """
codes_from = "_codes"
[columns.number]
headers = ["号"]
[columns.business_type]
headers = ["类"]
[columns.accepted_at]
headers = ["时"]
[columns.text]
headers = ["文"]
"""


def rulebook(name):
    return tomllib.loads((resources.files("suyuan") / "rulebook" / name).read_text(encoding="utf-8"))


def test_the_shipped_layouts_are_these():
    assert sorted(shipped()) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_layout_written_and_read_is_the_same(name):
    layout = shipped()[name]

    assert parse(to_toml(layout), "other") == layout


def test_nasty_texts_survive_toml():
    nasty = '引号" 反斜\\ 换行\n 制表\t 删除\x7f'
    layout = layout_from(
        {"number": nasty, "business_type": "类", "accepted_at": "时", "text": "文"}, "我的格式"
    )

    assert parse(to_toml(layout), "x") == layout


def test_a_users_layout_stands_beside_the_shipped_and_replaces_its_name(tmp_path):
    (tmp_path / "layouts").mkdir()
    (tmp_path / "layouts" / "mine.toml").write_text(MINIMAL, encoding="utf-8")
    (tmp_path / "layouts" / "office_95598.toml").write_text(MINIMAL, encoding="utf-8")

    layouts = available(tmp_path)

    assert sorted(layouts) == sorted([*NAMES, "mine"])
    assert layouts["office_95598"].columns == layouts["mine"].columns
    assert load(tmp_path / "layouts" / "mine.toml", tmp_path) == layouts["mine"]


def test_an_unknown_layout_names_the_near_ones(tmp_path):
    with pytest.raises(BadInput) as caught:
        load("office_9559", tmp_path)

    assert (caught.value.code, caught.value.facts["near"]) == ("unknown_layout", ["office_95598"])


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (("[columns.text]", "[columns.words]"), "columns: nothing gives text"),
        (('headers = ["文"]', "headers = []"), "columns.text: no headers"),
        (('headers = ["文"]', 'headers = ["文"]\nkind = "x"'), "columns.text: unknown kind 'x'"),
        (('headers = ["文"]', 'headers = ["文"]\nrequird = true'), "columns.text: unknown key 'requird'"),
        (
            ('headers = ["文"]', 'headers = ["文"]\n[columns.colour]\nheaders=["色"]'),
            "columns.colour: no such field",
        ),
        (('headers = ["文"]', 'headers = ["文"]\n[constants]\ncolour = "x"'), "constants: colour"),
        (('codes_from = "_codes"', ""), "columns.business_type: needs the code list codes.business_type"),
        (('codes_from = "_codes"', 'codes_from = "_codes"\ntimezone = "Asia/Atlantis"'), "timezone: no zone"),
        (('codes_from = "_codes"', "timezon = 1"), "unknown key 'timezon'"),
        (('headers = ["文"]', 'headers = "文"'), "TypeError: expected a list of texts"),
        (("[columns.text]", "[columns.text"), "Expected ']'"),
    ],
)
def test_a_wrong_layout_says_what_is_wrong(tmp_path, change, problem):
    path = tmp_path / "mine.toml"
    path.write_text(MINIMAL.replace(*change), encoding="utf-8")

    with pytest.raises(BadInput) as caught:
        load(path, tmp_path)

    assert (caught.value.code, caught.value.facts["file"]) == ("bad_layout", "mine.toml")
    assert caught.value.facts["problem"].startswith(problem)


CODES = shipped()["suyuan"].codes


@pytest.mark.parametrize(
    ("file", "table", "code_list"),
    [("business_types.toml", "business_type", "business_type"), ("categories.toml", "category", "category")],
)
def test_the_lists_have_the_rulebooks_codes_and_its_spellings(file, table, code_list):
    entries = [entry for entry in rulebook(file)[table] if entry.get("procedure") not in OPENED_BY_A_VERB]
    for entry in entries:
        spellings = {word(text) for text in CODES[code_list][entry["code"]]}
        assert {word(t) for t in (entry["title"]["zh"], *entry.get("synonyms", []))} - spellings == set()
    assert set(CODES[code_list]) - {"_blank"} == {entry["code"] for entry in entries}


@pytest.mark.parametrize("code_list", ["channel", "level", "site", "secrecy", "specialty"])
def test_choices_are_the_rulebooks(code_list):
    codes = {entry["code"] for entry in rulebook("choices.toml")["choice"] if entry["list"] == code_list}

    assert set(CODES[code_list]) - {"_blank"} == codes


def documented():
    return (Path(__file__).parents[2] / "docs" / "import.md").read_text(encoding="utf-8")


def test_the_documented_layout_works():
    (example,) = re.findall(r"```toml\n(.*?)```", documented(), re.DOTALL)

    layout = parse(example, "x")

    assert parse(to_toml(layout), "x") == layout
    assert set(layout.codes) == {"business_type", "category", "my_states"}


def test_every_rule_and_problem_is_documented():
    folder = Path(layout_package.__file__).parents[1]
    sources = [
        p.read_text(encoding="utf-8") for n in ("layout", "tablefile") for p in (folder / n).glob("*.py")
    ]
    pattern = (
        r'(?:BadInput|Broken)\(\s*"(\w+)"|, "(missing_value|too_many_cells|duplicate_in_file)"|rule, "(\w+)"'
    )
    codes = {next(filter(None, found)) for source in sources for found in re.findall(pattern, source)}

    assert len(codes) > 30
    assert {code for code in codes if f"`{code}`" not in documented()} == set()


@pytest.mark.parametrize("name", NAMES)
def test_no_spelling_means_two_codes(name):
    for code_list, table in shipped()[name].codes.items():
        pairs = [
            (word(text), code) for code, texts in table.items() for text in {*texts} | {code} - {"_blank"}
        ]
        clashes = {
            text for text, code in pairs for other, second in pairs if text == other and code != second
        }
        assert (code_list, clashes) == (code_list, set())


@pytest.mark.parametrize("name", NAMES)
def test_no_header_means_two_fields_unless_it_says_both(name):
    both = {
        "state_text",
        "closed",
        "type_code",
        "business_type",
        "unit_code",
        "unit_name",
        "answered_at",
        "archived_at",
    }
    layout = shipped()[name]
    for column in layout.columns:
        others = [
            c for c in layout.columns if c.field != column.field and set(c.headers) & set(column.headers)
        ]
        assert {c.field for c in others} <= both
