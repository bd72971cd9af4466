"""Keeping a case away from the unit it accuses: who belongs to that unit, and what may not go there."""

from collections.abc import Iterable


def belongs(accused: str, places: Iterable[str]) -> bool:
    """Return whether somebody with these unit paths, homes and grants, is of the accused unit."""
    return bool(accused) and any(place.startswith(accused) for place in places)


def is_of(unit_path: str, homes: Iterable[str]) -> bool:
    """Return whether somebody with these homes belongs to a unit; of a whole company everybody is a part."""
    return unit_path.count("/") > 2 and belongs(unit_path, homes)


def above(places: Iterable[str]) -> frozenset[str]:
    """Return the unit paths that, accused, would make somebody of these places one of the accused."""
    found = set()
    for place in places:
        codes = place.strip("/").split("/")
        found |= {f"/{'/'.join(codes[: depth + 1])}/" for depth in range(len(codes))}
    return frozenset(found)
