"""``suyuan audit``: do the chains hold?"""

import click

from .ready import emit, now, ready


@click.group("audit")
def audit() -> None:
    """The chained events and the anchors over them."""
    ready()


@audit.command("verify")
@click.option(
    "--anchor", "kept", multiple=True, help="A digest kept elsewhere that must be among the anchors."
)
@click.option("--json", "as_json", is_flag=True)
def verify(*, kept: tuple[str, ...], as_json: bool) -> None:
    """Verify every chain, every case's last event and every anchor; exit 2 naming what does not follow.

    Give --anchor the digests you kept where this machine cannot reach: without them somebody who can write
    to the database could remove the anchors as well.
    """
    from suyuan.store import chain

    streams, events = chain.verify()
    chain.verify_cases()
    anchored = chain.verify_anchors()
    for digest in kept:
        chain.verify_kept(digest)
    shown = {"streams": streams, "events": events, "anchors": anchored, "ok": True}
    emit(shown) if as_json else click.echo(f"{streams:,} chains, {events:,} events, {anchored} anchors hold")


@audit.command("anchor")
@click.option("--json", "as_json", is_flag=True)
def anchor(*, as_json: bool) -> None:
    """Anchor today's heads and print the digest; keep it where this machine cannot reach."""
    from suyuan.actions import anchor as actions

    made = actions.anchor(now=now())
    shown = {"on": made.on.isoformat(), "streams": made.streams, "digest": made.digest}
    emit(shown) if as_json else click.echo(f"{shown['on']} {shown['digest']}")


@audit.command("export")
@click.argument("code")
@click.option("--json", "as_json", is_flag=True)
def export(*, code: str, as_json: bool) -> None:
    """Say who took out the file that carries CODE, when and what for."""
    from suyuan.store.queries import personal

    taken = personal.taken_out(code.strip().upper())
    if as_json:
        emit(taken)
        return
    click.echo("  ".join(f"{name}: {value}" for name, value in taken.items()))
