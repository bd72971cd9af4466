"""The index of names of rows that were there before it: opened and indexed in batches, as a key is needed."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import models, transaction

from suyuan.domain.procedure import Actor
from suyuan.store import bulk, chain, seal, spelling
from suyuan.store.models import Case, Contact, Customer

from . import _progress as progress
from .ring import BATCH, STREAM


@dataclass(frozen=True, slots=True)
class Column:
    """One column that holds the index of a name, and how its rows' names are read."""

    model: type[models.Model]
    names: Callable[[list[int]], dict[int, str]]

    def __str__(self) -> str:
        return f"{self.model._meta.db_table}.name_index"


def _callers(ids: list[int]) -> dict[int, str]:
    """Return who called first, by case."""
    rows = Contact.objects.filter(case__in=ids).exclude(sealed=b"").order_by("-pk")
    return {
        case: seal.unseal(sealed).get("customer", "") for case, sealed in rows.values_list("case", "sealed")
    }


def _holders(ids: list[int]) -> dict[int, str]:
    rows = Customer.objects.filter(pk__in=ids).exclude(sealed=b"")
    return {pk: seal.unseal(sealed).get("name", "") for pk, sealed in rows.values_list("pk", "sealed")}


COLUMNS = (Column(Case, _callers), Column(Customer, _holders))


@transaction.atomic
def index(*, actor: Actor, now: datetime, most: int = BATCH) -> int:
    """Index a batch of names as they are spelled alike today and return how many rows; 0 when all are.

    Rows written meanwhile have theirs. Each column remembers how far it got, so that a crash costs one batch.
    """
    for column in COLUMNS:
        if progress.is_done(str(column), spelling.VERSION):
            continue
        if count := _batch(column, most):
            detail: dict[str, object] = {"column": str(column), "values": count}
            chain.append(stream=STREAM, at=now, actor=actor.username, verb="name_index", detail=detail)
            return count
    return 0


def _batch(column: Column, most: int) -> int:
    """Index the next rows of a column in the order of their ids."""
    at = progress.locked(str(column), spelling.VERSION)
    rows = column.model._default_manager.select_for_update().filter(pk__gt=at.last_id).order_by("pk")
    ids = list(rows.values_list("pk", flat=True)[:most])
    known = column.names(ids)
    indexes = [(seal.index("name", known.get(pk, "")), pk) for pk in ids]
    bulk.set_many(column.model._meta.db_table, "name_index", "text", indexes)
    at.last_id, at.done = ids[-1] if ids else at.last_id, not ids
    at.save()
    return len(ids)
