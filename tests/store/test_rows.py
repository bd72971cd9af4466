"""Rows by plain SQL say what the ORM says."""

import pytest

from suyuan.actions import intake
from suyuan.store import rows
from suyuan.store.models import Case, Unit
from tests.factories import NOW, actor, incoming

pytestmark = pytest.mark.django_db


def case() -> Case:
    """Return a case that has just come in."""
    return Case.objects.get(number=intake.receive(incoming=incoming(), actor=actor("agent"), now=NOW))


def columns(row):
    """Return what stands in every column."""
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def test_a_row_is_read_as_the_orm_reads_it():
    here = case()
    here.handlers, here.dispatched_at = ["a", "乙"], NOW
    here.save()

    assert columns(rows.one(Case, lock=True, number=here.number)) == columns(Case.objects.get(pk=here.pk))
    assert columns(rows.one(Unit, id=here.unit_id)) == columns(here.unit)
    assert rows.one(Case, number="none") is None


def test_a_row_is_written_as_the_orm_writes_it():
    here = case()
    here.pk, here.number = None, "SY1"
    here.handlers, here.state, here.archived_at = ["乙"], "archived", NOW

    rows.insert(here)

    assert columns(Case.objects.get(number="SY1")) == columns(here)


def test_only_the_columns_named_are_changed():
    here = case()
    before = columns(here)
    here.handlers, here.archived_at, here.is_open, here.brief = ["乙"], NOW, False, "not written"

    rows.update(here, ["handlers", "archived_at", "is_open"])

    changed = {"handlers": ["乙"], "archived_at": NOW, "is_open": False}
    assert columns(Case.objects.get(pk=here.pk)) == before | changed
