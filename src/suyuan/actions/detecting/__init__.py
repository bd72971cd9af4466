"""Detecting: what stands out in this home at a moment, by the figures of the rulebook.

- ``finding``    asks the detectors of ``analytics/detect``; writes nothing
- ``frames``     what they may read, by name
- ``orders``     of them those of the log that was taken over
- ``files``      of them those of tables handed in; ``kept`` those of tables the home took in and keeps
- ``sentences``  why, in words
- ``described``  what each detector is called and goes by; ``scorecards`` how each did
"""

from .described import described
from .files import frames as handed_in
from .finding import find, named, read_by
from .scorecards import scores
from .sentences import sentence

__all__ = ["described", "find", "handed_in", "named", "read_by", "scores", "sentence"]
