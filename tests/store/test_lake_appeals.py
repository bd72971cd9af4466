"""What the lake knows of appeals and of claims found malicious; of staff protection, nothing."""

import shutil
from collections.abc import Iterator
from datetime import timedelta

import pytest

from suyuan.gateways.engine import open_duckdb
from suyuan.store import lake
from tests.appeal_cases import appeal_at, claim_at, protection_of
from tests.factories import NOW, do

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def own_lake() -> Iterator[None]:
    """Begin without a lake, and leave none of another database's ids behind."""
    shutil.rmtree(lake.folder())
    yield
    shutil.rmtree(lake.folder())


def told() -> list[tuple[object, ...]]:
    """Return what the lake says of each customer's case."""
    lake.refresh()
    with open_duckdb(lake.folder()) as engine:
        rows = engine.tables().fetch(engine.tables().cases.order_by("number")).to_pylist()
    return [(row["procedure"], row["finding"], row["finding_assessed"], row["malicious"]) for row in rows]


def test_a_case_is_drawn_anew_when_its_appeal_succeeds_or_its_claim_is_found_malicious():
    case = appeal_at("deciding")
    protection_of("agent")
    assert told() == [("complaint", "unverified", "unverified", None)]

    do(case, "uphold_appeal", "audit", NOW + DAY, note="证据充分")
    claim = claim_at("archived", NOW + 2 * DAY)
    assert sorted(told(), key=str) == [
        ("complaint", "", "", True),
        ("complaint", "unverified", "excluded", None),
    ]

    do(claim, "lift_claim", "audit", NOW + 3 * DAY, note="客户补充了证据")
    assert ("complaint", "", "", None) in told()
