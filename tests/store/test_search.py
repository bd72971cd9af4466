"""Words of two characters, single characters, numbers; never beyond one's reach."""

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from suyuan.actions import imports
from suyuan.domain import wording
from suyuan.domain.procedure import Actor
from suyuan.store import search
from suyuan.store.queries import listing, viewer
from tests.factories import NOW, case_at, do, person, unit
from tests.methods.order_files import GOOD, HEADERS, write_csv

pytestmark = pytest.mark.django_db
TEXTS = {
    "A1": "客户反映抄表员连续三个月未抄表",
    "A2": "客户反映变压器噪声扰民，台区编号T0815",
    "A3": "电费发票开具有误，要求更正",
    "A4": "ＡＢＣ小区路灯不亮, meter No.0123456",
    "A5": "停 电，无人抢修",
}


@pytest.fixture
def find(tmp_path):
    """Import orders with these texts and search them as the office does."""
    unit()
    rows = [[*HEADERS, "供电单位"], *([n, *GOOD[1:3], text, "0101"] for n, text in TEXTS.items())]
    path = write_csv(tmp_path / "a.csv", rows)
    imports.run(path=path, layout="auto", actor=Actor("clerk", frozenset()), now=NOW)
    office = viewer.of(person("office"))

    def found(words, looking=office):
        page = listing.listing(looking, listing.Filters(q=words), now=NOW)
        return sorted(case.number for case in page.rows)

    return found


WORDS = [
    ("抄表", ["A1"]),
    ("抄表员", ["A1"]),
    ("客户反映", ["A1", "A2"]),
    ("噪声", ["A2"]),
    ("费发", ["A3"]),
    ("客户 变压器", ["A2"]),
    ("变压器 客户", ["A2"]),
    ("抄表 噪声", []),
    ("表", ["A1"]),
    ("电", ["A3", "A5"]),
    ("T0815", ["A2"]),
    ("t0815", ["A2"]),
    ("0815", []),
    ("meter", ["A4"]),
    ("METER", ["A4"]),
    ("不存在", []),
    ("ABC", ["A4"]),
    ("ＡＢＣ", ["A4"]),
]


@pytest.mark.parametrize(("words", "numbers"), WORDS, ids=[words for words, _ in WORDS])
def test_words_are_found(find, words, numbers):
    assert find(words) == numbers


@pytest.mark.parametrize(
    ("words", "numbers"),
    [("配变", ["A2"]), ("抄电表", ["A1"]), ("配变 噪声", ["A2"]), ("配变 抄电表", []), ("电能表", [])],
)
def test_other_ways_of_saying_it_are_found_too(find, words, numbers):
    assert find(words) == numbers


@pytest.mark.parametrize("character", ["反", "票", "民", "员", "误", "月", "亮"])
def test_a_single_character_is_found_wherever_it_stands(find, character):
    assert find(character) == [number for number, text in TEXTS.items() if character in text]


@pytest.mark.parametrize(
    "query",
    [
        "'",
        '"',
        '"抄表',
        "抄表*",
        "OR",
        "抄表 OR 噪声",
        "NEAR(抄表)",
        "-噪声",
        "a:b",
        "&|!",
        "\\",
        "%",
        "' OR 1=1 --",
        "()",
    ],
)
def test_no_query_is_an_error(find, query):
    assert set(find(query)) <= set(TEXTS)


@pytest.mark.parametrize("query", ["!!", "，。", "😀", "' --"])
def test_a_query_without_a_word_finds_only_what_it_is_exactly(find, query):
    assert find(query) == []


def test_an_order_is_found_by_its_whole_number_alone(find):
    assert (find("A1"), find(" A1 "), find("A")) == (["A1"], ["A1"], [])


def test_a_telephone_and_an_account_are_found_exactly_and_never_in_part():
    case_at("registered", phone="13800001111", account="3300099999999")
    looking = viewer.of(person("office"))

    def count(query):
        return len(listing.listing(looking, listing.Filters(q=query, exact=True), now=NOW).rows)

    assert [count(q) for q in ("13800001111", " 3300099999999 ", "1380000", "138*****11", "99999999")] == [
        1,
        1,
        0,
        0,
        0,
    ]


def test_a_number_written_in_the_text_is_not_found_because_it_is_masked():
    case_at("registered", text="请致电13700002222联系我")
    looking = viewer.of(person("office"))

    assert listing.listing(looking, listing.Filters(q="13700002222", exact=True), now=NOW).rows == []


def test_a_station_finds_only_its_own(find):
    west = viewer.of(person("station", at="0102", username="west"))
    east = viewer.of(person("station"))

    assert (find("抄表", west), find("抄表", east), find("A1", west)) == ([], ["A1"], [])


@pytest.mark.parametrize(
    ("role", "count"),
    [("audit", 1), ("leader", 1), ("office", 0), ("station", 0), ("admin", 0), ("party", 0)],
)
def test_a_report_of_misconduct_is_found_by_audit_and_leaders_alone(role, count):
    case = case_at("dispatched", "report", text="举报抄表员收受礼品")
    looking = viewer.of(person(role))

    def found(query):
        return len(listing.listing(looking, listing.Filters(q=query, exact=True), now=NOW).rows)

    assert [found(query) for query in ("礼品", case.number)] == [count, count]
    assert found("13912345678") == (role == "audit")  # who accused somebody is audit's to know alone


def test_what_was_reindexed_is_found_by_its_new_words_alone(find):
    from suyuan.store.models import Case

    case = Case.objects.get(number="A1")

    search.replace(case.pk, TEXTS["A1"], "电压不稳")

    assert (find("抄表"), find("电压")) == ([], ["A1"])


def test_a_verb_leaves_the_index_alone():
    case = case_at("registered")
    looking = viewer.of(person("office"))

    do(case, "urge", "office", note="客户再次来电")

    assert [row.number for row in listing.listing(looking, listing.Filters(q="抄表"), now=NOW).rows] == [
        case.number
    ]


@given(st.text(max_size=30))
def test_terms_of_chinese_are_pairs_and_of_the_rest_whole_words(text):
    for term in wording.terms(text):
        chinese = term[0] >= "一"
        assert term == term.lower()
        assert (len(term) <= 2) if chinese else term.isalnum()


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("", []),
        ("电", ["电"]),
        ("停电", ["停电", "电"]),
        ("频繁停电", ["频繁", "繁停", "停电", "电"]),
        ("10kV停电, A区", ["10kv", "停电", "电", "a", "区"]),
        ("停，电", ["停", "电"]),
        ("ＡＢ１小区", ["ab1", "小区", "区"]),
    ],
)
def test_terms_are_cut_so(text, terms):
    assert wording.terms(text) == terms


def test_the_index_holds_no_text_that_could_be_read_back(find):
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT body FROM store_search")
            assert {row[0] for row in cursor.fetchall()} == {None}
        else:
            cursor.execute("SELECT count(*) FROM store_search")
            assert cursor.fetchone() == (len(TEXTS),)
