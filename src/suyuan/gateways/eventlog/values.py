"""Is a text a value of its kind? One way of writing each, so that a log is the same in every format."""

import re
from datetime import tzinfo

from . import moments

_INTEGER = re.compile(r"[+-]?[0-9]{1,400}")
_FLOAT = re.compile(r"[+-]?(?:[0-9]{1,400}(?:\.[0-9]{0,400})?|\.[0-9]{1,400})(?:[eE][+-]?[0-9]{1,4})?")
_ENDLESS = {"inf": "inf", "+inf": "inf", "-inf": "-inf", "nan": "nan", "infinity": "inf", "-infinity": "-inf"}
TRUTHS = {"true": "true", "1": "true", "false": "false", "0": "false"}


def canonical(value: str, kind: str, zone: tzinfo | None) -> str | None:
    """Return the one way a value of that kind is written, None where it is none.

    A moment that names no zone, where none is given, stays as it is: nobody knows which it is.
    """
    if kind == "string":
        return value
    text = value.strip()
    match kind:
        case "integer":
            return str(int(text)) if _INTEGER.fullmatch(text) else None
        case "float":
            return repr(float(text)) if _FLOAT.fullmatch(text) else _ENDLESS.get(text.lower())
        case "boolean":
            return TRUTHS.get(text.lower())
    at, state = moments.one(text, zone)
    if state == moments.READ:
        return moments.written(at)
    return text if state == moments.NO_ZONE else None
