"""The keep rate of commitments on the board is that of the register, and leads to its cases."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from suyuan.cli.board import rows
from suyuan.domain.commitment import Record
from suyuan.store import lake, rules
from suyuan.store.models import Case
from suyuan.store.queries import commitments, viewer
from tests.board_pages import signed_in
from tests.factories import FORMS, NOW, case_at, do, person
from tests.lakes import fresh_lake

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def promised(day: str, account: str) -> Case:
    """Return a case on which something was promised for a day."""
    return do(
        case_at("registered", account=account),
        "promise",
        "agent",
        **FORMS["promise"](None) | {"promised_on": day},
    )


def some() -> list[Case]:
    """Return a case with a kept and a moved promise, one with a broken one, one forgotten, one restricted."""
    kept, broken, forgotten, hidden = (promised("2026-03-10", f"330000000000{n}") for n in range(4))
    do(kept, "promise", "agent", promise="另办", promised_on="2026-03-12")
    do(kept, "keep_promise", "office", NOW + DAY, commitment="1")
    do(kept, "move_promise", "office", NOW + DAY, commitment="2", promised_on="2099-04-01", note="缺货")
    do(broken, "keep_promise", "office", NOW + 9 * DAY, commitment="1", note="晚了")
    Case.objects.filter(pk=hidden.pk).update(restricted=True)
    fresh_lake()
    return [kept, broken, forgotten]


def on_the_board():
    """Return the rate of everything, as the board command has it."""
    return next(row for row in rows("", "")[1] if row.id == "commitment_keep_rate")


def test_the_board_shows_the_figure_of_the_register():
    some()
    today = rules.local_day(timezone.now())
    office = viewer.of(person("office"))

    found = commitments.records(commitments.listed(office, "", "", today), today)

    row = on_the_board()
    assert [one.record for one in found] == [Record(open=1, moved=1, kept=1, over=3)]
    assert (row.n, row.of, row.value) == (1, 3, found[0].record.rate)
    assert row.excluded == {"not_due_yet": 1, "moved": 1, "restricted": 1}


def test_a_promise_that_is_kept_later_changes_the_figure_at_the_next_export():
    _, _, forgotten = some()
    before = on_the_board()

    do(
        forgotten,
        "move_promise",
        "office",
        NOW + 20 * DAY,
        commitment="1",
        promised_on="2099-01-01",
        note="缺货",
    )
    do(forgotten, "keep_promise", "office", NOW + 21 * DAY, commitment="2")
    lake.refresh()
    after = on_the_board()

    assert ((before.n, before.of), (after.n, after.of)) == ((1, 3), (2, 4))
    fresh_lake()
    assert (on_the_board().n, on_the_board().of) == (2, 4)


def test_the_page_leads_from_the_rate_to_the_cases():
    kept, broken, forgotten = some()
    client = signed_in("office")

    page = client.get("/board/?period=all")
    rate = next(row for row in page.context["rest"] if row.id == "commitment_keep_rate")

    assert (rate.value, rate.counts) == ("33.33 %", "1/3")
    listed = client.get(rate.missed_url)
    text = listed.content.decode()
    assert "2 项承诺，涉及 2 张工单。" in text
    assert set(re.findall(r'href="/case/([^/"]+)/"', text)) == {broken.number, forgotten.number}
    assert kept.number in client.get(rate.n_url).content.decode()
