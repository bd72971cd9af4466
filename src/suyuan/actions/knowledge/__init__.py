"""Knowledge: the rulebook the office changes itself. One proposes, another approves.

drafts    propose, revise, submit, withdraw
decide    approve and reject
readings  who has read a document
"""

from .decide import approve, reject
from .drafts import Proposed, propose, revise, submit, withdraw
from .readings import read

__all__ = ["Proposed", "approve", "propose", "read", "reject", "revise", "submit", "withdraw"]
