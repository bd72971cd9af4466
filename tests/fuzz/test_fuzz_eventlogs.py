"""Event logs: any bytes are a log, of which everything is counted or set aside, or are refused."""

import gzip
import json

import pytest
from damage import NOISE, damaged, damaged_text, taken
from hypothesis import given
from hypothesis import strategies as st

from suyuan.gateways import eventlog
from suyuan.gateways.eventlog import layout_file
from suyuan.gateways.eventlog.columns import REASONS
from tests.eventlog_data import SMALL, data, written

XES = """<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1.0">
 <global scope="event"><string key="concept:name" value="x"/></global>
 <trace><string key="concept:name" value="T1"/><int key="n" value="7"/>
  <event><string key="concept:name" value="登记"/>
  <date key="time:timestamp" value="2026-01-01T08:00:00+08:00"/>
  <float key="cost" value="1.5"/><list key="l"><values><id key="i" value="1"/></values></list></event>
 </trace>
 <trace><string key="concept:name" value="T2"/>
  <event><string key="concept:name" value="归档"/>
  <date key="time:timestamp" value="2026-01-02T00:00:00Z"/></event>
 </trace>
</log>
"""
CSV = (
    "case:concept:name,concept:name,time:timestamp,x\n"
    "S1,登记,2026-01-01T00:00:00Z,1\nS1,归档,2026-01-02T00:00:00Z,\n"
)
LAYOUT = 'time = "t"\n[kinds]\nx = "float"\n[[objects]]\ncolumn = "a"\ntype = "b"\nseparator = ";"\n'


@pytest.fixture(scope="module")
def forms(tmp_path_factory):
    """Return the small log as the bytes of each format."""
    folder = tmp_path_factory.mktemp("forms")
    log = eventlog.read(written(folder / "a.json", SMALL))
    for ending in ("sqlite", "xml"):
        eventlog.write(log, folder / f"a.{ending}")
    found = {path.suffix: path.read_bytes() for path in folder.iterdir()}
    return found | {".xes": XES.encode(), ".gz": gzip.compress(XES.encode()), ".csv": CSV.encode()}


def sound(log):
    """Raise unless every number of a log points at something."""
    events, objects = len(log.at), len(log.object_ids)
    assert (log.at[1:] >= log.at[:-1]).all()
    assert len(log.activity) == events == len(set(log.event_ids.to_pylist()))
    assert len(log.type) == objects == len(set(log.object_ids.to_pylist()))
    for codes, size in (
        (log.activity, len(log.activities)),
        (log.type, len(log.types)),
        (log.touch_event, events),
        (log.touch_object, objects),
        (log.touch_qualifier, len(log.qualifiers)),
        (log.link_source, objects),
        (log.link_target, objects),
        (log.link_qualifier, len(log.qualifiers)),
        (log.attributes_of_events["event"].to_numpy(), events),
        (log.attributes_of_objects["object"].to_numpy(), objects),
    ):
        assert ((codes >= 0) & (codes < size)).all()
    assert {each.why for each in log.quarantined} <= set(REASONS)


@pytest.mark.parametrize("ending", [".json", ".xml", ".sqlite", ".xes", ".gz", ".csv"])
@given(data=st.data())
def test_any_bytes_are_a_log_or_are_refused(tmp_path, forms, ending, data):
    path = tmp_path / "a.log"
    path.write_bytes(data.draw(damaged(forms[ending]) | NOISE))
    found = taken(lambda: eventlog.read(path, zone=data.draw(st.sampled_from(["", "Asia/Shanghai"]))))

    if found is not None:
        sound(found)


@given(damaged_text(XES, json.dumps(SMALL, ensure_ascii=False), CSV))
def test_any_text_is_a_log_that_can_be_written_or_is_refused(tmp_path, text):
    path, out = tmp_path / "a.log", tmp_path / "b.json"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    out.unlink(missing_ok=True)
    found = taken(lambda: eventlog.read(path, zone="UTC"))

    if found is not None:
        sound(found)
        eventlog.write(found, out)
        before, after = data(found), data(eventlog.read(out))
        same = ("activities", "types", "events", "objects", "touches", "links")
        assert {name: before[name] for name in same} == {name: after[name] for name in same}


ORDERS = """换表工单编号,户号,换表时间,流程发起时间,承诺时限
HB1,3301,2026/1/5 8:30,2026-01-05 17:00,2026年1月9日
HB1,3302,2026/1/5 8:30,,
HB2,3301,20260106,,2026/1/9
"""
STEPS = """
time_format = ["iso", "%Y/%m/%d"]
[[objects]]
column = ["a", "b"]
type = "t"
steps = ["x"]
[[steps]]
column = "c"
activity = "x"
when = { column = ["d"], is = ["*"] }
"""


@given(damaged_text(ORDERS))
def test_any_text_is_a_table_of_orders_or_is_refused(tmp_path, text):
    path = tmp_path / "a.csv"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    found = taken(lambda: eventlog.read(path))

    if found is not None:
        sound(found)


@given(
    damaged_text(
        STEPS, LAYOUT, '{"time": "t", "objects": [{"column": "a", "type": "b", "attributes": ["c"]}]}'
    )
)
def test_any_text_is_a_layout_or_is_refused(tmp_path, text):
    path = tmp_path / "l.toml"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))

    taken(lambda: layout_file.read(path))
