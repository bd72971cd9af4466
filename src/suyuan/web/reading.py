"""What an address and a form may hold at all, said once for every page and for the programs' door."""

from collections.abc import Iterator, Mapping

from django.http import HttpRequest

from suyuan.domain.characters import LONGEST, storable
from suyuan.domain.errors import BadInput
from suyuan.domain.masking import says_who

from . import access

OF_STAFF = frozenset({"people", "signins"})
"""Lists that are searched for people who work here, by their names."""


def refusal(request: HttpRequest, named: Mapping[str, object], *, form: bool) -> BadInput | None:
    """Return why a request is not read, None where it is; a body that is no ``form`` is its reader's."""
    for name, value in _values(request, named):
        if len(value) > LONGEST or not storable(name + value):
            return BadInput("unreadable_request", field=name[:60] if storable(name) else "")
    if form and request.method == "POST":
        for name, values in request.POST.lists():
            if not all(map(storable, (name, *values))):
                return BadInput("unreadable_request", field=name[:60] if storable(name) else "")
    if form and access.name_of(request) not in OF_STAFF and any(map(says_who, request.GET.getlist("q"))):
        return BadInput("personal_in_address")
    return None


def _values(request: HttpRequest, named: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """Return what stands in the path and in the query."""
    yield from ((name, value) for name, value in named.items() if isinstance(value, str))
    for name, values in request.GET.lists():
        yield from ((name, value) for value in values)
