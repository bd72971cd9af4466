"""``suyuan shred`` and ``suyuan person-data``: what is known of a person, handed out and removed."""

import sys
from pathlib import Path

import click

from suyuan.domain.errors import BadInput

from .ready import emit, now, ready


def _actor(username: str):  # type: ignore[no-untyped-def]
    from suyuan.store.queries import viewer

    who = viewer.named(username)
    if who is None:
        raise BadInput("unknown_person", username=username)
    return who.actor


def _given(person: str) -> str:
    """Return the number given, or what comes in for ``-``: a number typed stays in the shell's history."""
    return sys.stdin.readline().strip() if person == "-" else person


@click.command("shred")
@click.option(
    "--person", required=True, help="Account, telephone or case number; - reads it from what comes in."
)
@click.option("--as", "username", default="", help="Who asks, or who carries out what another asked for.")
@click.option("--dry-run", is_flag=True, help="Say where it would reach, and remove nothing.")
@click.option("--json", "as_json", is_flag=True)
def shred(*, person: str, username: str, dry_run: bool, as_json: bool) -> None:
    """Remove what is known of a person: asked for by one, carried out when another says the same.

    Their data must have been exported before (suyuan person-data export), no case may be open or held, and
    nothing may have happened since.
    """
    ready()
    from suyuan.actions.privacy import rights as actions
    from suyuan.store import lake

    if dry_run:
        shown = {
            "state": "dry_run",
            "asked_by": "",
            "carried_out_by": "",
            "reached": actions.found(_given(person)),
        }
    else:
        done = actions.shred(person=_given(person), actor=_actor(username), now=now())
        if done.done_at:
            lake.forget()
        shown = {
            "state": "done" if done.done_at else "asked",
            "asked_by": done.asked_by,
            "carried_out_by": done.carried_out_by,
            "reached": done.reached,
        }
    if as_json:
        emit(shown)
        return
    click.echo(shown["state"])
    for name, count in shown["reached"].items():
        click.echo(f"  {name}: {count}")


@click.group("person-data")
def personal() -> None:
    """What is known of a person: hand it out, keep it from being removed."""
    ready()


@personal.command("export")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--person", required=True, help="Account, telephone or case number; - reads it from what comes in."
)
@click.option("--as", "username", required=True, help="Who exports.")
@click.option("--purpose", required=True, help="A code of the rulebook's list reason.reveal.")
@click.option("--json", "as_json", is_flag=True)
def export(*, file: Path, person: str, username: str, purpose: str, as_json: bool) -> None:
    """Write everything known of a person into a zip of JSON files."""
    from suyuan.actions.privacy import rights as actions

    if not file.resolve().parent.is_dir():
        raise BadInput("no_such_folder", folder=str(file.parent))
    counts = actions.export(
        person=_given(person), path=file, actor=_actor(username), now=now(), form={"purpose": purpose}
    )
    emit({"file": str(file), "reached": counts}) if as_json else click.echo(str(file))


@personal.command("hold")
@click.argument("number")
@click.option("--as", "username", required=True, help="Who holds it.")
@click.option("--reason", required=True)
def hold(*, number: str, username: str, reason: str) -> None:
    """Keep everything of a case until it is released."""
    from suyuan.actions.privacy import rights as actions

    actions.hold(number=number, reason=reason, actor=_actor(username), now=now())
    click.echo(f"{number} is held")


@personal.command("release")
@click.argument("number")
@click.option("--as", "username", required=True, help="Who releases it.")
def release(*, number: str, username: str) -> None:
    """Let a held case go."""
    from suyuan.actions.privacy import rights as actions

    ended = actions.release(number=number, actor=_actor(username), now=now())
    click.echo(f"{ended} holds released")
