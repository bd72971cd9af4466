"""Orders that are no complaint and read like one: by what was said, and by what came of it.

A strong word counts two; a weak word, a word of an answer that admits something, a customer who was not
content, urges, and a regulator's channel count one each. Phrases that name complaints without making one are
taken out first. Words alone can tell; the rest alone cannot.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import pyarrow as pa

from suyuan.analytics.streak import REGULATORS

from . import columns
from .detector import Detector, Frames, Terms
from .signal import Level, Signal

MOST_WORDS = 4
"""So many of the words are quoted."""


def find(frames: Frames, terms: Terms, as_of: datetime) -> Iterator[Signal]:  # noqa: ARG001 the frame is cut
    """Yield a signal for each order of late that reads like a complaint."""
    frame: pa.Table = frames["texts"]
    told = re.compile("|".join(map(re.escape, (*terms["strong"], *terms["weak"]))))
    innocent, outcome = _any(terms["innocent"]), _any(terms["outcome"])
    left_out = set(terms["left_out"])
    for row in frame.to_pylist():
        if row["kind"] in left_out:
            continue
        words = list(dict.fromkeys(told.findall(innocent.sub("", row["said"]))))
        admitted = outcome.search("\n".join((row["cause"], row["measures"], row["reply"])))
        if not words and not admitted:
            continue
        score = _score(row, words, bool(admitted), terms)
        if score >= terms["score"]:
            yield _signal(row, [*words, *([admitted.group()] if admitted else [])], score, terms)


def _any(words: Sequence[str]) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, words)))


def _score(row: Mapping[str, Any], words: Sequence[str], admitted: bool, terms: Terms) -> int:
    strong = 2 if set(words) & set(terms["strong"]) else 0
    weak = len(set(words) - set(terms["strong"]))
    around = (
        admitted,
        row["satisfaction"] == "dissatisfied",
        row["urges"] >= terms["urges"],
        row["channel"] in REGULATORS,
    )
    return strong + weak + sum(map(int, around))


def _signal(row: Mapping[str, Any], words: Sequence[str], score: int, terms: Terms) -> Signal:
    urgent, important = score >= terms["urgent"], score >= terms["important"]
    return Signal(
        detector="misclassified",
        object=f"case:{row['number']}",
        level=Level.URGENT if urgent else Level.IMPORTANT if important else Level.GENERAL,
        since=row["accepted_at"],
        observed=float(score),
        expected=float(terms["score"]),
        why="reads_like_complaint",
        facts={
            "case": row["number"],
            "business_type": row["kind"],
            "words": "、".join(words[:MOST_WORDS]),
        },
        cases=(row["number"],),
        unit=row["unit"],
        category=columns.becomes(terms, row["category"], row["procedure"]),
    )


MISCLASSIFIED = Detector("misclassified", ("texts",), find)
