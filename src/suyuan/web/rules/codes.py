"""Codes that stand in entries of the rulebook, as people say them."""

from django.utils.translation import gettext

from suyuan.store import rules, wording
from suyuan.store.queries import org

from .. import words
from ..templatetags.ui import lang


def unit(code: str) -> str:
    """Return the name of a unit with its code."""
    return f"{org.unit(code).name} {code}" if org.exists(code) else code


def word(shelf: str, code: str) -> str:
    """Return the words of a code; codes of no shelf stand as they are."""
    if not shelf:
        return code
    if shelf == "time_unit":
        return gettext("工作日") if code == "working_days" else words.time_unit(code)
    if shelf == "message":
        return wording.title(code, lang())
    if shelf == "detector":
        return detector(code)
    if shelf == "step":
        procedure, _, verb = code.partition(".")
        return f"{rules.label('procedure', procedure, lang())}·{rules.label('verb', verb, lang())}"
    return rules.label(shelf, code, lang())


def detector(name: str) -> str:
    """Return the name of a detector in words: the title of its figure, where it has one."""
    editions = rules.rulebook().figures.get(f"detect.{name}")
    return getattr(editions[-1].title, lang()) if editions else rules.label("detector", name, lang())
