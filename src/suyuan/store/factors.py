"""What second factors are proved by, at rest: the secret of an authenticator and the seed of recovery codes.

Sealed with a key that is drawn from the key of the index, so that it is kept, backed up and missed with it,
and stays the same while the keys of the ring come and go.
"""

import base64
import functools
import os

from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from suyuan.config.home import secret

MARK = "sealed:"
"""What a sealed text begins with: no secret in base 32 and no seed in hexadecimal does."""


@functools.cache
def _cipher(key: bytes) -> AESGCM:
    return AESGCM(HKDF(SHA256(), length=32, salt=None, info=b"second factors").derive(key))


def is_sealed(text: str) -> bool:
    """Return whether a text is sealed; what an earlier version wrote is not until the next start."""
    return text.startswith(MARK)


def seal(text: str) -> str:
    """Return a text sealed, as a text."""
    nonce = os.urandom(12)
    return (
        MARK + base64.b64encode(nonce + _cipher(secret("index")).encrypt(nonce, text.encode(), None)).decode()
    )


def unseal(text: str) -> str:
    """Return what was sealed; raise InvalidTag where it was changed or the key is another."""
    if not is_sealed(text):
        return text
    raw = base64.b64decode(text.removeprefix(MARK))
    return _cipher(secret("index")).decrypt(raw[:12], raw[12:], None).decode()


class Sealed(DefaultMFAAdapter):
    """Second factors as the sign-in keeps them."""

    def encrypt(self, text: str) -> str:
        """Return a secret as it is stored."""
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Return a secret as it was given."""
        return unseal(encrypted_text)
