"""Boosted trees as arrays: scores and what each feature adds, exactly, without the library that grew them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .timeline import Floats

CHUNK = 50_000
"""Rows worked on at once, so that a step's arrays stay in the processor's cache."""


@dataclass(frozen=True)
class Forest:
    """Trees one after the other. A node without children is a leaf: both children are itself."""

    base: float
    root: NDArray[np.int32]
    feature: NDArray[np.int32]
    border: NDArray[np.float64]
    """A row whose number is at most this goes left."""
    left: NDArray[np.int32]
    right: NDArray[np.int32]
    value: NDArray[np.float64]
    """Of a leaf what it adds; of another node the mean of the leaves below by how many rows learned there."""
    depth: NDArray[np.int32]
    """By tree."""

    def scores(self, values: NDArray[np.float32]) -> Floats:
        """Return the log odds of each row."""
        found = np.full(len(values), self.base)
        for begin in range(0, len(values), CHUNK):
            part = np.asfortranarray(values[begin : begin + CHUNK])
            for root, depth in zip(self.root, self.depth, strict=True):
                node = np.full(len(part), root, np.int32)
                for _ in range(depth):
                    node = self._below(part, node)
                found[begin : begin + CHUNK] += self.value[node]
        return found

    def parts(self, values: NDArray[np.float32]) -> tuple[Floats, float]:
        """Return what each feature adds to each row, and what all begin with; they add up to the score.

        On its way down a tree a row meets nodes; what the mean below changes by from one to the next is the
        doing of the feature asked there (Saabas 2014; Palczewska et al. 2013).
        """
        found = np.zeros(values.shape)
        rows = np.arange(len(values))
        for root, depth in zip(self.root, self.depth, strict=True):
            node = np.full(len(values), root, np.int32)
            for _ in range(depth):
                below = self._below(values, node)
                found[rows, self.feature[node]] += self.value[below] - self.value[node]
                node = below
        return found, self.base + float(self.value[self.root].sum())

    def _below(self, values: NDArray[np.float32], node: NDArray[np.int32]) -> NDArray[np.int32]:
        goes_left = values[np.arange(len(values)), self.feature[node]] <= self.border[node]
        return np.where(goes_left, self.left[node], self.right[node])
