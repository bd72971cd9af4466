"""Personal data at rest: sealed with AES-256-GCM, found again by a keyed index, shown masked.

The keys lie in the home's secrets, not in the database, so a stolen database file tells nothing. The first
byte of every sealed value is the number of the key that sealed it (see ``store.keyring``).
"""

import functools
import hashlib
import hmac
import json
import os
import re
import secrets
import unicodedata
from collections.abc import Mapping
from json.encoder import encode_basestring as _quoted

from suyuan.config.home import secret

from . import keyring, spelling

SALT = "_salt"
"""The name under which a sealed value keeps the salt of its reference."""

_BETWEEN = re.compile(r"[\s\-()]+")


@functools.cache
def _index_key() -> bytes:
    return secret("index")


def forget() -> None:
    """Read the index key anew at the next question: the home is another one."""
    _index_key.cache_clear()
    _keyed.cache_clear()


def seal(values: Mapping[str, str]) -> bytes:
    """Return ``values`` sealed; the same values never seal to the same bytes."""
    pairs = ",".join([f"{_quoted(name)}:{_quoted(value)}" for name, value in values.items()])
    return seal_bytes(f"{{{pairs}}}".encode())


def seal_bytes(plain: bytes) -> bytes:
    """Return bytes, such as the key of one file, sealed with the newest key."""
    ring = keyring.current()
    number = bytes((ring.newest,))
    nonce = os.urandom(12)
    return number + nonce + ring.ciphers[ring.newest].encrypt(nonce, plain, number)


def unseal(sealed: bytes | memoryview) -> dict[str, str]:
    """Return what was sealed, the salt of its reference left out; a changed byte raises InvalidTag."""
    plain = json.loads(unseal_bytes(sealed))
    return {str(key): str(value) for key, value in plain.items() if key != SALT}


def unseal_bytes(sealed: bytes | memoryview) -> bytes:
    """Return the bytes that were sealed, whichever key of the ring sealed them."""
    raw = bytes(sealed)
    return keyring.opener(sealed_with(raw)).decrypt(raw[1:13], raw[13:], raw[:1])


def sealed_with(sealed: bytes | memoryview) -> int:
    """Return the number of the key a value is sealed with; raise ValueError where there is none."""
    if not sealed:
        raise ValueError("nothing sealed")
    return bytes(sealed)[0]


def again(sealed: bytes | memoryview) -> bytes:
    """Return the same value sealed with the newest key."""
    return seal_bytes(unseal_bytes(sealed))


def index(kind: str, value: str) -> str:
    """Return the blind index of an exact ``value``: equal values meet, nothing can be read back.

    Telephone and account numbers meet however they are written: full width, with spaces or hyphens; names
    in either script.
    """
    value = spelling.name(value) if kind == "name" else _plain(value)
    if not value:
        return ""
    return _digest(f"{kind}\n{value}".encode())[:32]


def digest(plain: bytes) -> str:
    """Return the keyed digest of what a file says: no guess can be checked without the key."""
    return _digest(b"row\n" + plain)[:32]


def _plain(value: str) -> str:
    if value.isascii() and value.isalnum():
        return value
    return _BETWEEN.sub("", unicodedata.normalize("NFKC", value))


def noted(values: Mapping[str, str]) -> tuple[str, bytes]:
    """Return the reference that stands for ``values["text"]`` in an event, and the values sealed.

    The salt is sealed with them. The same words never give the same reference, and once the sealed value is
    gone, not even somebody with the key and the words can tell whose the reference was.
    """
    salt = secrets.token_hex(16)
    return reference(values["text"], salt), seal({**values, SALT: salt})


def reference(text: str, salt: str = "") -> str:
    """Return the keyed reference of a text; without a salt equal texts give equal references."""
    return _digest(f"note\n{salt}{text}".encode())


@functools.cache
def _keyed() -> hmac.HMAC:
    """Return the digest of nothing under the index key: what the key costs is paid once, not a value."""
    return hmac.new(_index_key(), digestmod=hashlib.sha256)


def _digest(plain: bytes) -> str:
    keyed = _keyed().copy()
    keyed.update(plain)
    return keyed.hexdigest()
