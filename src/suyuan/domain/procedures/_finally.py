"""What a customer who was answered and asks the same again leads to: a final answer on the case."""

from dataclasses import replace

from .. import filing, secrecy
from ..procedure import SAME, Step
from ..vocabulary import Role, State

OPENING = (
    Step(
        "answer_finally",
        (State.CALLBACK, State.ARCHIVED),
        SAME,
        (Role.STATION, Role.LEAD, Role.OFFICE, Role.MARKETING, Role.OPERATIONS),
        (),
        filing.ANSWER_FORM,
    ),
)
APART = tuple(
    replace(step, guards=(secrecy.restricted_hands,), when_restricted=(Role.AUDIT,)) for step in OPENING
)
"""The same where a case may be restricted."""
