"""Files handed in: sealed while they lie here, gone when they are done with, and in no backup."""

import gzip
import io
import os
import resource
import shutil
import zipfile
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from suyuan.actions import imports
from suyuan.actions.imports import handed_in
from suyuan.actions.privacy._scan import holds
from suyuan.config.home import home
from suyuan.domain.errors import BadInput, Refused
from suyuan.gateways.backup import bundle
from suyuan.jobs import imports as job
from suyuan.store import tray
from suyuan.store.models import Case, Event, ImportRun
from suyuan.web import uploads
from tests.factories import NOW, actor
from tests.methods.order_files import GOOD, HEADERS, write_csv

pytestmark = pytest.mark.django_db
PHONE = "13912345678"
MIB = 1024**2


@pytest.fixture(autouse=True)
def empty():
    """Begin and end with nothing handed in."""
    for name in (tray.HANDED_IN, tray.SET_APART, tray.ROOMS):
        shutil.rmtree(home() / name, ignore_errors=True)
    yield
    for name in (tray.HANDED_IN, tray.SET_APART, tray.ROOMS):
        shutil.rmtree(home() / name, ignore_errors=True)


def hand_in(tmp_path, *rows, name="orders.csv"):
    """Keep an order file as a page does."""
    header = [*HEADERS, "联系电话"]
    content = Path(write_csv(tmp_path / name, [header, *rows])).read_bytes()
    return uploads.keep(SimpleUploadedFile(name, content), "office")


def queued(file):
    return imports.queue(path=file.path, name=file.name, layout="auto", actor=actor("office"), now=NOW)


def in_clear():
    """Return the files of the home that hold the number as anybody can read it."""
    return [
        path.name
        for name in (tray.HANDED_IN, tray.SET_APART, tray.ROOMS)
        for path in (home() / name).rglob("*")
        if path.is_file() and PHONE.encode() in path.read_bytes()
    ]


