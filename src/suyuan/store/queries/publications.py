"""Documents that were prepared, within the units of who asks for them."""

from django.db.models import Q

from suyuan.domain.errors import Refused
from suyuan.domain.procedure import Actor
from suyuan.store.models import Publication, Unit

from .viewer import Viewer

PAGE = 50


def reaches(actor: Actor, unit: Unit | None) -> bool:
    """Return whether a document about a unit, or about everything, lies in reach."""
    paths = [path for _, path in actor.grants]
    if unit is not None:
        return any(unit.path.startswith(path) for path in paths)
    roots = Unit.objects.filter(parent=None).values_list("path", flat=True)
    return bool(paths) and all(any(root.startswith(path) for path in paths) for root in roots)


def listed(viewer: Viewer, page: int) -> tuple[list[Publication], bool]:
    """Return one page of the documents in reach and of one's own lists, the newest first; are there more?"""
    within = viewer.register_scope()
    if reaches(viewer.actor, None):
        within |= Q(unit=None)
    own = Q(private=True, by=viewer.actor.username)
    rows = (
        Publication.objects.filter(own | (within & Q(private=False)))
        .select_related("unit")
        .order_by("-queued_at", "-pk")
    )
    found = list(rows[(page - 1) * PAGE : page * PAGE + 1])
    return found[:PAGE], len(found) > PAGE


def get(viewer: Viewer, publication_id: int) -> Publication:
    """Return one document; raise Refused where there is none or it is out of reach."""
    found = Publication.objects.select_related("unit").filter(pk=publication_id, private=False).first()
    if found is None or not reaches(viewer.actor, found.unit):
        raise Refused("not_found", publication=publication_id)
    return found


def own(viewer: Viewer, publication_id: int) -> Publication:
    """Return a list the viewer asked for; raise Refused where there is none, or it is somebody else's."""
    mine = Publication.objects.filter(pk=publication_id, private=True, by=viewer.actor.username)
    found = mine.first()
    if found is None:
        raise Refused("not_found", publication=publication_id)
    return found
