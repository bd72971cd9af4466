"""Answers that fail the rules of replies, and answers that one unit copies from customer to customer.

A reply is held against ``domain/reply``: an objection of high weight counts. Copies are replies that are the
same once digits, masks and punctuation are left out, to different customers of one unit; one signal a unit.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import pyarrow as pa

from suyuan.analytics.text.similar import normal
from suyuan.domain import reply
from suyuan.domain.reply import Objection, Weight

from . import columns
from .detector import Detector, Frames, Terms
from .signal import Level, Signal

PARTS = ("cause", "measures", "reply")
Row = Mapping[str, Any]


def find(frames: Frames, terms: Terms, as_of: datetime) -> Iterator[Signal]:
    """Yield a signal for each answer of late with a grave objection, and for each unit that copies."""
    frame: pa.Table = frames["texts"]
    since = as_of - timedelta(days=terms["days"])
    answered = [
        row
        for row in frame.to_pylist()
        if row["answered_at"] and row["answered_at"] >= since and any(row[name] for name in PARTS)
    ]
    for row in answered:
        if grave := _grave(row):
            yield _faulty(row, grave, terms)
    yield from _copied([row for row in answered if row["procedure"] in terms["procedures"]], terms)


def _grave(row: Row) -> list[Objection]:
    rules = reply.shipped()
    text = "\n".join(row[name] for name in PARTS if row[name])
    required = rules.required_of(row["procedure"], row["category"])
    found = reply.objections(text, required, rules, row["said"])
    return [one for one in found if one.weight is Weight.HIGH]


def _faulty(row: Row, grave: Sequence[Objection], terms: Terms) -> Signal:
    return Signal(
        detector="reply_quality",
        object=f"case:{row['number']}",
        level=Level.IMPORTANT if len(grave) >= terms["important"] else Level.GENERAL,
        since=row["answered_at"],
        observed=float(len(grave)),
        expected=0.0,
        why="reply_faulty",
        facts={"case": row["number"], "times": len(grave), "objection": grave[0].code},
        cases=(row["number"],),
        unit=row["unit"],
        category=columns.becomes(terms, row["category"], row["procedure"]),
    )


def _copied(rows: Sequence[Row], terms: Terms) -> Iterator[Signal]:
    """Yield the unit of each reply that went to many customers, by the one that went to most."""
    same: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        text = normal(row["reply"] or row["measures"])
        if len(text) >= terms["characters"]:
            same[row["unit"], text].append(row)
    told: set[str] = set()
    for (unit, _), copies in sorted(same.items(), key=lambda each: -len(each[1])):
        customers = {row["account"] or row["number"] for row in copies}
        if len(customers) < terms["copies"] or unit in told:
            continue
        told.add(unit)
        yield Signal(
            detector="reply_quality",
            object=f"unit:{unit}",
            level=Level.GENERAL,
            since=min(row["answered_at"] for row in copies),
            observed=float(len(customers)),
            expected=float(terms["copies"]),
            why="reply_copied",
            facts={"unit": copies[0]["unit_name"], "times": len(customers)},
            cases=tuple(row["number"] for row in copies),
            unit=unit,
            category=columns.becomes(terms, copies[0]["category"]),
        )


REPLY_QUALITY = Detector("reply_quality", ("texts",), find)
