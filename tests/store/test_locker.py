"""Bytes are sealed piece by piece, opened anywhere, and none can be changed, swapped or cut off unseen."""

import hashlib
import os

import pytest
from django.conf import settings
from hypothesis import HealthCheck, given
from hypothesis import settings as given_settings
from hypothesis import strategies as st

from suyuan.domain.errors import BadInput, Refused
from suyuan.store import locker

CONTENT = os.urandom(3 * locker.CHUNK + 777)


@pytest.fixture(autouse=True)
def own_folder(tmp_path, monkeypatch):
    """Keep each test's bytes apart."""
    monkeypatch.setattr(settings, "ATTACHMENTS", tmp_path / "attachments")


def kept(content: bytes = CONTENT) -> locker.Staged:
    """Return bytes put at their address."""
    staged = locker.stage([content[:1000], content[1000:]], "a", 10**9)
    locker.place(staged)
    return staged


def opened(staged: locker.Staged):
    """Return the clear bytes of something kept."""
    return locker.clear(locker.path_of(staged.sha256), staged.key, staged.sha256)


@pytest.mark.parametrize("size", [1, locker.CHUNK - 1, locker.CHUNK, locker.CHUNK + 1, 2 * locker.CHUNK])
def test_what_is_kept_comes_back_whatever_its_size(size):
    staged = kept(CONTENT[:size])

    with opened(staged) as file:
        assert file.read() == CONTENT[:size]
    assert (staged.size, staged.sha256) == (size, hashlib.sha256(CONTENT[:size]).hexdigest())


def test_nothing_of_it_can_be_read_on_the_disk():
    staged = kept(b"telephone 13912345678 " * 5000)

    assert b"telephone" not in locker.path_of(staged.sha256).read_bytes()


@given_settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, len(CONTENT) + 10), st.integers(0, 3 * locker.CHUNK))
def test_any_range_is_opened_without_the_rest(start, count):
    staged = kept()

    with opened(staged) as file:
        file.seek(start)
        assert file.read(count) == CONTENT[start : start + count]


def cut(raw: bytes) -> bytes:
    return raw[: len(locker.MARK) + 2 * locker.STORED]


def swapped(raw: bytes) -> bytes:
    first, second = len(locker.MARK), len(locker.MARK) + locker.STORED
    return (
        raw[:first] + raw[second : second + locker.STORED] + raw[first:second] + raw[second + locker.STORED :]
    )


def flipped(raw: bytes) -> bytes:
    return raw[:-1] + bytes([raw[-1] ^ 1])


@pytest.mark.parametrize("change", [cut, swapped, flipped])
def test_a_change_of_the_bytes_is_seen(change):
    staged = kept()
    path = locker.path_of(staged.sha256)
    path.write_bytes(change(path.read_bytes()))

    with pytest.raises(Refused) as refused, opened(staged) as file:
        file.read()

    assert refused.value.code == "file_damaged"


def test_another_key_opens_nothing():
    staged = kept()

    with pytest.raises(Refused), locker.clear(locker.path_of(staged.sha256), bytes(32), "x") as file:
        file.read()


def test_bytes_that_are_gone_are_named():
    with pytest.raises(Refused) as refused:
        locker.clear(locker.path_of("0" * 64), bytes(32), "0" * 64)

    assert (refused.value.code, refused.value.facts) == ("file_missing", {"file": "0" * 64})


@pytest.mark.parametrize(
    ("pieces", "code"), [([], "empty"), ([b""], "empty"), ([b"x" * 60, b"y" * 41], "too_large")]
)
def test_nothing_and_too_much_leave_nothing_behind(pieces, code):
    with pytest.raises(BadInput) as wrong:
        locker.stage(pieces, "a.jpg", 100)

    assert (wrong.value.code, wrong.value.facts["name"]) == (code, "a.jpg")
    assert list(settings.ATTACHMENTS.iterdir()) == []


def test_a_stream_that_breaks_off_leaves_nothing_behind():
    def broken():
        yield b"half of it"
        raise ConnectionError("the line went dead")

    with pytest.raises(ConnectionError):
        locker.stage(broken(), "a", 1000)

    assert list(settings.ATTACHMENTS.iterdir()) == []


def test_a_key_is_kept_wrapped():
    staged = kept()

    wrapped = locker.wrap(staged.key)

    assert locker.unwrap(wrapped) == staged.key
    assert staged.key not in wrapped
    assert staged.key.hex().encode() not in wrapped


def test_the_small_picture_is_sealed_with_a_key_that_follows_from_the_file():
    staged = kept()

    before = locker.small(staged.sha256, staged.key)
    locker.keep_small(staged.sha256, staged.key, b"small")

    assert (before, locker.small(staged.sha256, staged.key)) == (None, b"small")
    assert b"small" not in locker.beside(staged.sha256).read_bytes()
