"""``suyuan text``: a file or what comes in without the people in it; older texts masked again."""

import json

import jsonschema
import pytest

from suyuan.cli.schema import of
from suyuan.domain import masking
from tests.older_texts import aged

SAID = "客户张三丰来电，电话13912345678，户号3300012345678\n"


def test_a_file_is_masked(suyuan, tmp_path):
    (tmp_path / "a.txt").write_text(SAID, encoding="utf-8")

    assert suyuan("text", "mask", tmp_path / "a.txt") == (
        0,
        "客户***来电，电话139******78，户号330********78\n",
        "",
    )


def test_as_json_it_says_how_much_of_what(suyuan, tmp_path):
    (tmp_path / "a.txt").write_text(SAID, encoding="utf-8")
    code, out, _ = suyuan("text", "mask", tmp_path / "a.txt", "--json")

    jsonschema.validate(json.loads(out), of("text mask"))
    assert (code, json.loads(out)["found"]) == (0, {"account": 1, "name": 1, "phone": 1})


def test_what_is_no_text_is_named(suyuan, tmp_path):
    (tmp_path / "a.txt").write_bytes("电话".encode("gbk"))
    code, out, err = suyuan("text", "mask", tmp_path / "a.txt")

    assert (code, out, " [not_utf8] file=" in err) == (2, "", True)


def test_a_file_that_is_not_there_is_named(suyuan, tmp_path):
    code, _, err = suyuan("text", "mask", tmp_path / "nothing.txt")

    assert (code, len(err.splitlines())) == (2, 1)


@pytest.mark.django_db
def test_older_texts_are_counted_and_masked_again(suyuan):
    aged()
    said = [suyuan("text", "remask", *how, "--json") for how in (["--dry-run"], [], [])]
    for _, out, _ in said:
        jsonschema.validate(json.loads(out), of("text remask"))
    version = {"version": masking.VERSION}

    assert [(code, json.loads(out)) for code, out, _ in said] == [
        (0, version | {"texts": 0, "changed": 0, "older": 1}),
        (0, version | {"texts": 1, "changed": 1, "older": 0}),
        (0, version | {"texts": 0, "changed": 0, "older": 0}),
    ]
    assert suyuan("text", "remask")[:2] == (
        0,
        "0 texts masked again, 0 of them changed, 0 by older rules left\n",
    )
