"""``suyuan evidence``: add a file, take a bundle out, check one that came back."""

import os
from pathlib import Path

import click

from . import asking
from .ready import emit, now, ready

PIECE = 1024 * 1024


@click.group("evidence")
def evidence() -> None:
    """Evidence: files added to cases, and bundles that a stranger can check."""


@evidence.command("add")
@click.argument("number")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--as", "username", required=True, help="Who adds it.")
@click.option(
    "--kind", default="", help="recording, video, photo, document, ...; else what its type usually is."
)
@click.option("--made-by", default="staff", show_default=True, help="A code of the list of makers.")
@click.option("--json", "as_json", is_flag=True)
def add(*, number: str, file: Path, username: str, kind: str, made_by: str, as_json: bool) -> None:
    """Add a file to the evidence of a case; print its SHA-256, by which forms name it."""
    ready()
    from suyuan.actions import evidence as actions
    from suyuan.store.queries import cases

    who = asking.viewer_of(username)
    cases.get(who, number)
    with file.open("rb") as read:
        pieces = iter(lambda: read.read(PIECE), b"")
        incoming = actions.Incoming(pieces=pieces, name=file.name, made_by=made_by, kind=kind)
        digest = actions.add(number=number, file=incoming, actor=who.actor, now=now())
    emit({"number": number, "sha256": digest}) if as_json else click.echo(digest)


@evidence.command("export")
@click.argument("numbers", metavar="CASE...", nargs=-1, required=True)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The zip.")
@click.option("--as", "username", required=True, help="Who takes it out.")
@click.option("--purpose", default="review", show_default=True, help="A code of the list of purposes.")
@click.option("--json", "as_json", is_flag=True)
def export(*, numbers: tuple[str, ...], out: Path, username: str, purpose: str, as_json: bool) -> None:
    """Write the evidence of some cases as one bundle; print the code whoever receives it checks it with."""
    ready()
    from suyuan.actions.evidence import prepare
    from suyuan.domain.errors import BadInput

    who = asking.viewer_of(username)
    if not out.parent.is_dir():
        raise BadInput("no_such_folder", folder=str(out.parent))
    made = prepare(numbers=numbers, purpose=purpose, actor=who.actor, now=now())
    part = out.with_name(f"{out.name}.part")
    part.unlink(missing_ok=True)
    part.touch(mode=0o600)
    with part.open("wb") as file:
        file.writelines(made.stream())
        file.flush()
        os.fsync(file.fileno())
    part.replace(out)
    shown = {
        "file": str(out),
        "code": made.code,
        "cases": made.cases,
        "files": made.files,
        "bytes": made.size,
    }
    emit(shown) if as_json else click.echo(
        f"{made.files} files of {made.cases} cases → {out}\ncode {made.code}"
    )


@evidence.command("verify")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--code", default="", help="The code told by whoever exported it.")
@click.option("--json", "as_json", is_flag=True)
def verify(*, file: Path, code: str, as_json: bool) -> None:
    """Check a bundle and name what was changed; exit 1 where something was.

    It needs no database and no keys. ``code`` alone proves that the whole bundle was not made again.
    """
    from suyuan.domain.errors import Refused
    from suyuan.gateways import bundle

    found = bundle.check(file, code)
    changed = [{"part": part, "problem": problem} for part, problem in found.changed]
    if changed:
        raise Refused("bundle_changed", file=file.name, manifest=found.manifest, changed=changed)
    shown = {
        "ok": True,
        "code": found.manifest,
        "files": found.files,
        "events": found.events,
        "by": str(found.exported.get("by", "")),
        "at": str(found.exported.get("at", "")),
        "purpose": str(found.exported.get("purpose", "")),
    }
    emit(shown) if as_json else click.echo(
        f"{found.files} files and {found.events} events hold: {found.manifest}"
    )
