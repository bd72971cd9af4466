"""Any small log is traced or is not, and what is said holds together whatever stands in the log."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from suyuan.actions import eventlogs
from suyuan.analytics.trace import causality, kept, told
from suyuan.analytics.trace.population import population
from suyuan.analytics.trace.tracer import Tracer
from suyuan.gateways import eventlog as files

TYPES = ("ticket", "home", "line", "job", "swap", "unit", "cut")
DONE = ("complained", "asked", "done", "refused", "cut off", "read zero", "read", "sent back")
ROLES = {"complaints": ["ticket"], "places": ["home", "line"], "units": ["unit"], "events": ["cut"]}
CAUSES = (
    {"kind": "contact", "id": "met", "activities": ["done"]},
    {"kind": "sign", "id": "no", "mode": "refused", "activities": ["refused"]},
    {"kind": "sign", "id": "zero", "mode": "wrong", "activities": ["read zero"], "at_least": 2,
     "ended_by": ["read"]},
    {"kind": "sign", "id": "back", "mode": "bounced", "activities": ["sent back"]},
    {"kind": "due", "id": "soon", "after": ["asked"], "then": ["done"], "within_days": 3},
    {"kind": "due", "id": "read", "after": ["done"], "then": ["read", "never done"], "within_days": 5},
    {"kind": "edge", "id": "blocks", "relation": "blocks", "source": {"modes": ["missing", "late"]},
     "target": {"modes": ["refused"]}},
    {"kind": "edge", "id": "round", "relation": "precedes", "source": {}, "target": {}},
    {"kind": "edge", "id": "needs", "relation": "needs_data_from", "source": {"types": ["swap"]},
     "target": {"modes": ["wrong"]}, "shared": ["home"]},
    {"kind": "edge", "id": "feeds", "relation": "feeds", "source": {}, "target": {"about": ["*cut*"]}},
)  # fmt: skip
OBJECTS = [(f"{kind}{n}", kind) for kind in TYPES for n in range(3)]
names = st.sampled_from([name for name, _ in OBJECTS])
events = st.lists(
    st.tuples(st.integers(0, 90 * 24), st.sampled_from(DONE), st.lists(names, max_size=5, unique=True)),
    max_size=60,
    unique_by=lambda row: row[0],
)
links = st.lists(st.tuples(names, names), max_size=12, unique=True)
causes = st.lists(st.sampled_from(CAUSES), unique_by=lambda one: one["id"])
about = st.dictionaries(st.sampled_from(["ticket0", "ticket1"]), st.sampled_from(["a cut", "else"]))
FEW = settings(max_examples=60, deadline=None)


def whole(rows, joined, topics, order):
    """Return a log in the form of OCEL, its rows in an order."""
    objects = [
        {
            "id": name,
            "type": kind,
            "relationships": [{"objectId": other, "qualifier": "x"} for one, other in joined if one == name],
            "attributes": [{"name": "topic", "time": "1970-01-01T00:00:00Z", "value": topics[name]}]
            if name in topics
            else [],
        }
        for name, kind in OBJECTS
    ]
    happened = [
        {
            "id": f"e{hour}",
            "type": done,
            "time": f"2025-{1 + hour // 24 // 28:02d}-{1 + hour // 24 % 28:02d}T{hour % 24:02d}:00:00Z",
            "relationships": [{"objectId": thing, "qualifier": ""} for thing in things],
        }
        for hour, done, things in rows
    ]
    return {
        "objectTypes": [
            {"name": kind, "attributes": [{"name": "topic", "type": "string"}]} for kind in TYPES
        ],
        "eventTypes": [{"name": done, "attributes": []} for done in DONE],
        "objects": objects[::order],
        "events": happened[::order],
    }


def answers(folder, document, rules):
    """Return what is told of every complaint of a log, as it is read from a file."""
    path = folder / "log.json"
    path.write_text(json.dumps(document), "utf-8")
    log = eventlogs.traceable(files.read(path), rules)
    tracer = Tracer(log, rules)
    return tracer, {
        log.objects[one]: told.told(log, tracer.trace(one), "en") for one in tracer.complaints().tolist()
    }


@FEW
@given(events, links, causes, about)
def test_what_is_told_of_any_log_holds_together(tmp_path_factory, rows, joined, chosen, topics):
    folder = tmp_path_factory.mktemp("log")
    rules = causality.rules({"roles": ROLES, "cause": chosen, "about": ["topic"]}, "own.toml")

    tracer, said = answers(folder, whole(rows, joined, topics, 1), rules)

    for name, one in said.items():
        assert one["abstained"] == (not one["chains"])
        assert one["sentence"]
        confidence = [chain["confidence"] for chain in one["chains"]]
        assert confidence == sorted(confidence, reverse=True)
        assert sum(confidence) <= 1 + 1e-9
        shares = {}
        first = next(hour for hour, _, things in sorted(rows) if name in things)
        for chain in one["chains"]:
            assert chain["nodes"][-1]["deviation"] == "complaint"
            assert chain["nodes"][-1]["object"] == name
            assert len(chain["edges"]) == len(chain["nodes"]) - 1
            assert [edge["from"] for edge in chain["edges"]] == [n["object"] for n in chain["nodes"][:-1]]
            for node in chain["nodes"][:-1]:
                assert node["events"]
                assert all(int(event[1:]) < first for event in node["events"])
                shares[node["object"], node["activity"], node["unit"]] = node["share"]
        assert not shares or sum(shares.values()) == pytest.approx(1.0)
    assert all(row.low <= row.relative_risk <= row.high for row in population(tracer))


@FEW
@given(events, links, causes, about)
def test_no_order_of_rows_changes_what_is_told(tmp_path_factory, rows, joined, chosen, topics):
    folder = tmp_path_factory.mktemp("log")
    rules = causality.rules({"roles": ROLES, "cause": chosen, "about": ["topic"]}, "own.toml")

    tracer, said = answers(folder, whole(rows, joined, topics, 1), rules)
    _, again = answers(folder, whole(rows, joined, topics, -1), rules)

    assert again == said
    if len(tracer.log.at):
        kept.keep(tracer, folder / "index")
        opened = kept.opened(folder / "index", rules, whole=True)
        assert {
            name: told.told(opened.log, opened.trace(opened.log.objects.find(name)), "en") for name in said
        } == said
