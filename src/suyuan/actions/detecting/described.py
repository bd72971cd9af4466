"""What each detector is called, reads and goes by, and how sure we are of that."""

from datetime import datetime
from typing import Any

from suyuan.analytics.detect.index import ALL

from .finding import figure


def described(as_of: datetime) -> list[dict[str, Any]]:
    """Return every detector with its figure in force at a moment; one without is left out."""
    return [
        {
            "detector": one.name,
            "title": {"zh": told.title.zh, "en": told.title.en},
            "reads": list(one.needs),
            "terms": dict(told.terms),
            "basis": told.basis,
            "certainty": told.certainty.value,
            "note": told.note,
        }
        for one in ALL
        if (told := figure(one.name, as_of)) is not None
    ]
