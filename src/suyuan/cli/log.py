"""``suyuan log``: event logs of other systems and our own, looked at and written in another format."""

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .ready import emit, now, ready
from .shapes import COUNT, PERHAPS_MOMENT, TEXT, by_name, many, thing

if TYPE_CHECKING:
    from suyuan.gateways.eventlog import Columns

_QUARANTINED = many(thing(why=TEXT, count=COUNT, first=TEXT))
_SIZE = {"events": COUNT, "objects": COUNT, "relations": COUNT, "links": COUNT}
INFO = thing(
    events=COUNT,
    objects=COUNT,
    types=by_name(COUNT),
    activities=by_name(COUNT),
    relations=COUNT,
    links=COUNT,
    first=PERHAPS_MOMENT,
    last=PERHAPS_MOMENT,
    quarantined=_QUARANTINED,
)
_WRITTEN = {"out": TEXT, **_SIZE, "left_out": by_name(COUNT), "quarantined": _QUARANTINED}
CONVERT = {"anyOf": [thing(**_WRITTEN), thing(**_WRITTEN, code=TEXT)]}
_HERE = timezone(timedelta(hours=8))
LAYOUT = click.option(
    "--layout",
    type=click.Path(path_type=Path),
    help="TOML or JSON that says which column of a csv, which attribute of an XES log is what.",
)
ZONE = click.option(
    "--zone", default="", help="Where its moments were, if they name no zone: Asia/Shanghai, UTC."
)


@click.group("log")
def log() -> None:
    """Event logs, other systems' or our own: OCEL 2.0 (sqlite, json, xml), XES (.gz) and csv (.gz)."""


@log.command("info")
@click.argument("file", metavar="[LOG]", required=False, type=click.Path(path_type=Path))
@LAYOUT
@ZONE
@click.option("--json", "as_json", is_flag=True)
def look(*, file: Path | None, layout: Path | None, zone: str, as_json: bool) -> None:
    """Say what a log holds, and what of it could not be taken and why; without LOG, what our own events hold.

    What a log is, is read from its content. Nothing is kept of it. Our own are those that convert writes.
    """
    found = read(file, layout, zone) if file else own(layout, zone)
    told = _told(found)
    if as_json:
        emit(told)
        return
    click.echo(f"{told['events']:,} events, {told['objects']:,} objects, {told['relations']:,} relations, "
               f"{told['links']:,} links")  # fmt: skip
    click.echo(f"{told['first']} – {told['last']}")
    for heading in ("types", "activities"):
        for name, count in told[heading].items():
            click.echo(f"{heading:>10} {count:>12,}  {name}")
    _say(told["quarantined"])


@log.command("convert")
@click.argument("files", metavar="[IN] OUT", nargs=-1, type=click.Path(path_type=Path))
@LAYOUT
@ZONE
@click.option("--as", "username", default="", help="Whose reach, without IN; nobody: the whole home.")
@click.option("--restricted", is_flag=True, help="Without IN: the restricted cases too; for audit alone.")
@click.option("--json", "as_json", is_flag=True)
def convert(
    *, files: tuple[Path, ...], layout: Path | None, zone: str, username: str, restricted: bool, as_json: bool
) -> None:
    """Write the log IN, or without it our own events, to OUT in the format that the ending of OUT says.

    .sqlite, .json, .jsonocel, .xml, .xmlocel: OCEL 2.0; .csv, .csv.gz: a table; .xes, .xes.gz: XES, where
    every event is of one object. What was not taken is named on stderr, and what the format has no place for.

    Our own events hold no name and no text; accounts, telephones and people are keyed references. Who took
    them out is written down: the code that is told leads there (suyuan audit export).
    """
    from suyuan.domain.errors import BadInput

    if not 1 <= len(files) <= 2:
        raise BadInput("log_arguments", count=len(files))
    *inwards, out = files
    if inwards and (username or restricted):
        raise BadInput("log_not_ours", file=inwards[0].name)
    code, found, left_out = _ours(out, layout, zone, username, restricted=restricted) if not inwards else (
        "", *_theirs(inwards[0], out, layout, zone))  # fmt: skip
    told = _told(found)
    if as_json:
        size = {name: told[name] for name in _SIZE}
        answer = {"out": str(out), **size, "left_out": left_out, "quarantined": told["quarantined"]}
        emit(answer | ({"code": code} if code else {}))
    else:
        click.echo(f"{out}: {told['events']:,} events, {told['objects']:,} objects" + (code and f", {code}"))
    for what, count in left_out.items():
        click.echo(f"这种格式写不下 / no place for: {what} {count:,}", err=True)
    _say(told["quarantined"])


