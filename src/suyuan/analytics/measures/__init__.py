"""The measures, one record each.

measure    what a measure is
terms      the words several measures share
formula    how counted parts become a figure with its interval
five_rates registration, timely handling, closure, reply, satisfaction
service    findings, callbacks, repeat contact, first answer
causes     why it came to complaints
commitments  promises to customers that were kept
rectification  what verified complaints led to
steps      each step against its own limit, over the clocks
volume     amounts, and complaints per customers
index      the weighted indices
repair     what became of a fault once it was mended
practice   shares that only compare how units work
"""

from suyuan.analytics.measures import (
    causes,
    commitments,
    five_rates,
    index,
    practice,
    rectification,
    repair,
    service,
    steps,
    volume,
)
from suyuan.analytics.measures.measure import Measure
from suyuan.domain.errors import BadInput

BOARD: tuple[Measure, ...] = (
    *five_rates.MEASURES,
    *service.MEASURES,
    *causes.MEASURES,
    *rectification.MEASURES,
    *commitments.MEASURES,
    *repair.MEASURES,
    *steps.MEASURES,
    *volume.MEASURES,
    *index.MEASURES,
)
"""The measures of the control board, in its order."""

MEASURES: tuple[Measure, ...] = (*BOARD, *practice.MEASURES)


def find(measure_id: str) -> tuple[Measure, str]:
    """Return the measure and the family member (or "") that an id such as ``step_timely_rate.X`` names."""
    for measure in MEASURES:
        if measure_id == measure.id:
            return measure, ""
        if measure.family and measure_id.startswith(f"{measure.id}."):
            return measure, measure_id.removeprefix(f"{measure.id}.")
    raise BadInput("measure_unknown", value=measure_id, known=", ".join(measure.id for measure in MEASURES))
