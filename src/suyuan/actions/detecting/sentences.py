"""Why a signal stands out, in words: the label of its code, filled from its facts."""

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import get_language

from suyuan.analytics import measures
from suyuan.analytics.detect.signal import Signal
from suyuan.domain.rulebook.playbooks import filled
from suyuan.domain.warning import says_now
from suyuan.store import rules
from suyuan.store.models import KeptSignal

CODES = {
    "limit": "limit",
    "milestone": "milestone",
    "procedure": "procedure",
    "business_type": "business_type",
    "category": "category",
    "objection": "objection",
    "other_type": "business_type",
    "channel": "channel",
}
"""Facts that are codes, and the kind of their label; all others are said as they are."""
MEASURE = "measure"
"""The fact that is the id of a measure."""
Facts = Mapping[str, str | int | float]


def sentence(one: Signal, language: str | None = None) -> str:
    """Return why, in Chinese or English, the reader's language unless told."""
    return worded(one.why, one.facts, language)


def worded(why: str, facts: Facts, language: str | None = None) -> str:
    """Return the sentence of a code with its facts filled in; raise KeyError where a fact is missing."""
    said = {name: _said(name, value, language) for name, value in facts.items()}
    return rules.label("detect_why", why, language).format_map(said)


def told(say: str, facts: Facts, language: str | None = None) -> str:
    """Return what a customer is told of a signal; what its facts do not know stands in brackets."""
    return filled(say, {name: _said(name, value, language) for name, value in facts.items()})


def as_of(why: str, facts: Facts, at: datetime, language: str | None = None) -> str:
    """Return the sentence of a code with the local moment at which it was so."""
    seen = f"{at.astimezone(rules.rulebook().calendar.zone):%Y-%m-%d %H:%M}"
    said = {"said": worded(why, facts, language), "at": seen}
    return rules.label("signal", "as_of", language).format_map(said)


def standing(row: KeptSignal, now: datetime) -> str:
    """Return the code of the sentence that holds now of a signal; of one that is over, that of its end."""
    local = f"{now.astimezone(rules.rulebook().calendar.zone):%Y-%m-%d %H:%M}"
    return row.why if row.state == "over" else says_now(row.why, row.facts, local)


def _said(name: str, value: str | float, language: str | None) -> str:
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 100 else f"{value:,.1f}".removesuffix(".0")
    if isinstance(value, int):
        return f"{value:,}"
    if name == MEASURE:
        title = measures.find(value)[0].title
        return title.en if (language or get_language() or "zh").startswith("en") else title.zh
    return rules.label(CODES[name], value, language) if name in CODES else value
