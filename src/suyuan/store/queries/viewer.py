"""Who is looking, and how far they may see."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TypeVar, cast

from django.db.models import Q

from suyuan.domain.procedure import Actor
from suyuan.domain.vocabulary import Role
from suyuan.store.models import Person

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Viewer:
    """A person with the grants held now."""

    actor: Actor
    person: Person
    kept: dict[object, object] | None = field(default=None, compare=False, repr=False)
    """What was asked already by a request that changes nothing; None asks again each time."""

    def once(self, name: object, ask: Callable[[], T]) -> T:
        """Return what ``ask`` finds, the first answer again as long as one request lasts."""
        if self.kept is None:
            return ask()
        if name not in self.kept:
            self.kept[name] = ask()
        return cast(T, self.kept[name])

    def forget(self, name: object) -> None:
        """Ask again next time: what was found has just been changed."""
        if self.kept is not None:
            self.kept.pop(name, None)

    @property
    def paths(self) -> tuple[str, ...]:
        """Return the unit paths whose cases this viewer reaches, without those under another of them."""
        return _tops({path for _, path in self.actor.reaching})

    @property
    def register_paths(self) -> tuple[str, ...]:
        """Return the unit paths whose registers this viewer reaches: an administrator's always do."""
        return _tops({path for _, path in self.actor.grants})

    @property
    def roles(self) -> frozenset[Role]:
        """Return the roles held anywhere."""
        return frozenset(role for role, _ in self.actor.grants)

    @property
    def over_all(self) -> bool:
        """Return whether a role is held over a whole company, from its root down."""
        return any(path.count("/") == 2 for path in self.register_paths)

    def sees(self, unit_path: str) -> bool:
        """Return whether a unit lies in reach."""
        return any(unit_path.startswith(path) for path in self.paths)

    def scope(self, prefix: str = "unit__") -> Q:
        """Return the condition that keeps what belongs to cases of units in reach."""
        return under(self.paths, prefix)

    def register_scope(self, prefix: str = "unit__") -> Q:
        """Return the condition that keeps units in reach, their people and what else registers hold."""
        return under(self.register_paths, prefix)


def _tops(paths: set[str]) -> tuple[str, ...]:
    every = sorted(paths)
    return tuple(p for p in every if not any(p != q and p.startswith(q) for q in every))


def under(paths: Iterable[str], prefix: str) -> Q:
    """Return the condition for units at or below one of ``paths``; none at all for no path."""
    within = Q(pk__in=())
    for path in paths:
        within |= Q(**{f"{prefix}path__startswith": path})
    return within


def of(person: Person, *, staff: bool = False, once: bool = False) -> Viewer:
    """Return the viewer a signed-in person is, in a staff session or not.

    ``once`` is for one request that changes nothing: what several parts of a page ask is asked once.
    """
    grants = frozenset((Role(role), path) for role, path in person.grants.values_list("role", "unit__path"))
    home = frozenset([person.unit.path] if person.unit else [])
    return Viewer(Actor(person.username, grants, staff, home), person, {} if once else None)


def named(username: str) -> Viewer | None:
    """Return the viewer with a user name, or None if nobody active has it."""
    person = Person.objects.filter(username=username, is_active=True).first()
    return None if person is None else of(person)
