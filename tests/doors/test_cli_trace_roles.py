"""``suyuan trace`` on logs whose names no rule knows: roles are read from it, or it is said what lacks."""

import json

import pytest

from bench import thirdtown


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    """Return a third town's log and what it knows of its tickets."""
    made = thirdtown.build(8, thirdtown.Shape(tickets=60))
    path = tmp_path_factory.mktemp("town") / "log.json"
    thirdtown.write(made, path)
    return path, made


def test_a_town_is_traced_by_the_rules_it_gives(suyuan, town):
    path, made = town
    ticket, thing, activity, _ = next(one for one in made.truth if made.story[one[0]] == "blocked")

    code, out, _ = suyuan("trace", path, "--object", ticket, "--rules", thirdtown.RULES, "--json")

    chain = json.loads(out)["chains"][0]
    assert code == 0
    assert [(one["object"], one["activity"]) for one in chain["nodes"][:1]] == [(thing, activity)]
    assert [edge["because"] for edge in chain["edges"][:2]] == [
        "one order a subscriber",
        "no router no usage",
    ]


def test_without_rules_the_object_asked_for_says_what_complaints_are(suyuan, town):
    path, made = town
    ticket, thing, activity, _ = next(one for one in made.truth if made.story[one[0]] == "stands")

    code, out, _ = suyuan("trace", path, "--object", ticket, "--json")

    source = json.loads(out)["chains"][0]["nodes"][0]
    assert (code, source["object"], source["activity"]) == (0, thing, activity)
    assert source["unit"]


def test_without_rules_the_target_says_what_complaints_are(suyuan, town):
    code, out, _ = suyuan("trace", town[0], "--population", "--target", "Ticket opened", "--json")

    rows = json.loads(out)["rows"]
    assert (code, {row["unit"] for row in rows} >= {"Billing/HQ", "Field/00"}) == (0, True)
    assert sum(row["complaints"] for row in rows) > 20


OWN = '[roles]\ncomplaints = ["{}"]\nplaces = ["{}"]\n'


@pytest.mark.parametrize(
    ("complaints", "places", "asked", "lacks"),
    [
        ("Nothing", "Subscriber", "--population", "complaints"),
        ("Ticket", "Nowhere", "--population", "places"),
        ("", "", "--population", "complaints"),
    ],
)
def test_it_is_said_which_role_nothing_has_and_what_there_is(
    suyuan, town, tmp_path, complaints, places, asked, lacks
):
    rules = tmp_path / "own.toml"
    rules.write_text(OWN.format(complaints, places), "utf-8")

    code, _, err = suyuan("trace", town[0], asked, *(["--rules", rules] if complaints else []))

    assert code == 2
    assert f"role={lacks}" in err.replace("'", "").replace(": ", "=") or lacks in err
    assert "NumberPort" in err
    assert "Ticket" in err


@pytest.mark.long
def test_rules_that_name_nothing_the_log_has_leave_a_complaint_traced_by_numbers_alone(
    suyuan, town, tmp_path
):
    path, made = town
    ticket = next(name for name, story in made.story.items() if story == "stands")
    rules = tmp_path / "own.toml"
    rules.write_text(
        OWN.format("Ticket", "Subscriber")
        + '[[cause]]\nkind = "edge"\nid = "x"\nrelation = "blocks"\nsource = { types = ["nothing"] }\n'
        'target = { modes = ["refused"] }\n[[cause]]\nkind = "due"\nid = "y"\nafter = ["nothing"]\n'
        'then = ["nothing else"]\nwithin_days = 3\n',
        "utf-8",
    )

    code, out, _ = suyuan("trace", path, "--object", ticket, "--rules", rules, "--json")

    told = json.loads(out)
    assert (code, told["abstained"]) == (0, not told["chains"])
    assert told["sentence"]


def log(path, events, objects):
    """Write a log of OCEL by hand."""
    kinds = sorted({one["type"] for one in objects}), sorted({one["type"] for one in events})
    types, done = ([{"name": name, "attributes": []} for name in names] for names in kinds)
    whole = {"objectTypes": types, "eventTypes": done, "objects": objects, "events": events}
    path.write_text(json.dumps(whole), "utf-8")
    return path


def test_a_log_of_one_complaint_and_one_without_any_are_answered(suyuan, tmp_path):
    objects = [{"id": "C1", "type": "Complaint"}, {"id": "H1", "type": "Account"}]
    told = [{"objectId": name, "qualifier": ""} for name in ("C1", "H1")]
    events = [{"id": "e", "type": "complained", "time": "2025-01-01T00:00:00Z", "relationships": told}]
    one = log(tmp_path / "one.json", events, objects)
    none = log(tmp_path / "none.json", [events[0] | {"relationships": told[1:]}], objects)

    code, out, _ = suyuan("trace", one, "--object", "C1", "--language", "en", "--json")
    assert (code, json.loads(out)["abstained"]) == (0, True)
    assert json.loads(out)["sentence"] == "The evidence is too thin to say."
    assert suyuan("trace", none, "--population", "--json")[0] == 0
    code, _, err = suyuan("trace", none, "--object", "C1")
    assert (code, "C1" in err) == (2, True)
