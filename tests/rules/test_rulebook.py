"""Reading rulebook files: what a user's file may add, and how every fault names file, table and key."""

import json
import re
from datetime import date
from pathlib import Path

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from suyuan.domain.errors import RulebookError
from suyuan.domain.rulebook import Rulebook, load, read_notice, user_files

RULES = load()
NOW = date(2025, 10, 1)

LIMIT = """
[[limit]]
id = "complaint.answer"
title = { zh = "投诉处理答复", en = "Handle and answer a complaint" }
procedures = ["complaint"]
starts = "accepted_at"
stops = "answered_at"
kind = "internal"
binding = true
amount = 3
unit = "working_days"
in_force_from = 2025-07-01
basis = "省公司通知 2025-15"
certainty = "confirmed"
confirmed_by = "李某"
"""
CHOICE = """
[[choice]]
list = "channel"
code = "kiosk"
title = { zh = "自助终端", en = "Kiosk" }
basis = "本公司"
certainty = "S"
"""


def book_with(tmp_path: Path, *texts: str) -> Rulebook:
    files = []
    for number, text in enumerate(texts):
        files.append(tmp_path / f"own{number}.toml")
        files[-1].write_text(text, encoding="utf-8")
    return load(*files)


class TestUserFiles:
    def test_a_later_start_adds_an_edition(self, tmp_path):
        rules = book_with(tmp_path, LIMIT)

        assert [one.amount for one in rules.limits["complaint.answer"]] == [4, 3]
        assert rules.limit("complaint.answer", date(2025, 6, 30)).amount == 4
        assert rules.limit("complaint.answer", NOW).amount == 3
        assert rules.limits_for("complaint", {}, date(2025, 6, 30)) == RULES.limits_for(
            "complaint", {}, date(2025, 6, 30)
        )

    def test_the_same_start_overrides(self, tmp_path):
        rules = book_with(tmp_path, LIMIT, LIMIT.replace("amount = 3", "amount = 2"))

        assert [one.amount for one in rules.limits["complaint.answer"]] == [4, 2]

    def test_a_limit_may_bring_its_own_ladder(self, tmp_path):
        rules = book_with(tmp_path, LIMIT + "warn = [0.9]\nafter = [12]\n")

        limit = rules.limit("complaint.answer", NOW)

        assert (limit.warn, limit.after) == ((0.9,), (12,))

    def test_a_category_stands_for_its_children(self, tmp_path):
        own = LIMIT.replace('"complaint.answer"', '"complaint.hall"').replace(
            "binding = true", "binding = false"
        )
        rules = book_with(tmp_path, own + 'when = { category = ["service.hall"] }\n')

        found = {
            category: "complaint.hall" in {one.id for one in rules.limits_for("complaint", facts, NOW)}
            for category in ("service.hall", "service.hall.attitude", "service.survey", "")
            for facts in ({"category": category},)
        }

        assert found == {
            "service.hall": True,
            "service.hall.attitude": True,
            "service.survey": False,
            "": False,
        }

    def test_a_choice_is_added(self, tmp_path):
        assert book_with(tmp_path, CHOICE).channels["kiosk"].title.zh == "自助终端"

    def test_a_named_person_confirms_what_was_only_remembered(self, tmp_path):
        rules = book_with(
            tmp_path,
            '[[confirm]]\nlimit = "opinion.answer"\nin_force_from = 2021-09-25\n'
            'by = "王某"\nbasis = "办法第9条"\n',
        )

        before, after = RULES.limit("opinion.answer", NOW), rules.limit("opinion.answer", NOW)

        assert (before.assessable, after.assessable) == (False, True)
        assert (after.certainty, after.confirmed_by, after.basis) == ("confirmed", "王某", "办法第9条")
        assert rules.edition != RULES.edition

    def test_the_users_files_are_found_in_name_order(self, tmp_path):
        folder = tmp_path / "rulebook"
        folder.mkdir()
        for name in ("b.toml", "a.toml", "notes.txt"):
            (folder / name).write_text("", encoding="utf-8")

        assert user_files(tmp_path) == [folder / "a.toml", folder / "b.toml"]


