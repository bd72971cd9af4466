"""The values of an entry as people read them: codes in words, yes and no, one condition a line."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext

from suyuan.domain.fields import Type
from suyuan.store import rules

from ..templatetags.ui import joined, lang
from . import codes, kinds, played, written


def shown(kind: str, entry: Mapping[str, Any]) -> dict[str, str]:
    """Return the values of an entry in words, by the name of their field, in the order of the form."""
    flat = written.flat(kind, entry)
    return {
        how.field.name: _value(how, flat[how.field.name])
        for how in kinds.FIELDS[kind]
        if how.field.name in flat
    }


def _value(how: kinds.How, value: Any) -> str:
    if isinstance(value, bool):
        return gettext("是") if value else gettext("否")
    if how.key == "when":
        return "\n".join(_condition(name, values) for name, values in value.items())
    if played.are_steps(value):
        return played.said(value)
    if how.field.type is Type.UNIT and value:
        return codes.unit(str(value))
    if isinstance(value, list | tuple):
        return joined(codes.word(how.words, str(one)) for one in value)
    return codes.word(how.words, value) if how.words and value else written.text(value)


def _condition(name: str, values: Any) -> str:
    said = joined(rules.label(name, str(value), lang()) for value in values)
    return f"{rules.label('field', name, lang())}：{said}"
