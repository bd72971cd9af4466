"""Which models there are, and by which figures of the rulebook."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from suyuan.analytics.risk.learned import Terms
from suyuan.analytics.risk.question import Question, question
from suyuan.domain.errors import BadInput
from suyuan.domain.rulebook import Rulebook

PREFIX, SHARED, WEEKLY = "risk.", "terms", "weekly"
BOTH = "both"


@dataclass(frozen=True, slots=True)
class Asked:
    """A model: what it is asked, and of which log."""

    question: Question
    with_others: bool
    """Whether it reads the log of other systems beside the cases."""
    title: Mapping[str, str]
    basis: str
    certainty: str


def names(book: Rulebook) -> list[str]:
    """Return the models that the rulebook knows."""
    found = [name.removeprefix(PREFIX) for name in book.figures if name.startswith(PREFIX)]
    return [name for name in found if name not in (SHARED, WEEKLY)]


def asked(book: Rulebook, name: str, on: date) -> Asked:
    """Return what a model is asked on a day; raise BadInput for one that is not there."""
    figure = book.figure(PREFIX + name, on) if name not in (SHARED, WEEKLY) else None
    if figure is None:
        raise BadInput("unknown_value", field="model", value=name[:60])
    given: dict[str, Any] = dict(figure.terms)
    with_others = given.pop("reads", "") == BOTH
    title = {"zh": figure.title.zh, "en": figure.title.en}
    return Asked(question(name, given), with_others, title, figure.basis, figure.certainty.value)


def terms(book: Rulebook, on: date) -> Terms:
    """Return the figures that every model goes by."""
    figure = book.figure(PREFIX + SHARED, on)
    assert figure is not None
    return Terms(**figure.terms)


def of_table(name: str, given: Mapping[str, Any]) -> Asked:
    """Return what a model is asked by a table of somebody's own; raise BadInput naming what is wrong."""
    return Asked(question(name, given), False, {"zh": name, "en": name}, "", "I")
