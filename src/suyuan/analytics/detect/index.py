"""The detectors there are: a closed table, by name."""

from .account_conflict import ACCOUNT_CONFLICT
from .arrears_disconnection import ARREARS_DISCONNECTION
from .call_surge import CALL_SURGE
from .case_overdue_soon import CASE_OVERDUE_SOON
from .classifier_drift import CLASSIFIER_DRIFT
from .commitment_breaking import COMMITMENT_BREAKING
from .detector import Detector
from .emerging_theme import EMERGING_THEME
from .foreign_stuck import FOREIGN_STUCK
from .frequent_outage import FREQUENT_OUTAGE
from .hot_spot import HOT_SPOT
from .late_restoration import LATE_RESTORATION
from .low_voltage import LOW_VOLTAGE
from .measure_drift import MEASURE_DRIFT
from .misclassified import MISCLASSIFIED
from .named_unit import NAMED_UNIT
from .order_stuck import ORDER_STUCK
from .promise_watch import PROMISE_WATCH
from .repeat_contact import REPEAT_CONTACT
from .reply_quality import REPLY_QUALITY
from .shirking import SHIRKING
from .silent_dissatisfaction import SILENT_DISSATISFACTION
from .under_registration import UNDER_REGISTRATION
from .zero_readings import ZERO_READINGS

ALL: tuple[Detector, ...] = (
    HOT_SPOT,
    CASE_OVERDUE_SOON,
    COMMITMENT_BREAKING,
    ORDER_STUCK,
    ACCOUNT_CONFLICT,
    SILENT_DISSATISFACTION,
    PROMISE_WATCH,
    ARREARS_DISCONNECTION,
    FOREIGN_STUCK,
    ZERO_READINGS,
    LATE_RESTORATION,
    FREQUENT_OUTAGE,
    LOW_VOLTAGE,
    REPEAT_CONTACT,
    SHIRKING,
    UNDER_REGISTRATION,
    MISCLASSIFIED,
    REPLY_QUALITY,
    CALL_SURGE,
    EMERGING_THEME,
    CLASSIFIER_DRIFT,
    MEASURE_DRIFT,
    NAMED_UNIT,
)
DETECTORS = {one.name: one for one in ALL}
