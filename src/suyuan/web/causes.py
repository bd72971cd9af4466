"""Why it came to complaints, on the board: the share of each cause, and classes by causes."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext

from suyuan.analytics.board import Row
from suyuan.analytics.measures import causes
from suyuan.domain.vocabulary import CAUSES
from suyuan.store import rules

from . import charts, figures, shown
from .figures import Asked
from .templatetags.ui import lang

SHARES = {measure.id: code for measure, code in zip(causes.MEASURES, CAUSES, strict=True)}
"""Which measure is the share of which cause."""
COLUMNS = (*CAUSES, "")
"""The causes, and none: nobody judged it, or it may not be told."""


@dataclass(frozen=True, slots=True)
class Line:
    """One class of complaints: how many of each cause."""

    name: str
    cells: list[dict[str, object]]


def section(ask: Asked, rows: Iterable[Row]) -> dict[str, object]:
    """Return what the board says of causes: the shares drawn and as a table, and classes by causes."""
    found = [row for row in rows if row.id in SHARES]
    told = [shown.shown(row, ask.query) for row in found]
    dots = [
        charts.Dot(
            named(SHARES[row.id]), row.value, row.low, row.high, shown.drill_url(row.id, "n", ask.query)
        )
        for row in found
    ]
    counted = figures.causes(ask.at, ask.period.label, ask.place.path)
    names = gettext("占已判定原因的投诉"), gettext("95% 区间")
    return {
        "causes": charts.against(dots, names, percent=True) if found and found[0].of else None,
        "cause_rows": [(dot.name, row) for dot, row in zip(dots, told, strict=True)],
        "cause_out": told[0].left_out if told else (),
        "cause_heads": [named(code) for code in COLUMNS],
        "cause_lines": [
            Line(
                rules.label("category", kind, lang()) if kind else gettext("（未填）"),
                [
                    {"n": counted.get((kind, cause), 0), "url": _cell_url(ask, kind, cause)}
                    for cause in COLUMNS
                ],
            )
            for kind in sorted({kind for kind, _ in counted})
        ],
    }


def named(code: str) -> str:
    """Return what a cause is called, or that there is none."""
    return rules.label("responsibility", code, lang()) if code else gettext("未判定")


def _cell_url(ask: Asked, kind: str, cause: str) -> str:
    values = {"type": "complaint", "l2": kind, "cause": cause}
    return reverse("drill") + "?" + urlencode({**ask.query, **values})
