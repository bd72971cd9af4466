"""Tables of supply that are kept, as the page of logs and tables shows them."""

from dataclasses import dataclass
from datetime import datetime

from suyuan.gateways import kept_supply
from suyuan.store import rules, supply
from suyuan.store.queries import supply as queries

from .names import named
from .templatetags.ui import lang, local


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


def kept() -> list[Kept]:
    """Return every kind of which anything is kept; raise BadInput where a part is damaged."""
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
