"""How large evidence may be, from the rulebook."""

from suyuan.domain.evidence import KINDS
from suyuan.gateways.filetype import Bounds
from suyuan.store.rules import figure

MIB = 1024 * 1024


def largest(kind: str) -> int:
    """Return how many bytes a piece of this kind may have."""
    return figure("evidence.size", kind) * MIB


def most() -> int:
    """Return how many bytes a piece of any kind may have."""
    return max(map(largest, KINDS))


def bounds() -> Bounds:
    """Return how much a file may unfold to."""
    return Bounds(
        pixels=figure("evidence.picture", "megapixels") * 1_000_000,
        entries=figure("evidence.document", "entries"),
        expanded=figure("evidence.document", "expanded_mib") * MIB,
        ratio=figure("evidence.document", "ratio"),
    )
