"""``suyuan seal``: from the command line a key is changed, the values follow, the old key goes."""

import json

import jsonschema
import pytest

from suyuan.actions.privacy import ring
from suyuan.cli.schema import of
from suyuan.domain.procedure import SYSTEM
from suyuan.store import keyring
from tests.factories import NOW, case_at

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_secrets")]


def shown(suyuan, *arguments):
    """Run a command and return its object, held to its schema."""
    code, out, _ = suyuan(*arguments, "--json")
    jsonschema.validate(json.loads(out), of(" ".join(arguments[:2])))
    return code, json.loads(out)


def test_a_key_is_changed_and_the_values_follow(suyuan):
    case_at("received")

    assert shown(suyuan, "seal", "rotate") == (0, {"key": 2})
    assert shown(suyuan, "seal", "reseal") == (0, {"values": 1})
    _, listed = shown(suyuan, "seal", "list")
    assert [(key["number"], key["newest"], key["values"]) for key in listed["keys"]] == [
        (1, False, 0),
        (2, True, 1),
    ]


def test_a_refusal_is_exit_1_with_its_code(suyuan):
    code, out, _ = suyuan("seal", "retire", "1", "--json")

    assert (code, json.loads(out)) == (1, {"refused": "newest_key", "facts": {"key": 1}})


def test_an_old_key_goes(suyuan, django_capture_on_commit_callbacks):
    ring.rotate(actor=SYSTEM, now=NOW)
    with django_capture_on_commit_callbacks(execute=True):
        done = shown(suyuan, "seal", "retire", "1")

    assert done == (0, {"key": 1})
    assert keyring.numbers() == [2]


def test_in_words_it_says_the_same(suyuan):
    assert suyuan("seal", "list") == (0, "1: 0 values (newest)\n", "")
    assert suyuan("seal", "rotate")[1] == "key 2 seals from now on\n"
    assert suyuan("seal", "reseal")[1] == "0 values sealed again\n"
