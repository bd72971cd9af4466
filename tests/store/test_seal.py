"""What is personal lies sealed: found again by an exact value, read by nobody without the home's key."""

import pytest
from cryptography.exceptions import InvalidTag
from hypothesis import given
from hypothesis import strategies as st

from suyuan.config.home import home
from suyuan.store import seal

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


@given(st.dictionaries(texts, texts, max_size=6))
def test_what_was_sealed_is_unsealed(values):
    assert seal.unseal(seal.seal(values)) == values


@given(texts.filter(lambda text: len(text.encode()) > 3))
def test_the_bytes_tell_nothing_and_are_never_the_same_twice(text):
    first, second = seal.seal({"phone": text}), seal.seal({"phone": text})

    assert first != second
    assert text.encode() not in first
    assert len(first) == len(second)


@given(st.data())
def test_one_changed_byte_shows(data):
    sealed = bytearray(seal.seal({"customer": "张三丰", "phone": "13912345678"}))
    place = data.draw(st.integers(1, len(sealed) - 1))
    sealed[place] ^= data.draw(st.integers(1, 255))

    with pytest.raises(InvalidTag):
        seal.unseal(bytes(sealed))


def test_a_value_of_a_key_that_is_not_there_is_named():
    sealed = seal.seal({"a": "b"})

    with pytest.raises(ValueError, match="unknown key 250"):
        seal.unseal(bytes((250,)) + sealed[1:])


def test_nothing_was_sealed_with_no_key():
    with pytest.raises(ValueError, match="nothing sealed"):
        seal.unseal(b"")


@given(st.binary(max_size=64))
def test_bytes_come_back_as_they_went_in(plain):
    assert seal.unseal_bytes(seal.seal_bytes(plain)) == plain


@given(st.sampled_from(["phone", "account"]), texts.filter(bool), texts.filter(bool))
def test_equal_values_meet_in_the_index_and_different_ones_do_not(kind, one, other):
    assert seal.index(kind, one) == seal.index(kind, one)
    assert (seal.index(kind, one) == seal.index(kind, other)) == (one == other)


def test_a_telephone_is_not_an_account_of_the_same_digits():
    assert seal.index("phone", "13912345678") != seal.index("account", "13912345678")


def test_nothing_has_no_index():
    assert seal.index("phone", "") == ""


def test_a_reference_is_keyed_so_that_a_guess_cannot_be_checked():
    import hashlib

    assert seal.reference("已致电客户") != hashlib.sha256("已致电客户".encode()).hexdigest()
    assert seal.reference("已致电客户") == seal.reference("已致电客户")
    assert len(seal.reference("")) == 64


@pytest.mark.parametrize("name", ["seal", "index"])
def test_the_keys_lie_in_the_home_for_its_owner_alone(name):
    seal.seal({}), seal.index("a", "b")
    path = home() / "secrets" / name

    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert len(path.read_bytes()) == 32
