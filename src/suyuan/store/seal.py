"""Personal data at rest: sealed with AES-256-GCM, found again by a keyed index, shown masked.

The key lives in the home's secrets, not in the database, so a stolen database file tells nothing.
"""

import functools
import hmac
import json
import os
import re
import unicodedata
from collections.abc import Mapping

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from suyuan.config.home import secret

_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode

_BETWEEN = re.compile(r"[\s\-()]+")

VERSION = b"\x01"
"""First byte of every sealed value: which key and cipher opened it."""


@functools.cache
def _cipher() -> AESGCM:
    return AESGCM(secret("seal"))


@functools.cache
def _index_key() -> bytes:
    return secret("index")


def seal(values: Mapping[str, str]) -> bytes:
    """Return ``values`` sealed; the same values never seal to the same bytes."""
    nonce = os.urandom(12)
    plain = _json(values).encode()
    return VERSION + nonce + _cipher().encrypt(nonce, plain, VERSION)


def unseal(sealed: bytes | memoryview) -> dict[str, str]:
    """Return what was sealed; a changed byte raises InvalidTag."""
    raw = bytes(sealed)
    if raw[:1] != VERSION:
        raise ValueError(f"sealed with an unknown version {raw[:1].hex()}")
    plain = json.loads(_cipher().decrypt(raw[1:13], raw[13:], VERSION))
    return {str(key): str(value) for key, value in plain.items()}


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
