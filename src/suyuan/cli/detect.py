"""``suyuan detect NAME|all|list``: what stands out in this home, and by which figures that is told."""

from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from suyuan.domain.errors import BadInput

from .ready import emit, now, ready
from .shapes import COUNT, MOMENT, PERHAPS_NUMBER, TEXT, TEXTS, many, thing

if TYPE_CHECKING:
    from suyuan.analytics.detect.signal import Signal

_NUMBER = {"type": "number"}
_SIGNAL = thing(
    detector=TEXT,
    object=TEXT,
    level={"enum": ["general", "important", "urgent"]},
    since=MOMENT,
    observed=_NUMBER,
    expected=_NUMBER,
    why=TEXT,
    cases=TEXTS,
    unit=TEXT,
    category=TEXT,
    sentence=thing(zh=TEXT, en=TEXT),
)
SCHEMA = thing(
    as_of=MOMENT,
    signals=many(_SIGNAL),
    set_aside=COUNT,
    first_wrong=many(thing(file=TEXT, row=COUNT, column=TEXT, value=TEXT, rule=TEXT)),
)
_FILE = click.Path(path_type=Path)
_LIVED = thing(
    signals=COUNT,
    standing=COUNT,
    came_true=COUNT,
    warnings=COUNT,
    open=COUNT,
    confirmed=COUNT,
    dismissed=COUNT,
    share=PERHAPS_NUMBER,
    low=PERHAPS_NUMBER,
    high=PERHAPS_NUMBER,
    watched=COUNT,
    followed=COUNT,
    lead_days=PERHAPS_NUMBER,
)
_MEASURED = {
    "oneOf": [
        {"type": "null"},
        thing(
            detector=TEXT,
            on=TEXT,
            seed={"type": "integer"},
            found=COUNT,
            of=COUNT,
            delay_days=PERHAPS_NUMBER,
            false_a_month=PERHAPS_NUMBER,
            beside_a_month=PERHAPS_NUMBER,
            zh=TEXT,
            en=TEXT,
        ),
    ]
}
LIST = thing(
    detectors=many(
        thing(
            detector=TEXT,
            title=thing(zh=TEXT, en=TEXT),
            reads=TEXTS,
            terms={"type": "object"},
            basis=TEXT,
            certainty=TEXT,
            note=TEXT,
            lived=_LIVED,
            measured=_MEASURED,
        )
    )
)
_SEEN = ("seen", "fresh", "raised", "muted", "over", "back", "refused")
KEPT = thing(as_of=MOMENT, **dict.fromkeys(_SEEN, COUNT), opened=TEXTS)
_SHOWN = ("signals", "warnings", "confirmed", "dismissed", "followed", "watched")
LISTED = "list"


@click.command("detect")
@click.argument("names", metavar="NAME|all|list", nargs=-1, required=True)
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M"]), help="As it stood at the end "
              "of this day, or at this local moment; nothing later is known.")  # fmt: skip
