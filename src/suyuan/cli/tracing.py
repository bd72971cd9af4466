"""``suyuan trace LOG``: where a complaint of a log came from, or all of them. ``suyuan handover LOG``."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from . import profile
from .log import LAYOUT, ZONE, own, read, unread
from .ready import emit, ready
from .shapes import COUNT, FLAG, MOMENT, TEXT, TEXTS, many, thing

if TYPE_CHECKING:
    from suyuan.analytics.trace.causality import Rules
    from suyuan.analytics.trace.eventlog import EventLog
    from suyuan.analytics.trace.tracer import Tracer
    from suyuan.gateways.eventlog import Columns

NUMBER = {"type": "number"}
_NODE = thing(
    object=TEXT,
    type=TEXT,
    activity=TEXT,
    unit=TEXT,
    deviation=TEXT,
    since=MOMENT,
    share=NUMBER,
    events=TEXTS,
)
_EDGE = thing(
    **{"from": TEXT},
    to=TEXT,
    kind={"enum": ["blocks", "needs-data-from", "precedes", "feeds"]},
    because=TEXT,
    events=TEXTS,
)
ONE = thing(
    object=TEXT,
    chains=many(thing(nodes=many(_NODE), edges=many(_EDGE), confidence=NUMBER, sentence=TEXT)),
    unexplained=NUMBER,
    abstained=FLAG,
    sentence=TEXT,
)
KEPT = thing(folder=TEXT, events=COUNT, objects=COUNT, bytes=COUNT)
TRACE = {"anyOf": [ONE, profile.POPULATION, profile.PROFILE, KEPT]}
_PAIR = thing(giver=TEXT, taker=TEXT, times=COUNT, back=COUNT)
_TEAM = thing(name=TEXT, had=COUNT, passed_on=COUNT, rate=NUMBER)
HANDOVER = thing(cases=COUNT, mean=NUMBER, max=COUNT, share_ge3=NUMBER, pairs=many(_PAIR), teams=many(_TEAM))


@click.command("log")
@click.argument("file", metavar="[LOG]", required=False, type=click.Path(path_type=Path))
@click.option("--object", "thing_id", default="", help="The complaint to trace.")
@click.option("--population", is_flag=True, help="Every step of every unit, by what complaints come from it.")
@click.option("--profile", "profiled", is_flag=True, help="With it waits, bottlenecks, trend, what is new.")
@click.option("--target", default="", help="Only complaints with this activity.")
@click.option("--keep", type=click.Path(path_type=Path), help="A folder for an index: give it as LOG later.")
@click.option("--rules", "rules_file", type=click.Path(path_type=Path), help="Your own, in place of ours.")
@click.option("--language", type=click.Choice(["zh", "en"]), default="zh", show_default=True)
@LAYOUT
@ZONE
@click.option("--json", "as_json", is_flag=True)
def trace_log(
    *,
    file: Path | None,
    thing_id: str,
    population: bool,
    profiled: bool,
    target: str,
    keep: Path | None,
    rules_file: Path | None,
    language: str,
    layout: Path | None,
    zone: str,
    as_json: bool,
) -> None:
    """Trace one complaint of a log back to its source, or all of them (docs/methods/trace.md).

    LOG is OCEL 2.0 (sqlite, json, xml), XES (.gz), csv (.gz) with a layout, or a folder that --keep made;
    without it our own events, with the log that was taken over where there is one.
    """
    from suyuan.domain.errors import BadInput

    population = population or profiled
    if population + bool(thing_id) + bool(keep) != 1:
        raise BadInput("one_of", options=["--object", "--population", "--profile", "--keep"])
    if file is not None and file.is_dir():
        tracer = _opened(file, rules_file, target, whole=population or bool(keep))
    else:
        tracer = _tracer(file, layout, zone, rules_file, target, thing_id)
    if keep:
        _keep(tracer, keep, rules_file, as_json)
        return
    answer = _population(tracer, profiled) if population else _one(tracer, thing_id, language)
    if as_json:
        emit(answer)
        return
    if population:
        profile.echo(answer)
        return
    lines = [f"{chain['confidence']:.2f}  {chain['sentence']}" for chain in answer["chains"]]
    click.echo("\n".join(lines) or answer["sentence"])


def _tracer(
    file: Path | None, layout: Path | None, zone: str, rules_file: Path | None, target: str, thing: str
) -> "Tracer":
    """Return what traces the complaints of a log: those of the rules, or that have an activity."""
    if file is None:
        unread(layout, zone)
        return _own(rules_file, target, thing)
    from suyuan.actions import eventlogs
    from suyuan.analytics.trace.tracer import Tracer

    columns = read(file, layout, zone)
    given = eventlogs.settled(columns, eventlogs.rules(rules_file), target, thing, own=rules_file is not None)
    if rules_file is not None:
        _warn(rules_file, given, columns)
    return Tracer(eventlogs.traceable(columns, given), given)


def _warn(file: Path, given: "Rules", columns: "Columns") -> None:
    """Name the patterns of somebody's rules that meet nothing in the log."""
    from suyuan.analytics.trace.idle import idle

    for rule, key, pattern in idle(given, columns.activities, columns.types):
        click.echo(f"{file.name}: {rule}.{key}: 日志里没有 / nothing in the log is “{pattern}”", err=True)


