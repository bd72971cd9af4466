"""What a rectification order says that is signed for, and by when it is to be carried out."""

import json
from datetime import date

from suyuan.domain.errors import BadInput
from suyuan.store import rules, seal
from suyuan.store.queries import countersign as sheets

from ._change import Change

GUARDED = ("problems", "measures")
"""The texts that are signed for, beside the unit and the due date."""


def due_on(change: Change) -> date:
    """Return the day a form names; raise BadInput for one that is over."""
    day = change.form["due_on"]
    assert isinstance(day, date)
    if day < rules.local_day(change.now):
        raise BadInput("bad_form", fields={"due_on": "out_of_order"})
    return day


def content_digest(change: Change, due: date) -> str:
    """Return the keyed digest of what is signed for, as the order says it once the form is in."""
    texts = [change.text(name) or sheets.said(change.case, name) for name in GUARDED]
    said = json.dumps([*texts, change.case.unit.code, due.isoformat()], ensure_ascii=False)
    return seal.digest(said.encode())
