"""``suyuan commitment``: what was promised to customers, and how many promises each unit kept."""

import click

from .asking import viewer_of
from .ready import emit, now, ready
from .shapes import COUNT, FLAG, PERHAPS_NUMBER, TEXT, many, thing

LIST = thing(
    commitments=many(
        thing(
            case=TEXT,
            commitment=COUNT,
            unit=TEXT,
            promised_on=TEXT,
            made_by=TEXT,
            state={"enum": ["open", "kept", "broken", "moved"]},
            broken=FLAG,
        )
    ),
    units=many(
        thing(unit=TEXT, open=COUNT, moved=COUNT, kept=COUNT, over=COUNT, rate=PERHAPS_NUMBER),
    ),
)


@click.group("commitment")
def commitment() -> None:
    """Commitments: what was promised, by which day, kept or not."""
    ready()


@commitment.command("list")
@click.option("--as", "username", required=True, help="Whose reach.")
@click.option("--state", default="open", show_default=True, help="open, week, broken, kept, moved, all.")
@click.option("--unit", default="", help="A unit and those below it.")
@click.option("--json", "as_json", is_flag=True)
def list_them(*, username: str, state: str, unit: str, as_json: bool) -> None:
    """List promises, the next day first, and what each unit made of its own."""
    from suyuan.store import rules
    from suyuan.store.queries import commitments, listing

    viewer, today = viewer_of(username), rules.local_day(now())
    rows = commitments.listed(viewer, "" if state == "all" else state, unit, today)
    found = [
        {
            "case": one.case.number,
            "commitment": one.seq,
            "unit": one.case.unit.code,
            "promised_on": one.promised_on.isoformat(),
            "made_by": one.made_by,
            "state": one.state,
            "broken": commitments.is_broken(one, today),
        }
        for one in rows[: listing.DEEPEST]
    ]
    every = commitments.records(commitments.listed(viewer, "", unit, today), today)
    units = [
        {
            "unit": one.code,
            **{name: getattr(one.record, name) for name in ("open", "moved", "kept", "over", "rate")},
        }
        for one in every
    ]
    if as_json:
        emit({"commitments": found, "units": units})
        return
    for each in found:
        click.echo(f"{each['promised_on']}  {each['case']}  {each['commitment']}  {each['state']}")
    for each in units:
        click.echo(f"{each['unit']}  {each['kept']}/{each['over']}")
