"""How a no reads to whoever typed the command: the words in Chinese and English, then code and facts.

A program reads neither: with ``--json`` it gets the object, or one line of code and facts.
"""

import json
from collections.abc import Mapping

import click

from suyuan.domain.errors import BadInput, RuleError
from suyuan.domain.rulebook.words import why


def words(code: str) -> str:
    """Return what a code means in both languages; one without words is shown as it is."""
    chinese, english = why(code, "zh"), why(code, "en")
    return code if chinese == english == code else f"{chinese} / {english}"


def line(wrong: RuleError) -> str:
    """Return one line that says what is wrong and where, for programs."""
    facts = " ".join(f"{key}={_short(value)}" for key, value in wrong.facts.items())
    kind = "" if isinstance(wrong, BadInput) else f"{wrong.__doc__} "
    return f"{wrong.code}: {kind}{facts}".strip()


def sentence(wrong: RuleError) -> str:
    """Return one line that says in words what is wrong, then the code and what and where."""
    facts = " ".join(_fact(name, value) for name, value in wrong.facts.items())
    return f"{words(wrong.code)} [{wrong.code}] {facts}".strip()


def _fact(name: str, value: object) -> str:
    """Return one fact; of the boxes of a form each with the words for what is wrong in it."""
    if name == "fields" and isinstance(value, Mapping):
        return "; ".join(f"{field}: {words(str(code))} [{code}]" for field, code in value.items())
    if name == "allowed" and isinstance(value, Mapping):
        return "; ".join(f"{field}: {_span(*bounds)}" for field, bounds in value.items())
    return f"{name}={_short(value)}"


def _span(first: object, last: object) -> str:
    """Return between what a value may lie; without an end, from when on."""
    return f"{first} 至 / to {last}" if last else f"{first} 起 / or later"


def _short(value: object) -> str:
    text = (
        json.dumps(value, ensure_ascii=False, default=str) if isinstance(value, dict | list) else str(value)
    )
    return " ".join(text.split())


def misused(wrong: click.ClickException) -> str:
    """Return one line that says how a command was typed wrongly, with the option or the word it is about."""
    if isinstance(wrong, click.MissingParameter):
        return f"缺少 {_name(wrong)} / {_name(wrong)} is missing"
    if isinstance(wrong, click.NoSuchOption):
        return (
            f"没有选项 {wrong.option_name} / No such option: {wrong.option_name}{_near(wrong.possibilities)}"
        )
    if isinstance(wrong, click.NoSuchCommand):
        name = wrong.command_name
        return f"没有命令 {name} / No such command: {name}{_near(wrong.possibilities)}"
    if isinstance(wrong, click.BadOptionUsage):
        return f"选项 {wrong.option_name} 用法不对 / {wrong.option_name} is used wrongly: {wrong.message}"
    if isinstance(wrong, click.BadParameter):
        return f"{_name(wrong)} 的值不对 / {_name(wrong)} has a bad value: {wrong.message}"
    return f"命令写法不对 / The command is typed wrongly: {wrong.format_message()}"


def _name(wrong: click.BadParameter) -> str:
    """Return what an option or argument is called where it is typed."""
    hint = wrong.param_hint or (wrong.param.get_error_hint(wrong.ctx) if wrong.param else "")
    return (hint if isinstance(hint, str) else " / ".join(hint)).replace("'", "")


def _near(possibilities: object) -> str:
    """Return in brackets what may have been meant, nothing where nothing is like it."""
    near = ", ".join(map(str, possibilities)) if isinstance(possibilities, list | tuple) else ""
    return f" ({near}?)" if near else ""
