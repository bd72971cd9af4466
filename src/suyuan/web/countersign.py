"""The sheet of a rectification order on its page: who signed, who is awaited since when, what it says."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext

from suyuan.domain.effect import Recurrence
from suyuan.domain.sheet import DECIDED_BY, DECISION, TO_NODE, Circulation, Node, Place
from suyuan.domain.vocabulary import State
from suyuan.store import rules
from suyuan.store.queries import countersign as sheets
from suyuan.store.queries import effects, people
from suyuan.store.queries.sheet import places
from suyuan.store.queries.viewer import Viewer

from .names import Named, named
from .templatetags.ui import lang


@dataclass(frozen=True, slots=True)
class Seat:
    """One place of a node: what was done there and by whom, or since when somebody is waited for."""

    who: str
    act: str = ""
    by: Named | None = None
    on_behalf_of: Named | None = None
    at: datetime | None = None
    since: datetime | None = None
    delegate: Named | None = None


@dataclass(frozen=True, slots=True)
class Stop:
    """One node of the sheet, its rules in words."""

    title: str
    rule: str
    certainty: str
    state: str
    """passed, current, or ahead."""
    seats: list[Seat]


@dataclass(frozen=True, slots=True)
class Ended:
    """A line of the sheet that counts no more."""

    who: str
    act: str
    by: Named | None
    at: datetime
    why: str


def panel(viewer: Viewer, case, now: datetime) -> dict[str, object]:
    """Return what the page of a case shows of rectification: the order it is, or the orders it led to."""
    if case.procedure != "rectification":
        return {"orders": list(sheets.orders_of(viewer, case.number)) if case.finding else []}
    order, sheet = sheets.order_of(case), sheets.circulation(case)
    said = [
        (rules.label("field", name, lang()), sheets.shown(case, name)) for name in ("problems", "measures")
    ]
    return {
        "order": order,
        "order_said": [(title, text) for title, text in said if text],
        "stops": _stops(case, sheet) if sheet else [],
        "ended": _ended(case) if sheet else [],
        "figures": _figures(case, now),
    }


def _figures(case, now: datetime) -> Recurrence | None:
    """Return the complaints before and since, where the effect is to be looked at."""
    return effects.recurrence(case, now) if case.state == State.CHECKING else None


def _stops(case, sheet: Circulation) -> list[Stop]:
    out = case.state == State.SIGNING
    current = sheet.current if out else None
    kept = {row.pk: row.at for row in sheets.rows(case)}
    who = named(name for mark in sheet.marks for name in (mark.by, mark.on_behalf_of, mark.to))
    since = sheets.since(case)
    found = []
    for node in sheet.nodes:
        state = "current" if node is current else "passed" if sheet.has_passed(node) else "ahead"
        seats = [_seat(sheet, node, place, who, kept, since) for place in places(sheet, node)]
        title, sure = _title(case, node)
        found.append(Stop(title, _rule(case, node), sure, state, seats))
    return found


def _seat(
    sheet: Circulation,
    node: Node,
    place: Place,
    who: Mapping[str, Named],
    kept: Mapping[int, datetime],
    since: Mapping[str, datetime],
) -> Seat:
    mark, given = sheet.decided(node).get(place.code), sheet.delegation(node.name, place.code)
    if mark is not None:
        act = rules.label("act", mark.act.value, lang())
        return Seat(_role(place), act, who.get(mark.by), who.get(mark.on_behalf_of), kept[mark.key])
    waits = since.get(place.code) if node is sheet.current else None
    return Seat(_role(place), since=waits, delegate=who.get(given.to) if given else None)


def _role(place: Place) -> str:
    if place.person:
        return people.names([place.person]).get(place.person, place.person)
    said = rules.label("role", place.role, lang())
    return gettext("%(role)s裁定") % {"role": said} if place.code == DECISION else said


def _title(case, node: Node) -> tuple[str, str]:
    """Return what the rulebook calls a node, and how sure it is of it."""
    found = sheets.node_of(case, node.name)
    return sheets.title(case, node.name), found.certainty.value if found else ""


def _rule(case, node: Node) -> str:
    """Return the quorum of a node and what its rejection leads to, in words."""
    quorum = {"all": gettext("全部同意"), "any": gettext("一人同意即可")}.get(node.quorum)
    said = [quorum or gettext("%(n)s 人同意") % {"n": node.needed}]
    if len(node.places) > 1:
        said.append(gettext("按顺序") if node.in_order else gettext("并行"))
    if node.on_reject.startswith(TO_NODE):
        back = sheets.title(case, node.on_reject.removeprefix(TO_NODE))
        said.append(gettext("不同意时退到“%(node)s”") % {"node": back})
    elif node.decider is not None:
        role = rules.label("role", node.on_reject.removeprefix(DECIDED_BY), lang())
        said.append(gettext("不同意时由%(role)s裁定") % {"role": role})
    else:
        said.append(gettext("不同意时退回填报"))
    return " · ".join(said)


def _ended(case) -> list[Ended]:
    """Return the lines that count no more, newest first."""
    kept = [row for row in sheets.rows(case) if row.ended]
    who = named(row.by for row in kept)
    return [
        Ended(
            row.place,
            rules.label("act", row.act, lang()),
            who.get(row.by),
            row.at,
            rules.label("sheet_ended", row.ended, lang()),
        )
        for row in reversed(kept)
    ]
