"""What stands in the lake for a customer: only what repeat calls of one week need, under a key of its own.

The key lies in the home's secrets, not in the lake, and is another one after ``suyuan seal rotate``: the next
refresh writes the whole lake anew with it.
"""

import hmac
from collections.abc import Iterable

from suyuan.config.home import home, secret
from suyuan.store import keyring

NAME = "lake-{}"


def key() -> bytes:
    """Return the key of today."""
    return secret(NAME.format(keyring.current().newest))


def mark(key: bytes) -> str:
    """Return what the manifest says of the key its files were written with."""
    return hmac.digest(key, b"lake", "sha256").hex()[:16]


def event_keys(key: bytes, who: Iterable[tuple[str, str, str, str]]) -> list[str]:
    """Return one pseudonym for each account or telephone index, business type and week; nothing for nobody.

    The week and the type are part of what is keyed: no two weeks of one customer have anything in common.
    """
    return [
        hmac.digest(key, f"{account or phone}\n{kind}\n{week}".encode(), "sha256").hex()[:24]
        if account or phone
        else ""
        for account, phone, kind, week in who
    ]


def drop_old() -> None:
    """Remove the keys of before: no lake in force was written with them."""
    kept = NAME.format(keyring.current().newest)
    for path in (home() / "secrets").glob(NAME.format("*")):
        if path.name != kept:
            path.unlink(missing_ok=True)
