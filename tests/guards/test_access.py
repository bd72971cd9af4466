"""Every address of the console says who may open it."""

from collections.abc import Iterator

from django.urls import URLPattern, get_resolver

from suyuan.web import access, context


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
    assert {name for name, *_ in context.PLACES} - set(access.TABLE) == set()
