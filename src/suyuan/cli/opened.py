"""The rulebook as a command opens it, and lines of aligned columns."""

import functools
import json
import os
import unicodedata
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import click

from suyuan.domain.errors import BadInput, RulebookError
from suyuan.domain.rulebook import Rulebook, load, user_files

from .ready import ready

P = ParamSpec("P")
R = TypeVar("R")


def home_of(ctx: click.Context) -> Path:
    """Return the home the command works on, which need not be there: the context's, SUYUAN_HOME or ./var."""
    given = (ctx.find_root().obj or {}).get("home")
    return Path(given or os.environ.get("SUYUAN_HOME", "var"))


def opened(ctx: click.Context, *extra: Path) -> Rulebook:
    """Return the rulebook with the user's own files, ``extra`` on top, then what was approved."""
    return load(*user_files(home_of(ctx)), *extra, entries=approved(ctx))


def approved(ctx: click.Context) -> list[Any]:
    """Return the entries approved in the database of this home; another home's files stand alone."""
    from suyuan.config.home import begun, home

    if not begun() or home_of(ctx).resolve() != home().resolve():
        return []
    ready()
    from suyuan.store import rules as shelf

    return [json.loads(entry) for entry in shelf.own_entries()]


def unless_wrong(command: Callable[P, R]) -> Callable[P, R]:
    """Turn a fault in a rulebook file into bad input, so that the command ends with one line and exit 2."""

    @functools.wraps(command)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except RulebookError as error:
            raise BadInput(error.code, **error.facts) from error

    return guarded


def aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return rows as lines with aligned columns, a Chinese character counting two."""
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(
            cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)
        ).rstrip()
        for row in rows
    ]


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text)
