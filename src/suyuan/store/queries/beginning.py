"""How far an office that begins has come: its lists, its first passwords, its orders."""

from dataclasses import dataclass

from django.db.models import Q

from suyuan.domain.vocabulary import Role
from suyuan.store.models import Account, Case, Grant, Person


@dataclass(frozen=True, slots=True)
class Begun:
    """What is there."""

    people: int
    """People at work beside the administrators."""
    without_password: int
    """Those of them who cannot sign in with one."""
    orders: bool
    customers: bool

    @property
    def others_sign_in(self) -> bool:
        """Return whether anybody beside the administrators can sign in."""
        return self.people > self.without_password


def begun() -> Begun:
    """Return how far the office has come."""
    administrators = Grant.objects.filter(role=Role.ADMIN.value).values("person_id")
    others = Person.objects.filter(is_active=True).exclude(pk__in=administrators)
    none = Q(password="") | Q(password__startswith="!")  # noqa: S106 as Django writes an unusable one
    return Begun(
        people=others.count(),
        without_password=others.filter(none).count(),
        orders=Case.objects.exists(),
        customers=Account.objects.exists(),
    )
