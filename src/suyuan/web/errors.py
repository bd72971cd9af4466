"""How a refusal reads on a page: its HTTP status and its words."""

from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus
from urllib.parse import unquote

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from suyuan.config.statuses import status
from suyuan.domain.characters import LONGEST, storable
from suyuan.domain.errors import BadInput, RuleError
from suyuan.domain.masking import mask
from suyuan.store import rules

from . import words
from .templatetags.ui import clauses, lang, local

CODED = frozenset(
    {
        "missing",
        "verb",
        "state",
        "roles",
        "specialty",
        "owed",
        "doubts",
        "reply_item",
        "reply_item_too",
        "signs",
    }
)
"""The facts whose values are codes with words of their own."""

BOUNDS = frozenset({"least", "above", "most"})
"""The facts that are limits of ours: nothing anybody typed, so never masked."""

MOMENTS = frozenset({"at", "last"})
"""The facts that are moments: on a page they read as people here write them."""

SHELF_OF = {
    "missing": "field",
    "roles": "role",
    "owed": "verb",
    "doubts": "objection",
    "signs": "silence",
    "reply_item_too": "reply_item",
}
"""The kind of label a coded fact's values have, where it is not the fact's own name."""

OWN = {
    "not_a_date": _("日期应写成 2025-10-09"),
    "no_file": _("请先选择文件"),
    "no_demo_person": _("演示人员尚未装入：请先运行 make run"),
    "unknown_option": _("本页没有这个查询项"),
}
"""The codes that only pages raise."""

IN_ADDRESS = frozenset({"unknown_option"})
"""What is wrong with the address of a page, not with what somebody typed."""


SENTENCES = {
    "paper_not_ready": _("打印“%(kind)s”之前要先办“%(verb)s”，这张工单上还没有。"),
    "filing_suspended": _(
        "单位 %(unit)s 的报备 %(because_of)s 被认定为虚假，%(until)s 前不能为它、它的下级报备，"
        "上级的报备也不能包含它。"
    ),
    "not_overdue_enough": _(
        "欠费满 %(above)s 天以上才能停电，现在是 %(days)s 天。依据 %(figure)s，可信程度：%(certainty)s"
    ),
    "notice_not_over": _("通知满 %(notice_days)s 天才能停电。依据 %(figure)s，可信程度：%(certainty)s"),
    "copy_missing": _("重要用户的通知要先抄送电力管理部门。依据 %(figure)s，可信程度：%(certainty)s"),
    "reminder_missing": _("停电前还没有再次提醒。依据 %(figure)s，可信程度：%(certainty)s"),
    "reminder_too_late": _("停电前提醒后的时间还不够。依据 %(figure)s，可信程度：%(certainty)s"),
    "reminder_lapsed": _("停电前提醒已过时，请重新提醒。依据 %(figure)s，可信程度：%(certainty)s"),
    "not_at_this_hour": _(
        "只在工作日 %(from_hour)s 时至 %(until_hour)s 时停电。依据 %(figure)s，可信程度：%(certainty)s"
    ),
}
"""The refusals that read as one sentence with their facts in it."""

KINDS = {"kind": "paper"}
"""The kind of label of a sentence's facts, where it is not the fact's own name."""


def words_for(code: str) -> str:
    """Return what a code means; one without words is shown as it is."""
    return str(OWN[code]) if code in OWN else rules.why(code, lang())


def field_problems(error: BadInput) -> dict[str, str]:
    """Return the words for each field of a refused form."""
    fields = error.facts.get("fields")
    if not isinstance(fields, Mapping):
        return {}
    allowed = error.facts.get("allowed")
    spans = allowed if isinstance(allowed, Mapping) else {}
    return {str(name): _problem(str(code), spans.get(name)) for name, code in fields.items()}


def _problem(code: str, allowed: object) -> str:
    """Return what is wrong with a field: where it lies outside what is allowed, the rule."""
    if code != "out_of_order" or not isinstance(allowed, list):
        return words_for(code) + span(allowed)
    first, last = (_moment(bound or "") for bound in allowed)
    said = gettext("应在 %(first)s 至 %(last)s 之间") if last else gettext("应不早于 %(first)s")
    return said % {"first": first, "last": last}


def span(allowed: object) -> str:
    """Return between which moments, days or amounts a field may lie, in brackets; nothing where not told."""
    if not isinstance(allowed, list):
        return ""
    first, last = allowed
    said = {"first": _moment(first), "last": _moment(last or "")}
    return (gettext("（%(first)s 至 %(last)s）") if last else gettext("（不早于 %(first)s）")) % said


def _moment(bound: object) -> str:
    """Return a moment as people here read it; a day, an amount, or nothing, stands as it is."""
    text = str(bound)
    try:
        return local(datetime.fromisoformat(text)) if "T" in text else text
    except ValueError:
        return text


def told(facts: Mapping[str, object]) -> list[tuple[str, str]]:
    """Return the facts of an error that help people, each with its name in words."""
    return [
        (name_of(name), _value(name, value))
        for name, value in facts.items()
        if value not in (None, "", [], ()) and name_of(name)
    ]


def aside(facts: Mapping[str, object]) -> str:
    """Return the facts in brackets, to stand behind the words for a code; nothing where there are none."""
    said = clauses(f"{name} {value}" for name, value in told(facts))
    return f"（{said}）" if said else ""


def name_of(fact: str) -> str:
    """Return what a fact is called, nothing for one that is for programs."""
    if fact in words.FACTS:
        return str(words.FACTS[fact])
    known = rules.label("field", fact, lang())
    return "" if known == fact else known


def _value(name: str, value: object) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(_value(name, one) for one in value)
    text = str(value)
    if name == "kind" and text in words.FILE_KINDS:
        return str(words.FILE_KINDS[text])
    if name in BOUNDS or name in MOMENTS:
        return text if name in BOUNDS else mask(_moment(text))
    return rules.label(SHELF_OF.get(name, name), text, lang()) if name in CODED else mask(text)


def _where(error: RuleError, request: HttpRequest) -> Mapping[str, object]:
    """Return the facts of an error, with the page where what is wrong stands in its address."""
    return {**error.facts, "page": request.path} if error.code in IN_ADDRESS else error.facts


def _stay_at(address: str) -> str:
    """Return the address that the language switch comes back to: none that is personal or cannot be read."""
    return address if mask(address) == address and storable(address) and len(address) <= LONGEST else "/"


def sentence(error: RuleError) -> str:
    """Return what an error means in one sentence with its facts; nothing for one that has no such words."""
    if error.code not in SENTENCES:
        return ""
    facts = {
        name: rules.label(KINDS.get(name, name), str(value), lang()) for name, value in error.facts.items()
    }
    return str(SENTENCES[error.code]) % facts


def page(request: HttpRequest, error: RuleError) -> HttpResponse:
    """Return a whole page that says what was refused and why."""
    if status(error) == HTTPStatus.NOT_FOUND:
        advice = gettext("请核对编号；不在您权限范围内的也显示为找不到。")
    else:
        advice = gettext("退回上一页改正后再试。") if isinstance(error, BadInput) else ""
    said = sentence(error)
    shown = {
        "words": said or words_for(error.code),
        "code": error.code,
        "facts": [] if said else told(_where(error, request)),
        "advice": advice,
        "stay_at": "/" if error.code == "personal_in_address" else _stay_at(unquote(request.get_full_path())),
    }
    return render(request, "web/refused.html", shown, status=status(error))
