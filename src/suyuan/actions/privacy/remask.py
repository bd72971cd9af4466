"""Remask: texts that older rules masked are masked again out of what is sealed, batch by batch.

So are those of one case at once, when it comes to know more of whom it is about.

The search index and the line a case is listed by follow. The lake holds no text, so it has nothing to follow.
What events keep cannot change: a reason somebody gave stays as it was masked then.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.db.models import Min, Q

from suyuan.domain import masking
from suyuan.domain.procedure import Actor
from suyuan.store import bulk, seal, search
from suyuan.store.models import Attachment, Case, Contact, Note, Resealing
from suyuan.store.queries import cases, hidden

from ..evidence.add import NAME
from . import _progress as progress
from ._marks import write

BATCH = 500
BRIEF = 120
"""Characters of the text that stand for a case in a list."""


@dataclass(frozen=True, slots=True)
class Place:
    """One column of masked text, and which of the sealed values it is made of."""

    model: type[models.Model]
    column: str
    sealed: str
    longest: int | None = None

    def __str__(self) -> str:
        return f"{self.model._meta.db_table}.{self.column}"

    def rows(self) -> "models.QuerySet[Any]":
        """Return the rows that older rules masked; what was shredded has nothing to be masked again."""
        older = Q(masked_by=None) | Q(masked_by__lt=masking.VERSION)
        return self.model._default_manager.filter(older).exclude(sealed=None).exclude(sealed=b"")

    def masked(self, row: Any, mask: hidden.Mask) -> str:
        """Return what stands there by the rules of today and what its case knows."""
        return mask(seal.unseal(row.sealed).get(self.sealed, ""))[: self.longest]


PLACES = (
    Place(Contact, "masked", "text"),
    Place(Note, "masked", "text"),
    Place(Attachment, "name", "name", NAME),
)


@dataclass(frozen=True, slots=True)
class Remasked:
    """How many texts were masked again, and of how many that hid anything else."""

    texts: int = 0
    changed: int = 0


def older() -> int:
    """Return how many texts older rules masked."""
    return sum(place.rows().count() for place in PLACES)


@transaction.atomic
def remask(*, actor: Actor, now: datetime, most: int = BATCH, look_again: bool = False) -> Remasked:
    """Mask a batch of texts again and return how many; none when the rules of today masked them all.

    Each column remembers how far it got, so that a crash costs one batch. ``look_again`` also meets what a
    process of an older edition wrote after a column was done.
    """
    for place in PLACES:
        if not look_again and progress.is_done(str(place), masking.VERSION):
            continue
        done = _batch(place, progress.locked(str(place), masking.VERSION), most)
        if done.texts:
            facts = {"column": str(place), "version": masking.VERSION, "texts": done.texts}
            write(actor, now, "text_remask", facts | {"changed": done.changed})
            return done
    return Remasked()


def _batch(place: Place, at: Resealing, most: int) -> Remasked:
    """Mask the next rows of a column again; after its end it is looked over once more."""
    rows = _locked(place, at.last_id, most)
    if not rows and at.last_id:
        rows = _locked(place, 0, most)
    of = {row.case_id for row in rows if row.case_id}
    changed, _ = _rewrite(place, rows, hidden.masks_each(Case.objects.filter(pk__in=of)))
    at.done, at.last_id = not rows, rows[-1].pk if rows else 0
    at.save()
    return Remasked(len(rows), changed)


def of_case(case: Case) -> None:
    """Mask the texts of a locked case, and of what it led to, again by what it knows and is now."""
    led_to = (
        Case.objects.filter(parent_number=case.number).order_by("number").values_list("number", flat=True)
    )
    rows = [case, *(cases.locked(number) for number in led_to)]
    masks = hidden.masks_each(rows)
    for place in PLACES:
        kept = place.model._default_manager.filter(case__in=list(masks)).exclude(sealed=None)
        _, briefs = _rewrite(place, list(kept.exclude(sealed=b"").order_by("pk")), masks)
        case.brief = briefs.get(case.pk, case.brief)


def _rewrite(place: Place, rows: list[Any], masks: Mapping[int, hidden.Mask]) -> tuple[int, dict[int, str]]:
    """Mask rows of a column; return how many hide anything else now, and the briefs that followed."""
    fresh = [(place.masked(row, masks.get(row.case_id, masking.mask)), row) for row in rows]
    changed = [(text, row) for text, row in fresh if text != getattr(row, place.column)]
    bulk.set_many(place.model._meta.db_table, place.column, "text", [(text, row.pk) for text, row in changed])
    place.model._default_manager.filter(pk__in=[row.pk for row in rows]).update(masked_by=masking.VERSION)
    briefs: dict[int, str] = {}
    if place.model is Contact:
        briefs = _follow(changed)
    elif place.model is Note:
        ids = {row.case_id for _, row in changed}
        opened = set(Case.objects.filter(pk__in=ids, contacts=None).values_list("pk", flat=True))
        briefs = _follow([(text, row) for text, row in changed if row.case_id in opened], BRIEF)
    return len(changed), briefs


def _locked(place: Place, after: int, most: int) -> list[Any]:
    """Return the next rows, locked behind their cases, as every verb locks them, and as they stand then."""
    batch = list(place.rows().filter(pk__gt=after).order_by("pk").values_list("pk", "case_id")[:most])
    behind = Case.objects.select_for_update(of=("self",)).filter(pk__in={case for _, case in batch if case})
    list(behind.order_by("number").values_list("pk"))
    rows = place.rows().select_for_update(of=("self",)).filter(pk__in=[pk for pk, _ in batch])
    return list(rows.order_by("pk"))


def _follow(changed: Sequence[tuple[str, Any]], longest: int | None = None) -> dict[int, str]:
    """Bring the search index and the brief of the cases up to what the first of their texts now says.

    That is the first contact, and of a case that a verb opened the first note, of which the index holds no
    more than ``longest`` characters. Return the briefs by case.
    """
    if not changed:
        return {}
    of, model = [row.case_id for _, row in changed], type(changed[0][1])
    firsts = dict(model.objects.filter(case__in=of).values_list("case").annotate(Min("pk")))
    briefs = {}
    for text, row in changed:
        if row.case_id is not None and firsts[row.case_id] == row.pk:
            search.replace(row.case_id, row.masked[:longest], text[:longest])
            briefs[row.case_id] = text[:BRIEF]
    bulk.set_many("store_case", "brief", "text", [(text, pk) for pk, text in briefs.items()])
    return briefs
