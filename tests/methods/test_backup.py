"""A backup bundle: every byte of it checked before anything is put in place, the keys apart."""

import json
import sqlite3
import zipfile

import pytest

from suyuan.domain.errors import BadInput
from suyuan.gateways import backup

ABOUT = {"version": "0.1.0", "made_at": "2026-03-04T10:30:00+08:00", "counts": {"cases": 2}}


def settings(home):
    """Return Django's settings of a SQLite database in ``home``."""
    return {"ENGINE": "django.db.backends.sqlite3", "NAME": home / "suyuan.sqlite3"}


@pytest.fixture
def home(tmp_path):
    """Return a home with a database of two rows, a file, a lake and keys."""
    home = tmp_path / "old"
    for folder in ("secrets/ring", "attachments/ab", "lake/cases"):
        (home / folder).mkdir(parents=True)
    (home / "secrets/ring/1").write_bytes(b"key one")
    (home / "secrets/django").write_bytes(b"key two")
    (home / "attachments/ab/abcd").write_bytes(b"a recording")
    (home / "lake/cases/x.parquet").write_bytes(b"made again")
    (home / ".upload-unfinished").write_bytes(b"half")
    with sqlite3.connect(home / "suyuan.sqlite3") as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("CREATE TABLE t (x)")
        connection.executemany("INSERT INTO t VALUES (?)", [(1,), (2,)])
    connection.close()
    return home


@pytest.fixture
def made(home, tmp_path):
    return backup.take(home, settings(home), tmp_path / "b.suyuan", ABOUT)


@pytest.fixture
def fresh(tmp_path):
    """Return an empty home to restore into."""
    there = tmp_path / "fresh"
    there.mkdir()
    return there


def rows(home):
    with sqlite3.connect(home / "suyuan.sqlite3") as connection:
        found = connection.execute("SELECT x FROM t").fetchall()
    connection.close()
    return found


def refusal(path, keys, home):
    with pytest.raises(BadInput) as wrong:
        backup.unpack(path, keys, home, settings(home))
    return wrong.value.code, wrong.value.facts


def altered(path, change):
    """Return a copy of a backup with members replaced or added."""
    other = path.with_name("altered.suyuan")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(other, "w") as new:
        for name in old.namelist():
            new.writestr(name, change.get(name, old.read(name)))
        for name in sorted(set(change) - set(old.namelist())):
            new.writestr(name, change[name])
    return other


def test_what_was_taken_comes_back(made, fresh):
    contents = backup.unpack(made.path, made.secrets, fresh, settings(fresh))

    assert rows(fresh) == [(1,), (2,)]
    assert (fresh / "attachments/ab/abcd").read_bytes() == b"a recording"
    assert {
        p.relative_to(fresh).as_posix(): p.read_bytes() for p in (fresh / "secrets").rglob("*") if p.is_file()
    } == {
        "secrets/ring/1": b"key one",
        "secrets/django": b"key two",
    }
    assert contents.counts == {"cases": 2}


def test_it_can_be_taken_while_somebody_writes(home, tmp_path):
    writer = sqlite3.connect(home / "suyuan.sqlite3")
    writer.execute("INSERT INTO t VALUES (3)")

    made = backup.take(home, settings(home), tmp_path / "b.suyuan", ABOUT)
    writer.rollback()
    writer.close()
    (tmp_path / "fresh").mkdir()
    backup.unpack(made.path, made.secrets, tmp_path / "fresh", settings(tmp_path / "fresh"))

    assert rows(tmp_path / "fresh") == [(1,), (2,)]


def test_the_file_alone_holds_no_key_no_lake_and_nothing_unfinished(made):
    with zipfile.ZipFile(made.path) as bundle:
        names = sorted(bundle.namelist())
        raw = b"".join(bundle.read(name) for name in names)

    assert names == ["database", "home/attachments/ab/abcd", "manifest.json"]
    assert b"key one" not in raw
    assert [path.stat().st_mode & 0o077 for path in (made.path, made.secrets)] == [0, 0]


@pytest.mark.parametrize(
    ("change", "member"),
    [
        ({"database": b"another"}, "database"),
        ({"home/attachments/ab/abcd": b"another"}, "home/attachments/ab/abcd"),
        ({"home/added": b"more"}, "home/added"),
        ({"home/../../outside": b"gets out"}, "home/../../outside"),
    ],
    ids=["database", "file", "added", "path"],
)
def test_a_changed_backup_is_refused_before_anything_is_put_in_place(made, fresh, tmp_path, change, member):
    assert refusal(altered(made.path, change), made.secrets, fresh) == (
        "backup_changed",
        {"file": "altered.suyuan", "member": member},
    )
    assert list(fresh.iterdir()) == []
    assert not (tmp_path / "outside").exists()


def test_a_manifest_that_names_a_way_out_is_refused(made, fresh, tmp_path):
    says = {"format": 1, "version": "", "made_at": "", "database": "sqlite", "secrets": True, "counts": {}}
    other = tmp_path / "out.suyuan"
    with zipfile.ZipFile(other, "w") as bundle:
        bundle.writestr("home/../x", b"gets out")
        bundle.writestr("manifest.json", json.dumps(says | {"files": {"home/../x": "0"}}))

    assert refusal(other, made.secrets, fresh)[0] == "backup_changed"
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize("raw", [b"", b"not a zip", b"PK\x03\x04 cut off"], ids=["empty", "text", "cut"])
def test_what_is_no_backup_is_named(tmp_path, made, fresh, raw):
    path = tmp_path / "x.suyuan"
    path.write_bytes(raw)

    code, facts = refusal(path, made.secrets, fresh)

    assert (code, facts["file"]) == ("backup_unreadable", "x.suyuan")


def test_without_its_keys_nothing_is_put_in_place(made, fresh, tmp_path):
    assert refusal(made.path, tmp_path / "gone.keys", fresh)[1]["file"] == "gone.keys"
    assert list(fresh.iterdir()) == []


def test_another_kind_of_database_is_refused(made, fresh):
    with pytest.raises(BadInput) as wrong:
        backup.unpack(
            made.path, made.secrets, fresh, {"ENGINE": "django.db.backends.postgresql", "NAME": "x"}
        )

    assert (wrong.value.code, wrong.value.facts) == (
        "backup_other_database",
        {"given": "sqlite", "here": "postgresql"},
    )


def test_it_never_overwrites(home, made):
    with pytest.raises(BadInput) as wrong:
        backup.take(home, settings(home), made.path, ABOUT)

    assert wrong.value.code == "file_exists"
