"""What an office's edition of a figure must say: the shipped terms, each of its kind, in bounds."""

import math
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from suyuan.domain import retention

from . import tariff
from .reading import MOST
from .records import LADDER, Figure
from .tables import Placed

Key = tuple[str, str, date | None]
"""Table, record and first day of what a draft of the book holds."""
LEAST = "figures.least"
"""The figure that says below what no edition may set a term, by figure and term."""
SYNONYMS = "search.synonyms"
"""The figure whose terms are an office's own: each is a group of words."""
SCHEDULE = "schedule."
_EVERY_SCHEDULE: Mapping[str, Any] = {"kind": "", "cron": "", "at_once": True}
_CENTURY = {"years": 100, "months": 1_200, "days": 36_500, "hours": 876_000}
"""The most a term named after a unit may count: what reaches further is no date any more."""


def misfits(placed: Mapping[Key, Placed], shipped: Mapping[Key, Placed]) -> Iterator[tuple[Key, Exception]]:
    """Yield each figure of the office's that lacks what the product reads, with the error that says so."""
    known = {key: record for key, (_, record) in shipped.items() if isinstance(record, Figure)}
    newest = {figure.id: figure for figure in known.values()}
    least: Mapping[str, Any] = newest[LEAST].terms if LEAST in newest else {}
    for key, (row, record) in placed.items():
        if not isinstance(record, Figure) or known.get(key) is record:
            continue
        model = known.get(key) or newest.get(record.id)
        if wrong := _wrong(record, model.terms if model else None, least):
            yield key, row.error(*wrong)


def _wrong(
    figure: Figure, model: Mapping[str, Any] | None, least: Mapping[str, Any]
) -> tuple[str, str] | None:
    """Return the key and the problem of a figure's first wrong term, None where all fit."""
    terms = figure.terms
    if figure.id == LADDER or figure.id.startswith((retention.PREFIX, tariff.PREFIX)):
        return None  # their own checks say more
    if figure.id == LEAST:
        return None if terms == model else ("terms", "is the product's own")
    if figure.id == SYNONYMS:
        model = {name: [""] for name in terms}
    elif figure.id.startswith(SCHEDULE):
        model = {**dict.fromkeys(terms, ""), **_EVERY_SCHEDULE}
    elif model is None:
        return None
    if missing := [name for name in model if name not in terms]:
        return f"terms.{missing[0]}", "is missing"
    for name, value in terms.items():
        if name not in model:
            return f"terms.{name}", "is not known here"
        if problem := _of_value(name, value, model[name], least.get(f"{figure.id}.{name}")):
            return f"terms.{name}", problem
    return None


def _of_value(name: str, value: Any, model: Any, least: int | None) -> str:
    """Return what is wrong with the value of a term, nothing where it fits the model's."""
    if isinstance(model, list):
        if not isinstance(value, list):
            return "must be a list"
        of = model[0] if model else ""  # an empty list is of texts
        return next((said for one in value if (said := _of_value(name, one, of, None))), "")
    if isinstance(model, bool):
        return "" if isinstance(value, bool) else "must be true or false"
    if isinstance(model, str):
        return "" if isinstance(value, str) and value.strip() else "must be text"
    return _of_number(name, value, model, least)


def _of_number(name: str, value: Any, model: float, least: int | None) -> str:
    if isinstance(model, int) and type(value) is not int:
        return "must be a whole number"
    if type(value) not in (int, float) or not math.isfinite(value):
        return "must be a number"
    if value < 0 or (value == 0 and model > 0):
        return "must be above 0" if model > 0 else "must not be negative"
    if least is not None and value < least:
        return f"must be {least} at least"
    most = _CENTURY.get(name.rpartition("_")[2], MOST)
    return f"must be {most} at most" if value > most else ""


def not_begun(record: object, on: date) -> bool:
    """Return whether an edition of a figure is for a later day: a figure is read without asking for a day."""
    return isinstance(record, Figure) and record.in_force_from is not None and record.in_force_from > on
