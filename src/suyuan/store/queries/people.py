"""People and posts: who works where, in which post, with which roles, and what is in whose hands."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX as UNUSABLE
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, Value
from django.db.models.functions import Concat

from suyuan.domain import staffing
from suyuan.domain.discipline import belongs
from suyuan.domain.errors import BadInput, Refused
from suyuan.domain.vocabulary import SPECIALTIES, Role
from suyuan.store import rules
from suyuan.store.models import Case, Event, Grant, Holding, Person, Post, Unit

from .desks import known
from .listing import Filters, found
from .viewer import Viewer

HELD_NOW = Prefetch(
    "holdings",
    Holding.objects.filter(until=None).select_related("post", "unit"),
    to_attr="held_now",
)


OFFERED = 100
"""How many people are offered where one is picked."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which people a list shows."""

    q: str = ""
    unit: str = ""
    role: str = ""
    post: str = ""
    ended: bool = False
    tag: str = ""
    """A competence."""


def listed(viewer: Viewer, wanted: Wanted) -> QuerySet[Person]:
    """Return the people in reach that a list asks for, in the order of the units."""
    rows = _in_reach(viewer).filter(is_active=not wanted.ended).select_related("unit")
    if wanted.q:
        q = wanted.q
        rows = rows.filter(Q(name__icontains=q) | Q(username__icontains=q) | Q(employee_number=q) | Q(seat=q))
    if wanted.unit:
        unit = Unit.objects.filter(code=wanted.unit).first()
        if unit is None:
            raise BadInput("unknown_unit", unit=wanted.unit)
        rows = rows.filter(unit__path__startswith=unit.path)
    if wanted.role:
        rows = rows.filter(Exists(Grant.objects.filter(person=OuterRef("pk"), role=wanted.role)))
    if wanted.post:
        held = Holding.objects.filter(person=OuterRef("pk"), post__code=wanted.post, until=None)
        rows = rows.filter(Exists(held))
    if wanted.tag:
        known("tag", wanted.tag, [one.code for one in rules.rulebook().reasons["competence"]])
        within = Concat(Value(" "), "tags", Value(" "))
        rows = rows.annotate(within=within).filter(within__contains=f" {wanted.tag} ")
    grants = Prefetch("grants", Grant.objects.select_related("unit").order_by("role"))
    return rows.prefetch_related(HELD_NOW, grants).order_by("unit__path", "name", "pk")


def without_password(viewer: Viewer) -> QuerySet[Person]:
    """Return the others at work in reach who have no password, in the order of the units."""
    rows = _in_reach(viewer).filter(is_active=True, ended_at=None, password__startswith=UNUSABLE)
    rows = rows.exclude(pk=viewer.person.pk)
    return rows.select_related("unit").prefetch_related(HELD_NOW).order_by("unit__path", "name", "pk")


def without_password_at(unit: str) -> list[str]:
    """Return the user names of those at work without a password at a unit and below, or anywhere."""
    rows = Person.objects.filter(is_active=True, ended_at=None, password__startswith=UNUSABLE)
    if unit:
        known = Unit.objects.filter(code=unit).first()
        if known is None:
            raise BadInput("unknown_unit", unit=unit)
        rows = rows.filter(unit__path__startswith=known.path)
    return list(rows.order_by("unit__path", "name", "pk").values_list("username", flat=True))


def _in_reach(viewer: Viewer) -> QuerySet[Person]:
    """Return the people of the viewer's units; over a whole company those of no unit too."""
    return Person.objects.all() if viewer.over_all else Person.objects.filter(viewer.register_scope())


def get(viewer: Viewer, username: str) -> Person:
    """Return somebody in reach, or the viewer himself; whoever is not is not found."""
    person = _in_reach(viewer).filter(username=username).select_related("unit").first()
    if person is None and username == viewer.actor.username:
        person = viewer.person
    if person is None:
        raise Refused("unknown_person", username=username)
    return person


def by_phone(role: Role, unit: str) -> list[tuple[int, str]]:
    """Return id and user name of those who hold a role over a unit and want messages on the work phone."""
    place = Unit.objects.filter(code=unit).first()
    if place is None:
        return []
    codes = place.path.strip("/").split("/")
    over = [f"/{'/'.join(codes[: depth + 1])}/" for depth in range(len(codes))]
    holders = Grant.objects.filter(role=role, unit__path__in=over).values("person")
    wanting = Person.objects.filter(pk__in=holders, is_active=True, preference__sms=True)
    return list(wanting.exclude(phone_sealed=None).order_by("pk").values_list("pk", "username"))


def names(usernames: Collection[str]) -> dict[str, str]:
    """Return the names of people by user name; whoever is in no register is left out."""
    if not usernames:
        return {}
    return dict(Person.objects.filter(username__in=usernames).values_list("username", "name"))


def called(person: Person) -> str:
    """Return somebody as a paper names them: name, unit and post; the user name where there is no name."""
    held = Holding.objects.filter(person=person, until=None).select_related("post", "unit").first()
    post = "" if held is None else f"（{held.unit.name} {held.post.name}）"
    return f"{person.name or person.username}{post}"


def is_at_work(username: str) -> bool:
    """Return whether somebody has this user name and may sign in."""
    return bool(username) and Person.objects.filter(username=username, is_active=True).exists()