FAULTS = [
    # what is written, table, key
    ("[[limits]]\nid = 1\n", "limits", ""),
    ("[limit]\nid = 'x'\n", "limit", ""),
    ("limit = [1]\n", "limit[1]", ""),
    ("[[limit]\n", "", ""),
    (LIMIT.replace("amount = 3\n", ""), "limit[1] complaint.answer", "amount"),
    (LIMIT.replace("amount = 3", "amount = 0"), "limit[1] complaint.answer", "amount"),
    (LIMIT.replace("amount = 3", "amount = true"), "limit[1] complaint.answer", "amount"),
    (LIMIT.replace("amount = 3", 'amount = "3"'), "limit[1] complaint.answer", "amount"),
    (LIMIT.replace('"working_days"', '"hours"') + 'count = "civil"\n', "limit[1] complaint.answer", "amount"),
    (LIMIT.replace('"working_days"', '"weeks"'), "limit[1] complaint.answer", "unit"),
    (LIMIT.replace('"internal"', '"inner"'), "limit[1] complaint.answer", "kind"),
    (LIMIT.replace('"confirmed"', '"sure"'), "limit[1] complaint.answer", "certainty"),
    (LIMIT.replace('"李某"', '""'), "limit[1] complaint.answer", "confirmed_by"),
    (LIMIT.replace('"confirmed"', '"Q"'), "limit[1] complaint.answer", "confirmed_by"),
    (LIMIT.replace('"省公司通知 2025-15"', '" "'), "limit[1] complaint.answer", "basis"),
    (LIMIT.replace("2025-07-01", '"July"'), "limit[1] complaint.answer", "in_force_from"),
    (LIMIT.replace("in_force_from = 2025-07-01\n", ""), "limit[1] complaint.answer", "in_force_from"),
    (LIMIT + "in_force_until = 2025-06-30\n", "limit[1] complaint.answer", "in_force_until"),
    (LIMIT + "ammount = 4\n", "limit[1] complaint.answer", "ammount"),
    (LIMIT + "warn = [0.8, 0.5]\n", "limit[1] complaint.answer", "warn"),
    (LIMIT + "after = [0]\n", "limit[1] complaint.answer", "after"),
    (LIMIT + 'when = { sight = ["urban"] }\n', "limit[1] complaint.answer", "when.sight"),
    (LIMIT + 'when = { site = "urban" }\n', "limit[1] complaint.answer", "when.site"),
    (LIMIT + 'when = { site = ["moon"] }\n', "limit[1] complaint.answer", "when.site"),
    (LIMIT.replace('["complaint"]', '["complain"]'), "limit[1] complaint.answer", "procedures"),
    (LIMIT.replace('["complaint"]', "[1]"), "limit[1] complaint.answer", "procedures"),
    (LIMIT.replace('"answered_at"', '"answer_at"'), "limit[1] complaint.answer", "stops"),
    (LIMIT.replace('"answered_at"', '"paid_at"'), "limit[1] complaint.answer", "stops"),
    (LIMIT.replace('"answered_at"', '"accepted_at"'), "limit[1] complaint.answer", "stops"),
    (LIMIT.replace('"accepted_at"', '"called_back_at"'), "limit[1] complaint.answer", "stops"),
    (LIMIT.replace('en = "Handle', 'de = "Handle'), "limit[1] complaint.answer.title", "en"),
    (LIMIT + LIMIT, "limit[2] complaint.answer", "in_force_from"),
    (LIMIT.replace('"complaint.answer"', '"complaint.mine"'), "limit[1] complaint.mine", "binding"),
    (CHOICE.replace('"kiosk"', '"95598"') + "[[choice]]\n", "choice[2]", "list"),
    (CHOICE + 'synonyms = ["热线"]\n', "choice[1] kiosk", "synonyms"),
    (CHOICE + 'limit = "kiosk.close"\n', "choice[1] kiosk", "limit"),
    ('[[category]]\ncode = "gas.leak"\ntitle = { zh = "a", en = "b" }\nbasis = "c"\ncertainty = "S"\n',
     "category[1] gas.leak", "code"),
    ('[[category]]\ncode = "gas"\ntitle = { zh = "a", en = "b" }\nbasis = "c"\ncertainty = "S"\n'
     'specialty = "gas"\n',
     "category[1] gas", "specialty"),
    ('[[confirm]]\nlimit = "opinion.answer"\nin_force_from = 2020-01-01\nby = "a"\nbasis = "b"\n',
     "confirm[1] opinion.answer", "limit"),
    ("[[confirm]]\nlimit = 'x'\nin_force_from = ''\n", "confirm[1] x", "in_force_from"),
    ("[[fixed_day]]\nmonth = 2\nday = 29\n", "fixed_day[1]", "day"),
    ('[[figure]]\nid = "clock.ladder"\ntitle = { zh = "a", en = "b" }\nterms = { warn = 1 }\nbasis = "c"\n'
     'certainty = "S"\n', "figure[1] clock.ladder", "warn"),
    ('[[figure]]\nid = "retention.contact"\ntitle = { zh = "a", en = "b" }\nterms = { weeks = 1 }\n'
     'basis = "c"\ncertainty = "S"\n', "figure[1] retention.contact", "terms"),
    ('[[figure]]\nid = "retention.letters"\ntitle = { zh = "a", en = "b" }\nterms = { years = 1 }\n'
     'basis = "c"\ncertainty = "S"\n', "figure[1] retention.letters", "id"),
    ('[calendar]\nfirst = 2028-01-01\nlast = 2028-12-31\nbasis = "x"\ncertainty = "Q"\n[calendar.holidays]\n'
     '"节" = [2028-01-01, 2028-05-01, 2028-05-02, 2028-10-01, 2028-10-02, 2028-10-03]\n',
     "calendar", "first"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "table", "key"), FAULTS)
