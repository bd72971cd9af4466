"""Personal data at rest: sealed with AES-256-GCM, found again by a keyed index, shown masked.

The keys lie in the home's secrets, not in the database, so a stolen database file tells nothing. The first
byte of every sealed value is the number of the key that sealed it (see ``store.keyring``).
"""

import functools
import hmac
import json
import os
import re
import unicodedata
from collections.abc import Mapping

from suyuan.config.home import secret

from . import keyring

_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode

_BETWEEN = re.compile(r"[\s\-()]+")


@functools.cache
def _index_key() -> bytes:
    return secret("index")


def forget() -> None:
    """Read the index key anew at the next question: the home is another one."""
    _index_key.cache_clear()


def seal(values: Mapping[str, str]) -> bytes:
    """Return ``values`` sealed; the same values never seal to the same bytes."""
    return seal_bytes(_json(values).encode())


def seal_bytes(plain: bytes) -> bytes:
    """Return bytes, such as the key of one file, sealed with the newest key."""
    ring = keyring.current()
    number = bytes((ring.newest,))
    nonce = os.urandom(12)
    return number + nonce + ring.ciphers[ring.newest].encrypt(nonce, plain, number)


def unseal(sealed: bytes | memoryview) -> dict[str, str]:
    """Return what was sealed; a changed byte raises InvalidTag."""
    plain = json.loads(unseal_bytes(sealed))
    return {str(key): str(value) for key, value in plain.items()}


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

    Telephone and account numbers meet however they are written: full width, with spaces or hyphens.
    """
    value = _plain(value)
    if not value:
        return ""
    return hmac.digest(_index_key(), f"{kind}\n{value}".encode(), "sha256").hex()[:32]


def _plain(value: str) -> str:
    if value.isascii() and value.isalnum():
        return value
    return _BETWEEN.sub("", unicodedata.normalize("NFKC", value))


def reference(text: str) -> str:
    """Return the keyed reference that stands for ``text`` in an event."""
    return hmac.digest(_index_key(), b"note\n" + text.encode(), "sha256").hex()
