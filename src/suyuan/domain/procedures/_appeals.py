"""What a unit asks of a case that counts against it: an appeal once it is closed, a review of its claim."""

from .. import appeal
from ..procedure import SAME, Step
from ..vocabulary import Role, State

UNIT = (Role.STATION, Role.MARKETING, Role.OPERATIONS)
"""The unit that answers for a case, a department where one does."""
CLAIMING = (*UNIT, Role.AGENT, Role.LEAD, Role.OFFICE)
FILE, ASK_CLAIM = "file_appeal", "ask_claim_review"
AFTERWARDS = (FILE, ASK_CLAIM)
"""Verbs that a case closed under an older table has as well: what they open is a case of its own."""


def opening(open_states: tuple[State, ...]) -> tuple[Step, ...]:
    """Return the steps that open an appeal from a closed case, and a review of its claim at any time.

    The case itself goes on as it would: nothing waits for what is opened.
    """
    registered = tuple(state for state in open_states if state is not State.RECEIVED)
    return (
        Step(FILE, (State.ARCHIVED,), SAME, UNIT, (appeal.not_kept_apart,), appeal.FILE_FORM),
        Step(
            ASK_CLAIM,
            (*registered, State.ARCHIVED),
            SAME,
            CLAIMING,
            (appeal.not_kept_apart,),
            appeal.CLAIM_FORM,
        ),
    )
