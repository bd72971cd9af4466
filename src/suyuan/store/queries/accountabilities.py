"""Accountability: what is found of one person on a signed share, for few beside that person."""

from django.db.models import Q, QuerySet

from suyuan.domain.vocabulary import State
from suyuan.store.models import Accountability, Case, LiabilityShare

from .desks import seen
from .viewer import Viewer


def of(case: Case) -> Accountability:
    """Return what an accountability holds beside its case."""
    rows = Accountability.objects.select_related("share__liability__about", "share__unit")
    return rows.get(case=case)


def open_on(share: LiabilityShare) -> Accountability | None:
    """Return the accountability that stands on a share, None where there is none."""
    rows = Accountability.objects.filter(share=share).exclude(case__state=State.VOID)
    return rows.first()


def opened_from(viewer: Viewer, liability: Case) -> QuerySet[Accountability]:
    """Return those in reach that a liability led to, oldest first."""
    mine = Q(seen(viewer)) | Q(person=viewer.actor.username)
    rows = Accountability.objects.filter(mine, share__liability__case=liability)
    return rows.select_related("case__unit").order_by("pk")
