"""``suyuan filing``: what is filed ahead, what a customer is told, a new filing."""

from pathlib import Path

import click

from .asking import form_in, form_option, viewer_of
from .ready import emit, now, ready
from .shapes import MOMENT, PERHAPS_MOMENT, TEXT, many, thing

_FILING = {
    "number": TEXT,
    "kind": TEXT,
    "unit": TEXT,
    "line": TEXT,
    "area": TEXT,
    "state": TEXT,
    "counts_from": MOMENT,
    "counts_until": MOMENT,
    "script": TEXT,
}
LIST = thing(filings=many(thing(**_FILING, suspended_until=PERHAPS_MOMENT)))
_ANSWER = thing(number=TEXT, state=TEXT, valid_until=MOMENT, script=TEXT)
TOLD = thing(number=TEXT, filings=many(thing(**_FILING)), answers=many(_ANSWER))
FILED = thing(number=TEXT)


@click.group("filing")
def filing() -> None:
    """Bad weather and known constraints filed ahead, and what agents say of them."""
    ready()


@filing.command("list")
@click.option("--as", "username", required=True, help="Whose reach.")
@click.option("--state", default="in_force", show_default=True, help="in_force, waiting, over or all.")
@click.option("--unit", default="", help="A unit and those below it.")
@click.option("--json", "as_json", is_flag=True)
def list_them(*, username: str, state: str, unit: str, as_json: bool) -> None:
    """List filings, those that end next first."""
    from suyuan.store.queries import filings, listing

    wanted = filings.Wanted("" if state == "all" else state, unit)
    rows = list(filings.listed(viewer_of(username), wanted)[: listing.DEEPEST])
    found = [{**_told(one), "suspended_until": until} for one, until in filings.with_bans(rows)]
    emit({"filings": found}) if as_json else _print(found)


@filing.command("told")
@click.argument("number")
@click.option("--as", "username", required=True, help="Whose reach.")
@click.option("--json", "as_json", is_flag=True)
def told(*, number: str, username: str, as_json: bool) -> None:
    """Show what to say to the customer of a case: filings that count where it is supplied, final answers."""
    from suyuan.store.queries import cases, filings, final_answers

    viewer, at = viewer_of(username), now()
    case = cases.get(viewer, number)
    found = [_told(one.filing) for one in filings.told_at(viewer, [filings.place_of(case)], at)]
    answers = [_answer(one) for one in final_answers.told_on(viewer, case, at)]
    if as_json:
        emit({"number": number, "filings": found, "answers": answers})
        return
    _print(found)
    for one in answers:
        click.echo(f"{one['number']}  {one['state']:<9} {one['valid_until']}  {one['script']}")


@filing.command("register")
@click.option("--as", "username", required=True, help="Who does it.")
@form_option("situation, filing_kind, unit, counts_from, counts_until, script, evidence; line, area")
@click.option("--json", "as_json", is_flag=True)
def put(*, username: str, form_file: Path, as_json: bool) -> None:
    """File something ahead, to be approved at two levels."""
    from suyuan.actions import filing as actions

    number = actions.file(actor=viewer_of(username).actor, form=form_in(form_file), now=now())
    emit({"number": number}) if as_json else click.echo(number)


def _told(one) -> dict[str, object]:  # type: ignore[no-untyped-def]
    case = one.case
    own = {
        name: getattr(one, name) for name in ("kind", "line", "area", "counts_from", "counts_until", "script")
    }
    return {"number": case.number, "unit": case.unit.code, "state": case.state, **own}


def _answer(one) -> dict[str, object]:  # type: ignore[no-untyped-def]
    case = one.case
    return {
        "number": case.number,
        "state": case.state,
        "valid_until": one.valid_until,
        "script": one.script,
    }


def _print(found: list[dict[str, object]]) -> None:
    for one in found:
        click.echo(f"{one['number']}  {one['state']:<9} {one['kind']:<10} {one['unit']}  {one['script']}")