def _own(rules_file: Path | None, target: str, thing: str) -> "Tracer":
    """Return what traces our own complaints, on all that is known here."""
    ready()
    from suyuan.actions import eventlogs, traced
    from suyuan.analytics.trace.tracer import Tracer
    from suyuan.domain.errors import BadInput

    here = traced.known()
    if here is None:
        raise BadInput("no_cases")
    if not rules_file and not target:
        return here.tracer
    own = rules_file is not None
    given = eventlogs.settled(here.columns, eventlogs.rules(rules_file), target, thing, own=own)
    return Tracer(here.log, given)


def _opened(folder: Path, rules_file: Path | None, target: str, *, whole: bool) -> "Tracer":
    """Return what traces by an index: its complaints were settled when it was made."""
    from suyuan.actions import eventlogs
    from suyuan.analytics.trace import kept
    from suyuan.domain.errors import BadInput

    if target:
        raise BadInput("trace_folder_target", file=folder.name)
    return kept.opened(folder, eventlogs.rules(rules_file), whole=whole)


def _keep(tracer: "Tracer", folder: Path, rules_file: Path | None, as_json: bool) -> None:
    from suyuan.actions import eventlogs
    from suyuan.analytics.trace import kept

    made = kept.keep(tracer, folder, kept.digest(eventlogs.rules(rules_file)))
    size = sum(one["size"] for one in made["files"].values())
    answer = {"folder": str(folder), "events": made["events"], "objects": made["objects"], "bytes": size}
    if as_json:
        emit(answer)
        return
    click.echo(f"{folder}: {made['events']:,} events, {made['objects']:,} objects, {size / 2**20:,.0f} MiB")


def _one(tracer: "Tracer", thing_id: str, language: str) -> dict[str, Any]:
    from suyuan.analytics.trace import told
    from suyuan.domain.errors import BadInput

    log: EventLog = tracer.log
    at = log.objects.find(thing_id)
    if at < 0:
        raise BadInput("unknown_value", field="object", value=thing_id[:60])
    if not len(log.happened.of(at)):
        raise BadInput("no_events", object=thing_id[:60])
    if not tracer.kinds.is_complaint[at]:
        raise BadInput("no_complaint", object=thing_id[:60], type=log.types[int(log.type[at])])
    return told.told(log, tracer.trace(at), language)


def _population(tracer: "Tracer", profiled: bool) -> dict[str, Any]:
    from suyuan.analytics.trace.population import population
    from suyuan.analytics.trace.survey import Survey
    from suyuan.domain.rulebook import load

    if profiled:
        return profile.surveyed(Survey(tracer, load().calendar))
    return {"rows": profile.rows(tracer.log, population(tracer))}


@click.command("handover")
@click.argument("file", metavar="[LOG]", required=False, type=click.Path(path_type=Path))
@click.option(
    "--by", required=True, help="The attribute of events, or the type of objects, that names the team."
)
@LAYOUT
@ZONE
@click.option("--json", "as_json", is_flag=True)
def handover(*, file: Path | None, by: str, layout: Path | None, zone: str, as_json: bool) -> None:
    """Say how often a case changes hands, who passes on to whom, and which teams pass on most.

    A case is an object of the type most events are of. Without LOG the cases are our own: --by 单位 or 人员.
    """
    from suyuan.actions import eventlogs

    if file:
        found = eventlogs.hand_overs(read(file, layout, zone), by)
    else:
        ours = own(layout, zone)
        from suyuan.actions.own_log import kinds_of_case

        found = eventlogs.hand_overs(ours, by, kinds_of_case())
    answer = {
        "cases": found.cases,
        "mean": found.mean,
        "max": found.most,
        "share_ge3": found.share_many,
        "pairs": [asdict(pair) for pair in found.pairs],
        "teams": [asdict(team) for team in found.teams],
    }
    if as_json:
        emit(answer)
        return
    click.echo(f"{found.cases:,} cases: mean {found.mean:.2f}, max {found.most}, ≥ 3 {found.share_many:.1%}")
    for pair in found.pairs[:20]:
        click.echo(f"{pair.times:8,}  {pair.giver} → {pair.taker}  ({pair.back:,} back)")
