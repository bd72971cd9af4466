"""What a customer is asked when called back."""

from collections.abc import Mapping
from datetime import date

from .records import Choice

SCRIPT = "script.callback"
"""The list of what every customer is asked when called back; with a procedure's name behind it, its own."""


def script(choices: Mapping[str, Mapping[str, Choice]], procedure: str, on: date) -> tuple[Choice, ...]:
    """Return what a customer of a procedure is asked on a day, in the order it is asked."""
    shared, own = (
        [
            one
            for one in choices.get(name, {}).values()
            if (one.in_force_from or date.min) <= on <= (one.in_force_until or date.max)
        ]
        for name in (SCRIPT, f"{SCRIPT}.{procedure}")
    )
    return (*shared[:1], *own, *shared[1:])
