"""A document is rendered from what is stored: in reach, once, and the same again from the same rows."""

import hashlib
import zipfile
from datetime import timedelta

import pytest
from python_calamine import CalamineWorkbook

from suyuan.actions import publish
from suyuan.actions.publish import rendering
from suyuan.domain.errors import BadInput, Refused
from suyuan.domain.schedule import DOCUMENTS
from suyuan.jobs import publications as jobs
from suyuan.store import chain
from suyuan.store.models import Event, Publication
from tests.factories import NOW, actor, case_at
from tests.lakes import fresh_lake

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
WEEK = "2026-W10"


def ask(role="office", unit="01", period=WEEK, now=NOW, language="zh-hans"):
    """Ask for the board of a unit."""
    wanted = publish.Wanted("board", period, unit, language)
    return publish.queue(wanted=wanted, actor=actor(role), now=now)


def content(row):
    """Return the sheets of a finished publication."""
    row.refresh_from_db()
    book = CalamineWorkbook.from_path(str(publish.folder() / f"{row.sha256}.xlsx"))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def test_every_document_that_can_be_asked_for_can_be_made():
    assert set(rendering.HOW) == set(DOCUMENTS)


def test_a_workbook_says_what_the_board_says_and_what_it_was_made_from():
    case_at("registered")
    case_at("archived")
    fresh_lake()
    row = ask()

    assert jobs.next_one(NOW + MINUTE, "w") == 1

    sheets = content(row)
    assert list(sheets) == ["指标", "单位", "薄弱环节", "说明"]
    volume = next(line for line in sheets["指标"] if line[-1] == "order_volume")
    assert volume[1:4] == ["2", 2.0, 2.0]
    made = dict(sheets["说明"][1:])
    assert (made["时期"], made["单位"]) == (WEEK, "01 溯源市供电公司")
    assert (made["截至"], made["输入摘要"]) == ("2026-03-04T10:30:00+08:00", row.input_digest)


@pytest.mark.parametrize("document", sorted(DOCUMENTS))
def test_no_document_holds_anything_of_a_person(document):
    planted = {
        "phone": "13912345678",
        "account": "3300012345678",
        "customer": "欧阳独特",
        "address": "独特路7号",
    }
    case_at("archived", text="欧阳独特的电表7788991122坏了", **planted)
    case_at("registered", **planted)
    fresh_lake()
    row = publish.queue(
        wanted=publish.Wanted(document, WEEK, "01", "zh-hans"), actor=actor("office"), now=NOW
    )
    jobs.next_one(NOW + MINUTE, "w")

    row.refresh_from_db()
    with zipfile.ZipFile(publish.folder() / f"{row.sha256}.xlsx") as book:
        parts = [book.read(name).decode() for name in book.namelist()]
    said = [*planted.values(), "7788991122", "独特"]
    assert (row.state, [piece for piece in said for part in parts if piece in part]) == ("done", [])


def test_the_row_keeps_the_digest_of_its_file_and_the_event_says_so():
    case_at("registered")
    fresh_lake()
    row = ask()
    jobs.next_one(NOW + MINUTE, "w")

    row.refresh_from_db()
    kept = (publish.folder() / f"{row.sha256}.xlsx").read_bytes()
    assert (row.state, row.size, row.sha256) == ("done", len(kept), hashlib.sha256(kept).hexdigest())
    assert row.name == "指标看板 2026-W10 溯源市供电公司.xlsx"
    events = Event.objects.filter(stream="register:publication").order_by("seq")
    assert [event.verb for event in events] == ["publication_queue", "publish"]
    assert events[1].detail["sha256"] == row.sha256
    assert chain.verify()[0] == 2


def test_the_same_rows_give_the_same_bytes_also_from_a_lake_made_anew():
    case_at("registered")
    case_at("archived")
    fresh_lake()
    rows = [ask()]
    jobs.next_one(NOW + MINUTE, "w")
    fresh_lake()
    rows.append(ask(now=NOW + timedelta(seconds=20)))
    jobs.next_one(NOW + 5 * MINUTE, "w")

    first, second = (Publication.objects.get(pk=row.pk) for row in rows)
    assert (first.as_of, first.sha256) == (second.as_of, second.sha256)


def test_another_case_gives_another_digest():
    case_at("registered")
    fresh_lake()
    rows = [ask()]
    jobs.next_one(NOW + MINUTE, "w")
    case_at("registered")
    fresh_lake()
    rows.append(ask())
    jobs.next_one(NOW + MINUTE, "w")

    first, second = (Publication.objects.get(pk=row.pk) for row in rows)
    assert first.input_digest != second.input_digest
    assert first.sha256 != second.sha256


def test_in_english_every_word_is_english():
    case_at("archived")
    fresh_lake()
    row = ask(language="en")
    jobs.next_one(NOW + MINUTE, "w")

    sheets = content(row)
    assert list(sheets) == ["Measures", "Units", "Weak links", "How it was made"]
    heads = "".join(str(cell) for name in sheets for cell in sheets[name][0])
    assert heads.isascii()


def test_what_is_under_way_is_not_begun_twice():
    assert ask().pk == ask(now=NOW + MINUTE).pk
    assert Event.objects.count() == 1


def test_a_unit_out_of_reach_is_not_found():
    actor("office")
    with pytest.raises(Refused) as no:
        ask("station", unit="0102")

    assert (no.value.code, Publication.objects.count()) == ("unknown_unit", 0)


@pytest.mark.parametrize("role", ["station", "office"])
def test_everything_is_for_who_reaches_everything(role):
    if role == "office":
        assert ask(role, unit="").unit is None
        return
    with pytest.raises(Refused) as no:
        ask(role, unit="")
    assert no.value.code == "unknown_unit"


def test_an_unknown_period_document_or_language_is_an_error():
    ends = []
    for wanted in (
        publish.Wanted("board", "2026-W99", "01"),
        publish.Wanted("bulletin", WEEK, "01"),
        publish.Wanted("board", WEEK, "01", "fr"),
    ):
        with pytest.raises(BadInput) as wrong:
            publish.queue(wanted=wanted, actor=actor("office"), now=NOW)
        ends.append(wrong.value.code)

    assert ends == ["period_unknown", "unknown_value", "unknown_value"]
    assert Publication.objects.count() == 0


def test_a_document_that_cannot_be_made_keeps_its_reason_and_is_set_aside_at_last(monkeypatch):
    monkeypatch.setitem(rendering.HOW, "board", lambda row, digest: {}["no such sheet"])
    fresh_lake()
    row = ask()

    moment = NOW
    for _ in range(8):
        jobs.next_one(moment, "w")
        moment += timedelta(minutes=20)

    row.refresh_from_db()
    assert (row.state, row.attempts, row.fault["facts"]["kind"]) == ("aside", 3, "KeyError")
    assert Event.objects.get(stream="register:work").detail["kind"] == "publication"
