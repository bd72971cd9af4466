"""Orders that lie: no step was passed for much longer than orders of their kind take for the next.

A stage is the last milestone a case has passed. How long a stage usually lasts is the quantile of the figure
over the cases of the same procedure that left it, in working time; where too few left it, the figure's days.
"""

from collections.abc import Iterator
from datetime import datetime

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from suyuan.analytics.trace.working import WorkingTime

from . import columns
from .columns import DAY, NEVER, Micros
from .detector import Detector, Frames, Terms
from .signal import Level, Signal

MILESTONES = (
    *("accepted_at", "registered_at", "dispatched_at", "taken_at", "contacted_at", "arrived_at"),
    *("restored_at", "answered_at", "reviewed_at", "called_back_at", "archived_at"),
)
ANSWERED = frozenset({"answered_at", "reviewed_at", "called_back_at"})
"""Stages in which the customer has an answer and the order was not filed."""


def find(frames: Frames, terms: Terms, as_of: datetime) -> Iterator[Signal]:
    """Yield a signal for each open case that has lain in its stage past the limit of its kind."""
    frame: pa.Table = frames["cases"]
    if not frame.num_rows:
        return
    moments = np.stack([columns.micros(frame, name) for name in MILESTONES])
    moments[0] = np.maximum(moments[0], columns.micros(frame, "reopened_at"))
    time = columns.clock(frames["calendar"], moments.ravel(), np.array([columns.micro(as_of)]))
    procedure = columns.text(frame, "procedure")
    usual = _usual(procedure, moments, time, terms)
    stage = _last(moments)
    since = moments.max(axis=0)
    lain = time.worked(np.full(len(since), columns.micro(as_of))) - time.worked(since)
    least = terms["days"] * DAY
    limit = np.array(
        [max(least, terms["times"] * usual.get((kind, MILESTONES[at]), 0.0))
         for kind, at in zip(procedure, stage, strict=True)]
    )  # fmt: skip
    stuck = (
        frame.column("open").to_numpy() & ~frame.column("paused").to_numpy() & (lain >= limit) & _known(frame)
    )
    for at in np.flatnonzero(stuck).tolist():
        yield _signal(
            frame,
            at,
            MILESTONES[stage[at]],
            columns.moment(since[at]),
            (float(lain[at]), float(limit[at])),
            terms,
        )


def _known(frame: pa.Table) -> NDArray[np.bool_]:
    """Return which cases say how far they came: of an imported order with no step at all nothing is known."""
    reached = np.zeros(frame.num_rows, bool)
    for name in MILESTONES[1:]:
        reached |= columns.micros(frame, name) != NEVER
    return np.asarray(reached | (columns.text(frame, "origin") == "live"), bool)


def _last(moments: Micros) -> NDArray[np.int64]:
    """Return the place of the latest milestone of each case; of two at one moment the later in the row."""
    back = moments[::-1].argmax(axis=0)
    return np.asarray(len(moments) - 1 - back, np.int64)


def _usual(
    procedure: NDArray[np.object_], moments: Micros, time: WorkingTime, terms: Terms
) -> dict[tuple[str, str], float]:
    """Return how long each stage of each procedure lasts for most of those that left it."""
    found: dict[tuple[str, str], float] = {}
    order = np.argsort(np.where(moments == NEVER, np.iinfo(np.int64).max, moments), axis=0, kind="stable")
    passed = np.take_along_axis(moments, order, axis=0)
    worked = time.worked(np.maximum(passed, 0).ravel()).reshape(passed.shape)
    lasted = np.where(passed[1:] != NEVER, worked[1:] - worked[:-1], -1)
    left = np.where(passed[1:] > passed[:-1], order[:-1], -1)
    for kind in sorted(set(procedure.tolist())):
        of = procedure == kind
        for at, name in enumerate(MILESTONES):
            each = lasted[:, of][left[:, of] == at]
            if len(each) >= terms["least"]:
                found[kind, name] = float(np.quantile(each, terms["quantile"]))
    return found


def _signal(
    frame: pa.Table, at: int, stage: str, since: datetime, lain: tuple[float, float], terms: Terms
) -> Signal:
    row = {name: frame.column(name)[at].as_py() for name in ("number", "unit", "category", "procedure")}
    times = lain[0] / lain[1]
    urgent, important = times >= terms["urgent"], times >= terms["important"]
    return Signal(
        detector="order_stuck",
        object=f"case:{row['number']}",
        level=Level.URGENT if urgent else Level.IMPORTANT if important else Level.GENERAL,
        since=since,
        observed=lain[0] / DAY,
        expected=lain[1] / DAY,
        why="order_unarchived" if stage in ANSWERED else "order_lies",
        facts={
            "case": row["number"],
            "milestone": stage,
            "days": round(lain[0] / DAY, 1),
            "most": round(lain[1] / DAY, 1),
        },
        cases=(row["number"],),
        unit=row["unit"],
        category=columns.becomes(terms, row["category"], row["procedure"]),
    )


ORDER_STUCK = Detector("order_stuck", ("cases", "calendar"), find)