@click.option("--unit", "code", default="", help="Only of this unit and those below it.")
@click.option("--keep", is_flag=True, help="Keep what is found as signals, and open warnings of them.")
@click.option("--outages", type=_FILE, help="A table of outages, in place of those of the log.")
@click.option("--readings", type=_FILE, help="A table of readings of meters, likewise.")
@click.option(
    "--voltage", type=_FILE, help="A table of voltages, in place of the home's voltages and alarms."
)
@click.option("--calls", type=_FILE, help="A table of calls, in place of the home's own.")
@click.option("--json", "as_json", is_flag=True)
def detect(
    *,
    names: tuple[str, ...],
    as_of: datetime | None,
    code: str,
    keep: bool,
    as_json: bool,
    **files: Path | None,
) -> None:
    """Say what stands out, by one or more detectors or all; nothing is kept unless asked (docs/detect.md).

    ``list`` shows the detectors with their figures, where those come from and how sure we are of them.
    """
    ready()
    if names == (LISTED,):
        _list(as_json=as_json)
        return
    at, paths = moment_asked(as_of), {kind: path for kind, path in files.items() if path}
    if keep:
        _keep(names, at, "unit" if code else min(paths, default=""), as_json=as_json)
        return
    from suyuan.actions import detecting
    from suyuan.store.queries import org

    within = org.codes_below(code) if code else None
    for kind in paths:
        detecting.read_by(kind, names)
    given, read = detecting.handed_in(paths, at)
    found = detecting.find(names, as_of=at, given=given)
    found = [one for one in found if within is None or one.unit in within]
    wrong = [{"file": kind, **row} for kind, sheet in read.items() for row in sheet.first_wrong]
    if as_json:
        aside = sum(sheet.set_aside for sheet in read.values())
        emit({"as_of": at, "signals": [*map(_told, found)], "set_aside": aside, "first_wrong": wrong})
        return
    for one in found:
        click.echo(f"{one.level.value:9}  {one.detector}  {detecting.sentence(one)}")
    for row in wrong:
        said = f"{row['file']} {row['row']} {row['column']} {row['value']}"
        click.echo(f"未取入 / not taken: {said}", err=True)


def _keep(names: tuple[str, ...], at: datetime, part: str, *, as_json: bool) -> None:
    """Keep what a run finds; of a part or of a table nothing is, as what is elsewhere would seem over."""
    if part:
        raise BadInput("one_of_two", field="keep", other=part)
    from suyuan.actions.warn.watching import watch

    done = watch(names, now=at)
    counts = {name: getattr(done.kept, name) for name in _SEEN}
    row = {"as_of": at, **counts, "opened": [one.number for one in done.opened]}
    if as_json:
        emit(row)
        return
    click.echo(" ".join(f"{name}={value}" for name, value in counts.items()) + f" opened={len(done.opened)}")


def moment_asked(asked: datetime | None) -> datetime:
    """Return now, a local moment, or the end of a day that has begun.

    Raises BadInput for a later one, and for one earlier than anything that is taken in.
    """
    if asked is None:
        return now()
    from suyuan.gateways.layout.moments import EARLIEST
    from suyuan.store import rules

    if asked < EARLIEST:
        raise BadInput("before_anything", at=f"{asked:%Y-%m-%d}", earliest=f"{EARLIEST:%Y-%m-%d}")
    local = asked.replace(tzinfo=rules.rulebook().calendar.zone)
    if local > now():
        raise BadInput("in_the_future", at=asked.isoformat())
    whole_day = asked.time() == time()
    end = local + timedelta(days=1) if whole_day else local
    return min(end.astimezone(UTC), now())


def _told(one: "Signal") -> dict[str, Any]:
    from suyuan.actions import detecting

    return {
        "detector": one.detector,
        "object": one.object,
        "level": one.level.value,
        "since": one.since,
        "observed": one.observed,
        "expected": one.expected,
        "why": one.why,
        "cases": list(one.cases),
        "unit": one.unit,
        "category": one.category,
        "sentence": {"zh": detecting.sentence(one, "zh"), "en": detecting.sentence(one, "en")},
    }


def _list(*, as_json: bool) -> None:
    from suyuan.actions import detecting

    every = detecting.scores(now())
    if as_json:
        emit({"detectors": every})
        return
    for one in every:
        terms = ", ".join(f"{name}={value}" for name, value in one["terms"].items())
        click.echo(f"{one['detector']}  {one['title']['zh']} / {one['title']['en']}")
        click.echo(f"    {terms}\n    {one['basis']} ({one['certainty']})")
        lived, measured = one["lived"], one["measured"]
        click.echo(f"    {' '.join(f'{name}={lived[name]}' for name in _SHOWN)}")
        if measured:
            figures = ("found", "of", "delay_days", "false_a_month")
            said = " ".join(f"{name}={measured[name]}" for name in figures)
            click.echo(f"    {said}: {measured['en']}")
