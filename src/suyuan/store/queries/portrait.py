"""The portrait of a customer, put together for one look: history, signs, preference, promises, flags."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q, QuerySet

from suyuan.analytics.streak import REGULATORS
from suyuan.domain import portrait as rule
from suyuan.domain.commitment import OPEN
from suyuan.domain.portrait import Sensitivity
from suyuan.store import rules
from suyuan.store.models import Account, Case, Commitment, ContactWay, FirstMove

from . import customer
from .customer import Shown
from .viewer import Viewer

MOST = 20
"""Cases of the history that are shown, the newest."""


@dataclass(frozen=True, slots=True)
class Portrait:
    """What somebody at work for a customer needs to know; nothing in it stands in clear."""

    registered: Shown
    """Flags that are agreed to, ways with preferences, masked."""
    cases: list[Case]
    """The newest first, none that is restricted or whose caller is kept secret."""
    kinds: Mapping[str, int]
    """Business type → how many cases in the days looked back."""
    sensitivity: Sensitivity
    promises: list[Commitment]
    """Open ones, the next due first."""
    owed: list[Case]
    """Open cases with a clock, the next due first."""
    called: list[FirstMove]
    """First moves that came to something, the newest first."""
    days: int


def of_account(viewer: Viewer, account: Account, now: datetime) -> Portrait:
    """Return the portrait of who holds an account, as far as its cases are in reach."""
    terms = rules.rulebook().figures["portrait.sensitivity"][-1].terms
    rows = _cases(viewer, account)
    late = rows.filter(accepted_at__gte=now - timedelta(days=terms["days"]))
    kinds = dict(late.order_by().values_list("business_type").annotate(n=Count("pk")))
    promises = Commitment.objects.filter(state=OPEN, case__in=rows.order_by().values("pk"))
    calls = FirstMove.objects.filter(customer=account.customer_id, state="done").order_by("-done_at")
    return Portrait(
        registered=customer.of_account(account, now),
        cases=list(rows.select_related("unit").order_by("-accepted_at")[:MOST]),
        kinds=kinds,
        sensitivity=rule.sensitivity(_counted(late), terms),
        promises=list(promises.select_related("case", "what").order_by("promised_on", "pk")[:MOST]),
        owed=list(rows.filter(is_open=True, next_due_at__isnull=False).order_by("next_due_at")[:MOST]),
        called=list(calls.select_related("list")[:5]),
        days=terms["days"],
    )


def _cases(viewer: Viewer, account: Account) -> QuerySet[Case]:
    numbers = Account.objects.filter(customer=account.customer_id).values("number_index")
    phones = ContactWay.objects.filter(customer=account.customer_id, kind="phone", valid_until=None)
    theirs = Q(account_index__in=numbers) | Q(phone_index__in=phones.values("value_index"))
    return Case.objects.filter(viewer.scope(), theirs, restricted=False, secrecy="", is_child=False)


def _counted(rows: QuerySet[Case]) -> dict[str, int]:
    """Return how often each sign stands on some cases."""
    signs = {
        "complaints": Q(business_type="complaint") & ~Q(state__in=("void", "merged")),
        "regulated": Q(channel__in=REGULATORS),
        "dissatisfied": Q(satisfaction="dissatisfied") | Q(first_satisfaction="dissatisfied"),
        "urged": Q(urges__gt=0),
        "reopened": Q(episode__gt=1),
    }
    counted = {name: Count("pk", filter=where) for name, where in signs.items()}
    found = rows.order_by().aggregate(**counted)
    often = rows.order_by().annotate(calls=Count("contacts")).filter(calls__gt=1).count()
    return dict(found) | {"repeated": often}
