"""An organisation file: read whatever its dress, taken row by row, twice the same as once."""

import json

import pytest
import xlsxwriter

from suyuan.actions import org
from suyuan.domain.errors import BadInput
from suyuan.gateways import orgfile
from suyuan.store import chain
from suyuan.store.models import Event, Grant, Holding, Person, Unit
from suyuan.store.queries import viewer
from tests.factories import NOW, actor, unit

pytestmark = pytest.mark.django_db
UNITS = [
    ["某公司组织机构表", "", "", "", "", ""],
    ["单位编码", "单位名称", "上级编码", "类别", "专业", "户数"],
    ["10", "溯源市供电公司", "", "公司", "", "120000"],
    ["1001", "东城供电所", "10", "供电所", "营销", "38000"],
    ["1002", "西城供电所", "溯源市供电公司", "供电所", "营销", ""],
    ["1090", "优服办", "10", "办公室", "", ""],
]
PEOPLE = [
    ["姓名", "工号", "所属单位", "岗位", "角色", "手机", "上岗日期"],
    ["李一", "10023", "东城供电所", "供电所所长", "", "13900001111", "2026/1/5"],
    ["王二", "10024", "1090", "优服办专责", "", "", ""],
    ["赵三", "10025", "1090", "", "坐席、班长", "", ""],
]


def csv(rows, encoding: str = "utf-8") -> bytes:
    return "\r\n".join(",".join(row) for row in rows).encode(encoding)


@pytest.fixture
def begun():
    """Begin an office as its first administrator does."""
    org.first_admin(username="root", name="张", company="溯源市供电公司", password="long enough 1", now=NOW)


def take(tmp_path, content, name: str = "list.csv", by: str = "root", **options):
    path = tmp_path / name
    path.write_bytes(content)
    return org.import_register(parts=orgfile.read(path), actor=viewer.named(by).actor, now=NOW, **options)


def counts(taken) -> list[tuple[int, int, int, int]]:
    return [tuple(each.count(c) for c in ("new", "changed", "same", "quarantined")) for each in taken]


def faults(taken) -> list[tuple[int, str, str, str]]:
    return [(f["row"], f["column"], f["value"], f["rule"]) for each in taken for f in each.plain()["faults"]]


def test_units_and_people_come_in_and_roles_follow_their_posts(begun, tmp_path):
    assert counts(take(tmp_path, csv(UNITS))) == [(3, 1, 0, 0)]
    assert counts(take(tmp_path, csv(PEOPLE))) == [(3, 0, 0, 0)]

    assert list(Unit.objects.values_list("code", "path", "kind", "specialty")) == [
        ("10", "/10/", "company", ""),
        ("1001", "/10/1001/", "station", "marketing"),
        ("1002", "/10/1002/", "station", "marketing"),
        ("1090", "/10/1090/", "office", ""),
    ]
    assert sorted(
        Grant.objects.exclude(person__username="root").values_list("person__name", "role", "unit__code")
    ) == [
        ("李一", "station", "1001"),
        ("王二", "office", "10"),
        ("赵三", "agent", "1090"),
        ("赵三", "lead", "1090"),
    ]
    who = Person.objects.get(username="10023")
    assert (who.employee_number, who.phone, who.active_from.isoformat()) == (
        "10023",
        "13900001111",
        "2026-01-05",
    )
    chain.verify()


def test_the_same_file_twice_changes_nothing(begun, tmp_path):
    take(tmp_path, csv(UNITS))
    take(tmp_path, csv(PEOPLE))
    before = Event.objects.count(), Grant.objects.count(), Holding.objects.count()

    assert counts(take(tmp_path, csv(UNITS))) == [(0, 0, 4, 0)]
    assert counts(take(tmp_path, csv(PEOPLE))) == [(0, 0, 3, 0)]
    assert (Event.objects.count(), Grant.objects.count(), Holding.objects.count()) == before


def test_a_dry_run_says_what_would_change_and_changes_nothing(begun, tmp_path):
    take(tmp_path, csv(UNITS))
    before = Event.objects.count()

    assert counts(take(tmp_path, csv(PEOPLE), dry_run=True)) == [(3, 0, 0, 0)]
    assert (Person.objects.count(), Event.objects.count()) == (1, before)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gbk", "gb18030"])
