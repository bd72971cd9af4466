"""``suyuan key``: make, list and revoke the keys of programs."""

from datetime import timedelta

import click

from .ready import emit, now, ready


@click.group("key")
def key() -> None:
    """Keys of programs: each acts as a person, never beyond that person's reach."""
    ready()


@key.command("make")
@click.argument("name")
@click.option("--for", "owner", required=True, help="User name of the person the key acts as.")
@click.option("--scope", "scopes", multiple=True, required=True, help="read, work, intake.")
@click.option("--days", type=click.IntRange(min=1), required=True, help="How long the key lives.")
@click.option("--unit", default="", help="Keep the key to this unit and those below it.")
@click.option("--json", "as_json", is_flag=True)
def make(*, name: str, owner: str, scopes: tuple[str, ...], days: int, unit: str, as_json: bool) -> None:
    """Make a key and print its secret, this once."""
    from suyuan.actions import keys
    from suyuan.domain.procedure import SYSTEM

    moment = now()
    wanted = keys.Wanted(name=name, scopes=scopes, expires_at=moment + timedelta(days=days), unit=unit)
    made = keys.make(owner=owner, wanted=wanted, actor=SYSTEM, now=moment)
    shown = _line(made.key) | {"secret": made.secret}
    emit(shown) if as_json else click.echo(made.secret)


@key.command("list")
@click.option("--for", "owner", default="", help="Only this person's.")
@click.option("--json", "as_json", is_flag=True)
def list_keys(*, owner: str, as_json: bool) -> None:
    """List keys, the newest first; never their secrets."""
    from suyuan.store.queries import keys

    rows = [_line(each) for each in keys.every(owner)]
    if as_json:
        emit({"keys": rows})
        return
    for row in rows:
        scopes = ",".join(row["scopes"])  # type: ignore[arg-type]
        click.echo(f"{row['prefix']}  {row['state']:<19} {row['owner']:<16} {scopes:<28} {row['name']}")


@key.command("revoke")
@click.argument("prefix")
@click.option("--json", "as_json", is_flag=True)
def revoke(*, prefix: str, as_json: bool) -> None:
    """Revoke a key for good."""
    from suyuan.actions import keys
    from suyuan.domain.procedure import SYSTEM

    row = _line(keys.revoke(prefix=prefix, actor=SYSTEM, now=now()))
    emit(row) if as_json else click.echo(f"{row['prefix']} {row['state']}")


def _line(found) -> dict[str, object]:  # type: ignore[no-untyped-def]
    from suyuan.store.queries import keys
    from suyuan.store.queries.told import iso

    return {
        "prefix": found.prefix,
        "name": found.name,
        "owner": found.owner.username,
        "scopes": found.scopes,
        "unit": found.unit.code if found.unit else "",
        "state": keys.state(found, now()),
        "made": iso(found.made_at),
        "expires": iso(found.expires_at),
        "last_used": found.last_used_on.isoformat() if found.last_used_on else None,
    }
