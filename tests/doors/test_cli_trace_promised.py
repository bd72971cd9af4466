"""A moment that an order was promised by is a limit: any attribute of kind time, named by the rules."""

import json
from datetime import UTC, datetime, timedelta

import pytest

BEGIN = datetime(2026, 3, 2, 9, tzinfo=UTC)
RULES = """
[roles]
complaints = ["grievance"]
places = ["home"]
actors = ["crew"]
units = ["crew"]

[[cause]]
kind = "due"
id = "day given"
by = ["promised by"]
then = ["tapped*", "closed"]
"""


def at(day):
    return (BEGIN + timedelta(days=day)).isoformat()


def relation(thing):
    return {"objectId": thing, "qualifier": ""}


def orders(number, day, given, tapped=2.0, again=None):
    """Return an order: asked for, tapped in after some days or never; the day given is its attribute."""
    said = [{"name": "promised by", "time": "1970-01-01T00:00:00Z", "value": at(day + given)}]
    if again:
        said.append({"name": "promised by", "time": at(day + again[0]), "value": at(day + again[1])})
    thing = {"id": f"TAP-{number}", "type": "tap", "attributes": said,
             "relationships": [relation(f"H{number}")]}  # fmt: skip
    steps = [("asked", day, "desk"), ("dug", day + 1, "field")]
    steps += [("tapped in", day + tapped, "field")] if tapped else []
    events = [
        {"id": f"{number}-{name}", "type": name, "time": at(when), "attributes": [],
         "relationships": [relation(f"TAP-{number}"), relation(f"H{number}"), relation(unit)]}
        for name, when, unit in steps
    ]  # fmt: skip
    return thing, events


def written(path, *special):
    """Write forty homes whose taps came in time, then those given with a complaint of each on day 30."""
    made = [orders(n, n / 2, 8 + n % 5, tapped=1.5 + n % 5) for n in range(40)] + list(special)
    things = [thing for thing, _ in made]
    events = [event for _, several in made for event in several]
    for thing, _ in special:
        number = thing["id"].removeprefix("TAP-")
        things.append({"id": f"G{number}", "type": "grievance", "attributes": [], "relationships": []})
        near = [relation(f"G{number}"), relation(f"H{number}"), relation("desk")]
        heard = {"id": f"g{number}", "type": "heard", "time": at(30), "attributes": []}
        events.append({**heard, "relationships": near})
    homes = [thing["relationships"][0]["objectId"] for thing, _ in made]
    plain = [*((home, "home") for home in homes), ("desk", "crew"), ("field", "crew")]
    things += [{"id": name, "type": kind, "attributes": [], "relationships": []} for name, kind in plain]
    time = [{"name": "promised by", "type": "time"}]
    path.write_text(json.dumps({
        "objectTypes": [{"name": name, "attributes": time if name == "tap" else []}
                        for name in ("tap", "home", "crew", "grievance")],
        "eventTypes": [{"name": name, "attributes": []} for name in ("asked", "dug", "tapped in", "heard")],
        "objects": things, "events": sorted(events, key=lambda one: one["time"]),
    }))  # fmt: skip
    return path


@pytest.fixture
def rules(tmp_path):
    path = tmp_path / "rules.toml"
    path.write_text(RULES)
    return path


def source(suyuan, log, number, *more):
    code, out, err = suyuan("trace", log, "--object", f"G{number}", "--json", *more)
    assert (code, err) == (0, "")
    [chain] = json.loads(out)["chains"][:1] or [{"nodes": [None]}]
    node = chain["nodes"][0]
    return node and {key: node[key] for key in ("object", "activity", "deviation", "unit")}


def test_what_was_promised_and_not_done_or_done_after_it_is_the_source(suyuan, tmp_path, rules):
    never = [orders(n, 18 + n % 3, 5, tapped=0) for n in range(100, 104)]
    late = [
        orders(n, 18 + n % 3, 3, tapped=4) for n in range(200, 204)
    ]  # later than promised, not than usual
    log = written(tmp_path / "log.json", *never, *late)
    missing = {"object": "TAP-100", "activity": "tapped in", "deviation": "missing", "unit": "field"}
    too_late = {"object": "TAP-200", "activity": "tapped in", "deviation": "late", "unit": "field"}

    assert source(suyuan, log, 100, "--rules", rules) == missing
    assert source(suyuan, log, 200, "--rules", rules) == too_late
    code, _, _ = suyuan("trace", log, "--keep", tmp_path / "index", "--rules", rules)
    assert (code, source(suyuan, tmp_path / "index", 200, "--rules", rules)) == (0, too_late)

    rules.write_text(RULES.replace("promised by", "other"))
    assert source(suyuan, log, 200, "--rules", rules) != too_late


def test_what_was_promised_last_before_the_complaint_holds(suyuan, tmp_path, rules):
    moved = [orders(n, 18, 3, tapped=4, again=(2, 6)) for n in range(100, 104)]
    after = [orders(n, 18, 3, tapped=4, again=(20, 30)) for n in range(200, 204)]
    log = written(tmp_path / "log.json", *moved, *after)

    assert (source(suyuan, log, 100, "--rules", rules) or {}).get("deviation") != "late"
    assert source(suyuan, log, 200, "--rules", rules)["deviation"] == "late"


def test_promises_not_kept_are_counted_over_a_whole_log(suyuan, tmp_path, rules):
    log = written(tmp_path / "log.json", *(orders(n, 18, 3, tapped=4) for n in range(100, 104)))

    def deviations():
        code, out, _ = suyuan("trace", log, "--profile", "--rules", rules, "--json")
        return code, sum(month["deviations"] for month in json.loads(out)["trend"]["months"])

    kept = deviations()
    rules.write_text(RULES.replace("promised by", "other"))
    assert (kept[0], kept[1] - deviations()[1]) == (0, 4)


@pytest.mark.parametrize(("old", "new", "key"), [
    ('by = ["promised by"]', "", "after"),
    ('by = ["promised by"]', 'by = ["promised by"]\nwithin_days = 3', "within_days"),
    ('then = ["tapped*", "closed"]', "", "then"),
])  # fmt: skip
def test_a_rule_says_one_of_the_two(suyuan, tmp_path, rules, old, new, key):
    rules.write_text(RULES.replace(old, new))
    log = written(tmp_path / "log.json", orders(100, 18, 5))

    code, _, err = suyuan("trace", log, "--object", "G100", "--rules", rules)

    assert (code, f"cause day given.{key}" in err) == (2, True)
