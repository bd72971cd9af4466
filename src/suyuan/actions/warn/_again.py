"""A closed warning begins again: to be acknowledged anew, its clocks from now."""

from suyuan.store.models import WarningCase

from .. import archive
from .._change import Change


def begin(change: Change) -> None:
    """Start another episode of a warning; who worked on it before still closes nothing of it."""
    archive.begin_again(change)
    change.case.taken_at, change.case.handler = None, ""
    WarningCase.objects.filter(case=change.case).update(proof=None, replied_at=None, promised_on=None)
