"""``suyuan firstmoves``: whom each desk calls this morning, and what the calls do."""

from datetime import date, datetime
from typing import Any

import click

from .asking import viewer_of
from .ready import emit, now, ready
from .shapes import COUNT, FLAG, PERHAPS_NUMBER, TEXT, TEXTS, many, thing

DAY = {"type": "string", "format": "date"}
MAYBE = {"type": ["string", "null"]}
NUMBER = {"type": "number"}
SCHEMA = thing(
    day=DAY,
    made=FLAG,
    why={"enum": ["", "rest_day", "not_yet", "not_made", "nobody"]},
    last={"type": ["string", "null"], "format": "date"},
    lists=many(thing(unit=TEXT, name=TEXT, listed=COUNT, done=COUNT, unfinished=COUNT)),
    moves=many(
        thing(
            move=COUNT,
            unit=TEXT,
            place=COUNT,
            score=NUMBER,
            state={"enum": ["open", "taken", "done", "expired"]},
            due=MAYBE,
            promise=TEXT,
            case=TEXT,
            reasons=many(
                thing(code=TEXT, source=TEXT, level=TEXT, detector=TEXT, case=TEXT, facts={"type": "object"})
            ),
            why=TEXTS,
            say=TEXT,
            outcome=TEXT,
        )
    ),
)
ARM = thing(complained=COUNT, of=COUNT, share=PERHAPS_NUMBER)
FOUND = {
    "listed": ARM,
    "held_out": ARM,
    "difference": PERHAPS_NUMBER,
    "low": PERHAPS_NUMBER,
    "high": PERHAPS_NUMBER,
    "level": NUMBER,
    "verdict": {"enum": ["fewer", "more", "unclear"]},
    "detectable": PERHAPS_NUMBER,
}
EFFECT = thing(
    share=NUMBER,
    days=COUNT,
    so_far=thing(listed=COUNT, held_out=COUNT, undrawn=COUNT, entries=COUNT, called=COUNT, reached=COUNT),
    drawn_share=PERHAPS_NUMBER,
    all=thing(**FOUND),
    desks=many(thing(unit=TEXT, **FOUND)),
    weeks=many(thing(**{"from": DAY, "listed": ARM, "held_out": ARM})),
)


@click.group("firstmoves", invoke_without_command=True)
@click.option("--date", "day", type=click.DateTime(["%Y-%m-%d"]), help="Which day; today unless told.")
@click.option("--unit", default="", help="A desk and those below it.")
@click.option("--as", "username", default="", help="Whose reach; without, this machine's owner.")
@click.option("--json", "as_json", is_flag=True)
@click.pass_context
def firstmoves(
    ctx: click.Context, /, *, day: datetime | None, unit: str, username: str, as_json: bool
) -> None:
    """List whom each desk calls before they call; today's lists are made if they are not yet."""
    if ctx.invoked_subcommand:
        return
    ready()
    from suyuan.actions import firstmoves as verbs
    from suyuan.store import rules
    from suyuan.store.queries import firstmoves as queries
    from suyuan.store.queries import moves_day

    at = now()
    today = rules.local_day(at)
    asked: date = moves_day.not_ahead(day.date(), at) if day else today
    if asked == today:
        verbs.make_lists(day=today, now=at)
    viewer = viewer_of(username) if username else None
    moves = [_told(one) for one in queries.listed(viewer, asked, unit=unit)]
    lists = [
        {"unit": one.unit.code, "name": one.unit.name}
        | {name: getattr(one, name) for name in ("listed", "done", "unfinished")}
        for one in queries.lists(viewer, asked, unit)
    ]
    why = moves_day.why_empty(viewer, asked, at, unit)
    last = queries.last_day(viewer, asked)
    if as_json:
        told = {"day": asked.isoformat(), "made": moves_day.made(asked), "why": why.code if why else ""}
        emit(told | {"last": last.isoformat() if last else None, "lists": lists, "moves": moves})
        return
    if why:
        click.echo(f"{asked} {rules.label('move_why', why.code, 'zh')}", err=True)
        if last and last != asked:
            click.echo(f"suyuan firstmoves --date {last}", err=True)
    for each in moves:
        click.echo(f"{each['unit']}  {each['place']:>2}  {each['case']}  {' → '.join(each['why'])}")


def _told(one: Any) -> dict[str, Any]:
    from suyuan.actions.firstmoves.words import promise
    from suyuan.actions.firstmoves.words import words as worded

    words = worded(one.reasons, one.list.day, "zh")
    names = ("code", "source", "level", "detector", "case", "facts")
    return {
        "move": one.pk,
        "unit": one.list.unit.code,
        "place": one.place,
        "score": one.score,
        "state": one.state,
        "due": one.due_at,
        "promise": promise(one.reasons, "zh"),
        "case": one.case.number if one.case else "",
        "reasons": [{name: each[name] for name in names} for each in one.reasons],
        "why": list(words.why),
        "say": words.say,
        "outcome": one.outcome,
    }


@firstmoves.command("effect")
@click.option("--as", "username", default="", help="Whose reach; without, this machine's owner.")
@click.option("--json", "as_json", is_flag=True)
def effect(*, username: str, as_json: bool) -> None:
    """Tell if those on the lists complained less than those held out, over all and desk by desk."""
    ready()
    from suyuan.store.queries import moves_effect

    found = moves_effect.report(viewer_of(username) if username else None, now())
    if as_json:
        emit(found.told())
        return
    of = found.whole
    click.echo(f"{of.verdict}  {of.listed.n}/{of.listed.of}  {of.held.n}/{of.held.of}")
