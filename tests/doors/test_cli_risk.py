"""``suyuan risk``: a log and a question in, a card and scores out; what is wrong is named."""

import json

import jsonschema
import pytest

from suyuan.cli.schema import of
from suyuan.gateways import eventlog
from suyuan.store import risk as files
from tests.risk_log import TERMS, columns

pytestmark = pytest.mark.django_db


@pytest.fixture
def log(tmp_path, monkeypatch):
    """Return a log and a question as files, and a home of their own for models."""
    monkeypatch.setattr(files, "home", lambda: tmp_path)
    path, asked = tmp_path / "log.sqlite", tmp_path / "asked.toml"
    eventlog.write(columns(), path)
    asked.write_text("".join(f"{key} = {json.dumps(value)}\n" for key, value in TERMS.items()), "utf-8")
    return "--data", path, "--question", asked


def told(answer, command):
    code, out, err = answer
    assert code == 0, err
    said = json.loads(out)
    jsonschema.validate(said, of(command))
    return said


def test_a_model_is_learned_reported_listed_and_asked(suyuan, log):
    made = told(suyuan("risk", "train", "--model", "own", *log, "--json"), "risk train")

    assert told(suyuan("risk", "report", "--model", "own", "--json"), "risk report") == made
    assert {one["rule"]: one["clearly"] for one in made["rules"]} == dict.fromkeys(
        ("prior", "count", "last", "alike"), True
    )
    said = told(
        suyuan("risk", "score", "--model", "own", *log, "--top", "5", "--as-of", "2026-03-01", "--json"),
        "risk score",
    )
    assert len(said["scores"]) == 5
    listed = told(suyuan("risk", "list", "--json"), "risk list")
    assert [one["model"] for one in listed["models"]][:2] == ["complaint", "order_complaint"]
    assert "PR-AUC" in suyuan("risk", "report", "--model", "own")[1]
    assert "o" in suyuan("risk", "score", "--model", "own", *log, "--top", "1", "--as-of", "2026-03-01")[1]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("report", "--model", "overdue"), 1),
        (("train", "--model", "nothing"), 2),
        (("train", "--model", "overdue", "--question", "x.toml"), 2),
        (("score", "--model", "overdue"), 1),
        (("score", "--model", "overdue", "--layout", "x.toml"), 2),
    ],
)
def test_what_is_wrong_is_named(suyuan, log, words, code):
    assert suyuan("risk", *words)[0] == code


@pytest.mark.parametrize("name", ["../evil", "overdue", "Own", ""])
def test_a_model_of_another_log_has_a_name_of_its_own(suyuan, log, tmp_path, name):
    code, _, err = suyuan("risk", "train", "--model", name, *log)

    assert (code, err.count("\n")) == (2, 1)
    assert not list(tmp_path.rglob("*.model.json"))


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("team", ["teams"], ("[question_meets_nothing]", "key=team", 'known=["team"]')),
        ("traits", ["wey"], ("key=traits", 'known=["way"]')),
        ("activities", ["complaints", "wrong=yes"], ("key=activities", "complaint")),
        ("done", ["shut"], ("key=done", "closed")),
        ("rule", "channel", ("key=rule", "way")),
        ("customer", ["acount"], ("key=customer", "account")),
        ("due", "deadline", ("key=due", "way")),
        ("kind", "later", ("[question_value]", "late | follows")),
        ("days", "ten", ("key=days", "0 … 999999")),
        ("ages", 24, ("key=ages", "[0 … 999999, …]")),
        ("subject", ["order"], ("[question_key]", "subjects")),
        ("ages", [], ("[question_lacks]", "ages | every")),
    ],
)
def test_a_key_that_meets_nothing_or_is_wrong_is_named_with_what_there_is(suyuan, log, key, value, said):
    lines = (f"{name} = {json.dumps(one)}\n" for name, one in ({**TERMS, key: value}).items())
    log[3].write_text("".join(lines), "utf-8")

    code, _, err = suyuan("risk", "train", "--model", "own", *log)

    assert (code, [one for one in said if one not in err], err.count("\n")) == (2, [], 1)
