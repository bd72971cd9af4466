"""Files with something inside: evidence, Word templates, bundles, backups, event logs."""

import hashlib
import io
import json
import sqlite3

import pytest
from damage import NOISE, damaged, of_archive, packed, taken
from hypothesis import given
from hypothesis import strategies as st

from suyuan.domain.papers import PAPERS
from suyuan.gateways import backup, bundle, filetype, kept_log, ooxml
from suyuan.gateways.filetype.types import BY_EXTENSION
from suyuan.gateways.papers import check, shipped
from tests.evidence_files import DOCX, XLSX, box, pdf, picture, sound, video, webm, word

BOUNDS = filetype.Bounds(pixels=1_000_000, entries=100, expanded=5_000_000, ratio=100)
EVIDENCE = {
    "a.jpg": picture() + video(b"mp42"),
    "a.png": picture("PNG"),
    "a.gif": picture("GIF"),
    "a.webp": picture("WEBP"),
    "a.heic": box(b"ftyp", b"heic\0\0\0\0mif1heic") + box(b"mdat", b"x" * 40),
    "a.wav": sound(0.1),
    "a.mp4": video(),
    "a.webm": webm(),
    "a.pdf": pdf(),
    "a.txt": "客户说".encode("gb18030"),
}
TEMPLATE = shipped("work_order")
KNOWN = PAPERS["work_order"].known
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@given(st.sampled_from(sorted(EVIDENCE)), st.data())
def test_any_bytes_are_evidence_or_are_refused(name, data):
    content = data.draw(damaged(EVIDENCE[name]) | NOISE)

    found = taken(lambda: filetype.accept(io.BytesIO(content), len(content), name, "", BOUNDS))

    assert found is None or found.media_type == BY_EXTENSION[name[1:]]


@given(st.sampled_from((("a.docx", DOCX), ("a.xlsx", XLSX))), of_archive(word()) | of_archive(TEMPLATE))
def test_any_zip_is_an_office_file_or_is_refused(named, content):
    name, media = named

    found = taken(lambda: filetype.accept(io.BytesIO(content), len(content), name, "", BOUNDS))

    assert found is None or found.media_type == media


@given(of_archive(TEMPLATE))
def test_any_bytes_are_parts_of_an_office_file_or_are_refused(content):
    taken(lambda: ooxml.parts(content, "a.docx"))


@given(of_archive(TEMPLATE))
def test_any_bytes_are_a_template_or_are_refused(content):
    taken(lambda: check(content, "a.docx", KNOWN))


@given(
    st.text(max_size=30),
    st.sampled_from(("{{{{ {} }}}}", "{{% {} %}}", "{{# {}", "{}", "{{% for c in {} %}}")),
)
def test_any_placeholder_is_known_or_is_refused(text, form):
    said = form.format(text.replace("&", "").replace("<", ""))
    document = f"<w:document xmlns:w='w'><w:p><w:r><w:t>{said}</w:t></w:r></w:p></w:document>"

    taken(lambda: check(word(document=document.encode("utf-8", "replace")), "a.docx", KNOWN))


def event(seq, **more):
    """Return one event of a manifest."""
    body = json.dumps({"stream": "case:1", "seq": seq, "verb": "attach", "detail": {}, "objects": []} | more)
    return {"body": body, "digest": "0" * 64}


MANIFEST = {
    "format": bundle.FORMAT,
    "exported": {},
    "parts": {},
    "files": [{"path": "files/a.jpg", "sha256": "a" * 64, "size": 3, "case": "1"}],
    "chains": [{"stream": "case:1", "events": [event(1), event(2, verb="receive")]}],
}


@given(st.data())
def test_a_manifest_of_any_values_is_checked_or_refused(tmp_path, data):
    told = json.loads(json.dumps(MANIFEST))
    targets = [told, told["files"][0], told["chains"][0], told["chains"][0]["events"][0]]
    target = data.draw(st.sampled_from(targets))
    target[data.draw(st.sampled_from(sorted(target)) | st.text(max_size=5))] = data.draw(
        JSON
        | st.dictionaries(st.sampled_from(("stream", "events", "path", "sha256", "size")), JSON)
        | JSON.map(lambda value: json.dumps(value))
    )
    path = tmp_path / "bundle.zip"
    path.write_bytes(packed([("manifest.json", json.dumps(told).encode()), ("files/a.jpg", b"abc")]))

    taken(lambda: bundle.check(path))


@given(of_archive(packed([("manifest.json", json.dumps(MANIFEST).encode()), ("files/a.jpg", b"abc")])))
def test_any_bytes_are_a_bundle_or_are_refused(tmp_path, content):
    path = tmp_path / "bundle.zip"
    path.write_bytes(content)

    taken(lambda: bundle.check(path))


