"""Node liability: the shares of a round, what was objected to, whose units they name."""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from suyuan.analytics.period import Period
from suyuan.domain.errors import Refused
from suyuan.domain.ledger import NAMED_TO
from suyuan.domain.vocabulary import State
from suyuan.store.models import (
    Case,
    Event,
    Liability,
    LiabilityShare,
    ShareObjection,
    TraceVerdict,
    TrainingNeed,
)

from . import cases, reach, restricted
from .desks import known, seen
from .reconcile import days
from .viewer import Viewer, under

DRAFTS = ("open", "propose_shares", "set_share", "drop_share", "begin_round")
"""By which verbs shares are drafted, or somebody sees to the draft."""
SHOWN = ("open", "objected", "signed", "")
TOLD = Q(liability__case__restricted=False, liability__case__accused=None)
"""Whose units are told of their shares: what is kept apart, or speaks against a unit, stays with few."""


def open_on(about: Case) -> str:
    """Return the number of the liability that stands on a case, empty where there is none."""
    rows = Liability.objects.filter(about=about).exclude(case__state=State.VOID)
    return rows.values_list("case__number", flat=True).first() or ""


def of_number(number: str) -> Liability | None:
    """Return the liability with a number, or the one that stands on the case with it."""
    rows = Liability.objects.select_related("case__unit", "about").exclude(case__state=State.VOID)
    return rows.filter(Q(case__number=number) | Q(about__number=number)).order_by("-pk").first()


def opened_from(viewer: Viewer, case: Case) -> list[Liability]:
    """Return the liabilities in reach that a case led to, oldest first."""
    rows = Liability.objects.filter(seen(viewer), about=case)
    return list(rows.select_related("case__unit").order_by("pk"))


def objections(found: Liability) -> list[ShareObjection]:
    """Return what units said against shares of any round, oldest first."""
    rows = ShareObjection.objects.filter(share__liability=found)
    return list(rows.select_related("share__unit", "note", "answer").order_by("pk"))


def judged_since(found: Liability) -> TraceVerdict | None:
    """Return what was said of the trace since the shares were drafted, None where nothing or once signed."""
    if found.case.state not in (State.DRAFTED, State.SIGNING):
        return None
    drafts = Event.objects.filter(stream=f"case:{found.case.number}", verb__in=DRAFTS).order_by("-seq")
    at = drafts.values_list("at", flat=True).first()
    since = (
        TraceVerdict.objects.filter(case=found.about, judged_at__gt=at) if at else TraceVerdict.objects.none()
    )
    return since.order_by("-judged_at", "-pk").first()


