"""The detectors there are: a closed table, by name."""

from .account_conflict import ACCOUNT_CONFLICT
from .case_overdue_soon import CASE_OVERDUE_SOON
from .commitment_breaking import COMMITMENT_BREAKING
from .detector import Detector
from .order_stuck import ORDER_STUCK
from .silent_dissatisfaction import SILENT_DISSATISFACTION

ALL: tuple[Detector, ...] = (
    CASE_OVERDUE_SOON,
    COMMITMENT_BREAKING,
    ORDER_STUCK,
    ACCOUNT_CONFLICT,
    SILENT_DISSATISFACTION,
)
DETECTORS = {one.name: one for one in ALL}
