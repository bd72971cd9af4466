"""What an exception leaves on the row it stopped: a code and facts, never the text of a person."""

import traceback
from pathlib import Path

from django.db import InterfaceError, OperationalError

from suyuan.domain.errors import RuleError

DATABASE_AWAY = (OperationalError, InterfaceError)
"""The database is gone, locked or going: no row is to blame, the round is tried again."""


def fault(error: Exception) -> dict[str, object]:
    """Return why a row could not be carried out, as its ``fault`` column keeps it."""
    if isinstance(error, RuleError):
        return {"code": error.code, "facts": {name: _plain(value) for name, value in error.facts.items()}}
    frames = [each for each in traceback.extract_tb(error.__traceback__) if "suyuan" in each.filename]
    where = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return {"code": "unexpected", "facts": {"kind": type(error).__name__, "where": where}}


def _plain(value: object) -> object:
    return value if isinstance(value, str | int | float | bool | None) else str(value)
