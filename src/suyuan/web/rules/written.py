"""From the boxes of a form to the entry a file would hold, and back; one list of fields a kind."""

import json
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext

from suyuan.domain.errors import BadInput
from suyuan.domain.fields import Field, Type
from suyuan.domain.order import MILESTONES
from suyuan.domain.rulebook.office import DOCUMENT_KINDS, FIELD_TYPES
from suyuan.domain.rulebook.records import GROUPS, KINDS, PROCEDURES, Certainty
from suyuan.domain.worktime import COUNTS, UNITS
from suyuan.store import rules
from suyuan.store.queries.viewer import Viewer

from .. import forms, words
from ..templatetags.ui import lang

TEXT, LONG, CHOICE = Type.TEXT, Type.LONGTEXT, Type.CHOICE
_BETWEEN = re.compile(r"[\s,，、;；]+")


@dataclass(frozen=True, slots=True)
class How:
    """One key of an entry: the field it is typed into, how it is read, which words its codes have."""

    key: str
    field: Field
    reads: Callable[[str], Any] = str
    words: str = ""


def _list(text: str) -> list[str]:
    return [part for part in _BETWEEN.split(text) if part]


def _lines(text: str) -> list[str]:
    return [line.strip() for line in re.split(r"[\n,，、]", text) if line.strip()]


def _floats(text: str) -> list[float]:
    return [float(part) for part in _list(text)]


def _ints(text: str) -> list[int]:
    return [int(part) for part in _list(text)]


def _when(text: str) -> dict[str, list[str]]:
    found = {}
    for line in text.splitlines():
        name, colon, values = re.sub("[：=]", ":", line, count=1).partition(":")
        if line.strip():
            if not colon:
                raise ValueError(line)
            found[name.strip()] = _list(values)
    return found


def _terms(text: str) -> dict[str, Any]:
    return tomllib.loads(text)


def _yes(text: str) -> bool:
    return text == "1"


def _key(key: str, kind: Type = TEXT, *, named: str = "", optional: bool = False, **given: Any) -> How:
    reads, shelf = given.pop("reads", str), given.pop("words", "")
    return How(key, Field(named or key, kind, not optional, **given), reads, shelf)


TITLE = (_key("title_zh"), _key("title_en"))
DATED = (
    _key("in_force_from", optional=True),
    _key("in_force_until", optional=True),
    _key("basis"),
    _key(
        "certainty",
        CHOICE,
        words="certainty",
        choices=tuple(c for c in Certainty if c is not Certainty.CONFIRMED),
    ),
    _key("note", LONG, optional=True),
)
PROCEDURE = _key("procedure", CHOICE, words="procedure", choices=PROCEDURES)
SYNONYMS = _key("synonyms", optional=True, reads=_list)
FIELDS: Mapping[str, tuple[How, ...]] = {
    "limit": (
        _key("id"),
        *TITLE,
        _key("amount", Type.INTEGER, reads=int),
        _key("unit", CHOICE, named="time_unit", words="time_unit", choices=UNITS),
        _key("count", CHOICE, optional=True, words="count", choices=COUNTS),
        _key("procedures", reads=_list, optional=True),
        _key("starts", CHOICE, words="milestone", choices=MILESTONES),
        _key("stops", CHOICE, words="milestone", choices=MILESTONES),
        _key("when", LONG, reads=_when, optional=True),
        _key("kind", CHOICE, words="clock_kind", choices=KINDS),
        _key("binding", Type.BOOL, reads=_yes, optional=True),
        _key("warn", reads=_floats, optional=True),
        _key("after", reads=_ints, optional=True),
        _key("family", optional=True),
        *DATED,
    ),
    "category": (
        _key("code"),
        *TITLE,
        _key("group", CHOICE, optional=True, choices=GROUPS[1:]),
        _key("specialty", optional=True),
        SYNONYMS,
        *DATED,
    ),
    "business_type": (_key("code"), *TITLE, PROCEDURE, SYNONYMS, *DATED),
    "choice": (_key("list"), _key("code"), *TITLE, SYNONYMS, _key("limit", optional=True), *DATED),
    "figure": (_key("id"), *TITLE, _key("terms", LONG, reads=_terms), *DATED),
    "route": (
        _key("id"),
        *TITLE,
        _key("when", LONG, reads=_when, optional=True),
        _key("unit", Type.UNIT),
        _key("specialty", optional=True),
        *DATED,
    ),
    "phrase": (
        _key("id"),
        *TITLE,
        _key("text", LONG, named="rule_text"),
        _key("fields", reads=_list, optional=True),
        *DATED,
    ),
    "form_field": (
        PROCEDURE,
        _key("verb"),
        _key("name", named="field_name"),
        *TITLE,
        _key("type", CHOICE, choices=tuple(FIELD_TYPES), words="field_type"),
        _key("required", Type.BOOL, reads=_yes, optional=True),
        _key("choices", LONG, reads=_lines, optional=True),
        _key("personal", Type.BOOL, reads=_yes, optional=True),
        *DATED,
    ),
    "document": (
        _key("number", named="document_number"),
        *TITLE,
        _key("kind", CHOICE, choices=DOCUMENT_KINDS, words="document_kind"),
        _key("version"),
        _key("text", LONG, named="rule_text", optional=True),
        _key("steps", reads=_list, optional=True),
        _key("limits", reads=_list, optional=True),
        _key("posts", reads=_list, optional=True),
        _key("review_on", optional=True),
        *DATED,
    ),
}
NAMED = {"limit": "limit", "figure": "figure", "category": "category", "business_type": "business_type"}
SURE = (_key("of"), _key("key"), _key("in_force_from", optional=True))
FIELDS = {
    **FIELDS,
    "confirm": (*SURE, _key("basis")),
    "revoke": (
        *SURE,
        _key("certainty", CHOICE, words="certainty", choices=("Q2", "S", "memory", "I")),
        _key("note", LONG),
    ),
}
WHY = Field("why", LONG)


