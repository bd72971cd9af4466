"""An installation is backed up, brought back elsewhere, and holds: on whichever database this run has."""

import json
import os
import subprocess
import sys
import uuid
from pathlib import Path

import jsonschema
import psycopg
import pytest
from django.utils import timezone

from suyuan.actions.privacy import _ledger as ledger
from suyuan.cli.schema import of
from suyuan.store import keyring, seal
from tests import ready
from tests.methods.order_files import write_csv

URL = os.environ.get("SUYUAN_DATABASE_URL", "")
HEADERS = ["工单编号", "业务类型", "受理时间", "联系电话", "受理内容"]
ROWS = (
    ["20251001001", "投诉", "2025-10-01 08:05:00", "13912345678", "家中无电"],
    ["20251001002", "投诉", "2025-10-01 08:06:00", "13800001111", "家中无电"],
)


def suyuan(home: Path, url: str, *arguments: object) -> tuple[int, str]:
    """Run the command line in a process of its own; return its exit code and what it printed."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("SUYUAN", "DJANGO"))}
    code = "from suyuan.cli.main import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        env=kept | {"SUYUAN_HOME": str(home), "SUYUAN_DATABASE_URL": url},
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, done.stdout or done.stderr


@pytest.fixture
def databases():
    """Return one that is up to date and one that is empty: those of the homes, or two on PostgreSQL."""
    if not URL.startswith("postgres"):
        yield ("", "")
        return
    names = [f"backup_{uuid.uuid4().hex}" for _ in range(2)]
    with psycopg.connect(URL, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {names[0]} TEMPLATE {ready.on_server(URL)}")
        connection.execute(f"CREATE DATABASE {names[1]}")
        yield tuple(URL.rpartition("/")[0] + f"/{name}" for name in names)
        for name in names:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def listed(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the list of a home in which the first case was shredded after the backup."""
    with monkeypatch.context() as there:
        there.setenv("SUYUAN_HOME", str(home))
        keyring.forget(), seal.forget()
        ledger.note("case", [1], timezone.now())
    keyring.forget(), seal.forget()
    return home / "shredded.jsonl"


def test_what_was_backed_up_comes_back_with_its_chains_and_its_keys(tmp_path, databases, monkeypatch):
    """All but what was shredded meanwhile, which is shredded again by the list that is given."""
    old, new, file = ready.home(tmp_path / "old"), tmp_path / "new", tmp_path / "b.suyuan"
    suyuan(old, databases[0], "import", write_csv(tmp_path / "a.csv", [HEADERS, *ROWS]), "--json")
    suyuan(old, databases[0], "audit", "anchor")
    changes = tmp_path / "c.csv"
    changes.write_text("换表工单编号,户号,换表时间\nHB1,3300012345678,2025-10-02\n", "utf-8")
    assert suyuan(old, databases[0], "trace", "take", changes)[0] == 0

    _, taken = suyuan(old, databases[0], "backup", file, "--json")
    shredded = listed(old, monkeypatch)
    _, back = suyuan(new, databases[1], "restore", file, "--shredded", shredded, "--json")
    suyuan(new, databases[1], "export", tmp_path / "back.csv", "--purpose", "move")
    _, orders = suyuan(new, databases[1], "trace", "orders", "--json")
    again, said = suyuan(new, databases[1], "restore", file)

    jsonschema.validate(json.loads(taken), of("backup"))
    jsonschema.validate(json.loads(back), of("restore"))
    assert [one["number"] for one in json.loads(orders)["orders"]] == ["HB1"]
    assert json.loads(suyuan(new, databases[1], "trace", "take", changes, "--json")[1])["unchanged"] == 1
    counted = {name: json.loads(taken)[name] for name in ("cases", "events", "people")}
    assert (counted["cases"], json.loads(back)["shredded_again"]) == (2, {"case": 1})
    assert {name: json.loads(back)[name] for name in counted} == counted
    assert [json.loads(back)[name] for name in ("anchors", "ok")] == [1, True]
    left = (tmp_path / "back.csv").read_text("utf-8-sig")
    assert ["13912345678" in left, "13800001111" in left, "20251001001" in left] == [False, True, True]
    assert (again, json.loads(said)["refused"]) == (1, "home_not_empty")


def test_a_restore_that_fails_leaves_the_home_as_it_was_found(tmp_path):
    new, broken = tmp_path / "new", tmp_path / "b.suyuan"
    broken.write_bytes(b"no backup")
    new.mkdir()
    (new / "kept").write_text("mine")

    code, said = suyuan(new, "", "restore", broken)

    assert (code, [path.name for path in new.iterdir()]) == (2, ["kept"]), said
