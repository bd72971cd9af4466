"""The sheet of a case that goes round for signature, as its rules see it."""

from typing import Any

from suyuan.domain.sheet import Act, Circulation, Mark, Node, Place
from suyuan.store import seal
from suyuan.store.models import Case, Rectification, Signature


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
    return tuple(map(_mark, Signature.objects.filter(case=case).order_by("pk")))


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


def orders_on(number: str) -> int:
    """Return how many rectification orders stand on a case: those made void do not."""
    rows = Case.objects.filter(parent_number=number, procedure="rectification")
    return rows.exclude(state="void").count()
