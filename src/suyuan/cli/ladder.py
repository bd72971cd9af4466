"""``suyuan ladder``: the urges, rungs, receipts and supervision orders of a case; the orders there are."""

import click

from .asking import viewer_of
from .ready import emit, now, ready
from .shapes import COUNT, FLAG, MOMENT, PERHAPS_MOMENT, PERHAPS_NUMBER, TEXT, TEXTS, many, thing

_RUNG = {"case": TEXT, "limit": TEXT, "rung": TEXT, "at": MOMENT, "fired_at": PERHAPS_MOMENT}
_RECEIPT = thing(role=TEXT, channel=TEXT, state=TEXT, at=PERHAPS_MOMENT, read_by=TEXTS)
_ORDER = {
    "number": TEXT,
    "parent": TEXT,
    "unit": TEXT,
    "state": TEXT,
    "opened_by": {"enum": ["urges", "person"]},
    "issued_by": TEXT,
    "issued_at": MOMENT,
    "acknowledged_by": TEXT,
    "acknowledged_at": PERHAPS_MOMENT,
    "reported_at": PERHAPS_MOMENT,
    "closed_at": PERHAPS_MOMENT,
    "urges": COUNT,
}
SHOW = thing(
    number=TEXT,
    priority={"enum": ["normal", "raised", "high"]},
    urges=thing(
        count=COUNT,
        notify_superior=COUNT,
        open_supervision=COUNT,
        urged=many(
            thing(seq=COUNT, at=MOMENT, by=TEXT, channel=TEXT, contact=PERHAPS_NUMBER, text=TEXT, rungs=TEXTS)
        ),
    ),
    orders=many(thing(**_ORDER)),
    rungs=many(thing(**_RUNG, roles=TEXTS, urgent=FLAG, receipts=many(_RECEIPT))),
    escalations=many(thing(**_RUNG, roles=TEXTS)),
)
LIST = thing(orders=many(thing(**_ORDER, overdue=FLAG)))


@click.group("ladder")
def ladder() -> None:
    """Urges and supervision: what climbed, who was told, who acknowledged."""
    ready()


@ladder.command("show")
@click.argument("number")
@click.option("--as", "username", default="", help="Whose reach; without it the whole home.")
@click.option("--json", "as_json", is_flag=True)
def show(*, number: str, username: str, as_json: bool) -> None:
    """Show the ladder of a case: urges, rungs fired and to come with receipts, supervision orders."""
    from suyuan.store.queries import cases
    from suyuan.store.queries import ladder as queries

    viewer = viewer_of(username) if username else None
    found = cases.get(viewer, number) if viewer else cases.unscoped(number)
    answer = told(number, queries.of(viewer, found))
    if as_json:
        emit(answer)
        return
    click.echo(f"{number}  urges {answer['urges']['count']}  priority {answer['priority']}")  # type: ignore[index]
    for order in answer["orders"]:  # type: ignore[attr-defined]
        click.echo(f"{order['number']}  {order['state']:<11} {order['issued_by']}")
    for rung in answer["rungs"]:  # type: ignore[attr-defined]
        mark = "*" if rung["fired_at"] else " "
        click.echo(f"{mark} {rung['at']}  {rung['limit']:<26} {rung['rung']:<9} {' '.join(rung['roles'])}")


@ladder.command("list")
@click.option("--as", "username", required=True, help="Whose reach.")
@click.option("--state", default="open", show_default=True, help="open, unacknowledged, reported, done, all.")
@click.option("--unit", default="", help="A unit and those below it.")
@click.option("--json", "as_json", is_flag=True)
def list_them(*, username: str, state: str, unit: str, as_json: bool) -> None:
    """List supervision orders, the next due first."""
    from suyuan.store.queries import ladder as queries
    from suyuan.store.queries import listing

    at = now()
    wanted = queries.Wanted("" if state == "all" else state, unit)
    rows = queries.listed(viewer_of(username), wanted)[: listing.DEEPEST]
    orders = [{**_order(one), "overdue": listing.light(one.case, at) == "red"} for one in rows]
    if as_json:
        emit({"orders": orders})
        return
    for order in orders:
        mark = "!" if order["overdue"] else " "
        click.echo(f"{mark} {order['number']}  {order['state']:<11} {order['unit']}  {order['issued_by']}")


def told(number, found) -> dict[str, object]:  # type: ignore[no-untyped-def]
    """Return a ladder as the command answers it."""
    rungs = [_rung(one) for one in found.rungs]
    return {
        "number": number,
        "priority": found.priority,
        "urges": {
            "count": found.urges,
            "notify_superior": found.counts.notify_superior,
            "open_supervision": found.counts.open_supervision,
            "urged": [
                {
                    **{
                        name: getattr(one, name) for name in ("seq", "at", "by", "channel", "contact", "text")
                    },
                    "rungs": list(one.rungs),
                }
                for one in found.urged
            ],
        },
        "orders": [_order(one) for one in found.orders],
        "rungs": [
            {**rung, "urgent": one.urgent, "receipts": [_receipt(each) for each in one.receipts]}
            for rung, one in zip(rungs, found.rungs, strict=True)
        ],
        "escalations": [rung for rung, one in zip(rungs, found.rungs, strict=True) if one.escalated],
    }


def _rung(one) -> dict[str, object]:  # type: ignore[no-untyped-def]
    names = ("case", "limit", "rung", "at", "fired_at")
    return {**{name: getattr(one, name) for name in names}, "roles": list(one.roles)}


def _receipt(one) -> dict[str, object]:  # type: ignore[no-untyped-def]
    return {
        **{name: getattr(one, name) for name in ("role", "channel", "state", "at")},
        "read_by": list(one.read_by),
    }


def _order(one) -> dict[str, object]:  # type: ignore[no-untyped-def]
    case = one.case
    return {
        "number": case.number,
        "parent": case.parent_number,
        "unit": case.unit.code,
        "state": case.state,
        "opened_by": one.opened_by,
        "issued_by": one.issued_by,
        "issued_at": case.accepted_at,
        "acknowledged_by": one.acknowledged_by,
        "acknowledged_at": case.taken_at,
        "reported_at": case.answered_at,
        "closed_at": case.archived_at,
        "urges": one.urges,
    }