@contextmanager
def full_disk(size):
    """Let no file grow beyond a size, as a disk that is full does."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_file_is_sealed_while_it_waits_and_gone_once_it_is_imported(tmp_path):
    file = hand_in(tmp_path, [*GOOD, PHONE], ["N2", "怪事", *GOOD[2:], PHONE])
    digest, lying = tray.sha256(file.path), in_clear()
    queued(file)

    assert job.next_one(NOW, "w") == 1

    run = ImportRun.objects.get()
    with tray.reading(Path(run.quarantine_file)) as aside:
        assert PHONE in aside.read().decode("utf-8-sig")
    assert (lying, in_clear(), Case.objects.count()) == ([], [], 1)
    assert (run.state, file.path.parent.exists(), list((home() / tray.ROOMS).iterdir())) == (
        "done",
        False,
        [],
    )
    assert Event.objects.get(verb="import_run").objects_json == [["file", digest]]


def test_a_file_that_fails_in_the_worker_goes_too(tmp_path):
    content = "甲,乙\n1,2\n".encode()
    file = uploads.keep(SimpleUploadedFile("x.csv", content), "office")
    queued(file)

    job.next_one(NOW, "w")

    assert (ImportRun.objects.get().state, file.path.parent.exists()) == ("failed", False)


def test_a_file_that_a_second_import_waits_for_stays(tmp_path):
    file = hand_in(tmp_path, [*GOOD, PHONE])
    queued(file), queued(file)

    job.next_one(NOW, "w")
    between = file.path.exists()
    job.next_one(NOW, "w")

    assert (between, file.path.exists()) == (True, False)
    assert set(ImportRun.objects.values_list("state", flat=True)) == {"done"}


def test_a_file_refused_while_it_is_read_goes_at_once(tmp_path):
    file = hand_in(tmp_path, [*GOOD, PHONE])

    with pytest.raises(BadInput), uploads.accepted(file):
        raise BadInput("damaged_file")

    assert not file.path.parent.exists()


def test_none_of_it_is_in_a_backup(tmp_path):
    queued(hand_in(tmp_path, [*GOOD, PHONE], ["N2", "怪事", *GOOD[2:], PHONE]))
    job.next_one(NOW, "w")
    hand_in(tmp_path, [*GOOD, PHONE], name="waits.csv")
    out = home() / "outbox" / "out" / "x" / "messages.csv"
    out.parent.mkdir(parents=True)
    out.write_text(PHONE)
    try:
        with tray.room() as place:
            (place / "clear.csv").write_text(PHONE)
            taken = {name.split("/")[0] for name, _ in bundle._files(home())}
    finally:
        shutil.rmtree(home() / "outbox")

    assert taken & {"uploads", "quarantine", "outbox", ".clear"} == set()


def test_what_nobody_comes_back_to_and_old_answers_go(tmp_path):
    left, waits = hand_in(tmp_path, [*GOOD, PHONE]), hand_in(tmp_path, [*GOOD, PHONE])
    answer = hand_in(tmp_path, [*GOOD, PHONE])
    tray.write(answer.path.with_name("result.xlsx"), [b"1"])
    answer.path.unlink()
    queued(waits)
    aside = tray.folder(tray.SET_APART) / "1-rows.csv"
    tray.write(aside, [b"1"])
    now = NOW + timedelta(hours=25)
    for path in (home() / tray.HANDED_IN).rglob("*"):
        os.utime(path, (NOW.timestamp(), NOW.timestamp()))
    os.utime(aside, (NOW.timestamp(), NOW.timestamp()))

    handed_in.sweep(now=now)
    soon = [each.path.parent.exists() for each in (left, waits, answer)], aside.exists()
    handed_in.sweep(now=NOW + timedelta(days=31))
    late = [each.path.parent.exists() for each in (left, waits, answer)], aside.exists()

    assert (soon, late) == (([False, True, True], True), ([False, True, False], False))


def test_a_clear_copy_goes_when_its_holder_is_gone():
    abandoned = tray.folder(tray.ROOMS) / "gone"
    abandoned.mkdir()
    with tray.room() as held:
        for place in (abandoned, held):
            os.utime(place, (NOW.timestamp(), NOW.timestamp()))
        handed_in.sweep(now=NOW + timedelta(hours=1))

        assert (abandoned.exists(), held.exists()) == (False, True)


def test_what_an_earlier_version_left_in_clear_is_sealed():
    place = tray.folder(tray.SET_APART) / "1-rows.csv"
    place.write_text(PHONE)

    handed_in.sweep(now=NOW)

    with tray.reading(place) as file:
        assert (in_clear(), file.read().decode()) == ([], PHONE)


def test_a_full_disk_leaves_nothing_of_an_upload_and_says_so():
    file = SimpleUploadedFile("orders.csv", b"x" * MIB)

    with full_disk(MIB // 2), pytest.raises(Refused) as refused:
        uploads.keep(file, "office")

    assert refused.value.code == "disk_full"
    assert list((home() / tray.HANDED_IN).iterdir()) == []


def test_an_import_that_meets_a_full_disk_waits_and_goes_on(tmp_path):
    file = hand_in(tmp_path, *([f"N{n}", *GOOD[1:], PHONE] for n in range(30)))
    queued(file)
    with full_disk(1_000):
        job.next_one(NOW, "w")
    waiting = ImportRun.objects.get()

    job.next_one(NOW + timedelta(days=1), "w")

    assert (waiting.state, waiting.attempts, waiting.fault) == ("queued", 0, None)
    assert (ImportRun.objects.get().state, Case.objects.count()) == ("done", 30)


def packed(content, name="a.csv"):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return made.getvalue()


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (f"x,{PHONE}\n".encode(), True),
        (b"x" * (MIB - 5) + PHONE.encode(), True),
        (gzip.compress(f"x,{PHONE}\n".encode()), True),
        (packed(f"x,{PHONE}\n"), True),
        (packed(gzip.compress(PHONE.encode()), "a.csv.gz"), True),
        (PHONE.encode("utf-16"), True),
        (gzip.compress(b"x,1\n"), False),
        (packed("x,1\n"), False),
        (b"PK,1\n", False),
        (packed(b"0" * 40 * MIB), True),
        (gzip.compress(b"x,1\n")[:-6], True),
    ],
    ids=range(11),
)
def test_a_number_is_found_however_it_is_packed_and_what_cannot_be_read_counts(content, found):
    assert holds(io.BytesIO(content), PHONE, 8 * MIB) is found
