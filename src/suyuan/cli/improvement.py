"""``suyuan improvement``: the register of what is to be mended, of hardware and of service."""

from pathlib import Path

import click

from .asking import form_in, form_option, viewer_of
from .ready import emit, now, ready
from .shapes import COUNT, FLAG, TEXT, many, thing

LIST = thing(
    kinds=many(thing(kind=TEXT, total=COUNT, open=COUNT, done=COUNT, overdue=COUNT)),
    improvements=many(
        thing(
            number=TEXT,
            kind=TEXT,
            unit=TEXT,
            state=TEXT,
            due_on={"type": ["string", "null"], "format": "date"},
            overdue=FLAG,
            parent=TEXT,
            brief=TEXT,
        )
    ),
)
REGISTER = thing(number=TEXT)


@click.group("improvement")
def improvement() -> None:
    """The improvement register: hardware and service apart."""
    ready()


@improvement.command("list")
@click.option("--as", "username", required=True, help="Whose reach.")
@click.option("--kind", default="", help="hardware or service; both without it.")
@click.option("--unit", default="", help="A unit and those below it.")
@click.option("--state", default="open", show_default=True, help="open, overdue, done or all.")
@click.option("--json", "as_json", is_flag=True)
def list_them(*, username: str, kind: str, unit: str, state: str, as_json: bool) -> None:
    """List entries, the next due first, with the count of each kind."""
    from suyuan.store.queries import improvements, listing

    viewer, at = viewer_of(username), now()
    found = improvements.listed(viewer, improvements.Wanted(kind, unit, "" if state == "all" else state), at)[
        : listing.DEEPEST
    ]
    entries = [
        {
            "number": one.case.number,
            "kind": one.kind,
            "unit": one.case.unit.code,
            "state": one.case.state,
            "due_on": one.due_on.isoformat() if one.due_on else None,
            "overdue": listing.light(one.case, at) == "red",
            "parent": one.case.parent_number,
            "brief": one.case.brief,
        }
        for one in found
    ]
    tallies = [
        {"kind": one.kind, "total": one.total, "open": one.open, "done": one.done, "overdue": one.overdue}
        for one in improvements.tallies(viewer, unit, at)
    ]
    if as_json:
        emit({"kinds": tallies, "improvements": entries})
        return
    for tally in tallies:
        click.echo("  ".join(f"{name} {value}" for name, value in tally.items()))
    for entry in entries:
        mark = "!" if entry["overdue"] else " "
        click.echo(f"{mark} {entry['number']}  {entry['kind']:<8} {entry['state']:<11} {entry['brief']}")


@improvement.command("register")
@click.option("--as", "username", required=True, help="Who does it.")
@form_option("improvement_kind, problems and unit")
@click.option("--json", "as_json", is_flag=True)
def put(*, username: str, form_file: Path, as_json: bool) -> None:
    """Put something on the register that no case brought to light."""
    from suyuan.actions import improvement as actions

    number = actions.put_on_register(actor=viewer_of(username).actor, form=form_in(form_file), now=now())
    emit({"number": number}) if as_json else click.echo(number)
