"""The rows of a printed sheet of signatures: one a place, signed or still to be signed and sealed by hand."""

from datetime import datetime

from suyuan.domain.sheet import Circulation, Node, Place
from suyuan.store import rules
from suyuan.store.models import Case
from suyuan.store.queries import cases, people
from suyuan.store.queries import countersign as sheets
from suyuan.store.queries.history import Line
from suyuan.store.queries.sheet import places


def sheet(case: Case, lines: list[Line]) -> list[dict[str, str]]:
    """Return a row for each place of the nodes: what was said there, by whom and when, and where to seal."""
    found = sheets.circulation(case)
    if found is None:
        return []
    notes = {(line.actor, line.at): dict(line.form).get("note", "") for line in lines}
    return [_row(case, found, node, place, notes) for node in found.nodes for place in places(found, node)]


def _row(
    case: Case, found: Circulation, node: Node, place: Place, notes: dict[tuple[str, datetime], str]
) -> dict[str, str]:
    mark = found.decided(node).get(place.code)
    role = people.names([place.person]).get(place.person, place.person) if place.person else ""
    row = {
        "node": sheets.title(case, node.name),
        "place": role or rules.label("role", place.role),
        "seal": "",
    }
    row |= dict.fromkeys(("act", "by", "at", "text"), "")
    if mark is None:
        return row
    at = sheets.signed_at(mark.key)
    called = people.names({mark.by, mark.on_behalf_of})
    by, of = called.get(mark.by, mark.by), called.get(mark.on_behalf_of, mark.on_behalf_of)
    by = f"{by}（代 {of}）" if of else by
    return row | {
        "act": rules.label("act", mark.act.value),
        "by": by,
        "at": at.astimezone(cases.LOCAL).strftime("%Y-%m-%d %H:%M"),
        "text": notes.get((called.get(mark.by, mark.by), at), ""),
    }
