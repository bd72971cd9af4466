"""``suyuan warning``: warnings and the signals behind them, opened, muted; their steps go through case do."""

from datetime import datetime
from typing import Any

import click

from .asking import viewer_of
from .ready import emit, now, ready
from .shapes import COUNT, FLAG, MOMENT, TEXT, TEXTS, many, thing
from .warning_compare import compare

NUMBER = {"type": "number"}
DAY = {"type": "string", "format": "date"}
MAYBE = {"type": ["string", "null"]}
_SIGNAL = {
    "signal": COUNT,
    "detector": TEXT,
    "object": TEXT,
    "level": TEXT,
    "state": TEXT,
    "since": MOMENT,
    "first_seen": MOMENT,
    "last_seen": MOMENT,
    "seen": COUNT,
    "observed": NUMBER,
    "expected": NUMBER,
    "sentence": TEXT,
    "unit": TEXT,
    "category": TEXT,
    "warning": TEXT,
}
_WARNING = {
    "number": TEXT,
    "level": TEXT,
    "detector": TEXT,
    "unit": TEXT,
    "category": TEXT,
    "state": TEXT,
    "handler": TEXT,
    "opened": MOMENT,
    "due": MAYBE,
    "verdict": TEXT,
}
LIST = thing(warnings=many(thing(**_WARNING)))
SIGNALS = thing(signals=many(thing(**_SIGNAL)))
SHOW = thing(
    **_WARNING,
    signals=many(thing(**_SIGNAL, cases=TEXTS, history=many({"type": "object"}))),
    acts=many(thing(seq=COUNT, step={"type": ["integer", "null"]}, by=TEXT, at=MOMENT, evidence=TEXT)),
    proof={"type": ["object", "null"]},
)
OPENED = thing(number=TEXT, joined=FLAG)
MUTED = thing(mute=COUNT)
MUTES = thing(
    mutes=many(
        thing(
            mute=COUNT,
            detector=TEXT,
            object=TEXT,
            unit=TEXT,
            reason=TEXT,
            by=TEXT,
            since=MOMENT,
            until=DAY,
            ended=MAYBE,
        )
    )
)
as_option = click.option("--as", "username", required=True, help="Who does it, and whose reach.")
json_option = click.option("--json", "as_json", is_flag=True)
unit_option = click.option("--unit", default="", help="A unit and those below it.")
detector_option = click.option("--detector", default="", help="Of one detector alone.")
level_option = click.option("--level", default="", help="general, important or urgent.")


@click.group("warning")
def warning() -> None:
    """Signals that were kept, and the warnings opened of them; the steps of a warning go through case do."""
    ready()


warning.add_command(compare)


@warning.command("list")
@as_option
@click.option("--state", default="open", show_default=True, help="open, registered, handling, reviewing, "
              "deciding, late, closed, dismissed or all.")  # fmt: skip
@click.option("--whose", default="", help="mine, or unit for those of my units; without it all in reach.")
@level_option
@detector_option
@unit_option
@json_option
def list_them(*, username: str, state: str, as_json: bool, **asked: str) -> None:
    """List warnings in reach, those late to be acknowledged first."""
    from suyuan.store.queries import listing, warnings

    wanted = warnings.Wanted(state="" if state == "all" else state, **asked)
    found = warnings.listed(viewer_of(username), wanted, now())[: listing.DEEPEST]
    rows = [_told(one) for one in found]
    if as_json:
        emit({"warnings": rows})
        return
    for row in rows:
        click.echo(f"{row['number']}  {row['level']:<9} {row['state']:<10} {row['unit']}  {row['detector']}")


@warning.command("signals")
@as_option
@click.option("--state", default="open", show_default=True, help="open, muted, over or all.")
@level_option
@detector_option
@unit_option
@json_option
def signals(*, username: str, state: str, as_json: bool, **asked: str) -> None:
    """List signals in reach, the most urgent first."""
    from suyuan.store.queries import listing
    from suyuan.store.queries import signals as kept

    wanted = kept.Wanted(state="" if state == "all" else state, **asked)
    rows = [_signal(one) for one in kept.listed(viewer_of(username), wanted)[: listing.DEEPEST]]
    if as_json:
        emit({"signals": rows})
        return
    for row in rows:
        click.echo(f"{row['signal']}  {row['level']:<9} {row['state']:<5} {row['unit']}  {row['sentence']}")


