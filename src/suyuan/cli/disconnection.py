"""``suyuan disconnection``: register an account in arrears, and list what is open."""

import sys

import click

from .asking import viewer_of
from .evaluation import as_option, json_option
from .ready import emit, now, ready
from .shapes import TEXT, many, thing

MOMENT = {"type": ["string", "null"]}
OPEN = thing(number=TEXT)
LIST = thing(
    cases=many(
        thing(
            number=TEXT,
            unit=TEXT,
            state=TEXT,
            payer=TEXT,
            arrears=TEXT,
            arrears_since=TEXT,
            noticed_at=MOMENT,
            reminded_at=MOMENT,
            cut_at=MOMENT,
            due=MOMENT,
        )
    )
)


@click.group("disconnection")
def disconnection() -> None:
    """Disconnections for arrears: registered, listed; their steps go through case do."""
    ready()


@disconnection.command("open")
@as_option
@click.option("--since", required=True, help="The first day the oldest bill was overdue: 2026-01-15.")
@click.option("--amount", required=True, help="What is owed, in yuan.")
@click.option("--class", "payer", default="", help="resident or business, where the register does not say.")
@click.option("--note", default="", help="A word on it.")
@json_option
def begin(*, username: str, since: str, amount: str, payer: str, note: str, as_json: bool) -> None:
    """Register that an account is in arrears; its number is read from what comes in, so no shell keeps it."""
    from suyuan.actions import disconnection as actions

    viewer = viewer_of(username)
    account = sys.stdin.readline().strip()
    form = {"account": account, "arrears_since": since, "arrears": amount, "payer_class": payer, "note": note}
    number = actions.register(actor=viewer.actor, form=form, now=now())
    if as_json:
        emit({"number": number})
    else:
        click.echo(number)


@disconnection.command("list")
@as_option
@click.option(
    "--state", default="open", show_default=True, help="open, approve, cut, off, reconnect, closed or all."
)
@click.option("--class", "payer", default="", help="resident or business.")
@click.option("--unit", default="", help="A unit and those below it.")
@json_option
def list_them(*, username: str, state: str, payer: str, unit: str, as_json: bool) -> None:
    """List those in reach: how far they are, since when supply is off, by when it is back."""
    from suyuan.store.queries import disconnections, listing

    wanted = disconnections.Wanted("" if state == "all" else state, payer, unit)
    found = disconnections.listed(viewer_of(username), wanted)[: listing.DEEPEST]
    rows = [
        {"number": one.case.number, "unit": one.case.unit.code, "state": one.case.state}
        | {"payer": one.payer, "arrears": str(one.amount), "arrears_since": one.arrears_since.isoformat()}
        | {name: _iso(getattr(one, name)) for name in ("noticed_at", "reminded_at", "cut_at")}
        | {"due": _iso(one.case.next_due_at)}
        for one in found
    ]
    if as_json:
        emit({"cases": rows})
        return
    for row in rows:
        due = row["due"] or ""
        click.echo(f"{row['number']}  {row['state']:<13} {row['unit']}  {row['arrears']:>12}  {due}")


def _iso(moment):  # type: ignore[no-untyped-def]
    return moment.isoformat() if moment else None
