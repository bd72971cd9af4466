"""Entries that would do nothing: the same as is in force, or on a list that nobody reads."""

import json
from datetime import date

import pytest

from suyuan.domain.errors import RulebookError
from suyuan.domain.rulebook import load, refuse_idle
from suyuan.domain.rulebook.idle import refuse
from suyuan.domain.rulebook.reading import Row
from suyuan.domain.rulebook.records import plain

RULES = load()
KIOSK = {
    "list": "channel",
    "code": "kiosk",
    "title": {"zh": "自助终端", "en": "Kiosk"},
    "basis": "本公司",
    "certainty": "Q",
}
UNREAD = """[[choice]]
list = "wishes"
code = "one"
title = { zh = "一", en = "One" }
basis = "本公司"
certainty = "Q"
"""
UNREAD_ENTRY = KIOSK | {"list": "wishes"}


def problem(kind: str, entry: dict[str, object], book=RULES) -> str:
    """Return what is said of an entry that would do nothing, nothing of one that would do something."""
    try:
        refuse(book, kind, Row("entry", kind, entry))
    except RulebookError as wrong:
        return str(wrong.facts["problem"])
    return ""


def edition(kind: str, key: str) -> dict[str, object]:
    """Return the newest edition of a record as an entry."""
    return plain(RULES.editions(kind)[key][-1])


@pytest.mark.parametrize(
    ("kind", "key", "begun"),
    [
        ("limit", "complaint.accept", "since 2021-09-25"),
        ("category", "service", "without a first day"),
        ("business_type", "complaint", "without a first day"),
        ("choice", "channel:95598", "without a first day"),
        ("figure", "voltage.pass", "since 2023-01-01"),
    ],
)
def test_the_same_again_is_told_with_what_it_repeats_and_since_when(kind, key, begun):
    said = f"says what {key!r} says already, in force {begun}"

    assert problem(kind, edition(kind, key)) == said
    assert problem(kind, edition(kind, key) | {"in_force_from": "2026-06-01"}) == said
    assert problem(kind, edition(kind, key) | {"basis": "省公司通知 2026-3"}) == ""


def test_a_limit_without_rungs_repeats_one_that_has_those_of_the_house():
    bare = edition("limit", "complaint.accept") | {"warn": [], "after": []}

    assert problem("limit", bare) == "says what 'complaint.accept' says already, in force since 2021-09-25"


def test_an_edition_between_two_is_held_against_the_one_before_it():
    first, second = RULES.figures["voltage.pass"]
    between = {"in_force_from": "2020-01-01", "in_force_until": "2022-12-31"}

    assert problem("figure", plain(first) | between) != ""
    assert problem("figure", plain(second) | {"in_force_from": "2020-01-01"}) == ""


def test_a_confirmation_on_the_same_word_and_a_doubt_in_the_same_words_change_nothing():
    sure = {"limit": "complaint.accept", "in_force_from": "2021-09-25", "basis": "细则第9条", "by": "王某"}
    doubt = {"limit": "complaint.accept", "in_force_from": "2021-09-25", "by": "王某"}
    doubt |= {"certainty": "memory", "note": RULES.limits["complaint.accept"][0].note}
    said = "says what 'complaint.accept' says already, in force since 2021-09-25"
    confirmed = load(entries=[{"confirm": [sure]}])

    assert [problem("confirm", sure), problem("confirm", sure | {"by": "李某"}, confirmed)] == ["", said]
    assert problem("confirm", sure | {"basis": "细则第10条"}, confirmed) == ""
    assert [problem("revoke", doubt), problem("revoke", doubt, confirmed)] == [said, ""]


def test_a_notice_that_is_loaded_is_not_loaded_again():
    notice = RULES.notices[-1]

    assert problem("calendar", notice.plain()) == (
        f"says what '{notice.first.year}' says already, in force since {notice.first}"
    )
    assert problem("calendar", notice.plain() | {"basis": "国务院通知"}) == ""


def test_a_value_of_a_list_that_nobody_reads_is_told_the_lists_there_are():
    lists = ", ".join(sorted(RULES.choices))
    said = f"'wishes' is a list that nobody reads; there are {lists}"

    assert [problem("choice", KIOSK), problem("choice", UNREAD_ENTRY)] == ["", said]


def test_a_file_with_such_a_list_is_refused_and_one_approved_long_ago_stands_aside(tmp_path):
    file = tmp_path / "own.toml"
    file.write_text(UNREAD, "utf-8")

    with pytest.raises(RulebookError) as wrong:
        load(file)

    assert (wrong.value.facts["file"], wrong.value.facts["key"]) == ("own.toml", "list")
    for on in (None, date(2026, 3, 4)):
        assert load(entries=[{"choice": [UNREAD_ENTRY]}], on=on) == RULES


def test_a_file_that_repeats_the_book_is_told_where(tmp_path):
    file = tmp_path / "own.toml"
    entry = edition("choice", "channel:95598")
    lines = [f"{key} = {json.dumps(value)}" for key, value in entry.items() if isinstance(value, str)]
    names = json.dumps(entry["synonyms"])
    title = 'title = { zh = "95598热线", en = "95598 hotline" }'
    file.write_text("\n".join(["[[choice]]", *lines, f"synonyms = {names}", title]) + "\n", "utf-8")

    with pytest.raises(RulebookError) as wrong:
        refuse_idle(file, RULES)

    assert wrong.value.facts == {
        "file": "own.toml",
        "table": "choice[1] 95598",
        "key": "",
        "problem": "says what 'channel:95598' says already, in force without a first day",
    }
