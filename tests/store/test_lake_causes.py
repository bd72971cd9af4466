"""The lake: why it came to a case, as signed in its liability, or as said where it was handled again."""

import shutil
from collections.abc import Iterator
from datetime import timedelta

import pytest

from suyuan.gateways.engine import open_duckdb
from suyuan.store import lake
from suyuan.store.models import Case
from tests.factories import FORMS, NOW, case_at, do
from tests.lakes import fresh_lake
from tests.liable import HEARD, liability_at

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def own_lake() -> Iterator[None]:
    """Begin without a lake, and leave none of another database's ids behind."""
    shutil.rmtree(lake.folder())
    yield
    shutil.rmtree(lake.folder())


def causes() -> dict[str, str]:
    """Return the cause of each case, the lake brought up to date."""
    lake.refresh()
    with open_duckdb(lake.folder()) as engine:
        rows = engine.tables().fetch(engine.tables().cases.order_by("number")).to_pylist()
    return {row["number"]: row["cause"] for row in rows}


def test_the_cause_is_that_of_the_round_that_was_signed_last():
    complaint = case_at("callback")
    case = liability_at("drafted", parent=complaint)
    assert causes() == {complaint.number: ""}

    case = do(case, "put_forward", "office", NOW + DAY, **FORMS["put_forward"](case))
    case = do(case, "review_shares", "audit", NOW + DAY)
    assert causes() == {complaint.number: ""}

    case = do(case, "sign_shares", "leader", NOW + DAY + HEARD)
    assert causes() == {complaint.number: "delivery"}

    again = NOW + 2 * DAY + HEARD
    case = do(case, "begin_round", "leader", again, note="有新证据")
    case = do(case, "put_forward", "office", again, responsibility="facility", analysis="表计缺陷")
    assert causes() == {complaint.number: "delivery"}

    case = do(case, "review_shares", "audit", again)
    do(case, "sign_shares", "leader", again + HEARD)
    assert causes() == {complaint.number: "facility"}
    fresh_lake()
    assert causes() == {complaint.number: "facility"}


def test_without_a_liability_it_is_what_was_said_of_the_second_handling():
    case = case_at("callback")
    unhappy = {"satisfaction": "dissatisfied", "dissatisfied_reason": "not_solved", "more_needed": True}
    case = do(case, "call_back", "lead", NOW + DAY, reached=True, **unhappy)
    case = do(case, "second_handle", "lead", NOW + DAY, note="仍未解决")
    assert causes() == {case.number: ""}

    said = FORMS["analyse_responsibility"](case) | {"responsibility": "individual"}
    do(case, "analyse_responsibility", "office", NOW + DAY, **said)

    assert causes() == {case.number: "individual"}


def test_the_cause_of_a_restricted_case_is_not_told():
    case = case_at("callback")
    liability_at("archived", parent=case)
    assert causes() == {case.number: "delivery"}

    Case.objects.filter(pk=case.pk).update(restricted=True)
    fresh_lake()

    assert causes() == {case.number: ""}
