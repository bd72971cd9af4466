"""``suyuan log``: event logs of other systems, looked at and written in another format."""

from collections import Counter
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .ready import emit
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
CONVERT = thing(out=TEXT, **_SIZE, left_out=by_name(COUNT), quarantined=_QUARANTINED)
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
    """Event logs of other systems: OCEL 2.0 (sqlite, json, xml), XES (.gz) and csv (.gz)."""


@log.command("info")
@click.argument("file", metavar="LOG", type=click.Path(path_type=Path))
@LAYOUT
@ZONE
@click.option("--json", "as_json", is_flag=True)
def look(*, file: Path, layout: Path | None, zone: str, as_json: bool) -> None:
    """Say what a log holds, and what of it could not be taken and why.

    What a log is, is read from its content. Nothing is kept of it.
    """
    found = read(file, layout, zone)
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
@click.argument("file", metavar="IN", type=click.Path(path_type=Path))
@click.argument("out", metavar="OUT", type=click.Path(path_type=Path))
@LAYOUT
@ZONE
@click.option("--json", "as_json", is_flag=True)
def convert(*, file: Path, out: Path, layout: Path | None, zone: str, as_json: bool) -> None:
    """Write the log IN to OUT, in the format that the ending of OUT says.

    .sqlite, .json, .jsonocel, .xml, .xmlocel: OCEL 2.0; .csv, .csv.gz: a table; .xes, .xes.gz: XES, where
    every event is of one object. What was not taken is named on stderr, and what the format has no place for.
    """
    from suyuan.gateways import eventlog

    eventlog.ending(out)
    found = read(file, layout, zone)
    left_out = eventlog.write(found, out)
    told = _told(found)
    if as_json:
        size = {name: told[name] for name in _SIZE}
        emit({"out": str(out), **size, "left_out": left_out, "quarantined": told["quarantined"]})
    else:
        click.echo(f"{out}: {told['events']:,} events, {told['objects']:,} objects")
    for what, count in left_out.items():
        click.echo(f"这种格式写不下 / no place for: {what} {count:,}", err=True)
    _say(told["quarantined"])


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
