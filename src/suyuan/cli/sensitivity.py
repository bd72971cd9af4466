"""``suyuan sensitivity``: which accounts feel an outage most, and in which order to repair."""

from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from .asking import viewer_of
from .detect import moment_asked
from .ready import emit, ready
from .shapes import COUNT, MOMENT, PERHAPS_NUMBER, TEXT, TEXTS, many, thing

if TYPE_CHECKING:
    from suyuan.analytics.sensitivity.priority import Ranked

_NUMBER = {"type": "number"}
_NUMBERS = {"type": "object", "additionalProperties": _NUMBER}
_REASON = thing(code=TEXT, n=_NUMBER, points=_NUMBER)
_REPAIR = thing(
    line=TEXT,
    area=TEXT,
    unit=TEXT,
    since=MOMENT,
    cases=TEXTS,
    affected=COUNT,
    sensitive=COUNT,
    flags=_NUMBERS,
    points=_NUMBER,
    reasons=many(_REASON),
)
_CAUGHT = thing(exposed=COUNT, called=COUNT, same_period=_NUMBER, earlier=_NUMBER, learned=PERHAPS_NUMBER)
SCHEMA = thing(
    as_of=MOMENT,
    accounts=COUNT,
    calls=COUNT,
    sensitive=COUNT,
    weights=_NUMBERS,
    caught={"anyOf": [_CAUGHT, {"type": "null"}]},
    repairs=many(_REPAIR),
)


@click.command("sensitivity")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="As it was known at the end of this day.")
@click.option("--as", "username", required=True, help="Whose reach.")
@click.option("--json", "as_json", is_flag=True)
def sensitivity(*, as_of: datetime | None, username: str, as_json: bool) -> None:
    """Score all accounts by their calls, say how much of that leaks, and put open repairs in order.

    ``caught`` is which part of those who called in an outage the top part holds: with the very calls, with
    earlier ones alone, and learned (docs/methods/sensitivity.md).
    """
    ready()
    from suyuan.analytics.sensitivity import entropy, leakage
    from suyuan.analytics.sensitivity.features import NAMES
    from suyuan.store import rules
    from suyuan.store.queries import sensitivity as queries

    viewer, at = viewer_of(username), moment_asked(as_of)
    held = queries.known(at)
    score = queries.scored(held, at)
    terms = rules.rulebook().figures["sensitivity.model"][-1].terms
    caught = leakage.measured(held.home, queries.days(at), terms["days"], terms["top"])
    told: dict[str, Any] = {
        "as_of": at,
        "accounts": len(held.indexes),
        "calls": len(held.home.calls.day),
        "sensitive": int(entropy.sensitive(score.score, terms["top"]).sum()),
        "weights": dict(zip(NAMES, score.weight.tolist(), strict=True)),
        "caught": caught._asdict() if caught else None,
        "repairs": [_told(one) for one in queries.order(viewer, queries.places(held, score), at)],
    }
    emit(told) if as_json else _say(told)


def _told(one: "Ranked") -> dict[str, object]:
    reasons = [asdict(reason) for reason in one.reasons]
    return {**asdict(one.place), "points": one.points, "reasons": reasons}


def _say(told: dict[str, Any]) -> None:
    click.echo(f"{told['accounts']} accounts, {told['sensitive']} sensitive; {told['caught']}")
    for one in told["repairs"]:
        why = ", ".join(f"{each['code']} {each['n']:.1f}" for each in one["reasons"])
        click.echo(f"{one['points']:8.1f}  {one['line']} {one['area']} {' '.join(one['cases'])}: {why}")