def fields(kind: str) -> tuple[Field, ...]:
    """Return the fields the form of a kind asks for; an unknown kind raises."""
    if kind not in FIELDS:
        raise BadInput("unknown_value", field="kind", value=kind)
    return (*(how.field for how in FIELDS[kind]), WHY)


def boxes(viewer: Viewer, kind: str, entry: forms.Entry) -> list[forms.Box]:
    """Return the boxes of the form of a kind, their codes in words."""
    shelves = {how.field.name: how.words for how in FIELDS[kind]}
    return [
        replace(box, choices=[(code, word(shelves[box.name], code)) for code, _ in box.choices])
        if shelves.get(box.name)
        else box
        for box in forms.boxes(viewer, fields(kind), entry, kind)
    ]


def word(shelf: str, code: str) -> str:
    """Return the words of a code of a form."""
    if shelf == "time_unit":
        return words.time_unit(code)
    return rules.label(shelf, code, lang())


def entry(kind: str, typed: Mapping[str, str]) -> dict[str, Any]:
    """Return the entry of what was typed; raise BadInput naming the boxes that cannot be read."""
    found: dict[str, Any] = {}
    problems = {}
    for how in FIELDS[kind]:
        text = typed.get(how.field.name, "")
        if not text:
            if how.field.required:
                problems[how.field.name] = "required"
            continue
        try:
            found[how.key] = how.reads(text)
        except (ValueError, tomllib.TOMLDecodeError):
            problems[how.field.name] = "not_readable"
    if problems:
        raise BadInput("bad_form", fields=problems)
    if "title_zh" in found:
        found["title"] = {"zh": found.pop("title_zh"), "en": found.pop("title_en")}
    if kind in ("confirm", "revoke"):
        found[found.pop("of")] = found.pop("key")
    return found


def typed(kind: str, entry: Mapping[str, Any]) -> dict[str, str]:
    """Return what stands in the boxes for an entry."""
    flat = dict(entry)
    if isinstance(flat.get("title"), Mapping):
        flat["title_zh"], flat["title_en"] = flat["title"]["zh"], flat["title"]["en"]
    if kind in ("confirm", "revoke"):
        of = next((name for name in NAMED if name in flat), "")
        flat["of"], flat["key"] = of, flat.get(of, "")
    return {how.field.name: text(flat[how.key]) for how in FIELDS[kind] if how.key in flat}


def text(value: Any) -> str:
    """Return a value of an entry as it is typed."""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, list | tuple):
        return "、".join(text(one) for one in value)
    if isinstance(value, Mapping):
        lists = all(
            isinstance(one, list | tuple) and all(isinstance(x, str) for x in one) for one in value.values()
        )
        if lists and value:
            return "\n".join(f"{name}: {text(one)}" for name, one in value.items())
        return "\n".join(f"{name} = {json.dumps(one, ensure_ascii=False)}" for name, one in value.items())
    return "" if value is None else str(value)


def problems(kind: str, wrong: BadInput) -> dict[str, str]:
    """Return where in the form an entry does not fit, in words."""
    key = str(wrong.facts.get("key", "")).partition(".")[0]
    names = {how.key: how.field.name for how in FIELDS[kind]} | {"title": "title_zh"}
    return {names[key]: said(str(wrong.facts.get("problem", "")))} if key in names else {}


def said(problem: str) -> str:
    """Return what the rulebook's checks say, in the reader's language where we have the words."""
    if lang() == "en":
        return problem
    for pattern, chinese in _patterns().items():
        if found := re.search(pattern, problem):
            return chinese % {"what": found[1] if found.groups() else ""}
    return problem


def _patterns() -> dict[str, str]:
    return {
        r"is missing$": gettext("必填"),
        r"is empty$": gettext("不能为空"),
        r"is no date: (.*)": gettext("日期应写成 2026-01-01"),
        r"has the wrong type": gettext("写法不对"),
        r"is no moment of a case: (.*)": gettext("不是工单的时间节点：%(what)s"),
        r"names the unknown \w+ (.*)": gettext("没有这个代码：%(what)s"),
        r"already stands for (.*)": gettext("这个名字已经用在 %(what)s 上"),
        r"(.*) already binds the same cases": gettext("%(what)s 已是同类工单的考核时限"),
        r"comes before": gettext("失效日早于生效日"),
        r"is no limit family: (.*)": gettext("没有这组时限：%(what)s"),
        r"has no parent (.*)": gettext("上级分类不存在：%(what)s"),
        r"must be 1 or more": gettext("至少为 1；按自然日计数时须以天为单位"),
        r"must be rising": gettext("须由小到大"),
        r"must be x_": gettext("以 x_ 开头，其后为小写字母、数字或 _，总长不超过 32"),
        r"must be given exactly for a choice": gettext("“选择”类型须列出选项，其他类型不列"),
        r"must be text: nothing": gettext("只有文本类字段可以标为个人信息"),
        r"must be there where no file is": gettext("正文和附件至少要有一样"),
        r"is no edition of": gettext("没有这个版本"),
        r"must be a list, under one of (.*)": gettext("条件只能写：%(what)s"),
        r"is (.*), not one of": gettext("不在可选项中：%(what)s"),
    }
