"""``suyuan answers``: final answers in reach, with who approved them and how long they hold."""

import click

from .asking import viewer_of
from .ready import emit, now, ready
from .shapes import FLAG, MOMENT, PERHAPS_MOMENT, TEXT, many, thing

SCHEMA = thing(
    answers=many(
        thing(
            number=TEXT,
            case=TEXT,
            unit=TEXT,
            state=TEXT,
            valid_until=PERHAPS_MOMENT,
            due=FLAG,
            script=TEXT,
            approvals=many(thing(verb=TEXT, by=TEXT, at=MOMENT)),
        )
    )
)


@click.command("answers")
@click.option("--as", "username", required=True, help="Whose reach.")
@click.option(
    "--state", default="in_force", show_default=True, help="in_force, due, review, waiting, over or all."
)
@click.option("--unit", default="", help="A unit and those below it.")
@click.option("--json", "as_json", is_flag=True)
def answers(*, username: str, state: str, unit: str, as_json: bool) -> None:
    """List final answers, those that end first; due are those to be looked at again before their end."""
    ready()
    from suyuan.store.queries import cases, final_answers, listing

    viewer, at = viewer_of(username), now()
    wanted = final_answers.Wanted("" if state == "all" else state, unit)
    rows = list(final_answers.listed(viewer, wanted, at)[: listing.DEEPEST])
    passed = final_answers.approvals(rows)
    found = [
        {
            "number": one.case.number,
            "case": one.parent.number if cases.may_see(viewer.actor, one.parent) else "",
            "unit": one.case.unit.code,
            "state": one.case.state,
            "valid_until": one.valid_until,
            "due": final_answers.due(one, at),
            "script": one.script,
            "approvals": [{"verb": each.verb, "by": each.by, "at": each.at} for each in passed[one.case_id]],
        }
        for one in rows
    ]
    if as_json:
        emit({"answers": found})
        return
    for one in found:
        click.echo(f"{one['number']}  {one['state']:<9} {one['unit']}  {one['case']}  {one['script']}")
