"""Once: what is asked for twice under one mark is done once, and answered the same each time."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from suyuan.domain.errors import BadInput, Refused
from suyuan.store import rules, seal
from suyuan.store.models import Asking

Answer = dict[str, object]

MARK = re.compile(r"[\x21-\x7e]{1,200}")
"""How a mark may be written: what a header can carry."""

FIGURE = "asking.kept"
"""How long an answer is kept to be given again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked for: by whom, under which mark, and the whole of it."""

    by: str
    mark: str
    what: Mapping[str, object]


@transaction.atomic
def once(*, asked: Asked, work: Callable[[], Answer], now: datetime) -> Answer:
    """Do the work the first time, and return what was answered then each time after.

    The row is unique, so of two at once the second waits for what the first does. What is refused leaves no
    row: it may be mended and asked again. Raise Refused where the mark stands for something else already.
    """
    if not MARK.fullmatch(asked.mark):
        raise BadInput("bad_mark")
    whole = json.dumps(asked.what, sort_keys=True, ensure_ascii=False, default=str)
    body = seal.reference(whole)
    row, first = Asking.objects.select_for_update().get_or_create(
        mark=seal.reference(f"{asked.by}\n{asked.mark}"), defaults={"body": body, "answer": {}, "at": now}
    )
    if not first and row.at > _before(now):
        if row.body != body:
            raise Refused("asked_otherwise", number=str(row.answer["number"]))
        return dict(row.answer)
    row.body, row.answer, row.at = body, work(), now
    row.save(update_fields=["body", "answer", "at"])
    return dict(row.answer)


@transaction.atomic
def forget(*, now: datetime) -> int:
    """Forget the answers that need not be given again; return how many."""
    return Asking.objects.filter(at__lte=_before(now)).delete()[0]


def _before(now: datetime) -> datetime:
    return now - timedelta(hours=rules.figure(FIGURE, "hours"))
