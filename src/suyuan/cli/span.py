"""A number between two others on the command line; ``nan`` is none."""

import math
from typing import Any

import click


class Span(click.FloatRange):
    """A number from one to another; what is no number (``nan``, which is neither less nor more) fails too."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the number; fail with one line as any wrong option."""
        number = super().convert(value, param, ctx)
        if math.isnan(number):
            self.fail(f"{value!r} is not a number in the range {self._describe_range()}.", param, ctx)
        return number
