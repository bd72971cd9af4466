"""The bulk runs somebody asked for: their own alone."""

from django.db.models import Count, Q

from suyuan.domain.errors import Refused
from suyuan.store.models import BulkCase, BulkRun

from .viewer import Viewer

__all__ = ["BulkCase", "BulkRun", "get", "listed"]

PAGE = 50


def listed(viewer: Viewer, page: int) -> tuple[list[BulkRun], bool]:
    """Return one page of the viewer's runs, the newest first, and whether there are more."""
    rows = BulkRun.objects.filter(by=viewer.actor.username).annotate(
        total=Count("cases"),
        applied=Count("cases", filter=Q(cases__outcome__in=("applied", "already"))),
        refused=Count("cases", filter=Q(cases__outcome="refused")),
    )
    found = list(rows.order_by("-asked_at", "-pk")[(page - 1) * PAGE : page * PAGE + 1])
    return found[:PAGE], len(found) > PAGE


def get(viewer: Viewer, run_id: int) -> BulkRun:
    """Return one of the viewer's runs with its cases; raise Refused where there is none."""
    found = BulkRun.objects.filter(pk=run_id, by=viewer.actor.username).prefetch_related("cases").first()
    if found is None:
        raise Refused("not_found", run=run_id)
    return found
