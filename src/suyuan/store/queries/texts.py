"""The masked texts of a case as they are drawn: where a caller is kept secret, without a surname."""

from collections.abc import Callable, Iterable

from suyuan.domain.masking import mask_whole
from suyuan.store.models import Case

Drawn = Callable[[str], str]


def drawn(case: Case) -> Drawn:
    """Return what a masked text of a case passes before anybody sees it."""
    return drawn_each([case])[case.pk]


def drawn_each(cases: Iterable[Case]) -> dict[int, Drawn]:
    """Return the same of several cases, by key; their parents are asked for in one question.

    Nothing of a name may show of a restricted or secret case, and of what it led to.
    """
    rows = list(cases)
    parents = {one.parent_number for one in rows if one.parent_number and not secret(one)}
    found = Case.objects.filter(number__in=parents).exclude(secrecy="", restricted=False)
    kept = set(found.values_list("number", flat=True)) if parents else set()
    return {one.pk: mask_whole if secret(one) or one.parent_number in kept else str for one in rows}


def secret(case: Case) -> bool:
    """Return whether nothing of a name may show of a case."""
    return case.restricted or bool(case.secrecy)
