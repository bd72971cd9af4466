"""What a model of risk puts highest, in reach: open cases, or orders of other systems."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext

from suyuan.actions.risk import looking
from suyuan.actions.risk.scoring import LOW, Score
from suyuan.gateways import kept_log
from suyuan.gateways.kept_log import Order
from suyuan.store import event_log
from suyuan.store.queries import listing, org
from suyuan.store.queries.viewer import Viewer

from . import risk_words as words
from . import trace_orders, traces
from .register import Cell, Head, Row
from .templatetags.ui import local

ORDERS = "order_complaint"
"""The model whose subjects are orders of other systems."""
LISTED = (*looking.OF_CASES, ORDERS)
CHUNK = 400
"""So many are looked up at once among those in reach."""


def heads(model: str) -> tuple[Head, ...]:
    """Return the columns of a list of subjects of a model."""
    begun = gettext("最近一步") if model == ORDERS else gettext("受理时间")
    titles = gettext("业务类型"), gettext("单位"), begun, gettext("可能"), gettext("主要原因")
    return (Head(gettext("工单"), wide=True), *map(Head, titles))


def rows(viewer: Viewer, model: str, now: datetime, most: int) -> list[Row]:
    """Return so many rows at most, the highest first, without what is low, doubtful or kept from others."""
    said = looking.fresh(model, now) if model in LISTED else None
    kept = [one for one in said.scores if one.band != LOW and not one.doubt] if said else []
    found: list[Row] = []
    for some in _chunks(kept):
        found += _orders(viewer, some) if model == ORDERS else _cases(viewer, model, some, now)
        if len(found) >= most:
            break
    return found[:most]


def _chunks(scores: list[Score]) -> Iterator[dict[str, Score]]:
    for begin in range(0, len(scores), CHUNK):
        yield {one.subject: one for one in scores[begin : begin + CHUNK]}


def _cases(viewer: Viewer, model: str, by: Mapping[str, Score], now: datetime) -> Iterator[Row]:
    filters = listing.Filters(numbers=tuple(by), open_only=True)
    rows = listing.listing(viewer, filters, now=now, size=len(by)).rows
    cases = {case.number: case for case in rows if not (case.restricted or case.secrecy)}
    for number, score in by.items():
        if number in cases:
            yield _case(cases[number], model, score)


def _case(case: Any, model: str, score: Score) -> Row:
    return Row(
        (
            Cell(case.number, reverse("case", args=(case.number,))),
            Cell(words.label("business_type", case.business_type)),
            Cell(case.unit.name),
            Cell(local(case.accepted_at), short=True),
            *_said(model, score),
        )
    )


def _said(model: str, score: Score) -> tuple[Cell, Cell]:
    band = Cell(words.label("risk_band", score.band), small=words.said_of(model, score.chance))
    return band, Cell(words.reasons(score))


def _orders(viewer: Viewer, by: Mapping[str, Score]) -> Iterator[Row]:
    log = event_log.path()
    known = kept_log.named(log, by) if log.exists() else {}
    units = {code: one for code, one in org.names().items() if one[1].startswith(viewer.register_paths)}
    for name, score in by.items():
        if name in known and (viewer.over_all or known[name].unit in units):
            yield _order(known[name], units, score)


def _order(one: Order, units: trace_orders.Units, score: Score) -> Row:
    return Row(
        (
            Cell(traces.called(one.name), reverse("trace_order", args=[one.sign])),
            Cell(one.type),
            Cell(trace_orders.unit_name(one.unit, units)),
            Cell(local(traces.moment(one.last)), small=one.step, short=True),
            *_said(ORDERS, score),
        )
    )