def over(path: str, roles: Collection[Role]) -> list[Person]:
    """Return some of those at work who hold one of the roles over a unit; those with competences first."""
    codes = path.strip("/").split("/")
    above = [f"/{'/'.join(codes[: depth + 1])}/" for depth in range(len(codes))]
    held = Grant.objects.filter(role__in=[role.value for role in roles], unit__path__in=above)
    rows = Person.objects.filter(pk__in=held.values("person"), is_active=True).select_related("unit")
    return sorted(rows.order_by("name", "pk")[:OFFERED], key=lambda person: not person.tags)


def to_entrust(case: Case) -> list[Person]:
    """Return whom the audit desk could let work on a case: nobody of the unit it accuses."""
    accused = case.accused.path if case.accused else ""
    found = over(case.unit.path, set(Role) - {Role.ADMIN})
    return [one for one in found if one.unit is None or not belongs(accused, (one.unit.path,))]


def holdings(person: Person) -> list[Holding]:
    """Return the posts somebody held, the present one first."""
    return list(person.holdings.select_related("post", "unit").order_by("-since", "-pk"))


def grants(person: Person) -> list[Grant]:
    """Return the roles somebody holds, those given for themselves last."""
    rows = person.grants.select_related("unit", "holding__post")
    return sorted(rows, key=lambda grant: (grant.holding_id is None, grant.role, grant.unit.path))


def grant_of(viewer: Viewer, pk: int) -> Grant:
    """Return a grant of somebody in reach."""
    grant = Grant.objects.select_related("person", "unit").filter(pk=pk).first()
    if grant is None or not _in_reach(viewer).filter(pk=grant.person_id).exists():
        raise Refused("not_found", grant=pk)  # the name of somebody out of reach is nobody's business
    return grant


def did(viewer: Viewer, person: Person, now: datetime, count: int = 30) -> list[Event]:
    """Return the last things somebody did, of cases those alone that lie in the viewer's reach."""
    events = list(Event.objects.filter(actor=person.username).order_by("-pk")[: count * 4])
    numbers = {_number(event) for event in events} - {""}
    rows = found(viewer, Filters(numbers=tuple(numbers)), now) if numbers else ()
    seen = {case.number for case in rows} | {""}
    return [event for event in events if _number(event) in seen][:count]


def _number(event: Event) -> str:
    return event.stream.removeprefix("case:") if event.stream.startswith("case:") else ""


def left_open(viewer: Viewer, person: Person, now: datetime) -> list[Case]:
    """Return the open cases in somebody's hands that lie in the viewer's reach."""
    mine = Q(handler=person.username) | Q(owner=person.username)
    return list(found(viewer, Filters(open_only=True), now).filter(mine).order_by("pk"))


def posts(*, closed: bool = False) -> list[Post]:
    """Return the posts there are."""
    return list(Post.objects.filter(closed_at__isnull=not closed))


def post(code: str) -> Post:
    """Return a post that is not closed; raise BadInput where there is none."""
    known = Post.objects.filter(code=code, closed_at=None).first()
    if known is None:
        raise BadInput("unknown_post", post=code)
    return known


def holders() -> Mapping[int, int]:
    """Return how many people hold each post now."""
    counts: dict[int, int] = {}
    for pk in Holding.objects.filter(until=None).values_list("post_id", flat=True):
        counts[pk] = counts.get(pk, 0) + 1
    return counts


def in_hands(person: Person) -> list[Case]:
    """Return the open cases somebody handles or owns, locked in the one order of cases."""
    mine = Q(handler=person.username) | Q(owner=person.username)
    rows = Case.objects.select_for_update(of=("self",)).select_related("unit").filter(mine, is_open=True)
    return list(rows.order_by("pk"))


def paths(person: Person) -> list[str]:
    """Return the paths of the units somebody's roles reach."""
    return list(person.grants.values_list("unit__path", flat=True))


def at_work(person: Person, on: date) -> bool:
    """Return whether a day lies in somebody's time here."""
    return staffing.works_here(on, person.active_from, person.active_until)


def whose_time_changed(on: date) -> QuerySet[Person]:
    """Return who is in and should be out on a day, or out and should come in for the first time."""
    over = Q(is_active=True, active_until__lt=on)
    begins = Q(is_active=False, ended_at=None, active_from__lte=on) & (
        Q(active_until=None) | Q(active_until__gte=on)
    )
    return Person.objects.filter(over | begins).order_by("pk")


def is_last_administrator(person: Person) -> bool:
    """Return whether nobody else who may sign in administers a whole company."""
    whole = Grant.objects.filter(role=Role.ADMIN, unit__parent=None)
    if not whole.filter(person=person).exists():
        return False
    return not whole.exclude(person=person).filter(person__is_active=True).exists()


def is_empty() -> bool:
    """Return whether nobody has ever been entered: the office is still to be set up."""
    return not Person.objects.exists()


def choices(viewer: Viewer | None = None) -> dict[str, list[str]]:
    """Return what the columns of an organisation file may hold, in Chinese words: units in reach, or all."""
    within = Unit.objects.filter(closed_at=None)
    units = [unit.name for unit in (within.filter(viewer.register_scope("")) if viewer else within)]
    kinds = [rules.label("unit_kind", kind, "zh") for kind in staffing.UNIT_KINDS]
    specialties = [rules.label("specialty", each, "zh") for each in SPECIALTIES]
    return {
        "units.parent": units,
        "units.kind": kinds,
        "units.specialty": specialties,
        "people.unit": units,
        "people.post": [each.name for each in posts()] or [each["name"] for each in rules.posts()],
        "people.roles": [rules.label("role", role, "zh") for role in Role],
        "people.over": units,
        "people.specialty": specialties,
    }
