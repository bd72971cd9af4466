"""``suyuan trace``: a log is traced, or handed in so that complaints here can be traced on it."""

import time
from dataclasses import asdict
from pathlib import Path

import click

from .ready import emit, now, ready
from .shapes import COUNT, FLAG, thing
from .trace_judging import judge, scorecard
from .tracing import trace_log

SCHEMA = thing(
    events=COUNT,
    objects=COUNT,
    referenced=COUNT,
    left_out=COUNT,
    removed=FLAG,
    seconds={"type": "number", "minimum": 0},
)


class _OrLog(click.Group):
    """A group whose first word may be a log instead of a command."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Trace what is no command here."""
        if args and args[0] not in self.commands:
            args = [trace_log.name or "", *args]
        return super().resolve_command(ctx, args)


@click.group("trace", cls=_OrLog)
def trace() -> None:
    """Trace the complaints of a log (suyuan trace LOG …), or hand one in for the complaints here."""


trace.add_command(trace_log)
trace.add_command(judge)
trace.add_command(scorecard)


@trace.command("take")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--as", "username", default="", help="Who hands it in; without it this machine's owner.")
@click.option("--zone", default="", help="Where its moments were, if they name no zone: Asia/Shanghai, UTC.")
@click.option("--json", "as_json", is_flag=True)
def take(*, file: Path, username: str, zone: str, as_json: bool) -> None:
    """Take an event log (OCEL 2.0, SQLite) over, in the place of the one before.

    Taken are activities, moments and numbers of objects. Accounts, meters, telephones and people become
    keyed references; names, addresses and every other attribute stay behind. A file that lies in the home
    is removed.
    """
    ready()
    from suyuan.actions.trace import take_log
    from suyuan.config.home import home
    from suyuan.domain.errors import BadInput
    from suyuan.domain.procedure import SYSTEM
    from suyuan.store.queries import viewer

    who = viewer.named(username) if username else None
    if username and who is None:
        raise BadInput("unknown_person", username=username)
    started = time.monotonic()
    taken = asdict(take_log(path=file, actor=who.actor if who else SYSTEM, now=now(), zone=zone))
    inside = file.resolve().is_relative_to(home().resolve())
    if inside:
        file.unlink()
    if as_json:
        emit(taken | {"removed": inside, "seconds": round(time.monotonic() - started, 3)})
        return
    click.echo(", ".join(f"{count:,} {name}" for name, count in taken.items()))
    if not inside:
        click.echo(f"{file} is as it was: remove it, or keep it where its numbers are safe", err=True)
