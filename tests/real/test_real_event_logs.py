"""Real event logs, read whole: against what their own files say when read by the standard library alone.

They lie where SUYUAN_DATA says; without it these tests are skipped.
"""

import csv
import gzip
import io
import os
import sqlite3
from collections import Counter
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest

from suyuan.gateways import eventlog
from tests.eventlog_data import data


def file(name):
    """Return a real file, or skip the test saying what is not there."""
    if "SUYUAN_DATA" not in os.environ:
        pytest.skip("SUYUAN_DATA says of no folder with real files")
    path = Path(os.environ["SUYUAN_DATA"]) / name
    if not path.is_file():
        pytest.skip(f"{path} is not there")
    return path


def moment(text):
    return (datetime.fromisoformat(text) - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


@pytest.mark.parametrize("name", ["bpi_challenge_2013_incidents.xes.gz", "helpdesk.xes.gz"])
def test_every_event_of_a_real_xes_log_is_read(name):
    path = file(f"event_logs/{name}")
    events, attributes = [], Counter()
    with gzip.open(path) as stream:
        for _, trace in ElementTree.iterparse(stream):  # noqa: S314 same
            if trace.tag != "trace":
                continue
            case = next(each.get("value") for each in trace if each.get("key") == "concept:name")
            for event in trace.iter("event"):
                said = {each.get("key"): each.get("value") for each in event}
                events.append((moment(said["time:timestamp"]), said["concept:name"], case))
                attributes.update(
                    item for item in said.items() if item[0] not in ("concept:name", "time:timestamp")
                )
            trace.clear()
    log = eventlog.read(path)
    cases = log.object_ids.take(log.touch_object).to_pylist()
    kept = log.attributes_of_events

    assert list(
        zip(log.at.tolist(), [log.activities[code] for code in log.activity], cases, strict=True)
    ) == sorted(events, key=lambda each: each[0])
    assert Counter(zip(kept["name"].to_pylist(), kept["value"].to_pylist(), strict=True)) == attributes
    assert (log.quarantined, log.touch_event.tolist()) == ([], list(range(len(events))))


@pytest.mark.parametrize("name", ["bpic2013_incidents", "helpdesk_rich_attributes", "receipt"])
def test_every_row_of_a_real_table_is_read(name):
    path = file(f"event_logs/{name}.csv.gz")
    with gzip.open(path) as stream:
        rows = list(csv.DictReader(io.TextIOWrapper(stream, "utf-8-sig", newline="")))
    log = eventlog.read(path)
    cases = log.object_ids.take(log.touch_object).to_pylist()
    expected = sorted(
        ((moment(r["time:timestamp"]), r["concept:name"], r["case:concept:name"]) for r in rows),
        key=lambda each: each[0],
    )

    assert (
        list(zip(log.at.tolist(), [log.activities[c] for c in log.activity], cases, strict=True)) == expected
    )
    assert log.quarantined == []


def test_the_example_of_the_standard_is_one_log_in_its_three_formats(tmp_path):
    names = ("jsonocel", "sqlite", "xmlocel")
    logs = [eventlog.read(file(f"ocel/ocel20_example.{name}"), zone="Europe/Berlin") for name in names]
    log = logs[0]

    assert data(logs[1]) == data(log)
    assert data(logs[2]) == data(log)
    assert (len(log.at), len(log.object_ids), len(log.touch_event), len(log.link_source)) == (13, 9, 20, 7)
    assert [row[3:] for row in data(log)["of_objects"] if row[:3] == ("R3", "is_blocked", "Yes")] == [
        ("string", moment("2022-02-03T06:30:00Z"))
    ]
    for number, ending in enumerate(("sqlite", "xml", "json")):
        eventlog.write(log, tmp_path / f"{number}.{ending}")
        log = eventlog.read(tmp_path / f"{number}.{ending}")

        assert data(log) == data(logs[0])


def test_a_real_object_centric_log_is_read_and_goes_through_all_formats(tmp_path):
    path = file("ocel/order_management.sqlite")
    log = first = eventlog.read(path, zone="Europe/Berlin")
    with closing(sqlite3.connect(path)) as link:
        counts = [
            link.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            for table in ("event", "object", "event_object", "object_object")
        ]
        kinds = Counter(kind for (kind,) in link.execute("SELECT ocel_type FROM event"))

    assert [len(log.at), len(log.object_ids), len(log.touch_event), len(log.link_source)] == counts
    assert Counter(log.activities[code] for code in log.activity) == kinds
    for number, ending in enumerate(("xml", "json", "sqlite")):
        eventlog.write(log, tmp_path / f"{number}.{ending}")
        log = eventlog.read(tmp_path / f"{number}.{ending}")

        assert data(log) == data(first)
