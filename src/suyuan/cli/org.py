"""``suyuan org``: load units and people from csv."""

from pathlib import Path

import click

from .ready import emit, now, ready
from .register_file import same_name


@click.group("org")
def org() -> None:
    """The organisation: units and people."""
    ready()


@org.command("load")
@click.argument("units", type=click.Path(path_type=Path))
@click.argument("people", type=click.Path(path_type=Path), required=False)
@click.option(
    "--password", default="", help="First password of new people; without it they cannot sign in yet."
)
@click.option("--json", "as_json", is_flag=True)
def load(*, units: Path, people: Path | None, password: str, as_json: bool) -> None:
    """Load units (code,name,parent,specialty,kind,customers) and people (username,name,unit,roles[,over])."""
    from suyuan.actions import org as actions
    from suyuan.domain.procedure import SYSTEM
    from suyuan.gateways import registers

    rows = registers.read(units, registers.UNIT_COLUMNS)
    count, staff = actions.load(
        units=rows,
        people=registers.read(people, registers.PEOPLE_COLUMNS) if people is not None else [],
        actor=SYSTEM,
        now=now(),
        password=password,
    )
    alike = actions.named_alike({row["code"].strip() for row in rows})
    if as_json:
        emit({"units": count, "people": staff, "same_names": alike})
        return
    click.echo(f"{count} units, {staff} people")
    for name, codes in alike.items():
        click.echo(same_name(name, codes), err=True)


@org.command("list")
@click.option("--provisional", is_flag=True, help="Only units that files named and nobody has confirmed.")
@click.option("--json", "as_json", is_flag=True)
def list_units(*, provisional: bool, as_json: bool) -> None:
    """List the units as a tree."""
    from suyuan.store.queries import org as queries

    rows = queries.every(provisional_only=provisional)
    if as_json:
        emit(
            {
                "units": [
                    {"code": u.code, "name": u.name, "path": u.path, "provisional": u.provisional}
                    for u in rows
                ]
            }
        )
        return
    for unit in rows:
        mark = " (provisional)" if unit.provisional else ""
        click.echo(f"{'  ' * (unit.path.count('/') - 2)}{unit.code} {unit.name}{mark}")


@org.command("confirm")
@click.argument("codes", nargs=-1, required=True)
@click.option("--as", "username", required=True, help="Who confirms.")
def confirm(*, codes: tuple[str, ...], username: str) -> None:
    """Confirm provisional units as they stand."""
    from suyuan.actions import org as actions
    from suyuan.domain.errors import BadInput
    from suyuan.store.queries import viewer

    who = viewer.named(username)
    if who is None:
        raise BadInput("unknown_person", username=username)
    done = actions.confirm(codes=codes, actor=who.actor, now=now())
    click.echo(f"{done} confirmed")
