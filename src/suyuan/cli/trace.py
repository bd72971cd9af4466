"""``suyuan trace``: a log is traced, or handed in so that complaints here can be traced on it."""

import time
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .ready import emit, now, ready
from .shapes import COUNT, FLAG, TEXT, TEXTS, many, thing
from .trace_judging import judge, scorecard
from .trace_kept import forget_source, orders, sources
from .tracing import trace_log

if TYPE_CHECKING:
    from suyuan.actions.trace import Aside
    from suyuan.domain.procedure import Actor

TAKEN = thing(
    source=TEXT,
    new=COUNT,
    changed=COUNT,
    unchanged=COUNT,
    removed=COUNT,
    referenced=COUNT,
    left_out=COUNT,
    events=COUNT,
    objects=COUNT,
    mixed=COUNT,
    quarantined=many(thing(why=TEXT, count=COUNT, places=TEXTS)),
    file_removed=FLAG,
    seconds={"type": "number", "minimum": 0},
)


class _OrLog(click.Group):
    """A group whose first word may be a log, or an option, instead of a command."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Trace what is no command here: a log, or what is asked of our own events."""
        if args and args[0] not in (*self.commands, *ctx.help_option_names):
            args = [trace_log.name or "", *args]
        return super().parse_args(ctx, args)


@click.group("trace", cls=_OrLog)
def trace() -> None:
    """Trace complaints: those here (suyuan trace --object N), or of a log (suyuan trace LOG …)."""


for command in (trace_log, judge, scorecard, sources, orders, forget_source):
    trace.add_command(command)


@trace.command("take")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--source", default="", help="Which system it is of; without it what its name or layout says.")
@click.option("--layout", default="", help="Which column is what: a name of the rulebook's, or a file.")
@click.option("--replace", is_flag=True, help="What the file no longer has goes; other sources stay.")
@click.option("--as", "username", default="", help="Who hands it in; without it this machine's owner.")
@click.option("--zone", default="", help="Where its moments were, if they name no zone: Asia/Shanghai, UTC.")
@click.option("--json", "as_json", is_flag=True)
def take(
    *, file: Path, source: str, layout: str, replace: bool, username: str, zone: str, as_json: bool
) -> None:
    """Merge an event log, or a table of orders, into the log that tracing keeps.

    OCEL 2.0 (sqlite, json, xml), XES (.gz), csv (.gz). What is known already changes nothing, what has
    changed is replaced. Taken are activities, moments and numbers of objects. Accounts, meters, telephones
    and people become keyed references; names, addresses and every other attribute stay behind. A file that
    lies in the home is removed.
    """
    ready()
    from suyuan.actions.trace import How, take_log
    from suyuan.config.home import home

    started = time.monotonic()
    how = How(source, layout, replace)
    taken = take_log(path=file, actor=acting(username), now=now(), zone=zone, how=how)
    inside = file.resolve().is_relative_to(home().resolve())
    if inside:
        file.unlink()
    if as_json:
        emit(asdict(taken) | {"file_removed": inside, "seconds": round(time.monotonic() - started, 3)})
        return
    told = asdict(taken)
    del told["quarantined"]
    click.echo(f"{told.pop('source')}: " + ", ".join(f"{count:,} {name}" for name, count in told.items()))
    if taken.nothing_new:
        click.echo("没有新的事件 / nothing new")
    if taken.mixed:
        click.echo(
            f"{taken.mixed:,} 张工单另一来源也有，户号或台区却不同，请核对 / "
            f"{taken.mixed:,} orders also known from another source, with other accounts or areas",
            err=True,
        )
    _say(taken.quarantined)
    if not inside:
        click.echo(f"{file} is as it was: remove it, or keep it where its numbers are safe", err=True)


def acting(username: str) -> "Actor":
    """Return who hands something in; without a name this machine's owner."""
    from suyuan.domain.errors import BadInput
    from suyuan.domain.procedure import SYSTEM
    from suyuan.store.queries import viewer

    who = viewer.named(username) if username else None
    if username and who is None:
        raise BadInput("unknown_person", username=username)
    return who.actor if who else SYSTEM


def _say(quarantined: "Iterable[Aside]") -> None:
    """Say on stderr what was not taken, and where."""
    from suyuan.domain.rulebook.words import labels

    words = labels()["log_set_aside"]
    for each in quarantined:
        why = words[each.why]
        places = ", ".join(each.places) + (" …" if each.count > len(each.places) else "")
        said = f"{why['zh']} / {why['en']} [{each.why}]"
        click.echo(f"未取入 / not taken: {each.count:,} {said}: {places}", err=True)
