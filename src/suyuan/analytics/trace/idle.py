"""Which patterns of a rules file meet nothing in a log: a name that is spelt otherwise there."""

from collections.abc import Iterator, Sequence

from .causality import Contact, Due, Edge, Patterns, Rules, Sign, codes

Where = tuple[str, str, str]
"""The rule (or ``roles``), the key, the pattern."""


def idle(rules: Rules, activities: Sequence[str], types: Sequence[str]) -> list[Where]:
    """Return the patterns that fit no activity and no type of a log, in the order of the rules."""
    return [
        (rule, key, pattern)
        for rule, key, patterns, names in _said(rules, activities, types)
        for pattern in patterns
        if not codes(names, (pattern,))
    ]


def _said(
    rules: Rules, activities: Sequence[str], types: Sequence[str]
) -> Iterator[tuple[str, str, Patterns, Sequence[str]]]:
    """Yield every list of patterns with what it is held against."""
    for key in ("complaints", "places", "cases", "actors", "units", "events"):
        yield "roles", key, getattr(rules.roles, key), types
    of_activities: tuple[Contact | Sign | Due, ...] = (*rules.contacts, *rules.signs, *rules.due)
    for one in of_activities:
        for key in ("activities", "ended_by", "after"):  # what is due may never have been done
            yield one.id, key, getattr(one, key, ()), activities
    for edge in rules.edges:
        yield from _ends(edge, activities, types)


def _ends(
    edge: Edge, activities: Sequence[str], types: Sequence[str]
) -> Iterator[tuple[str, str, Patterns, Sequence[str]]]:
    for name, end in (("source", edge.source), ("target", edge.target)):
        yield edge.id, f"{name}.types", end.types, types
        yield edge.id, f"{name}.activities", end.activities, activities
    yield edge.id, "shared", edge.shared, types
