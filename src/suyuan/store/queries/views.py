"""The views of a list that somebody sees: their own, and those shared in the units they work in."""

from django.db.models import F, Q, QuerySet

from suyuan.domain.errors import Refused
from suyuan.store.models import SavedView

from .viewer import Viewer

__all__ = ["SavedView", "get", "of_page", "seen"]


def seen(viewer: Viewer) -> QuerySet[SavedView]:
    """Return the views somebody sees, private ones first, in their order."""
    paths = {path for _, path in viewer.actor.grants}
    if viewer.person.unit is not None:
        paths.add(viewer.person.unit.path)
    codes = {code for path in paths for code in path.strip("/").split("/")}
    mine = Q(owner=viewer.person, shared=None) | Q(shared__code__in=codes)
    rows = SavedView.objects.filter(mine, forgotten_at=None).select_related("owner", "shared")
    return rows.order_by("page", F("shared__path").asc(nulls_first=True), "place", "name", "pk")


def of_page(viewer: Viewer, page: str) -> list[SavedView]:
    """Return the views of one list."""
    return list(seen(viewer).filter(page=page))


def get(viewer: Viewer, pk: int) -> SavedView:
    """Return one view somebody sees; raise Refused as if there were none for any other."""
    found = seen(viewer).filter(pk=pk).first()
    if found is None:
        raise Refused("no_view", view=pk)
    return found
