"""``suyuan schedule``: what the worker does again and again, and when."""

import click

from suyuan.domain.errors import BadInput

from .ready import emit, now, ready


@click.group("schedule")
def schedule() -> None:
    """What is done again and again: the anchor, the lake, documents, retention."""
    ready()


@schedule.command("list")
@click.option("--json", "as_json", is_flag=True)
def list_schedules(*, as_json: bool) -> None:
    """List the schedules: when each runs next, and what came of the last run."""
    from suyuan.actions import schedules
    from suyuan.store.queries import work

    schedules.keep(now=now())
    rows = [_line(each) for each in work.every_schedule()]
    if as_json:
        emit({"schedules": rows})
        return
    for row in rows:
        state = "paused" if row["paused"] else row["state"]
        click.echo(f"{row['code']:<16} {row['cron']:<14} {state:<8} {row['next']}  {row['outcome']}")


@schedule.command("set")
@click.argument("code")
@click.option("--kind", required=True, help="anchor, detect, lake, publication or retention.")
@click.option("--cron", required=True, help="Five fields in the utility's zone, such as '30 6 * * 1'.")
@click.option("--title", default="", help="What people see; without it the code.")
@click.option("--document", default="", help="For a publication: board.")
@click.option("--period", default="", help="For a publication: week, month or year; the last whole one.")
@click.option("--detectors", default="", help="For detect: names separated by spaces, or all.")
@click.option("--unit", default="", help="For a publication: unit code; without it the whole company.")
@click.option("--as", "username", required=True, help="The administrator who sets it.")
@click.option("--json", "as_json", is_flag=True)
def set_schedule(
    *, code: str, kind: str, cron: str, title: str, username: str, as_json: bool, **asked: str
) -> None:
    """Make a schedule, or change one: it runs at the next tick of the expression."""
    from suyuan.actions import schedules

    given = {name: value for name, value in asked.items() if value}
    terms = schedules.Terms(kind, cron, title, given)
    row = schedules.change(code=code, terms=terms, actor=_actor(username), now=now())
    _tell(_line(row), as_json)


@schedule.command("pause")
@click.argument("code")
@click.option("--resume", is_flag=True, help="Let it run again; what it missed is not made up for.")
@click.option("--as", "username", required=True, help="The administrator who pauses it.")
@click.option("--json", "as_json", is_flag=True)
def pause(*, code: str, resume: bool, username: str, as_json: bool) -> None:
    """Stop a schedule from running, or let it run again."""
    from suyuan.actions import schedules

    row = schedules.pause(code=code, paused=not resume, actor=_actor(username), now=now())
    _tell(_line(row), as_json)


def _actor(username: str):  # type: ignore[no-untyped-def]
    from suyuan.store.queries import viewer

    found = viewer.named(username)
    if found is None:
        raise BadInput("unknown_person", username=username)
    return found.actor


def _line(row) -> dict[str, object]:  # type: ignore[no-untyped-def]
    from suyuan.store.queries.told import iso

    return {
        "code": row.code,
        "kind": row.kind,
        "cron": row.cron,
        "parameters": row.parameters,
        "paused": row.paused,
        "state": row.state,
        "next": None if row.paused or row.state != "queued" else iso(row.next_at),
        "ran_at": iso(row.ran_at),
        "outcome": row.outcome.get("state", ""),
    }


def _tell(row: dict[str, object], as_json: bool) -> None:
    emit(row) if as_json else click.echo(f"{row['code']} {row['next'] or 'paused'}")
