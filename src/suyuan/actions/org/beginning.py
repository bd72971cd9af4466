"""An office that starts from nothing: its first administrator, its company, the posts it begins with."""

from datetime import datetime

from django.db import transaction

from suyuan.domain.errors import BadInput, Refused
from suyuan.domain.procedure import SYSTEM
from suyuan.domain.vocabulary import Role
from suyuan.store import password_rules
from suyuan.store.models import Grant, Person, Unit
from suyuan.store.queries import org, people

from ._posts import propose_posts
from ._record import record
from .tree import load_units

FIRST_CODE = "01"
FIRST_ROLES = (Role.ADMIN, Role.OFFICE)
"""Who sets an office up also starts its work: nobody may give himself the second role later."""


@transaction.atomic
def first_admin(*, username: str, name: str, company: str, password: str, now: datetime) -> None:
    """Make the first person of an empty office, over the whole company; refused once there is anybody."""
    Unit.objects.select_for_update().first()
    if not people.is_empty():
        raise Refused("already_set_up")
    wrong = {}
    if not username.strip() or " " in username or len(username) > 60:
        wrong["username"] = "bad_identifier"
    wrong |= {field: "required" for field, text in (("name", name), ("company", company)) if not text.strip()}
    weak = password_rules.problem(password, Person(username=username, name=name))
    if weak is not None:
        wrong |= {"password": weak}
    if wrong:
        raise BadInput("bad_form", fields=wrong)
    root = _root(company.strip(), now)
    person = Person(username=username, name=name.strip(), unit=root)
    person.set_password(password)
    person.save()
    for role in FIRST_ROLES:
        Grant.objects.create(
            person=person, role=role, unit=root, reason="first_admin", given_by=SYSTEM.username, given_at=now
        )
    propose_posts()
    record(SYSTEM, now, "first_admin", {"unit": root.code}, [("person", username), ("unit", root.code)])


def _root(company: str, now: datetime) -> Unit:
    """Return the root of the organisation, made or named as the company is called."""
    known = Unit.objects.filter(parent=None, closed_at=None).exclude(code=org.MADE_UP_ROOT).first()
    if known is not None:
        return known
    row = {"code": FIRST_CODE, "name": company, "parent": "", "kind": "company"}
    load_units(rows=[row], actor=SYSTEM, now=now)
    return Unit.objects.get(code=FIRST_CODE)
