"""Cases found by exactly who called: a telephone, an account, a name. Asked only where it was posted."""

from django.db.models import Q

from suyuan.domain.customer import SEE
from suyuan.domain.procedure import Actor
from suyuan.domain.vocabulary import Role
from suyuan.store import seal
from suyuan.store.models import Account, Case

from .restricted import accusing
from .viewer import Viewer, under


def ids(viewer: Viewer, *, phone: str = "", account: str = "", name: str = "") -> set[int]:
    """Return the cases in reach whose caller, or whose account's holder, is exactly one of those given."""
    phone, account, name = (
        seal.index("phone", phone),
        seal.index("account", account),
        seal.index("name", name),
    )
    asked = []
    if phone:
        asked.append(Q(phone_index=phone))
    if account:
        asked.append(Q(account_index=account))
    if name:
        held = Account.objects.filter(customer__name_index=name).values("number_index")
        asked += [Q(name_index=name), Q(account_index__in=held)]
    allowed = knowable(viewer)
    found: set[int] = set()
    for each in asked:
        found.update(Case.objects.filter(viewer.scope(), allowed, each).values_list("pk", flat=True))
    return found


def knows_anybody(actor: Actor) -> bool:
    """Return whether somebody holds a role that may recognise a caller at all."""
    return any(role in SEE or role is Role.AUDIT for role, _ in actor.reaching)


def knowable(viewer: Viewer) -> Q:
    """Return the condition for cases whose caller this viewer may recognise.

    Whoever asked for anonymity is found by nobody; whoever asked for confidence, and who is named in a
    restricted case, by audit alone; and nobody by roles that work with no customers.
    """
    working = under({path for role, path in viewer.actor.reaching if role in SEE}, "unit__")
    audit = under({path for role, path in viewer.actor.reaching if role is Role.AUDIT}, "unit__")
    return (working & Q(secrecy="", restricted=False)) | (audit & ~Q(secrecy="anonymous") & ~accusing(viewer))
