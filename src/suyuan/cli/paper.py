"""``suyuan paper``, ``suyuan papers``: print a paper of a case, find one by its code, check a template."""

from pathlib import Path

import click

from suyuan.domain.errors import BadInput

from .ready import emit, now, ready


@click.command("paper")
@click.argument("number")
@click.argument("kind")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="Where the docx goes.")
@click.option("--as", "username", required=True, help="Who prints it.")
@click.option(
    "--purpose",
    default="handling",
    show_default=True,
    help="What for: handling, meeting, inspection, appeal or filing.",
)
@click.option("--json", "as_json", is_flag=True)
def paper(*, number: str, kind: str, out: Path, username: str, purpose: str, as_json: bool) -> None:
    """Print a paper of a case as docx: work_order, supervision, investigation, penetration …"""
    ready()
    from suyuan.actions import papers

    made = papers.issue(number=number, kind=kind, purpose=purpose, viewer=_viewer(username), now=now())
    out.write_bytes(made.content)
    said = {"file": str(out), "code": made.code, "sha256": made.sha256, "event": made.event_id}
    emit(said) if as_json else click.echo(f"{out} {made.code}")


@click.group("papers")
def papers() -> None:
    """Papers that were printed, and the templates they are made from."""


@papers.command("verify")
@click.argument("number")
@click.argument("code")
@click.option("--as", "username", required=True, help="Whose reach.")
@click.option("--json", "as_json", is_flag=True)
def verify(*, number: str, code: str, username: str, as_json: bool) -> None:
    """Say who printed the paper of a case that carries a verification code, when and what for."""
    ready()
    from suyuan.actions import papers as printed
    from suyuan.store.queries.told import iso

    event = printed.verify(number=number, code=code, viewer=_viewer(username))
    detail = event.detail
    said = {
        "number": number,
        "paper": detail["paper"],
        "purpose": detail["purpose"],
        "code": detail["code"],
        "at": iso(event.at),
        "by": event.actor,
        "sha256": detail["sha256"],
        "event": event.pk,
    }
    emit(said) if as_json else click.echo(f"{said['paper']} {said['at']} {said['by']} {said['sha256']}")


@papers.command("check")
@click.argument("kind")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True)
def check(*, kind: str, file: Path, as_json: bool) -> None:
    """Check a template: documented placeholders alone, nothing from outside, nothing that runs."""
    from suyuan.domain.papers import paper as kind_of
    from suyuan.gateways import ooxml
    from suyuan.gateways import papers as templates

    templates.check(ooxml.read(file), file.name, kind_of(kind).known)
    emit({"ok": True, "file": str(file), "paper": kind}) if as_json else click.echo(f"{file}: ok")


def _viewer(username: str):  # type: ignore[no-untyped-def]
    from suyuan.store.queries import viewer

    found = viewer.named(username)
    if found is None:
        raise BadInput("unknown_person", username=username)
    return found
