"""``suyuan appeal``: the conditions, seals and decisions of appeals; their steps go through ``case do``."""

from typing import TYPE_CHECKING

import click

from .asking import viewer_of
from .ready import emit, now, ready
from .shapes import COUNT, FLAG, PERHAPS_MOMENT, TEXT, many, thing

if TYPE_CHECKING:
    from suyuan.domain.appeal import Condition

_OUTCOME = {"enum": ["open", "upheld", "refused"]}
_CONDITION = thing(code=TEXT, met=FLAG, binding=FLAG, said=TEXT)
SHOW = thing(
    number=TEXT,
    case=TEXT,
    state=TEXT,
    ground=TEXT,
    evidence=TEXT,
    conditions=many(_CONDITION),
    seals=many(thing(level=TEXT, sealed_on=TEXT, by=TEXT)),
    decisions=many(thing(final=FLAG, upheld=FLAG, by=TEXT, at=PERHAPS_MOMENT)),
    outcome=_OUTCOME,
)
CHECK = thing(case=TEXT, conditions=many(_CONDITION))
LIST = thing(
    units=many(thing(unit=TEXT, filed=COUNT, upheld=COUNT, refused=COUNT, open=COUNT)),
    appeals=many(thing(number=TEXT, case=TEXT, unit=TEXT, ground=TEXT, state=TEXT, outcome=_OUTCOME)),
)
as_option = click.option("--as", "username", required=True, help="Whose reach.")
json_option = click.option("--json", "as_json", is_flag=True)


@click.group("appeal")
def appeal() -> None:
    """Appeals: what they rest on, and what became of them."""
    ready()


def _outcome(found: object) -> str:
    if True in (found.first_upheld, found.final_upheld):  # type: ignore[attr-defined]
        return "upheld"
    return "open" if found.case.is_open else "refused"  # type: ignore[attr-defined]


def _conditions(checked: "tuple[Condition, ...]") -> list[dict[str, object]]:
    return [{"code": one.code, "met": one.met, "binding": one.binding, "said": one.said} for one in checked]


@appeal.command("show")
@click.argument("number")
@as_option
@json_option
def show(*, number: str, username: str, as_json: bool) -> None:
    """Show an appeal: each condition, the seals, the decisions."""
    from suyuan.domain.errors import Refused
    from suyuan.store.queries import appeals, cases

    case = cases.get(viewer_of(username), number)
    if case.procedure != "appeal":
        raise Refused("not_found", number=number)
    found = appeals.of(case)
    told = (
        (False, found.first_upheld, found.first_by, found.first_at),
        (True, found.final_upheld, found.final_by, found.final_at),
    )
    shown = {
        "number": number,
        "case": case.parent_number,
        "state": case.state,
        "ground": found.ground,
        "evidence": found.evidence,
        "conditions": _conditions(appeals.checked(cases.unscoped(case.parent_number), now(), found)),
        "seals": [
            {"level": one.level, "sealed_on": one.sealed_on.isoformat(), "by": one.put_by}
            for one in appeals.seals_of([found])[found.pk]
        ],
        "decisions": [
            {"final": final, "upheld": upheld, "by": by, "at": at.isoformat()}
            for final, upheld, by, at in told
            if at is not None
        ],
        "outcome": _outcome(found),
    }
    _print(shown, as_json=as_json)


@appeal.command("check")
@click.argument("number")
@as_option
@json_option
def check(*, number: str, username: str, as_json: bool) -> None:
    """Check the conditions of an appeal that could be filed on a case now."""
    from suyuan.store.queries import appeals, cases

    case = cases.get(viewer_of(username), number)
    _print({"case": number, "conditions": _conditions(appeals.checked(case, now()))}, as_json=as_json)


def _print(shown: dict[str, object], *, as_json: bool) -> None:
    if as_json:
        emit(shown)
        return
    for name, value in shown.items():
        if not isinstance(value, list):
            click.echo(f"{name:<12}{value}")
            continue
        for each in value:
            click.echo(f"{name:<12}" + "  ".join(f"{key} {said}" for key, said in each.items()))


@appeal.command("list")
@as_option
@click.option("--unit", default="", help="A unit and those below it.")
@click.option("--show", default="open", show_default=True, help="open, upheld, refused or all.")
@json_option
def list_them(*, username: str, unit: str, show: str, as_json: bool) -> None:
    """List appeals, the newest first, with what became of those of each unit."""
    from suyuan.store.queries import appeals, listing

    viewer = viewer_of(username)
    wanted = appeals.Wanted("" if show == "all" else show, unit)
    found = [
        {
            "number": one.case.number,
            "case": one.case.parent_number,
            "unit": one.case.unit.code,
            "ground": one.ground,
            "state": one.case.state,
            "outcome": _outcome(one),
        }
        for one in appeals.listed(viewer, wanted)[: listing.DEEPEST]
    ]
    units = [
        {"unit": one.unit, "filed": one.filed, "upheld": one.upheld, "refused": one.refused, "open": one.open}
        for one in appeals.tallies(viewer, unit)
    ]
    if as_json:
        emit({"units": units, "appeals": found})
        return
    for each in (*units, *found):
        click.echo("  ".join(f"{name} {value}" for name, value in each.items()))
