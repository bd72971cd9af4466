"""``suyuan protection``: staff protection, for the person it is about and who sees to them."""

from pathlib import Path

import click

from .asking import form_in, form_option, viewer_of
from .ready import emit, now, ready
from .shapes import TEXT, many, thing

RECORD = thing(number=TEXT)
LIST = thing(
    records=many(
        thing(
            number=TEXT,
            person=TEXT,
            incident=TEXT,
            care=TEXT,
            state=TEXT,
            due_on={"type": ["string", "null"], "format": "date"},
        )
    )
)


@click.group("protection")
def protection() -> None:
    """Staff protection: incidents written down, help arranged."""
    ready()


@protection.command("list")
@click.option("--as", "username", required=True, help="Whose reach.")
@click.option("--show", default="open", show_default=True, help="open, done or all.")
@click.option("--json", "as_json", is_flag=True)
def list_them(*, username: str, show: str, as_json: bool) -> None:
    """List the records somebody may see."""
    from suyuan.store.queries import listing, protections

    found = [
        {
            "number": one.case.number,
            "person": one.case.entrusted,
            "incident": one.incident,
            "care": one.care,
            "state": one.case.state,
            "due_on": one.due_on.isoformat() if one.due_on else None,
        }
        for one in protections.listed(viewer_of(username), "" if show == "all" else show)[: listing.DEEPEST]
    ]
    if as_json:
        emit({"records": found})
        return
    for each in found:
        click.echo("  ".join(f"{name} {value}" for name, value in each.items()))


@protection.command("record")
@click.option("--as", "username", required=True, help="Who does it.")
@form_option("incident and what_happened; protected, care, at, evidence and about_case if wanted")
@click.option("--json", "as_json", is_flag=True)
def record(*, username: str, form_file: Path, as_json: bool) -> None:
    """Write down what somebody met with at work."""
    from suyuan.actions import protection as actions

    number = actions.record(viewer=viewer_of(username), form=form_in(form_file), now=now())
    emit({"number": number}) if as_json else click.echo(number)
