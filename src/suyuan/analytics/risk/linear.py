"""A logistic model as arrays: scores, and what each feature adds, exactly."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .timeline import Floats


@dataclass(frozen=True)
class Linear:
    """Weights of standardised features."""

    base: float
    mean: Floats
    scale: Floats
    weight: Floats

    def scores(self, values: NDArray[np.float32]) -> Floats:
        """Return the log odds of each row."""
        return values @ (self.weight / self.scale) + (
            self.base - float(self.mean @ (self.weight / self.scale))
        )

    def parts(self, values: NDArray[np.float32]) -> tuple[Floats, float]:
        """Return what each feature adds to each row beside the mean one, and what the mean one has."""
        return (values - self.mean) / self.scale * self.weight, self.base
