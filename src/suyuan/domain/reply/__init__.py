"""Is a reply fit to leave the house? What it lacks, what it contradicts, and the sentence that shows it.

    rules    what a reply has to say, read from rulebook/replies.toml
    checks   one reply held against it: objections, each with the sentence it objects to

A person decides; this says where to look. It reads words, not truth: a reply may be complete and false.
"""

from .checks import Objection, Reading, Verdict, Weight, objections, read, verdict
from .rules import Item, Rules, rules, shipped

__all__ = [
    "Item",
    "Objection",
    "Reading",
    "Rules",
    "Verdict",
    "Weight",
    "objections",
    "read",
    "rules",
    "shipped",
    "verdict",
]
