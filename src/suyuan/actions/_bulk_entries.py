"""Entries of the ledger signed in a bulk run: what somebody may not sign singly is refused here too."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from suyuan.domain.errors import Refused, RuleError
from suyuan.domain.ledger import SIGNED, WORDS
from suyuan.store.queries.viewer import Viewer

from . import ledger

VERB = "sign_entry"
FORM = (WORDS,)
LONGEST = 12
"""Digits of the number of an entry."""


def is_entry(text: str) -> bool:
    """Tell whether a text can be the number of an entry, written as everywhere."""
    return text.isascii() and text.isdecimal() and len(text) <= LONGEST and not text.startswith("0")


def outcome(asker: Viewer | None, entry: str, form: Mapping[str, str], now: datetime) -> dict[str, Any]:
    """Sign one entry and return what became of it; a refusal changes nothing and says why."""
    try:
        if asker is None:
            raise Refused("not_found", entry=int(entry))
        ledger.sign_entry(viewer=asker, entry=int(entry), form=form, now=now)
    except RuleError as error:
        facts = json.loads(json.dumps(dict(error.facts), default=str))
        return {"outcome": "refused", "code": error.code, "facts": facts}
    return {"outcome": "applied", "state": SIGNED}
