"""``suyuan shred`` and ``suyuan person-data``: what is known of people, handed out and removed."""

import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from suyuan.domain.errors import BadInput

from .ready import emit, now, ready


def _actor(username: str):  # type: ignore[no-untyped-def]
    from suyuan.store.queries import viewer

    if not username:
        raise BadInput("option_missing", option="--as")
    who = viewer.named(username)
    if who is None:
        raise BadInput("unknown_person", username=username)
    return who.actor


def _given(person: str) -> str:
    """Return the number given, or what comes in for ``-``: a number typed stays in the shell's history."""
    return sys.stdin.readline().strip() if person == "-" else person


@click.command("shred")
@click.option(
    "--person", default="", help="Account, telephone or case number; - reads it from what comes in."
)
@click.option("--staff", default="", help="User name of somebody who left.")
@click.option("--retention", is_flag=True, help="Everything that has outlived its period.")
@click.option("--as", "username", default="", help="Who asks, or who carries out what another asked for.")
@click.option("--dry-run", is_flag=True, help="Say where it would reach, and remove nothing.")
@click.option("--json", "as_json", is_flag=True)
def shred(*, person: str, staff: str, retention: bool, username: str, dry_run: bool, as_json: bool) -> None:
    """Remove what is known of a customer, of somebody who left, or of everybody whose period is over.

    A customer's data is removed by two: asked for by one, carried out when another says the same. It must
    have been exported before (suyuan person-data export), no case may be open or held, and nothing may have
    happened since.
    """
    ready()
    if bool(person) + bool(staff) + retention != 1:
        raise BadInput("one_of", options="--person, --staff, --retention")
    if retention:
        shown = _outlived(username, dry_run)
    else:
        shown = _member(staff, username, dry_run) if staff else _person(_given(person), username, dry_run)
    if as_json:
        emit(shown)
        return
    click.echo(shown["state"])
    for name, count in shown["reached"].items():
        click.echo(f"  {name}: {count}")
    for row in shown["named"]:
        click.echo(f"  {row['kind']} {row['name']}")
    for row in shown["periods"]:
        if row["found"] or row["held"]:
            click.echo("  " + _said(row))


def _said(row: dict[str, Any]) -> str:
    """Return in one line what of a place has outlived its period."""
    sure = "" if row["confirmed"] else f", {row['certainty']}: not confirmed, so nothing goes"
    held = f", {row['held']} held" if row["held"] else ""
    return f"{row['place']}: {row['found']} past {row['figure']} ({row['period']}{sure}){held}"


def _shown(state: str, reached: dict[str, int], **more: object) -> dict[str, Any]:
    blank = {"asked_by": "", "carried_out_by": "", "named": [], "periods": []}
    return {"state": state, "reached": reached, **(blank | more)}


def _person(person: str, username: str, dry_run: bool) -> dict[str, Any]:
    """Ask for a customer's data to be removed, or remove them."""
    from suyuan.actions.privacy import rights as actions
    from suyuan.store import lake

    if dry_run:
        return _shown("dry_run", actions.found(person))
    done = actions.shred(person=person, actor=_actor(username), now=now())
    if done.done_at:
        lake.forget()
    state = "done" if done.done_at else "asked"
    named = [{"kind": kind, "name": name} for kind, name in actions.removed(done)] if done.done_at else []
    by = {"asked_by": done.asked_by, "carried_out_by": done.carried_out_by}
    return _shown(state, done.reached, **by, named=named)


def _member(staff: str, username: str, dry_run: bool) -> dict[str, Any]:
    """Remove what is known of somebody who left."""
    from suyuan.actions.privacy import members as actions

    if dry_run:
        return _shown("dry_run", actions.found(actions.get(staff)))
    reached = actions.shred_member(username=staff, actor=_actor(username), now=now())
    return _shown("done", reached, carried_out_by=username)


def _outlived(username: str, dry_run: bool) -> dict[str, Any]:
    """Remove everything that has outlived a confirmed period."""
    from suyuan.actions.privacy import retention as actions
    from suyuan.domain.procedure import SYSTEM
    from suyuan.store import lake

    at = now()
    actor = _actor(username) if username else SYSTEM
    actions.check(actor)
    periods = actions.outlived(now=at)
    if dry_run:
        would = {each.place: each.found for each in periods if each.confirmed and each.found}
        return _shown("dry_run", would, periods=[asdict(each) for each in periods])
    reached = actions.shred_outlived(
        actor=actor, now=at, after_batch=lambda: click.echo(".", err=True, nl=False)
    )
    if "cases" in reached:
        lake.forget()
    left = [asdict(each) for each in actions.outlived(now=at)]
    return _shown("done", reached, carried_out_by=actor.username, periods=left)


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
