"""The shares of a liability round by round, and what the rules ask of them."""

from dataclasses import dataclass

from suyuan.domain.liability import is_whole
from suyuan.store.models import Case, Liability, LiabilityShare, ShareObjection

PROCEDURE = "liability"
ROOT = 2
"""Slashes in the path of a company: everybody is of it, so a share of it is nobody's own."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What the rules ask of the shares of a liability."""

    shares_whole: bool = False
    named: frozenset[str] = frozenset()
    objections: tuple[str, ...] = ()


def standing(case: Case) -> Standing:
    """Return how the newest round of a liability stands; nothing of any other case."""
    if case.procedure != PROCEDURE:
        return Standing()
    rows = shares(of(case))
    whole = is_whole(row.percent for row in rows) and all(row.evidence for row in rows)
    paths = {row.unit.path for row in rows if row.unit.path.count("/") > ROOT}
    waiting = ShareObjection.objects.filter(share__in=rows, upheld=None).order_by("share__seq")
    numbers = tuple(str(seq) for seq in waiting.values_list("share__seq", flat=True))
    return Standing(whole, frozenset(paths), numbers)


def of(case: Case) -> Liability:
    """Return what a liability holds beside its case."""
    return Liability.objects.select_related("about__unit").get(case=case)


def shares(found: Liability, number: int = 0) -> list[LiabilityShare]:
    """Return the shares of a round, the newest unless named, in the order they were written."""
    rows = LiabilityShare.objects.filter(liability=found, round=number or found.round)
    return list(rows.select_related("unit").order_by("seq"))
