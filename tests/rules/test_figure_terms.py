"""What an office's edition of a figure must say, and from which day it holds."""

import re
from datetime import date

import pytest
from django.utils import translation

from suyuan.domain.errors import RulebookError
from suyuan.domain.rulebook import load
from suyuan.domain.rulebook.entries import content
from suyuan.web.rules.said import chinese

HAN = re.compile(r"[\u3400-\u9fff]")
FIGURE = {"title": {"zh": "一", "en": "one"}, "basis": "本公司", "certainty": "Q"}
INBOX = {"days": 20, "most_unread": 50}


def entry(figure: str, terms: dict[str, object], **more: str) -> dict[str, object]:
    """Return the entry of a figure."""
    return content("figure", {"id": figure, "terms": terms, **FIGURE, **more})


@pytest.mark.parametrize(
    ("figure", "terms", "key", "problem"),
    [
        ("outbox.inbox", {"days": 30}, "most_unread", "is missing"),
        ("outbox.inbox", INBOX | {"weeks": 3}, "weeks", "is not known here"),
        ("outbox.inbox", INBOX | {"days": 2.5}, "days", "must be a whole number"),
        ("outbox.inbox", INBOX | {"days": True}, "days", "must be a whole number"),
        ("outbox.inbox", INBOX | {"days": 40_000}, "days", "must be 36500 at most"),
        ("outbox.receipt", {"window_seconds": -5, "most": 1}, "window_seconds", "must be above 0"),
        ("outbox.receipt", {"window_seconds": 60, "most": 0}, "most", "must be above 0"),
        ("signin.password", {"characters": 1}, "characters", "must be 8 at least"),
        ("figures.least", {"signin.password.characters": 1}, "", "is the product's own"),
        ("reliability", {"urban": "much", "rural": 0.9}, "urban", "must be a number"),
        ("reliability", {"urban": float("nan"), "rural": 0.9}, "urban", "must be a number"),
        ("outbox.urgent", {"templates": "urge"}, "templates", "must be a list"),
        ("outbox.urgent", {"templates": [1]}, "templates", "must be text"),
        ("search.synonyms", {"pole": "电杆"}, "pole", "must be a list"),
        ("schedule.own", {"kind": "lake", "cron": "* * * * *"}, "at_once", "is missing"),
        (
            "schedule.own",
            {"kind": "lake", "cron": "* * * * *", "at_once": 1},
            "at_once",
            "must be true or false",
        ),
    ],
)
def test_a_figure_says_what_the_product_reads(figure, terms, key, problem):
    with pytest.raises(RulebookError) as wrong:
        load(entries=[entry(figure, terms)])

    named = f"terms.{key}".rstrip(".")
    assert (wrong.value.facts["key"], wrong.value.facts["problem"]) == (named, problem)
    with translation.override("zh-hans"):
        assert HAN.search(chinese(problem))


@pytest.mark.parametrize(
    ("figure", "terms"),
    [
        ("outbox.inbox", INBOX),
        ("voltage.single", {"nominal": 220, "low": 200, "high": 230.5, "unit": "V"}),
        ("search.synonyms", {"pole": ["电杆", "电线杆"]}),
        ("schedule.own", {"kind": "publication", "cron": "1 1 * * *", "at_once": False, "period": "week"}),
        ("our.own", {"anything": [1, "two"]}),
    ],
)
def test_what_fits_is_taken(figure, terms):
    assert load(entries=[entry(figure, terms)]).figures[figure][-1].terms == terms


def test_a_shipped_edition_of_its_own_terms_is_written_again():
    past = entry("voltage.pass", {"all": 0.95}, in_force_from="2012-01-01", in_force_until="2022-12-31")

    assert load(entries=[past]).figure("voltage.pass", date(2015, 1, 1)).terms == {"all": 0.95}


def test_a_figure_approved_before_its_terms_were_checked_stands_aside():
    book = load(entries=[entry("outbox.inbox", {"days": 20})], on=date(2026, 3, 4))

    assert book == load()


def test_a_wrong_figure_of_a_file_is_named_whatever_the_day(tmp_path):
    (tmp_path / "own.toml").write_text(
        '[[figure]]\nid = "outbox.inbox"\ntitle = { zh = "a", en = "b" }\nterms = { days = 3 }\n'
        'in_force_from = 2030-01-01\nbasis = "c"\ncertainty = "S"\n',
        "utf-8",
    )

    with pytest.raises(RulebookError, match="most_unread"):
        load(tmp_path / "own.toml", on=date(2026, 3, 4))


def test_a_figure_of_a_later_day_waits_for_it_and_is_checked_today():
    later = entry("outbox.inbox", INBOX, in_force_from="2030-01-01")
    ladder = entry("clock.ladder", {"warn": [2.0], "after_hours": [1]}, in_force_from="2030-01-01")

    days = [
        load(entries=[later], on=on).figures["outbox.inbox"][-1].terms["days"]
        for on in (date(2029, 12, 31), date(2030, 1, 1))
    ]

    assert days == [30, 20]
    with pytest.raises(RulebookError, match="warn"):
        load(entries=[ladder], on=date(2026, 3, 4))