@warning.command("show")
@click.argument("number")
@as_option
@json_option
def show(*, number: str, username: str, as_json: bool) -> None:
    """Show one warning: its signals with their history, what was done, and its proof."""
    from suyuan.store.queries import cases, warnings
    from suyuan.store.queries.told import iso

    viewer = viewer_of(username)
    found = warnings.one(viewer, number)
    mine = warnings.signals_of(found)
    behind = cases.seen(viewer, {each for one in mine for each in one.cases})
    row = _told(found) | {
        "signals": [
            _signal(one) | {"cases": [each for each in one.cases if each in behind], "history": one.history}
            for one in mine
        ],
        "acts": [
            {"seq": one.seq, "step": one.step, "by": one.by, "at": iso(one.at), "evidence": one.evidence}
            for one in warnings.acts(found)
        ],
        "proof": found.proof,
    }
    if as_json:
        emit(row)
        return
    click.echo(f"{row['number']}  {row['level']}  {row['state']}  {row['unit']}")
    for one in row["signals"]:
        click.echo(f"  {one['state']:<5} {one['sentence']}")


@warning.command("open")
@click.argument("signal", type=int)
@as_option
@click.option("--note", default="", help="A word to whoever gets it.")
@json_option
def open_one(*, signal: int, username: str, note: str, as_json: bool) -> None:
    """Open a warning of a SIGNAL that opens none by itself; where one of the same is open it joins that."""
    from suyuan.actions.warn import opening

    actor = viewer_of(username).actor
    opened = opening.open_warning(signal=signal, actor=actor, note=note, now=now())
    if as_json:
        emit({"number": opened.number, "joined": opened.joined})
    else:
        click.echo(opened.number)


@warning.command("mute")
@as_option
@click.option("--unit", required=True, help="Of signals of this unit and those below it.")
@click.option("--detector", default="", help="Of one detector alone.")
@click.option("--object", "thing_", default="", help="About one object alone, as signals name it.")
@click.option(
    "--reason", required=True, help="known_cause, planned_work, project_filed, bad_record, too_many."
)
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), required=True, help="The last day.")
@click.option("--note", required=True, help="Why, in words.")
@json_option
def mute(*, username: str, as_json: bool, until: datetime, **asked: str) -> None:
    """Keep signals from opening warnings until a day, for a reason."""
    from suyuan.actions.warn import muting

    what = muting.What(asked["unit"], asked["detector"], asked["thing_"])
    form = {"reason": asked["reason"], "mute_until": f"{until:%Y-%m-%d}", "note": asked["note"]}
    made = muting.mute(actor=viewer_of(username).actor, what=what, form=form, now=now())
    emit({"mute": made}) if as_json else click.echo(str(made))


@warning.command("unmute")
@click.argument("mute", type=int)
@as_option
@json_option
def unmute(*, mute: int, username: str, as_json: bool) -> None:
    """End a MUTE before its day."""
    from suyuan.actions.warn import muting

    muting.unmute(actor=viewer_of(username).actor, mute=mute, now=now())
    emit({"mute": mute}) if as_json else click.echo(str(mute))


@warning.command("mutes")
@as_option
@click.option("--state", default="held", show_default=True, help="held, ended or all.")
@detector_option
@unit_option
@json_option
def list_mutes(*, username: str, state: str, as_json: bool, **asked: str) -> None:
    """List the mutes of units in reach, those that end first before the others."""
    from suyuan.store.queries import mutes
    from suyuan.store.queries.told import iso

    wanted = mutes.Wanted("" if state == "all" else state, **asked)
    rows = [
        {
            "mute": one.pk,
            "detector": one.detector,
            "object": one.object,
            "unit": one.unit.code,
            "reason": one.reason,
            "by": one.muted_by,
            "since": iso(one.since),
            "until": one.until.isoformat(),
            "ended": iso(one.ended_at),
        }
        for one in mutes.listed(viewer_of(username), wanted, now())
    ]
    if as_json:
        emit({"mutes": rows})
        return
    for row in rows:
        click.echo(f"{row['mute']}  {row['until']}  {row['unit']}  {row['detector']} {row['object']}")


def _told(one: Any) -> dict[str, Any]:
    from suyuan.store.queries.told import iso

    case = one.case
    return {
        "number": case.number,
        "level": case.level,
        "detector": one.detector,
        "unit": case.unit.code,
        "category": case.category,
        "state": case.state,
        "handler": case.handler,
        "opened": iso(case.accepted_at),
        "due": iso(case.next_due_at),
        "verdict": one.verdict,
    }


def _signal(one: Any) -> dict[str, Any]:
    from suyuan.actions.detecting.sentences import standing, worded
    from suyuan.store.queries.told import iso

    return {
        "signal": one.pk,
        "detector": one.detector,
        "object": one.object,
        "level": one.level,
        "state": one.state,
        "since": iso(one.since),
        "first_seen": iso(one.first_seen),
        "last_seen": iso(one.last_seen),
        "seen": one.seen,
        "observed": one.observed,
        "expected": one.expected,
        "sentence": worded(standing(one, now()), one.facts),
        "unit": one.unit.code,
        "category": one.category,
        "warning": one.warning.case.number if one.warning else "",
    }
