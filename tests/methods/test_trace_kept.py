"""An index of a log: answers as the log does, says what is wrong with it, and is made again."""

import json
import os
import subprocess
import sys
import tomllib
from collections import Counter

import numpy as np
import pyarrow as pa
import pytest

from bench import elsewhere
from bench import trace as bench
from suyuan.analytics.trace import causality, kept
from suyuan.analytics.trace.doers import modes
from suyuan.analytics.trace.eventlog import distinct
from suyuan.analytics.trace.population import population
from suyuan.analytics.trace.tracer import Tracer
from suyuan.domain.errors import BadInput

RULES = causality.rules(tomllib.loads(elsewhere.RULES), "town.toml")


@pytest.fixture(scope="module")
def town():
    """Return what traces another town's log."""
    log, rules, _ = bench.town(4)
    return Tracer(log, rules)


@pytest.fixture
def folder(town, tmp_path):
    """Return an index of that log."""
    kept.keep(town, tmp_path / "index")
    return tmp_path / "index"


def test_an_index_traces_every_complaint_as_the_log_does_and_counts_alike(town, folder):
    opened = kept.opened(folder, RULES, whole=True)

    asked = town.complaints().tolist()
    assert len(asked) > 150
    assert opened.complaints().tolist() == asked
    assert [opened.trace(one) for one in asked] == [town.trace(one) for one in asked]
    assert (opened.support, opened.courses.waits) == (town.support, town.courses.waits)
    assert population(opened) == population(town)


def test_what_complaints_are_about_is_kept(town, tmp_path):
    asked = town.complaints().tolist()
    log = town.log
    labelled = Tracer(type(log)(**{**vars(log), "label": {asked[3]: "停电", asked[1]: "抄表"}}), town.rules)
    kept.keep(labelled, tmp_path / "index")

    label = kept.opened(tmp_path / "index", RULES).log.label

    assert dict(label) == {asked[1]: "抄表", asked[3]: "停电"}
    assert (label.get(asked[0], ""), label.get(asked[-1], "")) == ("", "")


def test_every_object_is_found_by_its_id_and_nothing_else_is(town, folder):
    objects = kept.opened(folder, RULES).log.objects

    assert [objects.find(name) for name in town.log.objects] == list(range(len(town.log.objects)))
    assert [objects.find(name) for name in ("", "a", "zzz", "台区", f"{town.log.objects[0]} ")] == [-1] * 5


def test_ids_are_found_in_the_order_of_their_characters():
    names = ["é", "z", "户", "😀", "A", ""]
    order = np.array([5, 4, 1, 0, 2, 3], np.int32)

    found = kept.Sorted(pa.array(names), order)

    assert [found.find(name) for name in names] == [0, 1, 2, 3, 4, 5]
    assert kept.Sorted(pa.array([], pa.string()), np.zeros(0, np.int32)).find("a") == -1


def damaged(folder, how):
    """Damage an index."""
    if how == "no manifest":
        (folder / kept.MANIFEST).unlink()
    elif how == "other form":
        told = json.loads((folder / kept.MANIFEST).read_text("utf-8"))
        (folder / kept.MANIFEST).write_text(json.dumps(told | {"form": 99}), "utf-8")
    elif how == "not JSON":
        (folder / kept.MANIFEST).write_text('{"form": 1, "files": [', "utf-8")
    elif how == "no list of files":
        (folder / kept.MANIFEST).write_text('{"form": 1, "files": []}', "utf-8")
    elif how == "nothing listed":
        told = json.loads((folder / kept.MANIFEST).read_text("utf-8"))
        told["files"] = {kept.LEARNED: told["files"][kept.LEARNED]}
        (folder / kept.MANIFEST).write_text(json.dumps(told), "utf-8")
        (folder / "activity.npy").write_bytes(b"no array")
    elif how == "nothing listed, no ids":
        told = json.loads((folder / kept.MANIFEST).read_text("utf-8"))
        told["files"] = {kept.LEARNED: told["files"][kept.LEARNED]}
        (folder / kept.MANIFEST).write_text(json.dumps(told), "utf-8")
        (folder / "objects.arrow").write_bytes(b"no table")
    elif how == "no array":
        (folder / "at.npy").unlink()
    elif how == "cut short":
        (folder / "touched.item.npy").write_bytes((folder / "touched.item.npy").read_bytes()[:-4])
    else:
        text = (folder / "learned.json").read_bytes()
        (folder / "learned.json").write_bytes(text.replace(b"0.1", b"0.2", 1))