def test_a_fault_names_file_table_and_key(tmp_path, text, table, key):
    with pytest.raises(RulebookError) as caught:
        book_with(tmp_path, text)

    facts = caught.value.facts
    assert (facts["file"], facts["table"], facts["key"]) == ("own0.toml", table, key)
    assert facts["problem"]


@pytest.mark.parametrize("bytes_", [b"\xff\xfe", "[[limit]]\nid = '投诉'".encode("gb18030")])
def test_a_file_in_another_encoding_is_an_error(tmp_path, bytes_):
    file = tmp_path / "own.toml"
    file.write_bytes(bytes_)

    with pytest.raises(RulebookError, match="UTF-8"):
        load(file)


def test_a_file_that_is_not_there_is_an_error(tmp_path):
    with pytest.raises(RulebookError) as caught:
        load(tmp_path / "gone.toml")

    assert caught.value.facts["file"] == "gone.toml"


class TestEdition:
    def test_a_frozen_book_thaws_to_an_equal_one(self):
        thawed = Rulebook.thaw(json.loads(json.dumps(RULES.frozen)))

        assert (thawed, hash(thawed)) == (RULES, hash(RULES))
        assert thawed.limits == RULES.limits
        assert thawed.categories == RULES.categories
        assert thawed.calendar == RULES.calendar
        assert list(thawed.channels) == list(RULES.channels)

    def test_a_frozen_limit_without_a_start_is_refused(self):
        content = json.loads(json.dumps(RULES.frozen))
        content["limit"][0]["in_force_from"] = None

        with pytest.raises(RulebookError) as caught:
            Rulebook.thaw(content)

        assert caught.value.facts["key"] == "in_force_from"

    def test_the_edition_is_a_digest_that_any_change_moves(self, tmp_path):
        assert (len(RULES.edition), load().edition) == (64, RULES.edition)
        assert book_with(tmp_path, CHOICE).edition != RULES.edition
        assert RULES != "another thing"

    def test_the_order_of_files_does_not_move_it(self, tmp_path):
        assert book_with(tmp_path, CHOICE, LIMIT).edition == book_with(tmp_path, LIMIT, CHOICE).edition

    def test_a_pinned_book_takes_todays_calendar(self, tmp_path):
        pinned = Rulebook.thaw({**RULES.frozen, "calendar": RULES.frozen["calendar"][:-1]})

        current = pinned.with_calendar_of(RULES)

        assert (pinned.calendar.last, current.calendar.last) == (date(2025, 12, 31), date(2026, 12, 31))
        assert current == RULES


