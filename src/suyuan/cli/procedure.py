"""``suyuan procedure show`` and ``suyuan procedures migrate``."""

import json
from datetime import date

import click

from .opened import opened, unless_wrong
from .ready import emit, now, ready


@click.group("procedure")
def procedure() -> None:
    """Procedures: the closed step tables."""


@procedure.command("show")
@click.argument("name")
@click.option("--json", "as_json", is_flag=True)
@click.pass_context
@unless_wrong
def show(ctx: click.Context, *, name: str, as_json: bool) -> None:
    """Show a procedure's states and steps, and which limits start and stop at each."""
    from suyuan.domain import procedures
    from suyuan.domain.procedures import frozen

    table = procedures.current(name)
    content = frozen.freeze(table)
    book = opened(ctx)
    today = now().astimezone(book.calendar.zone).date()
    steps = []
    for step in content["steps"]:
        form = [{k: field[k] for k in ("name", "type", "required", "choices")} for field in step["form"]]
        for field, asked in zip(form, step["form"], strict=True):
            if asked["reasons"]:
                field["choices"] = [choice.code for choice in book.reasons[asked["reasons"]]]
        steps.append(
            {k: step[k] for k in ("verb", "source", "target", "roles", "guards")}
            | {
                "when_restricted": step.get("when_restricted", []),
                "form": form,
                "marks": step["marks"],
                **_limits(book, name, step, today),
            }
        )
    shown = {
        "procedure": name,
        "version": table.version,
        "states": [s.value for s in table.states],
        "steps": steps,
    }
    emit(shown) if as_json else click.echo(json.dumps(shown, ensure_ascii=False, indent=2))


def _limits(book, name: str, step: dict, today: date) -> dict[str, list[str]]:  # type: ignore[no-untyped-def, type-arg]
    """Return the limits in force today that start and stop at the milestones of a step."""
    reached = set(step["marks"]) | ({"accepted_at"} if step["verb"] == "register" else set())
    mine = [e[-1] for e in book.limits.values() if name in e[-1].procedures and book.limit(e[-1].id, today)]
    return {
        "starts": sorted(limit.id for limit in mine if limit.starts in reached),
        "stops": sorted(limit.id for limit in mine if limit.stops in step["marks"]),
    }


@click.group("procedures")
def procedures() -> None:
    """All procedures: move open cases to the newest version."""


@procedures.command("migrate")
@click.option("--dry-run", is_flag=True, help="Say what would move and what cannot, and change nothing.")
@click.option("--json", "as_json", is_flag=True)
def migrate(*, dry_run: bool, as_json: bool) -> None:
    """Move open cases from a pinned version to the newest one; a case in a state it lacks stays."""
    ready()
    from suyuan.actions import versions
    from suyuan.domain.procedure import SYSTEM

    report = versions.migrate(actor=SYSTEM, now=now(), dry_run=dry_run)
    if as_json:
        emit(report)
        return
    for row in report["procedures"]:
        click.echo(
            f"{row['procedure']} {row['from']} → {row['to']}: {row['moved']} moved, {row['stays']} stay"
        )
    if not report["procedures"]:
        click.echo("every open case is on the newest version")
