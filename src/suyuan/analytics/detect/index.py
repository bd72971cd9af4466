"""The detectors there are: a closed table, by name."""

from .case_overdue_soon import CASE_OVERDUE_SOON
from .commitment_breaking import COMMITMENT_BREAKING
from .detector import Detector

ALL: tuple[Detector, ...] = (
    CASE_OVERDUE_SOON,
    COMMITMENT_BREAKING,
)
DETECTORS = {one.name: one for one in ALL}
