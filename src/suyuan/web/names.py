"""What people are called on a page: their name, the user name beside it, the system in words."""

from collections.abc import Iterable
from typing import NamedTuple

from suyuan.domain.procedure import SYSTEM
from suyuan.store import rules
from suyuan.store.queries import people

from .templatetags.ui import lang


class Named(NamedTuple):
    """Somebody on a page."""

    name: str
    login: str = ""
    """The user name, where it is not what is shown."""

    def __str__(self) -> str:
        return self.name


def named(usernames: Iterable[str]) -> dict[str, Named]:
    """Return what each of these is called, by user name; one question, whoever is not known as he is."""
    wanted = set(usernames) - {""}
    found = people.names(wanted - {SYSTEM.username}) | {
        SYSTEM.username: rules.label("actor", SYSTEM.username, lang())
    }
    return {one: Named(found.get(one) or one, one if found.get(one, one) != one else "") for one in wanted}