def test_a_file_is_read_in_the_encodings_of_offices(begun, tmp_path, encoding):
    assert counts(take(tmp_path, csv(UNITS, encoding))) == [(3, 1, 0, 0)]


def test_a_workbook_with_both_lists_is_taken_units_first(begun, tmp_path):
    path = tmp_path / "both.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        for title, rows in (("人员", PEOPLE), ("单位", UNITS)):
            sheet = book.add_worksheet(title)
            for index, row in enumerate(rows):
                sheet.write_row(index, 0, row)
            if title == "人员":
                sheet.write_number(1, 1, 10023)

    assert counts(take(tmp_path, path.read_bytes(), "both.xlsx")) == [(3, 1, 0, 0), (3, 0, 0, 0)]
    assert Person.objects.filter(username="10023").exists()


def test_every_fault_is_named_with_row_column_value_and_rule_and_good_rows_are_taken(begun, tmp_path):
    take(tmp_path, csv(UNITS))
    rows = [
        *PEOPLE[:2],
        ["", "10031", "没有的所", "没有的岗", "皇帝", "", ""],
        ["孙五", "10023", "1001", "", "", "", ""],
        ["周六", "", "1001", "", "", "", ""],
        ["吴七", "10037", "1001", "", "", "", "去年"],
    ]

    taken = take(tmp_path, csv(rows))

    assert counts(taken) == [(1, 0, 0, 4)]
    assert faults(taken) == [
        (3, "姓名", "", "missing_value"),
        (3, "所属单位", "没有的所", "unknown_unit"),
        (3, "岗位", "没有的岗", "unknown_post"),
        (3, "角色", "皇帝", "unknown_value"),
        (4, "工号", "10023", "duplicate_in_file"),
        (5, "工号", "", "missing_value"),
        (6, "上岗日期", "去年", "not_a_date"),
    ]


def test_units_that_cannot_be_placed_stay_out_with_what_hangs_on_them(begun, tmp_path):
    rows = [
        *UNITS,
        ["2001", "甲", "2000", "", "", ""],
        ["2002", "乙", "2001", "", "", ""],
        ["3001", "丙", "10", "", "魔法", "多"],
    ]

    taken = take(tmp_path, csv(rows))

    assert counts(taken) == [(3, 1, 0, 3)]
    assert faults(taken) == [
        (7, "上级编码", "2000", "unknown_unit"),
        (8, "上级编码", "2001", "unknown_unit"),
        (9, "专业", "魔法", "unknown_value"),
        (9, "户数", "多", "not_a_number"),
    ]


def test_a_total_row_and_who_made_the_table_are_no_units(begun, tmp_path):
    rows = [*UNITS, ["合计", "", "", "", "", "158000"], ["制表：张三", "", "", "", "", ""]]

    taken = take(tmp_path, csv(rows))

    assert (counts(taken), taken[0].part.footers) == ([(3, 1, 0, 0)], (7, 8))
    assert list(Unit.objects.filter(parent=None).values_list("code", flat=True)) == ["10"]
    assert counts(take(tmp_path, csv(rows))) == [(0, 0, 4, 0)]


def test_a_total_row_of_a_list_of_people_is_left_out_wherever_it_says_so(begun, tmp_path):
    take(tmp_path, csv(UNITS))
    sums = [
        ["合计", "3", "3人"],
        ["", "合计：3人", ""],
        ["东城供电所小计", "", "东城供电所"],
        ["共3人", "", "1090"],
    ]

    taken = take(tmp_path, csv([*PEOPLE, *([*row, "", "", "", ""] for row in sums)]))

    assert (counts(taken), taken[0].part.footers) == ([(3, 0, 0, 0)], (5, 6, 7, 8))


