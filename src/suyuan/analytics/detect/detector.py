"""What a detector is: a name, the frames it reads, and a pure function from them to signals."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from .signal import Signal

Frames = Mapping[str, Any]
"""What is known at the moment of looking, by name: tables, or a whole event log; nothing later."""
Terms = Mapping[str, Any]
"""The figures of the rulebook that a detector goes by."""


@dataclass(frozen=True, slots=True)
class Detector:
    """One detector. Its figures are the rulebook's figure ``detect.NAME``."""

    name: str
    needs: tuple[str, ...]
    """The frames it reads."""
    find: Callable[[Frames, Terms, datetime], Iterator[Signal]]
    """Told the frames, the figures and the moment of looking; yields signals in no order."""
