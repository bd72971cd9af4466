"""Between two units orders bounce more often than is borne: the lower bound of the rate passes the threshold.

A hand-over bounces when it is returned or passed on (``analytics/shirking``). The bound is Wilson's, so that
few hand-overs prove nothing. One signal a pair of units, of whoever sent the orders back.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import pyarrow as pa

from suyuan.analytics import intervals
from suyuan.analytics.shirking import RETURN, TRANSFER

from . import columns
from .detector import Detector, Frames, Terms
from .signal import Level, Signal

BOUNCED = frozenset({RETURN, TRANSFER})
Row = Mapping[str, Any]


def find(frames: Frames, terms: Terms, as_of: datetime) -> Iterator[Signal]:  # noqa: ARG001 the frame is cut
    """Yield a signal for each pair of units of which enough hand-overs bounced for sure."""
    frame: pa.Table = frames["handovers"]
    units: pa.Table = frames["units"]
    names = dict(zip(units.column("code").to_pylist(), units.column("name").to_pylist(), strict=True))
    of: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in frame.to_pylist():
        of[row["giver"], row["taker"]].append(row)
    for (giver, taker), rows in of.items():
        went = [row for row in rows if row["ended"] in BOUNCED]
        low, _ = intervals.wilson(len(went), len(rows)) or (0.0, 1.0)
        if len(rows) >= terms["least"] and low >= terms["rate"]:
            said = {"giver": names.get(giver, giver), "taker": names.get(taker, taker)}
            yield _signal((giver, taker), went, (len(rows), low), said, terms)


def _signal(
    pair: tuple[str, str], went: Sequence[Row], told: tuple[int, float], said: Mapping[str, str], terms: Terms
) -> Signal:
    (giver, taker), (of, low) = pair, told
    numbers = tuple(dict.fromkeys(row["number"] for row in sorted(went, key=lambda row: row["at"])))
    return Signal(
        detector="shirking",
        object=f"pair:{giver}>{taker}",
        level=Level.IMPORTANT if low >= terms["important"] else Level.GENERAL,
        since=min(row["at"] for row in went),
        observed=len(went) / of,
        expected=float(terms["rate"]),
        why="orders_bounce",
        facts={
            **said,
            "bounced": len(went),
            "handed": of,
            "low": round(100 * low),
        },
        cases=numbers,
        unit=taker,
        category=columns.becomes(terms, ""),
    )


SHIRKING = Detector("shirking", ("handovers", "units"), find)
