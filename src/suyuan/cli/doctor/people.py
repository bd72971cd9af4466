"""The organisation: units somebody confirmed, people who can do something, an administrator."""

from collections.abc import Iterator

from .finding import Finding, error, warning


def look() -> Iterator[Finding]:
    """Yield what is wrong with units and people."""
    from suyuan.store.queries import condition, org

    provisional = org.every(provisional_only=True)
    if provisional:
        codes = ", ".join(unit.code for unit in provisional[:8])
        yield warning(
            "units_provisional",
            f"{len(provisional)} units are known from files alone: {codes}",
            "load the organisation register (suyuan org load), or confirm them (suyuan org confirm)",
        )
    if condition.people() and not condition.administrators():
        yield error(
            "no_administrator",
            "people may sign in, and none of them is an administrator",
            "give somebody the role admin: suyuan org load --people FILE",
        )
    if idle := condition.without_role():
        yield warning(
            "people_without_role",
            f"{', '.join(idle)} may sign in and hold no role",
            "give them a role over a unit, or end them",
        )