def test_kinds_of_units_are_known_by_what_offices_write(begun, tmp_path):
    kinds = ["市公司", "供电营业所", "部室", "班组", "县公司", "热气球队"]
    rows = [["10", "溯源市供电公司", "", kinds[0], "", ""]]
    rows += [[f"10{n}", f"单位{n}", "10", kind, "", ""] for n, kind in enumerate(kinds[1:])]

    take(tmp_path, csv([UNITS[1], *rows]))

    assert list(Unit.objects.order_by("code").values_list("kind", flat=True)) == [
        *("company", "station", "department", "squad", "county", "热气球队")
    ]


def test_only_rows_that_are_good_count_as_the_company(begun, tmp_path):
    rows = [*UNITS, ["1009", "", "", "供电所", "", ""], ["10", "溯源市供电公司", "", "公司", "", ""]]

    taken = take(tmp_path, csv(rows))

    assert (counts(taken), faults(taken)) == (
        [(3, 1, 0, 2)],
        [(7, "单位名称", "", "missing_value"), (8, "单位编码", "10", "duplicate_in_file")],
    )
    assert list(Unit.objects.filter(parent=None).values_list("code", flat=True)) == ["10"]


def test_a_second_company_is_refused_in_words_and_the_first_is_the_one_called_like_it(begun, tmp_path):
    rows = [
        UNITS[1],
        ["20", "别的公司", "", "公司", "", ""],
        ["2001", "甲所", "20", "供电所", "", ""],
        *UNITS[2:],
    ]

    taken = take(tmp_path, csv(rows))

    assert counts(taken) == [(3, 1, 0, 2)]
    assert faults(taken) == [
        (2, "上级编码", "", "second_root"),
        (3, "上级编码", "20", "unknown_unit"),
    ]
    assert sorted(Unit.objects.values_list("path", flat=True)) == [
        "/10/", "/10/1001/", "/10/1002/", "/10/1090/",
    ]  # fmt: skip


def test_the_company_takes_the_code_of_its_list_with_what_stands_below_it_already(begun, tmp_path):
    org.add_unit(
        code="99", parent="01", form={"unit_name": "北所"}, actor=viewer.named("root").actor, now=NOW
    )

    taken = take(tmp_path, csv(UNITS))

    assert [each.outcomes[0].changed for each in taken] == [("code", "customers")]
    assert sorted(Unit.objects.values_list("path", flat=True)) == [
        "/10/", "/10/1001/", "/10/1002/", "/10/1090/", "/10/99/",
    ]  # fmt: skip
    assert counts(take(tmp_path, csv(UNITS))) == [(0, 0, 4, 0)]
    chain.verify()


def test_units_above_are_found_by_name_in_the_file_itself(begun, tmp_path):
    rows = [*UNITS, ["100101", "抢修一班", "东城供电所", "抢修班", "", ""]]

    assert counts(take(tmp_path, csv(rows))) == [(4, 1, 0, 0)]
    assert Unit.objects.get(code="100101").path == "/10/1001/100101/"


def test_what_hangs_on_a_faulty_row_stays_out_and_the_rest_is_taken(begun, tmp_path):
    rows = [*UNITS, ["2001", "甲", "10", "", "", "1.3万"], ["2002", "乙", "2001", "", "", ""]]

    taken = take(tmp_path, csv(rows))

    assert (counts(taken), faults(taken)) == (
        [(3, 1, 0, 2)],
        [(7, "户数", "1.3万", "not_a_number"), (8, "上级编码", "2001", "unknown_unit")],
    )


def test_units_of_one_name_are_taken_and_named_before_anything_is_written(begun, tmp_path):
    twice = csv([*UNITS, ["1003", "东城 供电所", "10", "", "", ""]])

    (seen,) = take(tmp_path, twice, dry_run=True)
    (taken,) = take(tmp_path, twice)
    (other,) = take(tmp_path, csv([UNITS[1], ["1004", "北城供电所", "10", "", "", ""]]))

    assert (counts([taken]), seen.plain()["same_names"]) == ([(4, 1, 0, 0)], {"东城供电所": ["1001", "1003"]})
    assert (taken.same_names, other.same_names) == (seen.same_names, {})


