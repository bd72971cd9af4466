"""Tables of supply as the page of logs shows them, and what is said of one that was taken in."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.utils.translation import gettext

from suyuan.actions.supply import Taken
from suyuan.domain import masking
from suyuan.domain.errors import BadInput
from suyuan.gateways import kept_supply
from suyuan.store import rules, supply
from suyuan.store.queries import supply as queries

from .names import named
from .templatetags.ui import lang, local
from .trace_files import Say

SUFFIXES = (".csv", ".gz", ".tsv", ".xlsx", ".zip", ".parquet")
_MOMENT = re.compile(
    r"\d{1,4}[-/.\u5e74]\d{1,2}(?:[-/.\u6708]\d{0,2}[\u65e5T ]{0,2}[\d:\u65f6\u5206\u79d2.Z+]{0,16})?"
)
"""What is a moment or tries to be: no number of a person."""
NAMED = 5
"""So many rows that were not taken are named at most."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A kind of table as the page shows it."""

    title: str
    rows: str
    span: str
    at: datetime | None
    by: str
    file: str
    set_aside: int


def shown() -> dict[str, object]:
    """Return what is kept, or which part of it is damaged, and what may be handed in."""
    more = {"supply_kinds": kinds(), "supply_suffixes": ",".join(SUFFIXES)}
    try:
        return {"supply": _every()} | more
    except BadInput as damaged:
        return {"supply_damaged": damaged.facts["file"]} | more


def _every() -> list[Kept]:
    """Return every kind of which anything is kept."""
    found = kept_supply.held(supply.folder())
    last = queries.last_taken(one.kind for one in found)
    who = named(one.by for one in last.values())
    return [_kept(one, last.get(one.kind), who) for one in found]


def _kept(one: kept_supply.Held, told: queries.Last | None, who: dict[str, object]) -> Kept:
    return Kept(
        rules.label("supply_kind", one.kind, lang()),
        f"{one.rows:,}",
        f"{local(one.first)[:10]} – {local(one.last)[:10]}",
        told.at if told else None,
        str(who.get(told.by, told.by)) if told else "",
        told.file if told else "",
        told.set_aside if told else 0,
    )


def kinds() -> list[tuple[str, str]]:
    """Return every kind with its word."""
    return [(kind, rules.label("supply_kind", kind, lang())) for kind in kept_supply.KINDS]


def told(taken: Taken) -> Iterator[tuple[Say, str]]:
    """Yield what is said of a table that was taken in."""
    counts = {name: f"{getattr(taken, name):,}" for name in ("read", "new", "changed", "unchanged")}
    title = {"title": rules.label("supply_kind", taken.kind, lang())}
    said = gettext("“%(title)s”：%(read)s 行，新增 %(new)s 行，更新 %(changed)s 行，不变 %(unchanged)s 行。")
    yield messages.success, said % (counts | title)
    if taken.set_aside:
        rows = [
            f"{one['row']} {one['column']} {_shown(str(one['value']))} "
            f"({rules.label('supply_set_aside', str(one['rule']), lang())})"
            for one in taken.first_wrong[:NAMED]
        ]
        more = " …" if taken.set_aside > len(rows) else ""
        said = gettext("未取入 %(n)s 行（行号、列、值、原因）：%(rows)s")
        yield messages.warning, said % {"n": f"{taken.set_aside:,}", "rows": "；".join(rows) + more}


def _shown(value: str) -> str:
    """Return a value as it came where it is a moment or tries to be, else masked."""
    return value if _MOMENT.fullmatch(value) else masking.mask(value)
