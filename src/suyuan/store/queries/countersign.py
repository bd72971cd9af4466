"""The sheet of a case that goes round for signature, as its rules see it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import get_language

from suyuan.domain.rulebook import Figure
from suyuan.domain.sheet import DECISION, Act, Circulation, Mark, Node, Place
from suyuan.domain.vocabulary import State
from suyuan.store import rules, seal
from suyuan.store.models import Awaited, Case, Person, Rectification, Signature

from . import texts
from .viewer import Viewer, under


def order_of(case: Case) -> Rectification:
    """Return what a rectification order holds beside its case."""
    return Rectification.objects.get(case=case)


def circulation(case: Case) -> Circulation | None:
    """Return the sheet of a case that went round at least once, None of any other."""
    order = Rectification.objects.filter(case=case).first()
    if order is None or not order.round:
        return None
    return Circulation(nodes(order.nodes), order.digest, marks(case))


def marks(case: Case) -> tuple[Mark, ...]:
    """Return every line of the sheet of a case, oldest first."""
    return tuple(map(_mark, rows(case)))


def _mark(row: Signature) -> Mark:
    said = (row.node, row.place, Act(row.act), row.by, row.on_behalf_of, row.to, row.digest, row.ended)
    return Mark(*said, key=row.pk)


def nodes(kept: list[dict[str, Any]]) -> tuple[Node, ...]:
    """Return the nodes that were laid down, as ``plain`` wrote them."""
    return tuple(Node(**one | {"places": tuple(Place(**place) for place in one["places"])}) for one in kept)


def plain(laid: tuple[Node, ...]) -> list[dict[str, Any]]:
    """Return nodes as JSON values."""
    return [
        {
            "name": node.name,
            "places": [
                {"code": p.code, "role": p.role, "path": p.path, "person": p.person} for p in node.places
            ],
            "quorum": node.quorum,
            "on_reject": node.on_reject,
            "in_order": node.in_order,
        }
        for node in laid
    ]


def said(case: Case, field: str) -> str:
    """Return the newest text of a field that was handed in on a case, empty where there is none."""
    note = case.notes.filter(field=field).order_by("-pk").first()
    return seal.unseal(note.sealed)["text"] if note is not None and note.sealed else ""


UNSIGNED = (State.DRAFTED, State.SIGNING)


def orders_on(number: str) -> tuple[int, tuple[str, ...]]:
    """Return how many rectification orders stand on a case, those made void not, and which are unsigned."""
    given = Case.objects.filter(parent_number=number, procedure="rectification").exclude(state=State.VOID)
    states = dict(given.order_by("number").values_list("number", "state"))
    return len(states), tuple(number for number, state in states.items() if state in UNSIGNED)


def awaited(viewer: Viewer) -> list[int]:
    """Return the cases whose paper waits for the viewer's signature."""
    waiting = Q(person=viewer.actor.username)
    for role, path in viewer.actor.reaching:
        waiting |= Q(under((path,), "case__unit__"), path__in=("", path), role=role.value)
    signed = Signature.objects.filter(
        case=OuterRef("case"), by=viewer.actor.username, ended="", act__in=(Act.SIGNED, Act.REJECTED)
    ).exclude(place=DECISION)
    mine = Awaited.objects.filter(waiting).filter(Q(place=DECISION) | ~Exists(signed))
    return list(mine.values_list("case", flat=True))


def orders_of(viewer: Viewer, number: str) -> QuerySet[Rectification]:
    """Return the rectification orders in reach that were given on a case, oldest first."""
    seen = Rectification.objects.filter(viewer.scope("case__unit__"), case__parent_number=number)
    return seen.select_related("case__unit").order_by("pk")


def since(case: Case) -> dict[str, Any]:
    """Return since when each place of a case is waited for."""
    return dict(Awaited.objects.filter(case=case).values_list("place", "since"))


def rows(case: Case) -> Iterable[Signature]:
    """Return the lines of the sheet of a case as they are kept, oldest first."""
    return Signature.objects.filter(case=case).order_by("pk")


def shown(case: Case, field: str) -> str:
    """Return the newest text of a field that was handed in on a case, masked."""
    note = case.notes.filter(field=field).order_by("-pk").first()
    return texts.drawn(case)(note.masked) if note is not None else ""


def delegates(viewer: Viewer) -> list[Person]:
    """Return who of the viewer's own unit could sign instead."""
    same = Person.objects.filter(unit_id=viewer.person.unit_id, is_active=True).exclude(pk=viewer.person.pk)
    return list(same.select_related("unit").order_by("name", "username"))


def signed_at(key: int) -> datetime:
    """Return when a line of a sheet was written."""
    return Signature.objects.values_list("at", flat=True).get(pk=key)


def node_of(case: Case, name: str) -> Figure | None:
    """Return the entry of the rulebook that a node of the sheet of a case stands for, if it still does."""
    sheet = "restricted" if case.restricted else "rectification"
    kept = rules.rulebook().figures.get(f"countersign.{sheet}.{name}")
    return kept[-1] if kept else None


def title(case: Case, name: str, lang: str | None = None) -> str:
    """Return what the rulebook calls a node of a sheet."""
    found = node_of(case, name)
    if found is None:
        return name
    said = found.title.en if (lang or get_language() or "zh").startswith("en") else found.title.zh
    return said.split(": ", 1)[-1]
