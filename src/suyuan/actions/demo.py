"""Demo: the ten role cards over a home that has units and no people yet."""

from datetime import datetime

from django.db import transaction

from suyuan.domain.errors import Refused
from suyuan.domain.procedure import SYSTEM
from suyuan.domain.vocabulary import Role
from suyuan.store import rules
from suyuan.store.models import Person, Unit

from . import org


@transaction.atomic
def people_at_root(*, password: str, now: datetime) -> int:
    """Make one person a role, each reaching the whole company; return how many there are."""
    root = Unit.objects.filter(parent=None).first()
    if root is None:
        raise Refused("no_unit")
    rows = [
        {
            "username": role.value,
            "name": rules.label("role", role.value, "zh"),
            "unit": root.code,
            "roles": role.value,
            "over": root.code,
        }
        for role in Role
        if not Person.objects.filter(username=role.value).exists()
    ]
    return org.load_people(rows=rows, actor=SYSTEM, now=now, password=password)
