"""Verify: is it true, and does the reply hold; by somebody who did not handle it."""

from suyuan.domain.vocabulary import State

from . import handle
from ._change import Change


def submit_finding(change: Change) -> State | None:
    """Hand in what was found."""
    change.keep_before("finding", "finding_assessed", "handlers")
    change.case.finding = change.text("finding")
    change.case.finding_assessed = change.case.finding
    return handle.work(change)


def review_pass(change: Change) -> State | None:
    """Let the reply leave; the reviewer's finding stands where it differs."""
    if finding := change.text("finding"):
        if finding != change.case.finding:
            change.detail["was"] = {"finding": change.case.finding}
        change.case.finding = change.case.finding_assessed = finding
    return None


def review_return(change: Change) -> State | None:
    """Send the reply back to its handler."""
    return None
