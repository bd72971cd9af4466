"""Place: bytes at their address in the locker, whichever row brings them, and what rows hold there.

A piece of evidence and a file of the rulebook may be the same bytes: they lie on the disk once, under one
key, and each row keeps that key wrapped for itself.
"""

from suyuan.store import locker
from suyuan.store.models import Attachment, RuleFile


def placed(staged: locker.Staged) -> bytes:
    """Put the bytes at their address and return their key; the caller holds ``file:DIGEST``."""
    known = _keys(staged.sha256)
    if known and locker.path_of(staged.sha256).exists():
        return locker.unwrap(known[0])
    locker.place(staged)
    if known:  # the bytes were lost: these are the same, under a key of their own
        wrapped = locker.wrap(staged.key)
        for table in (Attachment, RuleFile):
            table.objects.filter(sha256=staged.sha256, sealed_key__isnull=False).update(sealed_key=wrapped)
    return staged.key


def _keys(digest: str) -> list[bytes]:
    """Return the wrapped keys that rows keep of the bytes with this digest."""
    pieces = Attachment.objects.filter(sha256=digest).values_list("sealed_key", flat=True)
    files = RuleFile.objects.filter(sha256=digest).values_list("sealed_key", flat=True)
    return [bytes(key) for key in (*pieces, *files) if key is not None]


def held(start: str) -> set[str]:
    """Return the digests that begin with ``start`` and that some row still holds."""
    pieces = Attachment.objects.filter(sha256__startswith=start, shredded_at__isnull=True)
    files = RuleFile.objects.filter(sha256__startswith=start)
    return {*pieces.values_list("sha256", flat=True), *files.values_list("sha256", flat=True)}
