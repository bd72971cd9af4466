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


@audit.command("sample")
@click.option("--period", required=True, help="Closed in 2025-10, 2025-W40 or 2025.")
@click.option("--n", type=int, required=True, help="How many cases.")
@click.option("--seed", required=True, help="Any words; the same ones draw the same sample.")
@click.option("--as", "username", help="Somebody of the audit desk; without it no restricted case is drawn.")
@click.option("--json", "as_json", is_flag=True)
def sample(*, period: str, n: int, seed: str, username: str | None, as_json: bool) -> None:
    """Draw closed cases to look at, partly by chance and partly by signs of risk; nothing is kept.

    The same seed, period and cases give the same sample. docs/audit.md tells how, and what may be said of it.
    """
    from suyuan.analytics import period as periods
    from suyuan.domain import sampling as rule
    from suyuan.domain.errors import BadInput
    from suyuan.store import rules
    from suyuan.store.queries import sampling as queries
    from suyuan.store.queries import viewer

    who = viewer.named(username) if username else None
    if username and who is None:
        raise BadInput("unknown_person", username=username)
    if who is not None:
        rule.refuse_others(who.roles)
    figures = rule.rule(rules.rulebook(), rules.local_day(now()))
    pool = queries.candidates(queries.closed(periods.parse(period), who), figures)
    drawn = [
        {"number": one.number, "part": one.part.value, "signs": list(one.signs)}
        for one in rule.draw(pool, n, seed, figures)
    ]
    if as_json:
        emit({"period": period, "seed": seed, "n": len(drawn), "of": len(pool), "cases": drawn})
        return
    for one in drawn:
        click.echo(f"{one['number']}  {one['part']:<6}  {' '.join(one['signs'])}")
    click.echo(f"{len(drawn)} of {len(pool):,}")
