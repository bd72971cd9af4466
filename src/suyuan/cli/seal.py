"""``suyuan seal``: the keys that personal data is sealed with."""

from dataclasses import asdict

import click

from .ready import emit, now, ready


@click.group("seal")
def seal() -> None:
    """The keys of sealed data: the newest seals, all open."""
    ready()


@seal.command("list")
@click.option("--json", "as_json", is_flag=True)
def listed(*, as_json: bool) -> None:
    """List the keys with how many values each has sealed."""
    from suyuan.actions.privacy import ring as actions

    rows = [asdict(key) for key in actions.listed()]
    if as_json:
        emit({"keys": rows})
        return
    for row in rows:
        mark = " (newest)" if row["newest"] else ""
        click.echo(f"{row['number']}: {row['values']:,} values{mark}")


@seal.command("rotate")
@click.option("--json", "as_json", is_flag=True)
def rotate(*, as_json: bool) -> None:
    """Make a new key, which seals from now on; the worker seals the old values again, batch by batch."""
    from suyuan.actions.privacy import ring as actions
    from suyuan.domain.procedure import SYSTEM

    number = actions.rotate(actor=SYSTEM, now=now())
    emit({"key": number}) if as_json else click.echo(f"key {number} seals from now on")


@seal.command("reseal")
@click.option("--json", "as_json", is_flag=True)
def reseal(*, as_json: bool) -> None:
    """Seal everything again with the newest key here and now; stop and start it as you like."""
    from suyuan.actions.privacy import ring as actions
    from suyuan.domain.procedure import SYSTEM

    values = 0
    while done := actions.reseal(actor=SYSTEM, now=now()):
        values += done
        click.echo(f"{values:,}", err=True)
    emit({"values": values}) if as_json else click.echo(f"{values:,} values sealed again")


@seal.command("retire")
@click.argument("number", type=int)
@click.option("--json", "as_json", is_flag=True)
def retire(*, number: int, as_json: bool) -> None:
    """Destroy an old key that opens nothing here any more; old copies of the database become unreadable."""
    from suyuan.actions.privacy import ring as actions
    from suyuan.domain.procedure import SYSTEM

    actions.retire(number=number, actor=SYSTEM, now=now())
    emit({"key": number}) if as_json else click.echo(f"key {number} is destroyed")
