"""``suyuan returns``: what regulators, the city line and the press are to be told, and what was filed."""

from pathlib import Path

import click

from .asking import form_in, form_option, viewer_of
from .ready import emit, now, ready
from .shapes import COUNT, FLAG, MOMENT, PERHAPS_MOMENT, TEXT, many, thing

LIST = thing(
    returns=many(
        thing(
            number=TEXT,
            channel=TEXT,
            kind={"enum": ["accept", "close", "extension"]},
            accepted_at=MOMENT,
            due_at=PERHAPS_MOMENT,
            overdue=FLAG,
            done_on=PERHAPS_MOMENT,
            finding=TEXT,
            answer=TEXT,
            filed_on={"type": ["string", "null"], "format": "date"},
            receipt_number=TEXT,
        )
    )
)
FILE = thing(id=COUNT, number=TEXT, kind=TEXT)
PUBLISH = thing(publication=COUNT, state=TEXT)


@click.group("returns")
def returns() -> None:
    """Returns to 12398, 12345 and the press."""
    ready()


@returns.command("list")
@click.option("--as", "username", required=True, help="Whose reach.")
@click.option("--state", default="due", show_default=True, help="due, overdue or filed.")
@click.option("--channel", default="", help="12398, 12345 or media; all without it.")
@click.option("--unit", default="", help="A unit and those below it.")
@click.option("--json", "as_json", is_flag=True)
def list_them(*, username: str, state: str, channel: str, unit: str, as_json: bool) -> None:
    """List what is owed, the next due first, prefilled; or what was filed, the newest first."""
    from suyuan.store.queries import listing
    from suyuan.store.queries import returns as queries

    viewer, at, wanted = viewer_of(username), now(), queries.Wanted(state, channel, unit)
    if state == "filed":
        lines = queries.filed_lines(queries.filed(viewer, wanted)[: listing.DEEPEST])
    else:
        lines = queries.lines(queries.due(viewer, wanted, at)[: listing.DEEPEST])
    found = [_told(one, at) for one in lines]
    if as_json:
        emit({"returns": found})
        return
    for one in found:
        mark = "!" if one["overdue"] else " "
        click.echo(f"{mark} {one['number']}  {one['channel']:<6} {one['kind']:<9} {one['due_at']}")


@returns.command("file")
@click.argument("number")
@click.argument("kind")
@click.option("--as", "username", required=True, help="Who does it.")
@form_option("filed_on and receipt_number; for an extension extension_days too")
@click.option("--json", "as_json", is_flag=True)
def file(*, number: str, kind: str, username: str, form_file: Path, as_json: bool) -> None:
    """Record that a return was filed: KIND is accept, close or extension."""
    from suyuan.actions.returns import file_return

    viewer = viewer_of(username)
    made = file_return(viewer=viewer, number=number, kind=kind, form=form_in(form_file), now=now())
    emit({"id": made, "number": number, "kind": kind}) if as_json else click.echo(f"#{made} {number} {kind}")


@returns.command("publish")
@click.option("--as", "username", required=True, help="Who asks.")
@click.option("--period", required=True, help="2025-10, 2025-W40, 2025 or all.")
@click.option("--unit", default="", help="A unit and those below it; everything without it.")
@click.option("--json", "as_json", is_flag=True)
def publish_them(*, username: str, period: str, unit: str, as_json: bool) -> None:
    """Let the worker prepare the workbook of the returns of a period."""
    from suyuan.actions import publish

    wanted = publish.Wanted("returns", period, unit)
    row = publish.queue(wanted=wanted, actor=viewer_of(username).actor, now=now())
    emit({"publication": row.pk, "state": row.state}) if as_json else click.echo(f"#{row.pk} {row.state}")


def _told(one, at) -> dict[str, object]:  # type: ignore[no-untyped-def]
    return {
        "number": one.case.number,
        "channel": one.channel,
        "kind": one.kind,
        "accepted_at": one.case.accepted_at,
        "due_at": one.due_at,
        "overdue": one.filed is None and one.due_at is not None and one.due_at <= at,
        "done_on": one.done_at,
        "finding": one.case.finding,
        "answer": one.answer,
        "filed_on": one.filed.filed_on.isoformat() if one.filed else None,
        "receipt_number": one.filed.receipt_number if one.filed else "",
    }
