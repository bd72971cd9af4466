"""Views: the lists a person saved, in their order, shared in a unit or not; one of them opens first."""

from datetime import datetime, timedelta

from django.db import transaction

from suyuan.domain import views as rule
from suyuan.domain.characters import storable
from suyuan.domain.errors import BadInput, Refused
from suyuan.store import chain, rules
from suyuan.store.models import Person, Preference, SavedView
from suyuan.store.queries import org
from suyuan.store.queries import views as queries
from suyuan.store.queries.viewer import Viewer


@transaction.atomic
def save(*, person: Person, name: str, query: str, now: datetime, page: str = "queue") -> int:
    """Keep a list under a name and return its id; the same name again replaces it, unless it is shared."""
    person = _locked(person)
    name, query = name.strip(), query.lstrip("?")
    problems = _wrong_name(name)
    if len(query) > 400:
        problems["query"] = "too_long"
    if not storable(query):
        problems.setdefault("query", "bad_characters")
    if problems:
        raise BadInput("bad_form", fields=problems)
    _no_names(query)
    private = SavedView.objects.filter(owner=person, page=page, shared=None, forgotten_at=None)
    same, last = private.filter(name=name).first(), private.count()
    _free(person, page, name, but=same.pk if same else 0)
    kept, _ = private.update_or_create(
        owner=person,
        page=page,
        name=name,
        defaults={"query": query},
        create_defaults={"query": query, "place": last},
    )
    _write(person.username, "view_save", kept, {}, now)
    return kept.pk


@transaction.atomic
def change(*, viewer: Viewer, view: int, name: str, place: int, now: datetime) -> None:
    """Rename a view and move it to a place among those that stand with it."""
    found = _changeable(viewer, view)
    name = name.strip()
    problems = _wrong_name(name)
    if problems:
        raise BadInput("bad_form", fields=problems)
    _free(found.owner, found.page, name, but=found.pk)
    SavedView.objects.filter(pk=found.pk).update(name=name)
    beside = SavedView.objects.filter(page=found.page, shared=found.shared, forgotten_at=None)
    beside = beside if found.shared_id else beside.filter(owner=found.owner)
    order = [pk for pk in beside.order_by("place", "name", "pk").values_list("pk", flat=True) if pk != view]
    order.insert(max(place - 1, 0), view)
    for at, pk in enumerate(order):
        SavedView.objects.filter(pk=pk).update(place=at)
    detail = {"name": name, "was": found.name, "place": order.index(view) + 1}
    _write(viewer.person.username, "view_change", found, detail, now)


@transaction.atomic
def share(*, viewer: Viewer, view: int, unit: str, now: datetime) -> None:
    """Share a view with whoever works in a unit or below it; with no unit it is its owner's alone again."""
    found = _changeable(viewer, view)
    if unit:
        _no_names(found.query)
    home = org.in_reach(viewer, unit) if unit else None
    if home is not None and not rule.may_share(viewer.actor, home.path):
        raise Refused("not_your_role", verb="view_share")
    SavedView.objects.filter(pk=view).update(shared=home)
    _write(viewer.person.username, "view_share", found, {"unit": unit}, now)


@transaction.atomic
def opens(*, viewer: Viewer, page: str, view: int | None, now: datetime) -> None:
    """Let a list open with one of its views, or as the house has it."""
    person = _locked(viewer.person)
    if view is not None and queries.get(viewer, view).page != page:
        raise BadInput("unknown_value", field="view", value=view)
    liked, _ = Preference.objects.get_or_create(person=person)
    kept = {name: pk for name, pk in liked.opens.items() if name != page}
    Preference.objects.filter(pk=liked.pk).update(opens=kept | ({page: view} if view else {}))
    detail = {"page": page, "view": view or 0}
    chain.append(
        stream=f"register:person:{person.username}",
        at=now,
        actor=person.username,
        verb="view_opens",
        objects=[("person", person.username)],
        detail=detail,
    )


@transaction.atomic
def forget(*, viewer: Viewer, view: int, now: datetime) -> None:
    """Drop a view of one's own, to be restored for a while; what was dropped before that goes for good."""
    found = _changeable(viewer, view)
    if found.shared_id:
        raise Refused("view_shared", view=view)
    SavedView.objects.filter(owner=found.owner, forgotten_at__lt=_since(now)).delete()
    SavedView.objects.filter(pk=view).update(forgotten_at=now)
    _write(viewer.person.username, "view_forget", found, {}, now)


@transaction.atomic
def restore(*, viewer: Viewer, view: int, now: datetime) -> SavedView:
    """Bring a view back that was dropped a moment ago, and return it."""
    person = _locked(viewer.person)
    found = SavedView.objects.filter(pk=view, owner=person, forgotten_at__gte=_since(now)).first()
    if found is None:
        raise Refused("no_view", view=view)
    _free(person, found.page, found.name, but=view)
    SavedView.objects.filter(pk=view).update(forgotten_at=None)
    _write(person.username, "view_restore", found, {}, now)
    return found


def _since(now: datetime) -> datetime:
    return now - timedelta(minutes=rules.figure("undo.view", "minutes"))


def _locked(person: Person) -> Person:
    return Person.objects.select_for_update().get(pk=person.pk)  # one writer of a person's views at a time


def _changeable(viewer: Viewer, view: int) -> SavedView:
    """Return a view somebody may change: a private one of theirs, or one shared where they may share."""
    found = queries.get(viewer, view)
    _locked(found.owner)
    if found.shared is not None and not rule.may_share(viewer.actor, found.shared.path):
        raise Refused("not_your_role", verb="view_share")
    return found


def _no_names(query: str) -> None:
    """Refuse a list whose search words may say who somebody is: a view is an address, and others see it."""
    if rule.says_who(query):
        raise Refused("view_says_who")


def _wrong_name(name: str) -> dict[str, str]:
    if not name or len(name) > 40:
        return {"view_name": "required" if not name else "too_long"}
    return {} if storable(name) else {"view_name": "bad_characters"}


def _free(owner: Person, page: str, name: str, but: int) -> None:
    """Refuse a name that another view of the same list has."""
    rows = SavedView.objects.filter(owner=owner, page=page, name=name, forgotten_at=None)
    if rows.exclude(pk=but).exists():
        raise BadInput("bad_form", fields={"view_name": "taken"})


def _write(actor: str, verb: str, view: SavedView, detail: dict[str, object], now: datetime) -> None:
    chain.append(
        stream=f"register:person:{view.owner.username}",
        at=now,
        actor=actor,
        verb=verb,
        objects=[("person", view.owner.username)],
        detail={"name": view.name, "page": view.page} | detail,
    )
