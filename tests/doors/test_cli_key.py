"""``suyuan key``: the secret is printed once, and lists never hold it."""

import json

import jsonschema
import pytest

from suyuan.cli.schema import of
from suyuan.store.queries import keys
from tests.factories import person

pytestmark = pytest.mark.django_db

MAKE = ("key", "make", "报表", "--for", "office", "--scope", "read", "--days", "30")


def test_make_list_and_revoke(suyuan):
    person("office")

    code, out, _ = suyuan(*MAKE, "--json")
    made = json.loads(out)
    jsonschema.validate(made, of("key make"))
    listed = json.loads(suyuan("key", "list", "--json")[1])
    jsonschema.validate(listed, of("key list"))
    revoked = json.loads(suyuan("key", "revoke", made["prefix"], "--json")[1])
    jsonschema.validate(revoked, of("key revoke"))

    secret = made.pop("secret")
    assert (code, listed) == (0, {"keys": [made]})
    assert revoked == made | {"state": "key_revoked"}
    assert keys.presented(secret).prefix == made["prefix"]


def test_in_words_the_secret_stands_alone(suyuan):
    person("office")

    _, out, _ = suyuan(*MAKE)

    prefix = keys.presented(out.strip()).prefix
    assert suyuan("key", "list", "--for", "office")[1].split()[:3] == [prefix, "key_good", "office"]
    assert suyuan("key", "list", "--for", "agent")[1] == ""
    assert suyuan("key", "revoke", prefix)[1] == f"{prefix} key_revoked\n"


def test_a_key_for_nobody_is_bad_input_and_an_unknown_one_refused(suyuan):
    assert suyuan(*MAKE)[0::2] == (
        2,
        "suyuan: 没有这个人员 / No such person [unknown_person] username=office\n",
    )
    assert suyuan("key", "revoke", "00000000") == (
        1,
        '{"refused": "unknown_key", "facts": {"key": "00000000"}}\n',
        "suyuan: 没有这个密钥 / No such key\n",
    )
