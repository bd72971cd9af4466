"""Where models of risk and what they say now lie: a file each, in a folder of the home."""

import json
import os
import re
import threading
from pathlib import Path
from typing import Any

from suyuan.config.home import home
from suyuan.domain.errors import BadInput

FOLDER = "risk"
MODEL, SCORES, REFUSED = "model", "scores", "refused"
"""A model; what it says now; why there is none."""
_WORD = re.compile(r"[a-z][a-z0-9_]{0,39}")


def path(name: str, what: str) -> Path:
    """Return the file of a model, or of its scores; raise BadInput for a name that is no word."""
    if not _WORD.fullmatch(name):
        raise BadInput("model_name", value=name[:60])
    return home() / FOLDER / f"{name}.{what}.json"


def put(name: str, what: str, content: Any) -> str:
    """Put a file in the place of the one before, for its owner alone; return what it holds."""
    place = path(name, what)
    place.parent.mkdir(mode=0o700, exist_ok=True)
    text = json.dumps(content, ensure_ascii=False, allow_nan=False)
    temporary = place.with_suffix(f".{os.getpid()}-{threading.get_ident()}")
    try:
        temporary.touch(mode=0o600)
        temporary.write_text(text, "utf-8")
        temporary.replace(place)
    finally:
        temporary.unlink(missing_ok=True)
    return text


def get(name: str, what: str) -> Any:
    """Return what a file of a model holds, None where there is none; raise BadInput where it is no JSON."""
    return read(path(name, what))


def read(place: Path) -> Any:
    """Return what a file holds, None where there is none; raise BadInput where it is no JSON."""
    try:
        return json.loads(place.read_text("utf-8"))
    except FileNotFoundError:
        return None
    except (ValueError, RecursionError):
        raise BadInput("risk_model_broken", problem="JSON") from None


def drop(name: str, what: str) -> None:
    """Remove a file, if it is there."""
    path(name, what).unlink(missing_ok=True)


def state(name: str, what: str) -> int:
    """Return what tells one state of a file from another, 0 where there is none."""
    place = path(name, what)
    return place.stat().st_mtime_ns if place.exists() else 0
