"""Over very many cases a search finds every case, whatever else narrows the list, and in order."""

from datetime import date

import pytest
from django.db import transaction

from suyuan.store.queries import listing, viewer
from suyuan.store.queries.cases import LOCAL
from tests import crowd
from tests.factories import NOW, person

NUMBERS = range(1, crowd.CASES + 1)
Filters = listing.Filters


@pytest.fixture(scope="module", autouse=True)
def many(django_db_setup, django_db_blocker):
    """Make the crowd once for this module, and take it back."""
    with django_db_blocker.unblock(), transaction.atomic():
        crowd.build()
        person("office"), person("station", at="0203", username="third")
        yield
        transaction.set_rollback(True)


def day(n):
    return (crowd.START + n * crowd.STEP).astimezone(LOCAL).date()


def speaks(word):
    return {
        "停电": lambda n: n % crowd.OFTEN == 0,
        "客户": lambda n: True,
        "噪声": lambda n: n % crowd.OFTEN != 0 and n % crowd.FEW == 7,
        "飞机": lambda n: False,
    }[word]


@pytest.mark.parametrize("word", ["停电", "客户", "噪声", "飞机"])
@pytest.mark.parametrize(
    ("narrow", "holds"),
    [
        ({}, lambda n: True),
        (
            {"accepted_from": date(2025, 1, 2), "accepted_to": date(2025, 1, 2)},
            lambda n: day(n) == date(2025, 1, 2),
        ),
        ({"unit": "0205"}, lambda n: n % crowd.UNITS == 4),
        ({"unit": "0206", "business_type": "report"}, lambda n: n % crowd.UNITS == 5 and n % 50 == 0),
        ({"state": "merged"}, lambda n: n % crowd.RARE == 0),
        ({"state": "archived"}, lambda n: n % crowd.FEW != 0),
        ({"category": "quality"}, lambda n: n % crowd.FEW == 3),
        ({"finding": "verified", "satisfaction": "dissatisfied"}, lambda n: n % 400 == 1),
        ({"open_only": True, "order": "accepted"}, lambda n: n % crowd.FEW == 0 and n % crowd.RARE != 0),
    ],
    ids=["all", "day", "unit", "unit and type", "rare state", "usual state", "category", "two", "open"],
)
def test_a_search_finds_every_case_and_no_other(word, narrow, holds):
    looking = viewer.named("office")
    wanted = [f"N{n}" for n in reversed(NUMBERS) if holds(n) and speaks(word)(n)]

    filters = Filters(q=word, **narrow)
    pages = [listing.listing(looking, filters, now=NOW, page=page, size=50) for page in (1, 2)]

    assert [case.number for page in pages for case in page.rows] == wanted[:100]
    assert pages[1].has_next is (len(wanted) > 100)
    assert listing.found(looking, filters, NOW).order_by().count() == len(wanted)


def test_a_station_finds_all_of_its_own_and_nothing_else():
    looking = viewer.named("third")

    said = listing.found(looking, Filters(q="电费"), NOW)

    assert {case.unit.code for case in said[:60]} == {"0203"}
    assert said.count() == len([n for n in NUMBERS if n % crowd.UNITS == 2 and n % 5 and n % crowd.FEW != 7])
