"""``suyuan campaign``: goals pursued together, with the complaints of each day against the baseline."""

from pathlib import Path
from typing import Any

import click

from .asking import form_in, form_option, viewer_of
from .ready import emit, now, ready
from .shapes import COUNT, FLAG, TEXT, many, thing

ONE = {
    "campaign": COUNT,
    "goal": TEXT,
    "unit": TEXT,
    "categories": many(TEXT),
    "baseline": thing(since=TEXT, days=COUNT, n=COUNT),
    "starts_on": TEXT,
    "ends_on": TEXT,
    "closed": FLAG,
    "reached": {"type": ["boolean", "null"]},
}
LIST = thing(campaigns=many(thing(**ONE, improvements=COUNT)))
SHOW = thing(
    **ONE,
    conclusion=TEXT,
    days=many(thing(day=TEXT, n=COUNT, total=COUNT, expected={"type": "number"})),
    improvements=many(thing(number=TEXT, kind=TEXT, unit=TEXT, state=TEXT)),
)
DONE = thing(campaign=COUNT)

as_option = click.option("--as", "username", required=True, help="Who does it, and whose reach.")
json_option = click.option("--json", "as_json", is_flag=True)


@click.group("campaign")
def campaign() -> None:
    """Campaigns: one goal, one unit, complaints against a baseline."""
    ready()


@campaign.command("list")
@as_option
@click.option("--state", default="open", show_default=True, help="open, closed or all.")
@json_option
def list_them(*, username: str, state: str, as_json: bool) -> None:
    """List campaigns, those that end next first."""
    from suyuan.store.queries import campaigns, listing

    rows = campaigns.listed(viewer_of(username), "" if state == "all" else state)[: listing.DEEPEST]
    found = [{**_told(one), "improvements": one.improvements} for one in rows]  # type: ignore[attr-defined]
    if as_json:
        emit({"campaigns": found})
        return
    if not found:
        which = "" if state == "all" else f"{state} "
        click.echo(f"no {which}campaigns in reach: suyuan campaign open --form FILE begins one")
    for one in found:
        click.echo(f"{one['campaign']}  {one['starts_on']} {one['ends_on']}  {one['unit']}  {one['goal']}")


@campaign.command("show")
@click.argument("number", type=int)
@as_option
@json_option
def show(*, number: int, username: str, as_json: bool) -> None:
    """Show a campaign: each day beside the baseline, and its improvements."""
    from suyuan.store.queries import campaigns

    viewer = viewer_of(username)
    one = campaigns.campaign(viewer, number)
    days = [
        {"day": each.day.isoformat(), "n": each.n, "total": each.total, "expected": each.expected}
        for each in campaigns.days(one, now())
    ]
    if as_json:
        entries = [
            {"number": e.case.number, "kind": e.kind, "unit": e.case.unit.code, "state": e.case.state}
            for e in campaigns.improvements(viewer, one)
        ]
        emit({**_told(one), "conclusion": one.conclusion, "days": days, "improvements": entries})
        return
    click.echo(f"{one.goal}  {one.baseline} / {one.span.baseline_days} d")
    for day in days:
        click.echo(f"{day['day']}  {day['n']:>5}  {day['total']:>6}  {day['expected']:>9.2f}")


@campaign.command("open")
@as_option
@form_option("goal, unit, baseline_from, starts_on, ends_on, and assess_group or category")
@json_option
def begin(*, username: str, form_file: Path, as_json: bool) -> None:
    """Open a campaign; its baseline is counted now."""
    from suyuan.actions import campaign as actions

    number = actions.open_campaign(viewer=viewer_of(username), form=form_in(form_file), now=now())
    emit({"campaign": number}) if as_json else click.echo(number)


@campaign.command("add")
@click.argument("number", type=int)
@click.argument("improvement")
@as_option
@json_option
def add(*, number: int, improvement: str, username: str, as_json: bool) -> None:
    """Let an entry of the improvement register belong to a campaign."""
    from suyuan.actions import campaign as actions

    given = {"improvement": improvement}
    actions.add_improvement(viewer=viewer_of(username), campaign=number, form=given, now=now())
    emit({"campaign": number}) if as_json else click.echo(number)


@campaign.command("close")
@click.argument("number", type=int)
@as_option
@form_option("goal_reached and conclusion")
@json_option
def close(*, number: int, username: str, form_file: Path, as_json: bool) -> None:
    """Close a campaign with what it came to."""
    from suyuan.actions import campaign as actions

    actions.close_campaign(viewer=viewer_of(username), campaign=number, form=form_in(form_file), now=now())
    emit({"campaign": number}) if as_json else click.echo(number)


def _told(one: Any) -> dict[str, Any]:
    since = one.baseline_from.isoformat()
    return {
        "campaign": one.pk,
        "goal": one.goal,
        "unit": one.unit.code,
        "categories": one.categories,
        "baseline": {"since": since, "days": one.span.baseline_days, "n": one.baseline},
        "starts_on": one.starts_on.isoformat(),
        "ends_on": one.ends_on.isoformat(),
        "closed": one.closed_at is not None,
        "reached": one.reached,
    }
