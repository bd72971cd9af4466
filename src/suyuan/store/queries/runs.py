"""Imports: what was handed in, by whom, and what became of it."""

from suyuan.domain.errors import Refused
from suyuan.domain.vocabulary import Role
from suyuan.store.models import ImportRun

from .viewer import Viewer

MAY_IMPORT = frozenset({Role.ADMIN, Role.OFFICE, Role.LEAD})


def may_import(viewer: Viewer) -> bool:
    """Return whether the viewer may hand in files and see what became of them."""
    return bool(viewer.roles & MAY_IMPORT)


def check(viewer: Viewer) -> None:
    """Raise Refused unless the viewer may import."""
    if not may_import(viewer):
        raise Refused("not_your_role", verb="import")


def recent(viewer: Viewer, count: int = 20) -> list[ImportRun]:
    """Return the last imports, the newest first."""
    return list(ImportRun.objects.order_by("-pk")[:count]) if may_import(viewer) else []


def get(viewer: Viewer, run_id: int) -> ImportRun:
    """Return one import; raise Refused where there is none or the viewer may not see it."""
    check(viewer)
    found = ImportRun.objects.filter(pk=run_id).first()
    if found is None:
        raise Refused("not_found", run=run_id)
    return found