CONTENTS = {
    "format": backup.bundle.FORMAT,
    "version": "0.1.0",
    "made_at": "2026-03-04T10:30:00+08:00",
    "database": "sqlite",
    "secrets": True,
    "counts": {"cases": 2},
    "files": {"database": hashlib.sha256(b"rows").hexdigest()},
}
KEYS = packed([("ring/1", b"key")])


@given(st.data())
def test_any_bytes_are_a_backup_or_are_refused_and_nothing_is_put_in_place(tmp_path, data):
    told = dict(CONTENTS)
    if data.draw(st.booleans()):
        told[data.draw(st.sampled_from(sorted(told)) | st.text(max_size=5))] = data.draw(JSON)
    whole = packed([("manifest.json", json.dumps(told).encode()), ("database", b"rows")])
    path, keys, home = tmp_path / "b.suyuan", tmp_path / "b.keys", tmp_path / "home"
    path.write_bytes(data.draw(st.just(whole) | of_archive(whole)))
    keys.write_bytes(data.draw(of_archive(KEYS)))
    home.mkdir(exist_ok=True)

    found = taken(lambda: backup.check(path))
    if found is None:
        settings = {"ENGINE": "django.db.backends.sqlite3", "NAME": home / "suyuan.sqlite3"}
        assert taken(lambda: backup.unpack(path, keys, home, settings)) is None
        assert list(home.iterdir()) == []


@pytest.fixture(scope="module")
def earlier(tmp_path_factory):
    """Return where a small log lies as an earlier version kept it."""
    path = tmp_path_factory.mktemp("log") / "a.sqlite"
    with sqlite3.connect(path) as link:
        link.executescript(
            """
            PRAGMA page_size = 512;
            CREATE TABLE event (ocel_id, ocel_type);
            CREATE TABLE event_object (ocel_event_id, ocel_object_id);
            CREATE TABLE object (ocel_id, ocel_type);
            CREATE TABLE object_object (ocel_source_id, ocel_target_id);
            CREATE TABLE event_map_type (ocel_type, ocel_type_map);
            CREATE TABLE event_A (ocel_id, ocel_time);
            INSERT INTO event VALUES ('e1', 'a');
            INSERT INTO event_object VALUES ('e1', 'o1'), ('e1', 'o2');
            INSERT INTO object VALUES ('o1', 'case'), ('o2', 'unit');
            INSERT INTO object_object VALUES ('o1', 'o2');
            INSERT INTO event_map_type VALUES ('a', 'A');
            INSERT INTO event_A VALUES ('e1', '2025-10-01T08:00:00+08:00');
            """
        )
    link.close()
    return path


@pytest.fixture(scope="module")
def log(earlier, tmp_path_factory):
    """Return where the same log lies as it is kept now."""
    path = tmp_path_factory.mktemp("log") / "b.sqlite"
    path.write_bytes(earlier.read_bytes())
    assert kept_log.upgrade(path, KINDS)
    return path


KINDS = kept_log.Kinds(
    lambda name: {"unit": "unit", "case": "order"}.get(name, ""), lambda _: False, lambda _: False
)


def read(path):
    """Ask everything that is asked of a log that is kept."""
    taken(lambda: kept_log.whole(path))
    taken(lambda: kept_log.types_of(path, ["o1", "o2"]))
    taken(lambda: kept_log.sources(path))
    taken(lambda: kept_log.orders(path, kept_log.Wanted(), 0, 10))
    taken(lambda: kept_log.events_of(path, "o1"))
    taken(lambda: kept_log.upgrade(path, KINDS))
    taken(lambda: kept_log.forget(path, ["o1"]))


@given(st.data())
def test_any_bytes_are_an_event_log_or_are_refused(tmp_path, log, earlier, data):
    path = tmp_path / "log.sqlite"
    whole = data.draw(st.sampled_from((log, earlier))).read_bytes()
    path.write_bytes(data.draw(damaged(whole) | NOISE))

    read(path)


@given(
    st.sampled_from(("event", "event_object", "object", "object_object", "event_map_type", "event_A")),
    st.none()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False)
    | st.binary(max_size=5)
    | st.text(max_size=5),
    st.booleans(),
)
def test_an_event_log_of_any_values_is_read_or_refused(tmp_path, earlier, table, value, second):
    path = tmp_path / "log.sqlite"
    path.write_bytes(earlier.read_bytes())
    with sqlite3.connect(path) as link:
        column = [row[1] for row in link.execute(f"PRAGMA table_info({table})")][second]
        link.execute(f"UPDATE {table} SET {column} = ?", (value,))
    link.close()

    read(path)
