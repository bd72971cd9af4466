"""The masked texts of a case as they are drawn: where a caller is kept secret, without a surname."""

from collections.abc import Callable

from suyuan.domain.masking import mask_whole
from suyuan.store.models import Case


def drawn(case: Case) -> Callable[[str], str]:
    """Return what a masked text of a case passes before anybody sees it."""
    return mask_whole if hides_names(case) else str


def hides_names(case: Case) -> bool:
    """Return whether nothing of a name may show: of a restricted or secret case, and of what it led to."""
    if case.restricted or case.secrecy:
        return True
    parent = Case.objects.filter(number=case.parent_number) if case.parent_number else Case.objects.none()
    return parent.exclude(secrecy="", restricted=False).exists()
