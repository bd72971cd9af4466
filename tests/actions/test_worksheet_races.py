"""Two people bring in the same worksheet at once: each row is done once, and the other is told by whom."""

import shutil
import time

import pytest
from django.db import transaction

from suyuan.store import chain
from suyuan.store.models import Event
from tests.actions.test_races import at_once, own_lake  # noqa: F401 the fixtures of a race
from tests.factories import NOW, case_at, person
from tests.worksheet_files import bring, fill, taken

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("shared_base")]


def test_two_bring_in_the_same_worksheet_and_each_row_is_done_once(tmp_path):
    for _ in range(3):
        case_at("registered")
    asks = {"verb": "派单", "field:unit": "东城供电所", "field:specialty": "营销"}
    path = fill(taken(tmp_path), asks, asks, asks)
    person("lead")
    other = path.with_name("other.xlsx")
    shutil.copy(path, other)

    first, second = at_once(lambda: bring(path), lambda: bring(other, "lead"))

    ends = list(zip(*([row.outcome for row in each.rows] for each in (first, second)), strict=True))
    assert [sorted(pair) for pair in ends] == [["applied", "refused"]] * 3
    assert Event.objects.filter(verb="dispatch").count() == 3
    refused = [row for each in (first, second) for row in each.rows if row.outcome == "refused"]
    assert {row.code for row in refused} == {"moved_on"}
    assert {each["by"] for row in refused for each in row.facts["since"]} <= {"office", "lead"}
    assert Event.objects.filter(verb="worksheet_apply").count() == 2
    assert chain.verify()[0] == 4


def test_registers_that_belong_to_no_row_take_one_event_after_the_other():
    def add(place):
        with transaction.atomic():
            chain.append(
                stream="register:worksheet", at=NOW, actor="clerk", verb="v", detail={"place": place}
            )
            time.sleep(0.02)

    ends = at_once(*[lambda place=place: add(place) for place in range(5)])

    assert ends == [None] * 5
    assert chain.verify(["register:worksheet"]) == (1, 5)
