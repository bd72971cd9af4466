"""``suyuan people``: an organisation file, the first administrator, and what gets somebody in again."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from . import asking
from .ready import emit, leave, now, ready
from .register_file import quarantine_of, same_name, takes_a_file

if TYPE_CHECKING:
    from suyuan.actions.org.register_file import Taken


@click.group("people")
def people() -> None:
    """The people of the organisation: units, posts, roles."""
    ready()


@people.command("import")
@takes_a_file
@click.option(
    "--post",
    "posts",
    multiple=True,
    metavar="NAME=CODE",
    help="Which post is meant by a name nobody knows: its code, + for a post of that name without a role, "
    "- to leave it blank.",
)
def import_file(
    *,
    file: Path,
    dry_run: bool,
    username: str,
    quarantine: Path | None,
    posts: tuple[str, ...],
    as_json: bool,
) -> None:
    """Take the units and people of a csv or xlsx file in; rows that cannot be taken go to the quarantine."""
    from suyuan.actions import org
    from suyuan.gateways import orgfile

    actor = asking.actor_of(username)
    taken = org.import_register(
        parts=orgfile.read(file), actor=actor, now=now(), posts=_chosen(posts), dry_run=dry_run
    )
    kept = [] if dry_run else _quarantine(taken, quarantine_of(file, quarantine))
    lists = [each.plain() for each in taken]
    if as_json:
        emit({"dry_run": dry_run, "quarantine_files": kept, "lists": lists})
        return
    for each in lists:
        counts = ", ".join(
            f"{each[name]} {name}" for name in ("read", "new", "changed", "same", "quarantined")
        )
        waiting = f", {each['waiting']} roles wait for a second person" if each["waiting"] else ""
        click.echo(f"{each['list']}: {counts}{waiting}")
        if each["footers"]:
            click.echo(f"  left out as totals or signatures: rows {', '.join(map(str, each['footers']))}")  # type: ignore[arg-type]
        for post, people in each["unknown_posts"].items():  # type: ignore[attr-defined]
            click.echo(f"  no post {post!r}, which {people} hold: --post {post}=CODE, {post}=+ or {post}=-")
        for name, codes in each["same_names"].items():  # type: ignore[attr-defined]
            click.echo(f"  {same_name(name, codes)}", err=True)
        for fault in each["faults"]:  # type: ignore[attr-defined]
            click.echo(f"  row {fault['row']} {fault['column']} {fault['value']!r}: {fault['rule']}")


def _chosen(posts: Sequence[str]) -> dict[str, str]:
    """Return what was chosen for names of posts; BadInput where a choice has no name."""
    from suyuan.domain.errors import BadInput

    pairs = [each.partition("=") for each in posts]
    if wrong := [name for name, _, choice in pairs if not name or not choice]:
        raise BadInput("unknown_post", post=wrong[0])
    return {name: choice for name, _, choice in pairs}


def _quarantine(taken: "Sequence[Taken]", place: Path) -> list[str]:
    """Write the rows that were not taken, a file for each list that has any."""
    from suyuan.actions.org import register_file

    names = []
    for each in taken:
        path = (
            place.with_name(f"{place.stem}.{each.part.kind.name}{place.suffix}") if len(taken) > 1 else place
        )
        if register_file.quarantine(each, path, lambda rule: rule):
            names.append(str(path))
    return names


@people.command("template")
@click.argument("file", type=click.Path(path_type=Path))
def template(*, file: Path) -> None:
    """Write an empty workbook for units and people, with lists to choose from."""
    from suyuan.gateways import orgfile
    from suyuan.store.queries import people as queries

    orgfile.write_template(file, queries.choices())
    click.echo(str(file))


@people.command("first-admin")
@click.argument("username")
@click.option("--name", required=True, help="The person's name.")
@click.option("--company", required=True, help="What the company is called.")
@click.password_option(help="Asked for where it is not given.")
def first_admin(*, username: str, name: str, company: str, password: str) -> None:
    """Make the first person of an empty office, who sets up the rest in the browser."""
    from suyuan.actions import org

    org.first_admin(username=username, name=name, company=company, password=password, now=now())
    click.echo(f"{username} may sign in")


@people.command("confirm-password")
@click.argument("username")
@click.option("--as", "by", default="", help="Who confirms; without it this machine's owner.")
@click.option("--json", "as_json", is_flag=True)
def confirm_password(*, username: str, by: str, as_json: bool) -> None:
    """Confirm a first password that waits for a second person: for an office with one administrator."""
    from suyuan.actions import org

    org.confirm_password(username=username, actor=asking.actor_of(by), now=now())
    _said({"person": username, "confirmed_by": by or "system"}, as_json)


@people.command("confirm-role")
@click.argument("username")
@click.option("--decline", is_flag=True, help="Turn the requests down instead.")
@click.option("--as", "by", default="", help="Who decides; without it this machine's owner.")
@click.option("--json", "as_json", is_flag=True)
def confirm_role(*, username: str, decline: bool, by: str, as_json: bool) -> None:
    """Confirm the roles asked for somebody that wait for a second person: for an office with one."""
    from suyuan.actions import org
    from suyuan.domain.errors import Refused
    from suyuan.store.queries import second

    actor, at = asking.actor_of(by), now()
    waiting = second.waiting_of_name(username)
    if not waiting:
        raise Refused("nothing_to_confirm", person=username)
    decide = org.decline_role if decline else org.confirm_role
    ended = [decide(request=each.pk, actor=actor, now=at) for each in waiting]
    roles = [{"role": each.role, "unit": each.unit.code} for each in waiting]
    told = {"person": username, "outcome": "declined" if decline else "confirmed", "by": by or "system"}
    if as_json:
        emit({**told, "roles": roles, "password_ended": any(ended)})
        return
    click.echo(f"{' '.join(told.values())}: {', '.join(each['role'] for each in roles)}")
    if any(ended):
        click.echo("the password one person had made is over: suyuan people first-password")


@people.command("first-password")
@click.argument("username")
@click.option("--json", "as_json", is_flag=True)
def first_password(*, username: str, as_json: bool) -> None:
    """Make somebody a first password and print it, this once: for an administrator nobody else can help."""
    from suyuan.actions import org
    from suyuan.domain.procedure import SYSTEM

    made = org.first_password(username=username, actor=SYSTEM, now=now())
    _said({"person": username, "password": made}, as_json)


@people.command("first-passwords")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--unit", default="", help="Only people of this unit and below.")
@click.option("--as", "by", default="", help="Who makes them; without it this machine's owner.")
@click.option("--json", "as_json", is_flag=True)
def first_passwords(*, file: Path, unit: str, by: str, as_json: bool) -> None:
    """Make first passwords for all who have none, into a new workbook only its owner can read.

    Exit 1 where somebody was refused; the sheet holds the others.
    """
    from suyuan.actions.org import handing
    from suyuan.domain.errors import BadInput
    from suyuan.gateways import workbook
    from suyuan.store.queries import people as queries

    if file.exists():
        raise BadInput("file_exists", file=file.name)
    actor, at = asking.actor_of(by), now()
    names = queries.without_password_at(unit)[: handing.most_at_once()]
    sheet = handing.first_passwords(usernames=names, actor=actor, now=at)
    rows = [
        (
            slip.person.name,
            slip.person.unit.name if slip.person.unit else "",
            slip.person.username,
            slip.password,
        )
        for slip in sheet.slips
    ]
    table = workbook.Table(("姓名", "单位", "用户名", "初始口令"), rows)
    with open(file, "xb", opener=_for_its_owner) as out:
        workbook.write([("Sheet1", table)], out, at, sheet.mark.line)
    waiting = sum(slip.waits for slip in sheet.slips)
    refused = [{"person": name, "code": code} for name, code in sheet.refused]
    told = {"file": str(file), "made": len(rows), "waiting": waiting, "code": sheet.mark.code}
    if as_json:
        emit({**told, "refused": refused})
        leave(refused)
        return
    click.echo(f"{len(rows)} first passwords in {file}, {waiting} wait for a second person")
    for each in refused:
        click.echo(f"  {each['person']}: {each['code']}")
    leave(refused)


def _for_its_owner(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


@people.command("unlock")
@click.argument("username")
@click.option("--as", "by", default="", help="Who unlocks; without it this machine's owner.")
@click.option("--json", "as_json", is_flag=True)
def unlock(*, username: str, by: str, as_json: bool) -> None:
    """Let an account try again that failed too often."""
    from suyuan.actions import signin

    signin.unlock(username=username, actor=asking.actor_of(by), now=now())
    _said({"person": username, "unlocked_by": by or "system"}, as_json)


def _said(told: dict[str, str], as_json: bool) -> None:
    emit(told) if as_json else click.echo(" ".join(told.values()))
