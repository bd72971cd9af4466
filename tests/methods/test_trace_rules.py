"""Rules of tracing as somebody writes them: what is wrong is named, what meets nothing too."""

import copy
import tomllib
from importlib import resources

import pytest

from suyuan.analytics.trace import causality
from suyuan.analytics.trace.idle import idle
from suyuan.domain.errors import RulebookError

PLAIN = {
    "about": ["topic"],
    "roles": {"complaints": ["ticket"], "places": ["home"], "units": ["crew"]},
    "cause": [
        {"kind": "sign", "id": "zero", "mode": "wrong", "activities": ["nil noted"], "at_least": 3},
        {"kind": "due", "id": "clear", "after": ["found"], "then": ["cleared"], "within_days": 7},
        {
            "kind": "edge",
            "id": "blocked",
            "relation": "blocks",
            "source": {"types": ["batch"], "modes": ["missing"]},
            "target": {"modes": ["refused"]},
        },
    ],
}


def changed(change):
    document = copy.deepcopy(PLAIN)
    change(document)
    return document


@pytest.mark.parametrize(
    ("change", "key", "problem"),
    [
        (lambda d: d.update(abuot=["topic"]), "abuot", "unknown_key"),
        (lambda d: d["cause"].append({**d["cause"][0]}), "cause zero.id", "said_twice"),
        (lambda d: d["cause"][0].update(mode="missing"), "cause zero.mode", "wrong_value"),
        (lambda d: d["cause"][1].update(within_days=float("inf")), "cause clear.within_days", "wrong_value"),
        (lambda d: d["cause"][1].update(within_days=1e9), "cause clear.within_days", "wrong_value"),
        (lambda d: d["cause"][0].update(at_least=10**400), "cause zero.at_least", "wrong_value"),
        (lambda d: d.update(skew_minutes=float("nan")), "skew_minutes", "wrong_value"),
    ],
)
def test_what_is_wrong_is_named(change, key, problem):
    with pytest.raises(RulebookError) as wrong:
        causality.rules(changed(change), "r.toml")
    assert (wrong.value.facts["key"], wrong.value.facts["problem"]) == (key, problem)


def test_a_pattern_that_meets_nothing_in_a_log_is_named():
    rules = causality.rules(PLAIN, "r.toml")
    activities, types = ["nil  noted", "found", "other"], ["ticket", "home", "batch", "crew"]

    assert idle(rules, activities, types) == [("zero", "activities", "nil noted")]
    assert idle(rules, ["nil noted", "found"], ["ticket", "house", "crew"]) == [
        ("roles", "places", "home"),
        ("blocked", "source.types", "batch"),
    ]


def test_what_is_shipped_is_read():
    text = resources.files("suyuan.rulebook").joinpath("causality.toml").read_text("utf-8")
    rules = causality.rules(tomllib.loads(text), "causality.toml")
    assert rules.edges
    assert rules.signs
