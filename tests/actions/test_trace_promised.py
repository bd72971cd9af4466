"""A promised moment that a table brings is a limit when a complaint is traced in the home."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from suyuan.actions import traced
from suyuan.actions.trace import take_log
from suyuan.domain.procedure import SYSTEM
from suyuan.gateways import ocel_whole
from suyuan.store import event_log
from tests.factories import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_files_handed_in")]
HEADING = "申请编号,户号,供电单位,受理时间,现场勘查时间,供电方案答复时间,装表接电时间,承诺时限,归档时间\n"
BEGIN = datetime(2026, 1, 5, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def no_log():
    event_log.path().unlink(missing_ok=True)  # tests share a home
    yield
    event_log.path().unlink(missing_ok=True)


def row(number, day, promised, connected, archived=None):
    at = [BEGIN + timedelta(days=days) for days in (day, day + 1, day + 2)]
    done = f"{BEGIN + timedelta(days=day + connected):%Y-%m-%d %H:%M}" if connected else ""
    due = f"{BEGIN + timedelta(days=day + promised):%Y-%m-%d %H:%M}"
    closed = f"{BEGIN + timedelta(days=day + archived):%Y-%m-%d %H:%M}" if archived else ""
    said = ",".join(f"{each:%Y-%m-%d %H:%M}" for each in at)
    return f"YK{number:07d},{3_300_000_000_000 + number},0102,{said},{done},{due},{closed}\n"


def complaints(numbers):
    plain = {"attributes": []}
    things = [("0101", "单位"), *((str(3_300_000_000_000 + n), "户号") for n in numbers)]
    things += [(f"TS{n}", "投诉工单") for n in numbers]
    events = [
        {"id": f"t{n}", "type": "受理投诉", "time": (BEGIN + timedelta(days=60)).isoformat(), **plain,
         "relationships": [{"objectId": thing, "qualifier": ""}
                           for thing in (f"TS{n}", str(3_300_000_000_000 + n), "0101")]}
        for n in numbers
    ]  # fmt: skip
    return json.dumps({
        "objectTypes": [{"name": kind, **plain} for kind in ("单位", "户号", "投诉工单")],
        "eventTypes": [{"name": "受理投诉", **plain}],
        "objects": [{"id": name, "type": kind, "relationships": [], **plain} for name, kind in things],
        "events": events,
    })  # fmt: skip


def test_an_application_not_connected_by_its_promised_day_is_the_source(tmp_path):
    kept = [row(n, n / 2, 30, 3 + n % 9) for n in range(40)]
    broken = [row(n, 52, 5, 7) for n in range(100, 104)]
    (tmp_path / "a.csv").write_text(HEADING + "".join([*kept, *broken]))
    (tmp_path / "b.json").write_text(complaints(range(100, 104)))
    for name in ("a.csv", "b.json"):
        take_log(path=tmp_path / name, actor=SYSTEM, now=NOW)

    tracer = traced.known().tracer
    [chain] = tracer.trace(tracer.log.objects.find("TS100")).chains[:1]

    source = chain.nodes[0]
    assert (tracer.log.objects[source.thing], source.rule, source.mode.value) == (
        "YK0000100", "promised_moment", "late"
    )  # fmt: skip
    assert tracer.log.activities[source.activity] == "装表接电"


def test_a_promise_that_two_steps_of_an_order_could_keep_is_held_too(tmp_path):
    kept = [row(n, n / 2, 30, 3 + n % 9, 4 + n % 9) for n in range(40)]
    broken = [row(n, 52, 5, 7) for n in range(100, 104)]
    (tmp_path / "a.csv").write_text(HEADING + "".join([*kept, *broken]))
    (tmp_path / "b.json").write_text(complaints(range(100, 104)))
    for name in ("a.csv", "b.json"):
        take_log(path=tmp_path / name, actor=SYSTEM, now=NOW)

    tracer = traced.known().tracer
    [chain] = tracer.trace(tracer.log.objects.find("TS100")).chains[:1]

    assert (tracer.log.objects[chain.nodes[0].thing], chain.nodes[0].mode.value) == ("YK0000100", "late")


def test_a_date_alone_promises_until_its_day_ends(tmp_path):
    head, rest = row(1, 0, 5, 0).rsplit(",", 2)[0], ",\n"
    (tmp_path / "a.csv").write_text(HEADING + head + ",2026-01-20" + rest)
    take_log(path=tmp_path / "a.csv", actor=SYSTEM, now=NOW)

    [(_, name, at)] = ocel_whole.promises(event_log.path())

    assert (name, at / 1e6) == ("承诺时限", datetime(2026, 1, 20, 15, 59, 59, tzinfo=UTC).timestamp())