class TestCalendar:
    def test_it_covers_2004_to_2026(self):
        assert (RULES.calendar.first, RULES.calendar.last) == (date(2004, 1, 1), date(2026, 12, 31))

    @given(st.dates(date(2004, 1, 1), date(2026, 12, 31)))
    def test_it_equals_the_package_it_was_made_from(self, day):
        assert RULES.calendar.is_workday(day) == chinese_calendar.is_workday(day)

    def test_a_csv_notice_becomes_a_year(self, tmp_path):
        file = tmp_path / "2027.csv"
        file.write_text(
            "\ufeffdate,kind,name\n2027-01-01,holiday,元旦\n2027-05-01,holiday,劳动节\n2027-05-02,holiday,劳动节\n"
            "2027-10-01,holiday,\n2027-10-02,holiday,\n2027-10-03,holiday,\n2026-12-27,makeup,元旦\n",
            encoding="utf-8",
        )
        notice = read_notice(file)

        rules = book_with(tmp_path, notice.toml())

        assert (notice.first, notice.last) == (date(2027, 1, 1), date(2027, 12, 31))
        assert rules.calendar.last == date(2027, 12, 31)
        assert rules.calendar.is_workday(date(2026, 12, 27)) is True
        assert RULES.calendar.is_workday(date(2026, 12, 27)) is False
        assert rules.calendar.is_workday(date(2027, 5, 2)) is False

    @pytest.mark.parametrize(
        ("text", "table", "problem"),
        [
            ("day,kind\n2027-01-01,holiday\n", "header", "must be date,kind[,name]"),
            ("date,kind\n2027-01-01,off\n", "line 2", "is 'off', not one of holiday, makeup"),
            ("date,kind\n2027-13-01,holiday\n", "line 2", "is no date: '2027-13-01'"),
            ("date,kind\n2027-01-02,makeup\n", "lines", "has no holiday"),
            ("date,kind\n2027-01-01,holiday\n", "lines", "leaves out the statutory 2027-05-01"),
            ("date,kind\n2027-01-01,holiday\n2027-01-01,makeup\n", "lines", "names a day twice"),
            ("date,kind\n2027-01-01,holiday\n2027-01-04,makeup\n", "lines",
             "2027-01-04 is no Saturday or Sunday"),
            ("date,kind\n2027-01-01,holiday\n2025-01-04,makeup\n", "lines",
             "2025-01-04 lies outside 2027-01-01–2027-12-31"),
        ],
    )  # fmt: skip
    def test_a_wrong_notice_is_refused(self, tmp_path, text, table, problem):
        file = tmp_path / "2027.csv"
        file.write_text(text, encoding="utf-8")

        with pytest.raises(RulebookError) as caught:
            read_notice(file)

        facts = caught.value.facts
        assert (facts["file"], facts["table"], facts["problem"]) == ("2027.csv", table, problem)

    def test_a_toml_notice_holds_a_calendar_and_nothing_else(self, tmp_path):
        file = tmp_path / "2027.toml"
        file.write_text(CHOICE, encoding="utf-8")

        with pytest.raises(RulebookError, match="must hold"):
            read_notice(file)

    def test_a_notice_that_ends_before_it_begins_is_refused(self, tmp_path):
        file = tmp_path / "2027.toml"
        file.write_text('[calendar]\nfirst = 2027-12-31\nlast = 2027-01-01\nbasis = "x"\ncertainty = "Q"\n')

        with pytest.raises(RulebookError, match="comes before first"):
            read_notice(file)


GUIDE = (Path(__file__).parents[2] / "docs/rulebook.md").read_text(encoding="utf-8")


def examples(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", GUIDE, re.MULTILINE | re.DOTALL)


def test_the_files_shown_in_the_guide_load(tmp_path):
    rules = book_with(tmp_path, *examples("toml"))

    assert (rules.limit("complaint.answer", NOW).amount, rules.channels["kiosk"].code) == (3, "kiosk")
    assert (rules.limit("opinion.answer", NOW).certainty, rules.calendar.last) == (
        "confirmed",
        date(2027, 12, 31),
    )


def test_the_notice_shown_in_the_guide_loads(tmp_path):
    file = tmp_path / "2027.csv"
    file.write_text(examples("csv")[0], encoding="utf-8")

    assert read_notice(file).last == date(2027, 12, 31)
