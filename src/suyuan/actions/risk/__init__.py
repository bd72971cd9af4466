"""Risk models of this home, or of a log in a file: learned, kept, and what they say now.

- ``asked``     the models of the rulebook
- ``home_log``  the log of this home; ``reading`` any log as a model reads it
- ``training``  a model is learned, kept, read back
- ``scoring``   what a model says; ``watching`` what the worker does with all of them
"""

from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .scoring import Scores


def scores(model: str, as_of: datetime) -> "Scores":
    """Return what a model says at a moment of every subject that is open then, the highest first.

    Raise Refused where it has not been learned. ``scoring.kept_scores`` is what was said last night, at once.
    """
    from . import scoring  # a log is read without a database too

    return scoring.scores(model, as_of)
