"""``suyuan precomplaint``: promote a case before it becomes a complaint, and list what is open."""

import click

from .asking import viewer_of
from .evaluation import as_option, json_option
from .ready import emit, now, ready
from .shapes import FLAG, TEXT, many, thing

OPEN = thing(number=TEXT, joined=FLAG)
LIST = thing(
    cases=many(
        thing(
            number=TEXT,
            unit=TEXT,
            state=TEXT,
            risk=TEXT,
            signs={"type": "object", "additionalProperties": {"type": "integer"}},
            origin=TEXT,
            follow_on={"type": ["string", "null"]},
            outcome=TEXT,
            complaint=TEXT,
        )
    )
)


@click.group("precomplaint")
def precomplaint() -> None:
    """Pre-complaint cases: promoted, listed; their steps go through case do."""
    ready()


@precomplaint.command("open")
@click.argument("number")
@as_option
@click.option("--situation", required=True, help="What it is about, in one sentence.")
@click.option("--follow-on", default="", help="The day to turn to the customer again: 2026-03-20.")
@click.option("--note", default="", help="A word to whoever takes it up.")
@json_option
def begin(*, number: str, username: str, situation: str, follow_on: str, note: str, as_json: bool) -> None:
    """Promote case NUMBER; one that is open of it is joined."""
    from suyuan.actions import precomplaint as actions
    from suyuan.store.queries import precomplaints

    viewer = viewer_of(username)
    form: dict[str, object] = {"situation": situation, "follow_on": follow_on, "note": note}
    origin = precomplaints.from_case(viewer, number)
    opened = actions.promote(actor=viewer.actor, origin=origin, form=form, now=now())
    if as_json:
        emit({"number": opened.number, "joined": opened.joined})
    else:
        click.echo(opened.number)


@precomplaint.command("list")
@as_option
@click.option("--state", default="open", show_default=True, help="open, follow, closed or all.")
@click.option("--risk", default="", help="high, medium or low.")
@click.option("--unit", default="", help="A unit and those below it.")
@json_option
def list_them(*, username: str, state: str, risk: str, unit: str, as_json: bool) -> None:
    """List cases in reach with their risk, signs and what came of them."""
    from suyuan.store import rules
    from suyuan.store.queries import listing, precomplaints

    wanted = precomplaints.Wanted("" if state == "all" else state, risk, "", unit)
    found = precomplaints.listed(viewer_of(username), wanted, rules.local_day(now()))
    rows = [
        {"number": one.case.number, "unit": one.case.unit.code, "state": one.case.state}
        | {"risk": one.risk, "signs": one.signs, "origin": one.key}
        | {"follow_on": one.follow_on.isoformat() if one.follow_on else None}
        | {"outcome": one.outcome, "complaint": one.complaint}
        for one in found[: listing.DEEPEST]
    ]
    if as_json:
        emit({"cases": rows})
        return
    for row in rows:
        click.echo(f"{row['number']}  {row['risk']:<6} {row['unit']}  {row['origin']} {row['outcome']}")
