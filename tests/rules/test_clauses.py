"""Every matter finds the clauses it can have breached, and a wrong clause is refused with its place."""

import pytest

from suyuan.domain.errors import RulebookError
from suyuan.domain.rulebook import load

BOOK = load()
ONE = {
    "code": "own.rule",
    "document": "十项承诺-2022",
    "title": {"zh": "窗口不得提前关门", "en": "No window closes early"},
    "procedures": ["complaint"],
    "categories": ["service.hall"],
    "basis": "本公司",
    "certainty": "Q",
}


def own(**changed: object):
    """Return the book with a clause of the office's own."""
    return load(entries=[{"clause": [ONE | changed]}])


def test_every_matter_has_a_clause_that_names_it():
    named = [one for editions in BOOK.clauses.values() for one in editions if one.categories]

    silent = [
        code
        for code, category in BOOK.categories.items()
        if category.level > 1
        and all(
            one.nearness("report" if code.startswith("misconduct") else "complaint", code) < 1
            for one in named
            if one.in_force_until is None
        )
    ]

    assert silent == []


def test_the_number_is_as_it_is_cited_or_not_there():
    (numbered,), (without,) = BOOK.clauses["prohibition.designate"], BOOK.clauses["promise.arrive"]

    assert (numbered.cited.zh, numbered.cited.en) == ("第3条", ", article 3")
    assert (without.cited.zh, without.cited.en) == ("", "")


def test_what_is_only_remembered_cites_no_number():
    unsure = [one for (*_, one) in BOOK.clauses.values() if not one.certainty.assessable]

    assert len(unsure) > 10
    assert [one.code for one in unsure if one.number] == []


def test_a_clause_is_nearer_the_more_of_a_category_it_names():
    (one,) = own(categories=["service", "service.hall"]).clauses["own.rule"]
    (every,) = own(categories=[]).clauses["own.rule"]

    assert [
        one.nearness("complaint", code) for code in ("service.hall.attitude", "service.web", "outage")
    ] == [
        len("service.hall"),
        len("service"),
        -1,
    ]
    assert (every.nearness("complaint", "outage"), every.nearness("report", "outage")) == (0, -1)


@pytest.mark.parametrize(
    ("changed", "key"),
    [
        ({"document": "十一项承诺"}, "document"),
        ({"categories": ["service.kiosk"]}, "categories"),
        ({"procedures": ["gossip"]}, "procedures"),
        ({"procedures": []}, "procedures"),
        ({"code": "complaint.answer"}, "code"),
        ({"code": "Own rule"}, "code"),
        ({"number": "第" + "九" * 20}, "number"),
        ({"article": 9}, "article"),
    ],
)
def test_a_wrong_clause_is_refused_with_its_place(changed, key):
    with pytest.raises(RulebookError) as caught:
        own(**changed)

    assert (caught.value.facts["file"], caught.value.facts["key"]) == ("approved", key)
    assert str(caught.value.facts["table"]).startswith("clause[1]")


def test_a_clause_written_twice_in_a_file_is_refused():
    with pytest.raises(RulebookError) as caught:
        load(entries=[{"clause": [ONE, ONE]}])

    assert caught.value.facts["problem"] == "repeats a record of this file"


def test_a_remembered_clause_can_be_confirmed():
    (sure,) = load(
        entries=[{"confirm": [{"clause": "rules.reading", "by": "王某", "basis": "供电营业规则第80条"}]}]
    ).clauses["rules.reading"]

    assert (sure.certainty, sure.confirmed_by) == ("confirmed", "王某")
