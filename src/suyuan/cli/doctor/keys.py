"""The keys: whether they open what is sealed here, and find what is indexed."""

from collections.abc import Iterator

from suyuan.domain.errors import Refused

from .finding import Finding, error


def missing(lost: Refused) -> Finding:
    """Return the finding for keys that are not there though something was sealed with them."""
    lacking = ", ".join(f"secrets/{name}" for name in lost.facts["lacking"])  # type: ignore[attr-defined]
    return error("keys_missing", f"{lacking}: no key for what is sealed here", str(lost.facts["fix"]))


def look() -> Iterator[Finding]:
    """Yield what is sealed and does not open with the keys of this home."""
    from suyuan.store import opening

    found = opening.faults()
    if found.columns:
        keys = f" (key {', '.join(map(str, found.keys))})" if found.keys else ""
        text = f"no key here opens what is sealed in {', '.join(found.columns)}{keys}"
        yield error("keys_wrong", text, opening.FIX)
    if found.index:
        text = "secrets/index is another key than the one numbers here were indexed with: nobody is found"
        yield error("index_key_wrong", text, opening.FIX)