@pytest.mark.parametrize(
    ("how", "code", "file"),
    [
        ("no manifest", "trace_folder_unfinished", "index"),
        ("not JSON", "trace_folder_unfinished", "index"),
        ("no list of files", "trace_folder_unfinished", "index"),
        ("other form", "trace_folder_form", "index"),
        ("nothing listed, no ids", "trace_folder_damaged", "index/objects.arrow"),
        ("nothing listed", "trace_folder_damaged", "index/activity.npy"),
        ("no array", "trace_folder_damaged", "index/at.npy"),
        ("cut short", "trace_folder_damaged", "index/touched.item.npy"),
        ("other figures", "trace_folder_damaged", "index/learned.json"),
    ],
)
def test_an_index_that_is_not_whole_is_refused_and_says_what_is_wrong(folder, how, code, file):
    damaged(folder, how)

    with pytest.raises(BadInput) as refused:
        kept.opened(folder, RULES)

    assert (refused.value.code, refused.value.facts["file"]) == (code, file)


def test_a_changed_array_of_the_same_length_is_found_where_everything_is_read(folder):
    held = (folder / "at.npy").read_bytes()
    (folder / "at.npy").write_bytes(held[:-1] + bytes([held[-1] ^ 1]))

    with pytest.raises(BadInput) as refused:
        kept.opened(folder, RULES, whole=True)

    assert (refused.value.code, refused.value.facts["file"]) == ("trace_folder_damaged", "index/at.npy")


def test_an_index_of_other_rules_is_refused(folder):
    other = causality.rules(tomllib.loads(elsewhere.RULES.replace("visit paid", "visit")), "town.toml")

    with pytest.raises(BadInput) as refused:
        kept.opened(folder, other)

    assert (other != RULES, refused.value.code) == (True, "trace_folder_rules")


def test_an_index_is_made_again_in_its_place_and_nothing_else_is_written_over(town, folder, tmp_path):
    (folder / "at.npy").unlink()
    half = tmp_path / f"index{kept.PARTIAL}"
    half.mkdir()
    (half / "at.npy").write_text("half", "utf-8")
    other = tmp_path / "letters"
    other.mkdir()
    (other / "letter.txt").write_text("dear", "utf-8")

    kept.keep(town, folder)
    with pytest.raises(BadInput) as refused:
        kept.keep(town, other)

    assert len(kept.opened(folder, RULES).log.at) == len(town.log.at)
    assert sorted(one.name for one in tmp_path.iterdir()) == ["index", "letters"]
    assert (refused.value.code, (other / "letter.txt").read_text("utf-8")) == ("trace_folder_other", "dear")


@pytest.mark.long
def test_two_processes_learn_the_same_to_the_last_digit():
    script = (
        "from bench import trace; from suyuan.analytics.trace import learned;"
        "from suyuan.analytics.trace.tracer import Tracer; log, rules, _ = trace.town(4);"
        "print(learned.of_support(Tracer(log, rules).support))"
    )

    said = [
        subprocess.run(
            [sys.executable, "-c", script],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]

    assert (len(said[0]) > 1_000, said[0]) == (True, said[1])


def test_where_no_index_can_be_written_the_place_is_named(town, tmp_path):
    (tmp_path / "file").write_text("a file", "utf-8")

    with pytest.raises(BadInput) as refused:
        kept.keep(town, tmp_path / "file" / "index")

    assert (refused.value.code, refused.value.facts["file"]) == ("file_unwritable", "index")


def test_who_does_a_step_most_is_counted_as_one_by_one():
    draw = np.random.default_rng(3)
    activity, place, unit = (draw.integers(0, most, 4_000) for most in (7, 40, 9))
    counted = Counter(zip(activity.tolist(), place.tolist(), unit.tolist(), strict=True))
    best: dict[tuple[int, int], tuple[int, int]] = {}
    for (did, where, who), times in counted.items():
        best[did, where] = max(best.get((did, where), (0, 0)), (times, who))

    found = modes(activity, place, unit, 50)

    asked = [(did, where) for did in range(8) for where in range(50)]
    assert [found.of(*one) for one in asked] == [best.get(one, (0, -1))[1] for one in asked]


def test_distinct_numbers_rise():
    assert distinct(np.array([3, 1, 3, 2, 1])).tolist() == [1, 2, 3]
    assert distinct(np.zeros(0, np.int64)).tolist() == []
