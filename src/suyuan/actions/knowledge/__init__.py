"""Knowledge: the rulebook the office changes itself. One proposes, another approves.

drafts    propose, revise, submit, withdraw
decide    approve and reject
files     a document's file and the source of a confirmation, in the evidence locker
readings  who has read a document
remind    tells whoever answers for a document that its review day has come
would     what an entry would do to the clocks that run, before anybody approves it
"""

from ._told import TEMPLATES
from .decide import approve, reject
from .drafts import Proposed, propose, revise, submit, withdraw
from .files import Handed, keep_file, open_file
from .readings import read
from .remind import remind
from .would import Effect, effect

__all__ = [
    "TEMPLATES",
    "Effect",
    "Handed",
    "Proposed",
    "approve",
    "effect",
    "keep_file",
    "open_file",
    "propose",
    "read",
    "reject",
    "remind",
    "revise",
    "submit",
    "withdraw",
]
