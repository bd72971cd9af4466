"""Every address of the console says who may open it."""

from collections.abc import Iterator

from django.urls import URLPattern, get_resolver

from suyuan.web import access, places
from suyuan.web.access import Reach
from tests.access_world import CONSTANT, TARGETS


def names(entries, space: str = "") -> Iterator[str]:
    """Yield the name of every address, with its namespace."""
    for entry in entries:
        if isinstance(entry, URLPattern):
            yield f"{space}{entry.name}" if entry.name else f"no name: {entry.pattern}"
        else:
            yield from names(entry.url_patterns, space + (f"{entry.namespace}:" if entry.namespace else ""))


def test_every_address_has_an_entry_in_the_table_of_who_may_open_it():
    """Add yours to TABLE in src/suyuan/web/access.py: until then the middleware refuses it to everybody."""
    assert sorted(set(names(get_resolver().url_patterns)) - set(access.TABLE)) == []


def test_no_entry_is_left_of_an_address_that_is_gone():
    assert sorted(set(access.TABLE) - set(names(get_resolver().url_patterns))) == []


def test_the_places_of_the_navigation_are_addresses():
    shown = [place for group in places.GROUPS for place in group.places]
    named = [name for place in shown for name in (place.address, *place.beneath.split())]

    assert set(named) - set(access.TABLE) == set()
    assert sorted(named) == sorted(set(named))  # nobody is at two places at once


def parameters(entries, space: str = "") -> Iterator[tuple[str, str]]:
    """Yield every parameter of every address, with the address's name."""
    for entry in entries:
        if isinstance(entry, URLPattern):
            yield from ((f"{space}{entry.name}", name) for name in entry.pattern.regex.groupindex)
        else:
            yield from parameters(
                entry.url_patterns, space + (f"{entry.namespace}:" if entry.namespace else "")
            )


def test_the_matrix_of_addresses_and_roles_knows_what_every_address_names():
    """Say in tests/access_world.py how such a row stands in and out of reach: TARGETS, or CONSTANT."""
    known = {*TARGETS, *CONSTANT}
    everything = parameters(get_resolver().url_patterns)
    bound = [(name, each) for name, each in everything if access.TABLE[name].reach is not Reach.NONE]

    assert [f"{name}: {each}" for name, each in bound if each not in known] == []
