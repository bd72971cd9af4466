"""``suyuan veto``: what keeps units and people from rewards, and who may be rewarded in a period."""

import click

from .asking import viewer_of
from .ready import emit, now, ready
from .shapes import COUNT, FLAG, TEXT, many, thing

_DAY = {"type": ["string", "null"], "format": "date"}
LIST = thing(
    vetoes=many(
        thing(number=TEXT, unit=TEXT, person=TEXT, reason=TEXT, begins_on=_DAY, until_on=_DAY, state=TEXT)
    )
)
ELIGIBLE = thing(
    period=TEXT,
    teams=many(
        thing(
            unit=TEXT,
            name=TEXT,
            eligible=FLAG,
            veto=TEXT,
            complaints=COUNT,
            days={"type": ["integer", "null"]},
            signs={"type": "object", "additionalProperties": COUNT},
        )
    ),
)


@click.group("veto")
def veto() -> None:
    """Vetoes of rewards: proposed and signed on cases, over with their day."""
    ready()


@veto.command("list")
@click.option("--as", "username", required=True, help="Whose reach.")
@click.option("--show", default="standing", show_default=True, help="standing, waiting, over or all.")
@click.option("--unit", default="", help="A unit and those below it.")
@click.option("--json", "as_json", is_flag=True)
def list_them(*, username: str, show: str, unit: str, as_json: bool) -> None:
    """List vetoes, the newest first."""
    from suyuan.store import rules
    from suyuan.store.queries import listing, vetoes

    today = rules.local_day(now())
    wanted = "" if show == "all" else show
    rows = vetoes.listed(viewer_of(username), wanted, unit, today)[: listing.DEEPEST]
    found = [
        {
            "number": one.case.number,
            "unit": one.unit.code,
            "person": one.person,
            "reason": one.reason,
            "begins_on": one.begins_on.isoformat() if one.begins_on else None,
            "until_on": one.until_on.isoformat(),
            "state": one.case.state,
        }
        for one in rows
    ]
    if as_json:
        emit({"vetoes": found})
        return
    for row in found:
        click.echo("  ".join(str(value) for value in row.values()))


@veto.command("eligible")
@click.option("--as", "username", required=True, help="Whose reach.")
@click.option("--period", required=True, help="2025-Q4, 2025-10, 2025-W40 or 2025.")
@click.option("--json", "as_json", is_flag=True)
def eligible(*, username: str, period: str, as_json: bool) -> None:
    """Tell which teams may be rewarded in a period, and what speaks against their silence."""
    from suyuan.analytics import period as periods
    from suyuan.store import rules
    from suyuan.store.queries import ledger, vetoes

    span, today = ledger.whole(periods.parse(period)), rules.local_day(now())
    teams = [
        {
            "unit": one.unit.code,
            "name": one.unit.name,
            "eligible": one.eligible,
            "veto": one.veto.case.number if one.veto else "",
            "complaints": one.complaints,
            "days": one.silence.days(today),
            "signs": dict(one.silence.signs),
        }
        for one in vetoes.candidates(span, list(vetoes.teams(viewer_of(username))))
    ]
    if as_json:
        emit({"period": span.label, "teams": teams})
        return
    for team in teams:
        click.echo(
            f"{team['unit']}  {'yes' if team['eligible'] else 'no '}  {team['complaints']}  {team['name']}"
        )