def _theirs(file: Path, out: Path, layout: Path | None, zone: str) -> tuple["Columns", Mapping[str, int]]:
    """Write a log in another format; return it, and what the format has no place for."""
    from suyuan.gateways import eventlog

    eventlog.ending(out)
    found = read(file, layout, zone)
    return found, eventlog.write(found, out)


def _ours(
    out: Path, layout: Path | None, zone: str, username: str, *, restricted: bool
) -> tuple[str, "Columns", Mapping[str, int]]:
    """Write our own events as a log; return the code of the export, the log, what has no place."""
    unread(layout, zone)
    ready()
    from suyuan.actions import exports
    from suyuan.domain.procedure import Actor

    actor = Actor(username or "system", frozenset())
    made = exports.event_log(path=out, username=username, secret=restricted, actor=actor, now=now())
    return made.code, made.log, made.left_out


def unread(layout: Path | None, zone: str) -> None:
    """Raise BadInput where it is said how to read a log and none is named."""
    from suyuan.domain.errors import BadInput

    if layout or zone:
        raise BadInput("log_named_none", options=["--layout", "--zone"])


def own(layout: Path | None, zone: str) -> "Columns":
    """Return our own events as ``convert`` writes them for the whole home."""
    unread(layout, zone)
    ready()
    from suyuan.actions import own_log

    return own_log.columns(own_log.Scope(), now())


ASSUMED = "UTC"
"""Where moments were that name no zone, where nobody says: what the standard's own files mean."""


def read(file: Path, layout: Path | None, zone: str) -> "Columns":
    """Return a log; moments without a zone are taken as UTC, and that is said."""
    from suyuan.domain.errors import BadInput
    from suyuan.gateways import eventlog

    given = eventlog.read_layout(layout) if layout else None
    try:
        return eventlog.read(file, given, zone)
    except BadInput as wrong:
        if wrong.code != "log_zone":
            raise
        said = f"{wrong.facts['count']:,} ({wrong.facts['value']})"
    click.echo(
        f"时间没有写时区，按 UTC 读：{said}，可用 --zone 说明 / "
        f"moments without a zone, read as UTC: {said}; say where they were by --zone",
        err=True,
    )
    return eventlog.read(file, given, ASSUMED)


def _told(found: "Columns") -> dict[str, Any]:
    """Return the sizes of a log."""
    import numpy as np

    def counts(names: list[str], codes: Any) -> dict[str, int]:
        return dict(zip(names, np.bincount(codes, minlength=len(names)).tolist(), strict=True))

    return {
        "events": len(found.at),
        "objects": len(found.object_ids),
        "types": counts(found.types, found.type),
        "activities": counts(found.activities, found.activity),
        "relations": len(found.touch_event),
        "links": len(found.link_source),
        "first": _moment(int(found.at[0])) if len(found.at) else None,
        "last": _moment(int(found.at[-1])) if len(found.at) else None,
        "quarantined": _quarantined(found),
    }


def _quarantined(found: "Columns") -> list[dict[str, Any]]:
    """Return by reason how much was not taken, with where the first was met."""
    count = Counter(each.why for each in found.quarantined)
    first = {each.why: f"{each.where}: {each.what}" for each in reversed(found.quarantined)}
    return [{"why": why, "count": number, "first": first[why]} for why, number in count.most_common()]


def _moment(at: int) -> str:
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=at)).astimezone(_HERE).isoformat()


def _say(quarantined: list[dict[str, Any]]) -> None:
    from suyuan.domain.rulebook.words import labels

    words = labels()["log_set_aside"]
    for each in quarantined:
        why = words[each["why"]]
        said = f"{why['zh']} / {why['en']} [{each['why']}]"
        click.echo(f"未取入 / not taken: {each['count']:,} {said}: {each['first']}", err=True)