# ---- the register ----


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which shares a list shows."""

    show: str = "open"
    unit: str = ""
    node: str = ""


def listed(viewer: Viewer, wanted: Wanted) -> QuerySet[LiabilityShare]:
    """Return the shares of newest rounds that name units in reach, or whose case lies there.

    A unit that has a share sees it wherever the case lies; what is kept apart only who sees that.
    """
    known("show", wanted.show, SHOWN)
    mine = Exists(Case.objects.filter(_reached(viewer), pk=OuterRef("liability__case_id")).order_by())
    named = viewer.scope() & TOLD & ~_drafted()
    rows = LiabilityShare.objects.filter(mine | named, round=F("liability__round"))
    rows = rows.exclude(liability__case__state=State.VOID)
    if wanted.unit:
        within = reach.unit_ids(viewer, reach.narrowed(viewer, wanted.unit))
        rows = rows if within is None else rows.filter(unit__in=within)
    if wanted.node:
        rows = rows.filter(node=wanted.node)
    held = {
        "open": Q(liability__case__is_open=True),
        "objected": Q(pk__in=ShareObjection.objects.filter(upheld=None).values("share")),
        "signed": Q(signed_at__isnull=False),
    }
    rows = rows.filter(held[wanted.show]) if wanted.show else rows
    return rows.select_related("unit", "liability__case__unit", "liability__case__accused").order_by("-pk")


def _drafted() -> Q:
    return Q(liability__case__state=State.DRAFTED)


def _reached(viewer: Viewer) -> Q:
    return restricted.unrestricted(viewer) & viewer.scope()


def names_person(viewer: Viewer, share: LiabilityShare) -> bool:
    """Tell whether somebody may learn whose a share is: that person, the office, audit and leaders."""
    if share.person == viewer.actor.username:
        return True
    return bool(viewer.actor.over_case(share.unit.path) & NAMED_TO)


def shows_case(viewer: Viewer, share: LiabilityShare) -> bool:
    """Tell whether somebody may open the liability a share is of."""
    return cases.may_see(viewer.actor, share.liability.case)


def own(viewer: Viewer, share: int) -> LiabilityShare:
    """Return a share of a unit in reach that is no draft; any other is not found."""
    found = _told(viewer).filter(pk=share).first()
    if found is None:
        raise Refused("not_found", share=share)
    return found


def line_of(viewer: Viewer, number: str, seq: str) -> LiabilityShare:
    """Return the same by the number of the liability and of the share."""
    wanted = int(seq) if seq.isdecimal() and len(seq) < 4 else 0
    found = _told(viewer).filter(liability__case__number=number, seq=wanted).first()
    if found is None:
        raise Refused("not_found", number=number)
    return found


def _told(viewer: Viewer) -> QuerySet[LiabilityShare]:
    rows = LiabilityShare.objects.filter(viewer.scope(), TOLD, round=F("liability__round"))
    return rows.select_related("unit", "liability__case__unit").exclude(_drafted())


# ---- what came of it ----


def signed_of(numbers: Collection[int]) -> dict[int, list[LiabilityShare]]:
    """Return the shares signed last of some complaints, by their ids: what amounts are distributed by."""
    rows = LiabilityShare.objects.filter(liability__about__in=numbers, signed_at__isnull=False)
    rows = rows.exclude(liability__case__state=State.VOID).select_related("unit", "liability__case")
    newest: dict[int, tuple[int, int]] = {}
    found: dict[int, list[LiabilityShare]] = {}
    for row in rows.order_by("liability_id", "round", "seq"):
        about, at = row.liability.about_id, (row.liability_id, row.round)
        if newest.get(about) != at:
            newest[about], found[about] = at, []
        found[about].append(row)
    return found


def by_node(viewer: Viewer, period: Period) -> list[tuple[str, str, Decimal, int]]:
    """Return what part of the signed liabilities of a period each node of a unit had, the most first."""
    rows = LiabilityShare.objects.filter(days("signed_at", period), round=F("liability__round"))
    rows = rows.filter(viewer.scope()).order_by()
    sums: dict[tuple[str, str], tuple[Decimal, int]] = {}
    for node, unit, percent in rows.values_list("node", "unit__name", "percent"):
        was, n = sums.get((node, unit), (Decimal(0), 0))
        sums[node, unit] = was + percent, n + 1
    found = [(node, unit, total, n) for (node, unit), (total, n) in sums.items()]
    return sorted(found, key=lambda one: (-one[2], one[0], one[1]))


def trainings(viewer: Viewer, unit: str = "") -> QuerySet[TrainingNeed]:
    """Return the needs of training in reach, the newest first; those of one person for few."""
    named = under({path for role, path in viewer.actor.reaching if role in NAMED_TO}, "unit__")
    own = Q(person=viewer.actor.username)
    mine = Exists(Case.objects.filter(_reached(viewer), pk=OuterRef("liability__case_id")).order_by())
    rows = TrainingNeed.objects.filter(viewer.scope() & (Q(person="") | named) | own).filter(TOLD | mine)
    if unit:
        within = reach.unit_ids(viewer, reach.narrowed(viewer, unit))
        rows = rows if within is None else rows.filter(unit__in=within)
    return rows.select_related("unit", "liability__case__unit").order_by("-at", "-pk")


def trainings_by_unit(viewer: Viewer, unit: str = "") -> list[tuple[str, str, int]]:
    """Return how often each unit needs training in what, the most first."""
    rows = trainings(viewer, unit).order_by()
    counted = rows.values_list("unit__name", "skill").annotate(n=Count("pk"))
    return sorted(counted, key=lambda one: (-one[2], one[0], one[1]))
