"""Knowledge: the rulebook the office changes itself. One proposes, another approves.

drafts    propose, revise, submit, withdraw
decide    approve and reject
readings  who has read a document
would     what an entry would do to the clocks that run, before anybody approves it
"""

from .decide import approve, reject
from .drafts import Proposed, propose, revise, submit, withdraw
from .readings import read
from .would import Effect, effect

__all__ = [
    "Effect",
    "Proposed",
    "approve",
    "effect",
    "propose",
    "read",
    "reject",
    "revise",
    "submit",
    "withdraw",
]
