"""``suyuan backup`` and ``suyuan restore``: the whole installation in one file, and back."""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from suyuan import __version__
from suyuan.config.home import home
from suyuan.domain.errors import BadInput, Refused

from .ready import emit, now, ready


@click.command("backup")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True)
def backup(*, file: Path, as_json: bool) -> None:
    """Write this installation to FILE while it runs, and its keys to FILE.keys: keep the two apart.

    Whoever has both can read the personal data; FILE alone tells nothing that is sealed.
    """
    ready()
    from django.conf import settings

    from suyuan.actions import backups
    from suyuan.domain.procedure import SYSTEM
    from suyuan.gateways import backup as gateway
    from suyuan.store.queries.told import iso

    if not file.parent.is_dir():
        raise BadInput("no_such_file", file=str(file.parent))
    about = {"version": __version__, "made_at": iso(now()), "counts": _counts()}
    made = gateway.take(home(), settings.DATABASES["default"], file.resolve(), about)
    backups.record(
        verb="backup", detail={"sha256": made.sha256, "bytes": made.bytes}, actor=SYSTEM, now=now()
    )
    shown: dict[str, Any] = {
        "file": str(made.path),
        "keys": str(made.secrets),
        "bytes": made.bytes,
        "sha256": made.sha256,
        "files": len(made.contents.files),
        **made.contents.counts,
    }
    emit(shown) if as_json else click.echo(
        f"{made.path} {made.bytes:,} bytes, {shown['cases']:,} cases, {shown['events']:,} events\n"
        f"keys: {made.secrets} — keep them somewhere else"
    )


@click.command("restore")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--keys", type=click.Path(path_type=Path), help="The key file; FILE.keys unless given.")
@click.option(
    "--shredded",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="The newest list of what was shredded; shredded.jsonl of the home unless given.",
)
@click.option("--json", "as_json", is_flag=True)
def restore(*, file: Path, keys: Path | None, shredded: Path | None, as_json: bool) -> None:
    """Bring a backup back into an empty home (and an empty PostgreSQL), then verify every chain.

    Stop the console and the workers first. Nothing is put in place before every byte of FILE has been
    checked against its manifest. What was shredded after the backup was made is shredded again.
    """
    with _untouched(home()) as place:
        contents = _put_in_place(file, keys or file.with_name(file.name + ".keys"), place)
    _reconnect()
    ready()
    shown = _verified(contents, file, shredded)
    if not shown["listed"]:
        click.echo(unlisted(contents.made_at), err=True)
    emit(shown) if as_json else click.echo(
        f"{shown['cases']:,} cases, {shown['events']:,} events, {shown['chains']:,} chains hold; "
        f"{sum(shown['shredded_again'].values()):,} shredded again"
    )


@contextmanager
def _untouched(place: Path) -> Iterator[Path]:
    """Leave a home as it was found where a restore fails: no keys and no database that nothing came into."""
    with ExitStack() as failed:
        failed.callback(_take_away, place, frozenset(place.iterdir()))
        yield place
        failed.pop_all()


def _take_away(place: Path, before: frozenset[Path]) -> None:
    _reconnect()
    for made in set(place.iterdir()) - before:
        shutil.rmtree(made) if made.is_dir() else made.unlink()


def _put_in_place(file: Path, keys: Path, place: Path):  # type: ignore[no-untyped-def]
    import django

    django.setup()
    from django.conf import settings

    from suyuan.gateways import backup as gateway

    _empty(place)
    return gateway.unpack(file, keys, place, settings.DATABASES["default"])


def unlisted(made_at: str) -> str:
    """Return what a restore without a list of what was shredded may have brought back, if anything was."""
    from suyuan.actions.privacy import ledger

    if ledger.began():
        return (
            f"没有清除清单：{made_at} 之后清除过的又回来了 / "
            f"no list of what was shredded: what was removed after {made_at} is back"
        )
    return (
        f"到 {made_at} 为止没有清除过数据；之后如清除过，请带 --shredded 清单再恢复一次 / "
        f"nothing had been shredded by {made_at}; if anything was since, restore again with --shredded"
    )


def _counts() -> dict[str, int]:
    from suyuan.store.queries import counts

    return counts.of_installation()


def _empty(home: Path) -> None:
    """Refuse a home or a database that holds anything: a restore never overwrites."""
    from django.db import connection

    from suyuan.store.queries import counts

    if connection.introspection.table_names() and any(counts.of_installation().values()):
        raise Refused("home_not_empty", home=home.name, fix="set SUYUAN_HOME and the database to empty ones")


def _reconnect() -> None:
    """Close what was opened before the database was put in place."""
    from django.db import connections

    connections.close_all()


def _verified(contents: Any, file: Path, shredded: Path | None) -> dict[str, Any]:
    """Return what was restored once its chains hold and nothing is missing; write down that it was."""
    from suyuan.actions import backups
    from suyuan.actions.privacy import ledger
    from suyuan.domain.procedure import SYSTEM
    from suyuan.store import chain

    there, expected = _counts(), contents.counts
    if short := {name: n for name, n in expected.items() if there.get(name, 0) < n}:
        raise BadInput(
            "backup_incomplete", expected=short, there={name: there.get(name, 0) for name in short}
        )
    known = shredded or ledger.path()
    listed = known.exists()
    lines = ledger.read(known) if listed else []
    again = ledger.shred_again(
        lines=lines, made_at=datetime.fromisoformat(contents.made_at), actor=SYSTEM, now=now()
    )
    chains, _ = chain.verify()
    chain.verify_cases()
    anchors = chain.verify_anchors()
    backups.record(
        verb="backup_restore",
        detail={"made_at": contents.made_at, "file": file.name, "shredded_again": again},
        actor=SYSTEM,
        now=now(),
    )
    told = {"made_at": contents.made_at, "listed": listed, "shredded_again": again, "ok": True}
    return {**there, "chains": chains, "anchors": anchors, **told}
