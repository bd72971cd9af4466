"""Imports: what was handed in, by whom, and what became of it."""

from django.db.models import Q, QuerySet

from suyuan.domain.errors import Refused
from suyuan.store.models import ImportRun, Person

from .viewer import Viewer


def _in_reach(viewer: Viewer) -> QuerySet[ImportRun]:
    """Return the viewer's own imports, those of people in his units, and over a whole company all.

    A file's quarantine holds what customers said: an import is no more public than its rows.
    """
    if viewer.over_all:
        return ImportRun.objects.all()
    people = Person.objects.filter(viewer.register_scope()).values("username")
    return ImportRun.objects.filter(Q(by=viewer.actor.username) | Q(by__in=people))


def recent(viewer: Viewer, count: int = 20) -> list[ImportRun]:
    """Return the last imports in reach, the newest first."""
    return list(_in_reach(viewer).order_by("-pk")[:count])


def get(viewer: Viewer, run_id: int) -> ImportRun:
    """Return one import in reach; raise Refused where there is none."""
    found = _in_reach(viewer).filter(pk=run_id).first()
    if found is None:
        raise Refused("not_found", run=run_id)
    return found
