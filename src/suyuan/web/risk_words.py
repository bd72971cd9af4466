"""Words for what models of risk say: shares, bands, reasons, features, why nothing is said."""

import re

from django.utils.translation import gettext

from suyuan.actions.risk import looking
from suyuan.actions.risk.scoring import Score
from suyuan.analytics import display
from suyuan.analytics.risk.judging import Figure
from suyuan.analytics.risk.question import LATE, Question
from suyuan.store import rules

from .templatetags.ui import joined, lang

REASONS = 3
"""So many reasons are said, the strongest."""
_DAYS = re.compile(r"(course|customer)\.(\d+)d")
LEAST = 0.0005
"""Shares below it are said to be below one in a thousand."""


def label(kind: str, code: str) -> str:
    """Return the words for a code in the reader's language."""
    return rules.label(kind, code, lang())


def title(name: str) -> str:
    """Return what a model is called."""
    found = rules.rulebook().figures[f"risk.{name}"][-1].title
    return found.en if lang() == "en" else found.zh


def said_of(model: str, chance: float) -> str:
    """Return a probability in words, nothing where a model's chances are off and its order alone counts."""
    kept = looking.card(model)
    return "" if kept is None or looking.is_off(kept) else share(chance)


def share(chance: float) -> str:
    """Return a probability as how many of so many cases like it."""
    if chance < LEAST:
        return gettext("这样的工单不到千分之一")
    of = next(of for of in (10, 100, 1_000) if chance * of >= 0.95 or of == 1_000)
    said = {"n": display.rounded(chance * of, 0), "of": of}
    return gettext("每 %(of)s 件这样的工单约有 %(n)s 件") % said


def reasons(score: Score) -> str:
    """Return the strongest reasons in words, each with which way it moved the score."""
    return joined(_reason(group, adds) for group, adds in score.why[:REASONS])


def _reason(group: str, adds: float) -> str:
    way = gettext("调高") if adds > 0 else gettext("调低")
    return gettext("%(what)s（%(way)s）") % {"what": label("risk_group", group), "way": way}


def feature(name: str) -> str:
    """Return a feature in words."""
    group, _, rest = name.partition(".")
    if found := _DAYS.fullmatch(name):
        words = {"course": gettext("%(n)s 天内的步数"), "customer": gettext("客户 %(n)s 天内的往来次数")}
        return words[group] % {"n": found[2]}
    if group in ("alike", "lately"):
        words = {"alike": gettext("以往同一%(what)s的结果"), "lately": gettext("同一%(what)s近来的变化")}
        return words[group] % {"what": label("risk_trait", rest)}
    if group == "customer":
        since = rest.startswith("since.")
        said = gettext("客户上次“%(what)s”过了多久") if since else gettext("客户“%(what)s”的次数")
        return said % {"what": rest.removeprefix("since.")}
    if group in ("step", "since", "last"):
        words = {
            "step": gettext("办过“%(what)s”几次"),
            "since": gettext("“%(what)s”过了多久"),
            "last": gettext("最近一步是“%(what)s”"),
        }
        return words[group] % {"what": rest}
    return label("risk_feature", name.replace(".", "_"))


def asked(name: str, given: Question) -> str:
    """Return what a model is asked, and until when that may happen."""
    said = {"asked": label("risk_asked", name), "until": horizon(given)}
    return gettext("%(asked)s（%(until)s）") % said


def horizon(question: Question) -> str:
    """Return until when what is asked may happen."""
    if question.kind == LATE:
        return gettext("到时限为止")
    return gettext("%(n)s 天内") % {"n": display.count(question.days)}


def percent(value: float, decimals: int = 1) -> str:
    """Return a share as a percentage."""
    return f"{display.rounded(100 * value, decimals)} %"


def interval(one: Figure, decimals: int = 1) -> str:
    """Return the interval of a share."""
    low, high = (display.rounded(100 * each, decimals) for each in (one.low, one.high))
    return f"{low} – {high} %"


def plain(one: Figure) -> str:
    """Return a figure that is no share, with its interval."""
    return f"{display.rounded(one.value, 3)} [{display.rounded(one.low, 3)}, {display.rounded(one.high, 3)}]"


def hours(value: float) -> str:
    """Return a span: hours, or days from two days on."""
    if value >= 48:
        return gettext("%(n)s 天") % {"n": display.rounded(value / 24, 1)}
    return gettext("%(n)s 小时") % {"n": display.rounded(value, 1)}
