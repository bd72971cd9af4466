"""The organisation: units somebody confirmed, people who can do something, an administrator."""

from collections.abc import Iterator
from datetime import datetime
from ipaddress import ip_address

from suyuan.web.checks import is_loopback

from .finding import Finding, error, warning

MANY = 3
"""People who never sit at one machine."""


def look(at: datetime) -> Iterator[Finding]:
    """Yield what is wrong with units and people, and with where they seem to come from."""
    from suyuan.store.queries import condition, org

    yield from _proxy(at)

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
    yield from _apart()
    if idle := condition.without_role():
        yield warning(
            "people_without_role",
            f"{', '.join(idle)} may sign in and hold no role",
            "give them a role over a unit, or end them",
        )


def _apart() -> Iterator[Finding]:
    """Yield companies that stand twice, and units that nobody who keeps the register can open."""
    from suyuan.store.queries import condition

    for name, codes in condition.roots_of_one_name():
        first, *others = codes
        lines = " ".join(f"{code},{name},{first}" for code in others)
        yield error(
            "company_twice",
            f"{', '.join(codes)} are all called {name} and stand side by side: a name no longer tells which",
            f"put them below {first}: suyuan org load FILE, its lines code,name,parent {lines}; "
            "then merge them into it in the console",
        )
    if condition.administrators() and (lost := condition.out_of_reach()):
        shown = ", ".join(f"{code} {name}" for code, name in lost[:8])
        yield error(
            "units_out_of_reach",
            f"{len(lost)} units lie in no administrator's reach: {shown}",
            "put the topmost of them below a unit that is (suyuan org load FILE with its line "
            "code,name,parent), or give somebody the role admin over it: suyuan org load UNITS PEOPLE",
        )


def _proxy(at: datetime) -> Iterator[Finding]:
    """Yield that everybody seems to come from one machine: failures of one lock out all of them."""
    from django.conf import settings

    from suyuan.store.queries import signin

    if settings.ALLAUTH_TRUSTED_PROXY_COUNT or settings.DEMO:
        return
    seen = signin.origins(at)
    alike = len(seen.people) >= MANY and len(seen.addresses) == 1 and is_inside(*seen.addresses)
    if seen.forwarded or (alike and not (_at_home() and is_loopback(*seen.addresses))):
        yield warning(
            "proxy_unnamed",
            f"people sign in through a proxy ({', '.join(sorted(seen.addresses))}), and SUYUAN_PROXIES is 0: "
            "so many wrong passwords from anywhere lock everybody out",
            "set SUYUAN_PROXIES to the number of proxies before the console (mostly 1) and restart",
        )


def _at_home() -> bool:
    """Return whether the console answers to this machine alone: people are tried out here, one by one."""
    from django.conf import settings

    return all(is_loopback(host) for host in settings.ALLOWED_HOSTS)


def is_inside(address: str) -> bool:
    """Return whether an address is of this machine or of an inner network."""
    found = ip_address(address)
    return found.is_private or found.is_loopback