def test_half_a_telephone_number_is_refused_as_in_a_customer_list(begun, tmp_path):
    take(tmp_path, csv(UNITS))

    taken = take(tmp_path, csv([PEOPLE[0], ["赵敏", "10029", "1001", "船长", "", "1371234", ""]]))

    assert faults(taken) == [(2, "岗位", "船长", "unknown_post"), (2, "手机", "1371234", "not_a_phone")]


def test_a_person_who_moved_moves_with_the_post(begun, tmp_path):
    take(tmp_path, csv(UNITS))
    take(tmp_path, csv(PEOPLE))

    moved = [PEOPLE[0], ["李一", "10023", "西城供电所", "供电所所长", "", "", ""]]
    taken = take(tmp_path, csv(moved))

    assert [each.outcomes[0].changed for each in taken] == [("unit",)]
    assert list(Grant.objects.filter(person__username="10023").values_list("unit__code")) == [("1002",)]


def test_nobody_gives_by_file_what_he_may_not_give_by_hand(tmp_path):
    unit()
    rows = [PEOPLE[0], ["陈", "1", "0101", "", "监审纪检", "", ""], ["林", "2", "0102", "", "供电所", "", ""]]
    actor("office", "0101", "office-0101")

    taken = take(tmp_path, csv(rows), by="office-0101")

    assert faults(taken) == [
        (2, "角色", "监审纪检", "not_yours_to_give"),
        (3, "所属单位", "0102", "not_your_role"),
    ]
    assert Person.objects.count() == 1


def test_the_command_prints_one_object_and_writes_what_it_did_not_take(begun, tmp_path, suyuan):
    units, people = tmp_path / "units.csv", tmp_path / "people.csv"
    units.write_bytes(csv(UNITS))
    people.write_bytes(csv([*PEOPLE, ["", "9", "1001", "", "", "=cmd()", ""]]))

    assert suyuan("people", "import", units)[0] == 0
    code, out, _ = suyuan("people", "import", people, "--as", "root", "--json")

    answer = json.loads(out)
    assert (code, answer["lists"][0]["new"], answer["lists"][0]["quarantined"]) == (0, 3, 1)
    written = (tmp_path / "people.quarantine.csv").read_text("utf-8-sig").splitlines()
    assert written[0] == "姓名,工号,所属单位,岗位,角色,手机,上岗日期,行号,列,值,规则"
    assert written[1] == ",9,1001,,,'=cmd(),,5,姓名；手机,；=cmd(),missing_value；not_a_phone"
    assert suyuan("people", "import", tmp_path / "none.csv")[0] == 2
    assert suyuan("people", "import", people, "--as", "nobody")[0] == 2


def test_the_template_is_read_back_as_two_empty_lists(begun, tmp_path, suyuan):
    path = tmp_path / "template.xlsx"
    suyuan("people", "template", path)

    with pytest.raises(BadInput) as wrong:
        orgfile.read(path)
    assert wrong.value.code == "empty_file"


def test_a_file_ends_nobodys_time_whose_roles_are_not_the_importers_to_take(begun, tmp_path):
    take(tmp_path, csv(UNITS))
    take(tmp_path, csv(PEOPLE))
    Grant.objects.filter(person__username="10023").update(role="leader")
    rows = [["姓名", "工号", "所属单位", "离岗日期"], ["李一", "10023", "东城供电所", "2026-03-04"]]

    (taken,) = take(tmp_path, csv(rows), by="10024")

    assert [fault["rule"] for fault in taken.plain()["faults"]] == ["not_yours_to_give"]
    assert Person.objects.get(username="10023").active_until is None


def test_a_column_of_tags_is_read_in_words_and_what_is_none_is_named(begun, tmp_path):
    heads, rows = [*PEOPLE[0], "五大员"], [[*row, "调解员、指挥"] for row in PEOPLE[1:3]]
    take(tmp_path, csv(UNITS)), take(tmp_path, csv([heads, *rows]))
    assert Person.objects.get(username="10023").tags == "command mediation"

    again = take(tmp_path, csv([heads, *rows]))
    assert counts(again) == [(0, 0, 2, 0)]
    wrong = take(tmp_path, csv([heads, [*PEOPLE[1], "唱歌"]]))
    assert faults(wrong) == [(2, "五大员", "唱歌", "unknown_value")]
