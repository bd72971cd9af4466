"""An event log as plain data, whatever format it came from; a small one, and any one."""

import json
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

SMALL = {
    "objectTypes": [
        {
            "name": "户号",
            "attributes": [{"name": "地址", "type": "string"}, {"name": "容量", "type": "float"}],
        },
        {"name": "换表单", "attributes": []},
        {"name": "未用过的类型", "attributes": [{"name": "x", "type": "boolean"}]},
    ],
    "eventTypes": [
        {"name": "归档", "attributes": []},
        {
            "name": "换表",
            "attributes": [{"name": "止码", "type": "integer"}, {"name": "约定", "type": "time"}],
        },
        {"name": "没发生过的活动", "attributes": []},
    ],
    "objects": [
        {
            "id": "330001",
            "type": "户号",
            "attributes": [
                {"name": "地址", "time": "1970-01-01T00:00:00Z", "value": "人民路1号"},
                {"name": "容量", "time": "1970-01-01T00:00:00Z", "value": 8},
                {"name": "地址", "time": "2026-03-01T08:00:00+08:00", "value": "人民路<2>号"},
            ],
            "relationships": [
                {"objectId": "H1", "qualifier": "换表"},
                {"objectId": "330001", "qualifier": ""},
            ],
        },
        {"id": "H1", "type": "换表单", "relationships": [{"objectId": "330001", "qualifier": "属于"}]},
        {"id": "H2", "type": "换表单"},
    ],
    "events": [
        {
            "id": "b",
            "type": "换表",
            "time": "2026-02-01T08:00:00.123456+08:00",
            "attributes": [
                {"name": "止码", "value": "0042"},
                {"name": "约定", "value": "2026-02-02T00:00:00Z"},
            ],
            "relationships": [
                {"objectId": "330001", "qualifier": "为"},
                {"objectId": "330001", "qualifier": "费用由"},
                {"objectId": "H1", "qualifier": "按"},
            ],
        },
        {"id": "a", "type": "归档", "time": "2026-01-01T00:00:00Z"},
        {"id": "c", "type": "归档", "time": "2026-02-01T00:00:00.123456Z", "relationships": []},
    ],
}
"""A cycle between objects, one that touches itself, one event in the moment of another, nothing of a type."""


def data(log):
    """Return a log as sets, lists and dicts by id, equal where the logs say the same."""
    events, objects = log.event_ids.to_pylist(), log.object_ids.to_pylist()
    touches = zip(
        log.touch_event.tolist(), log.touch_object.tolist(), log.touch_qualifier.tolist(), strict=True
    )
    links = zip(log.link_source.tolist(), log.link_target.tolist(), log.link_qualifier.tolist(), strict=True)
    of_events, of_objects = log.attributes_of_events.to_pylist(), log.attributes_of_objects.to_pylist()
    return {
        "activities": log.activities,
        "types": log.types,
        "events": list(zip(events, [log.activities[c] for c in log.activity], log.at.tolist(), strict=True)),
        "objects": list(zip(objects, [log.types[c] for c in log.type], strict=True)),
        "touches": sorted((events[a], objects[b], log.qualifiers[c]) for a, b, c in touches),
        "links": sorted((objects[a], objects[b], log.qualifiers[c]) for a, b, c in links),
        "of_events": sorted((events[r["event"]], r["name"], r["value"], r["kind"]) for r in of_events),
        "of_objects": sorted(
            (objects[r["object"]], r["name"], r["value"], r["kind"], -1 if r["at"] is None else r["at"])
            for r in of_objects
        ),
        "declared": (log.declared_of_events, log.declared_of_objects),
        "quarantined": log.quarantined,
    }


def written(path, document):
    """Write a document as JSON and return where."""
    path.write_text(json.dumps(document, ensure_ascii=False), "utf-8")
    return path


_TEXT = st.text(
    st.characters(min_codepoint=9, exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff")
    | st.sampled_from("\t\n\r<>&\"'"),
    max_size=8,
)
_MOMENT = st.integers(-(10**10), 10**10).map(
    lambda n: (datetime(1990, 1, 1, tzinfo=UTC) + timedelta(microseconds=n * 997)).isoformat()
)
_VALUE = {
    "string": _TEXT,
    "time": _MOMENT,
    "integer": st.integers(-(2**63), 2**63 - 1),
    "float": st.floats(allow_nan=False) | st.just("NaN"),
    "boolean": st.booleans(),
}


@st.composite
def documents(draw):
    """Return any sound log as the JSON of OCEL 2.0."""
    kinds = st.dictionaries(_TEXT.filter(_column), st.sampled_from(sorted(_VALUE)), max_size=3)
    types = draw(st.dictionaries(_TEXT, kinds.filter(_unlike), min_size=1, max_size=3))
    activities = draw(st.dictionaries(_TEXT, kinds.filter(_unlike), min_size=1, max_size=3))
    ids = draw(st.lists(_TEXT, unique=True, max_size=5))
    objects = [_thing(draw, name, types, ids) for name in ids]
    events = [_thing(draw, name, activities, ids) for name in draw(st.lists(_TEXT, unique=True, max_size=5))]
    for each in objects:
        for attribute in each["attributes"]:
            attribute["time"] = draw(st.just("1970-01-01T00:00:00Z") | _MOMENT)
    for each in events:
        each["time"] = draw(_MOMENT)
    return {
        "objectTypes": [_type(name, of) for name, of in types.items()],
        "eventTypes": [_type(name, of) for name, of in activities.items()],
        "objects": objects,
        "events": events,
    }


def _column(name):
    return name.lower() not in ("", "ocel_id", "ocel_time", "ocel_changed_field") and "\0" not in name


def _unlike(kinds):
    return len({name.lower() for name in kinds}) == len(kinds)


def _type(name, kinds):
    return {"name": name, "attributes": [{"name": each, "type": kind} for each, kind in kinds.items()]}


def _thing(draw, name, types, others):
    kind = draw(st.sampled_from(sorted(types)))
    said = draw(st.lists(st.sampled_from(sorted(types[kind])), unique=True)) if types[kind] else []
    pairs = st.lists(st.tuples(st.sampled_from(others or [""]), _TEXT), unique=True, max_size=4)
    return {
        "id": name,
        "type": kind,
        "attributes": [{"name": each, "value": draw(_VALUE[types[kind][each]])} for each in said],
        "relationships": [
            {"objectId": other, "qualifier": how} for other, how in (draw(pairs) if others else [])
        ],
    }
