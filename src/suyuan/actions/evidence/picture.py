"""A small picture of a piece: made when somebody first looks, kept sealed beside the bytes."""

from suyuan.gateways import thumbnail
from suyuan.store import locker
from suyuan.store.models import Attachment
from suyuan.store.queries.evidence import key
from suyuan.store.rules import figure


def small_picture(piece: Attachment) -> bytes | None:
    """Return a piece as a small JPEG, or None where it cannot be shown as one; asked once, it is kept."""
    file_key = key(piece)
    kept = locker.small(piece.sha256, file_key)
    if kept is None:
        with locker.clear(locker.path_of(piece.sha256), file_key, piece.sha256) as file:
            pixels = figure("evidence.picture", "decoded_megapixels") * 1_000_000
            kept = thumbnail.small(file, figure("evidence.picture", "edge"), pixels) or b""
        locker.keep_small(piece.sha256, file_key, kept)
    return kept or None
