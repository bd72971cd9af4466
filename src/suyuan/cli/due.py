"""``suyuan due``: when does a limit fall due?"""

import json
from datetime import date, datetime

import click

from suyuan.domain import worktime
from suyuan.domain.errors import BadInput
from suyuan.domain.rulebook import Limit, Rulebook
from suyuan.domain.worktime import Calendar, Span

from .opened import opened, unless_wrong

SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "required": ["limit", "due", "provisional", "basis", "certainty"],
    "properties": {
        "limit": {"type": "string"},
        "due": {"type": "string", "format": "date-time"},
        "provisional": {"type": "boolean"},
        "basis": {"type": "string"},
        "certainty": {"enum": ["Q", "Q2", "S", "memory", "I", "confirmed"]},
    },
}


@click.command("due")
@click.option("--limit", "limit_id", required=True, help="Id of the limit, e.g. complaint.answer.")
@click.option(
    "--start", required=True, help="Moment the clock starts, ISO 8601; local time without an offset."
)
@click.option("--suspend", "suspended", multiple=True, help="A pause, ISO/ISO; may be given several times.")
@click.option(
    "--on", "on_day", help="Take the rule in force on this day (default: the local day of --start)."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_context
@unless_wrong
def due(
    ctx: click.Context,
    limit_id: str,
    start: str,
    suspended: tuple[str, ...],
    on_day: str | None,
    as_json: bool,
) -> None:
    """Print when a limit falls due from a start, with its basis and how sure it is."""
    rules = opened(ctx)
    begins = moment(start, "start", rules.calendar)
    limit = in_force(rules, limit_id, day(on_day) if on_day else begins.date())
    spans = [span(one, rules.calendar) for one in suspended]
    found = worktime.due(begins, limit.amount, limit.unit, limit.count, rules.calendar, spans)
    answer = {
        "limit": limit.id,
        "due": rules.calendar.local(found.at).isoformat(),
        "provisional": found.provisional,
        "basis": limit.basis,
        "certainty": limit.certainty.value,
    }
    if as_json:
        click.echo(json.dumps(answer, ensure_ascii=False))
        return
    mark = "  (provisional)" if found.provisional else ""
    click.echo(f"{answer['due']}{mark}\n{limit.title.zh} · {limit.basis} [{limit.certainty.value}]")


def in_force(rules: Rulebook, limit_id: str, on: date) -> Limit:
    """Return the limit in force on a day; raise BadInput naming the days it was."""
    if limit := rules.limit(limit_id, on):
        return limit
    spans = [f"{one.in_force_from}/{one.in_force_until or '..'}" for one in rules.limits[limit_id]]
    raise BadInput("no_rule_in_force", limit=limit_id, on=on.isoformat(), in_force=spans)


def moment(text: str, option: str, calendar: Calendar) -> datetime:
    """Return a moment in the calendar's zone; a day without a time of day is no moment."""
    try:
        parsed = datetime.fromisoformat(text)
    except ValueError:
        raise BadInput("bad_moment", option=option, value=text) from None
    if ":" not in text:
        raise BadInput("bad_moment", option=option, value=text)
    return parsed.replace(tzinfo=calendar.zone) if parsed.tzinfo is None else calendar.local(parsed)


def span(text: str, calendar: Calendar) -> Span:
    """Return a pause written ISO/ISO."""
    first, slash, last = text.partition("/")
    if not slash:
        raise BadInput("bad_span", option="suspend", value=text)
    return moment(first, "suspend", calendar), moment(last, "suspend", calendar)


def day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadInput("bad_day", option="on", value=text) from None
