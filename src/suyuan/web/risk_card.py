"""What models of risk said of a case, on its page."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext

from suyuan.actions.risk import looking
from suyuan.actions.risk.looking import Said
from suyuan.actions.risk.scoring import LOW

from . import risk_words as words
from .templatetags.ui import local


def panel(case: Any, now: datetime) -> dict[str, object]:
    """Return what the page of a case says: nothing where no model is worth more than a trivial rule."""
    return {"risks": [_line(one, now) for one in looking.of_case(case, now)]}


def _line(one: Said, now: datetime) -> dict[str, object]:
    score = one.score
    doubt = words.label("risk_doubt", score.doubt) if score.doubt else ""
    return {
        "model": one.model,
        "title": words.title(one.model),
        "doubt": doubt,
        "band": words.label("risk_band", score.band),
        "warns": not doubt and score.band != LOW,
        "share": words.said_of(one.model, score.chance),
        "between": f"{words.percent(score.low, 0)} – {words.percent(score.high, 0)}",
        "reasons": words.reasons(score),
        "as_of": local(one.as_of),
        "age": _age((now - one.learned_at).days),
    }


def _age(days: int) -> str:
    return gettext("%(n)s 天前训练") % {"n": days} if days else gettext("今天训练")
