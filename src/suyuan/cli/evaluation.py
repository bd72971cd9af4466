"""``suyuan themes``, ``suyuan assess``: what customers bring up too often, and the orders about it."""

from datetime import datetime
from typing import Any

import click

from .asking import viewer_of
from .ready import emit, now, ready
from .shapes import COUNT, FLAG, TEXT, TEXTS, many, thing

DAY = {"type": "string", "format": "date"}
NUMBER = {"type": "number"}
as_option = click.option("--as", "username", required=True, help="Whose reach.")
json_option = click.option("--json", "as_json", is_flag=True)
_EFFECT = {"type": ["object", "null"]}
THEMES = thing(
    first=DAY,
    last=DAY,
    themes=many(
        thing(
            theme=TEXT,
            kind=TEXT,
            level=TEXT,
            unit=TEXT,
            place=TEXT,
            n=COUNT,
            days=COUNT,
            before=COUNT,
            expected=NUMBER,
            ratio=NUMBER,
            low=NUMBER,
            high=NUMBER,
            q=NUMBER,
            against=TEXT,
            technical=FLAG,
            open=TEXT,
            cases=TEXTS,
        )
    ),
)
OPENED = thing(number=TEXT, joined=FLAG)
LIST = thing(
    orders=many(
        thing(
            number=TEXT,
            subject=TEXT,
            kind=TEXT,
            level=TEXT,
            place=TEXT,
            unit=TEXT,
            state=TEXT,
            conclusion=TEXT,
            figures={"type": "object"},
            effect=_EFFECT,
        )
    )
)


def _found(username: str, at: datetime) -> list[dict[str, Any]]:
    """Return the themes past their threshold at places in reach, each with the contacts behind it."""
    from suyuan.analytics import themes as method
    from suyuan.gateways.engine import open_duckdb
    from suyuan.store import lake
    from suyuan.store.queries import themes

    viewer, span = viewer_of(username), themes.span(at)
    lake.refresh()
    with open_duckdb(lake.folder()) as engine:
        tables = engine.tables()
        found = method.find(tables, span, themes.threshold())
        return [
            {
                "theme": one,
                "about": themes.about(one, span, method.numbers(tables, span, one.name, themes.BEHIND)),
            }
            for one in found
            if viewer.sees(one.name.unit_path)
        ]


@click.command("themes")
@as_option
@json_option
def themes(*, username: str, as_json: bool) -> None:
    """List what customers of a place bring up more often than elsewhere, or than they used to."""
    ready()
    from suyuan.store.queries import evaluations
    from suyuan.store.queries import themes as rulebook

    at = now()
    span, found = rulebook.span(at), _found(username, at)
    standing = evaluations.open_keys([each["about"].key for each in found])
    rows = [_told(each, standing) for each in found]
    if as_json:
        emit({"first": span.first.isoformat(), "last": span.last.isoformat(), "themes": rows})
        return
    for row in rows:
        click.echo(f"{row['theme']}  {row['n']} / {row['expected']:.1f}  q {row['q']:.4f}  {row['open']}")


def _told(each: dict[str, Any], standing: dict[str, str]) -> dict[str, Any]:
    from suyuan.store.queries import themes as rulebook

    one, about = each["theme"], each["about"]
    names = ("n", "days", "before", "expected", "ratio", "low", "high", "q", "against")
    return {
        "theme": one.name.key,
        "kind": about.kind,
        "level": about.level,
        "unit": about.unit,
        "place": about.place,
        **{name: about.figures[name] for name in names},
        "technical": rulebook.is_technical(about.kind),
        "open": standing.get(about.key, ""),
        "cases": list(about.cases),
    }


@click.group("assess")
def assess() -> None:
    """Technical assessment orders: opened about a theme, listed; their steps go through case do."""
    ready()


@assess.command("open")
@click.argument("theme")
@as_option
@click.option("--note", default="", help="A word to operations.")
@json_option
def begin(*, theme: str, username: str, note: str, as_json: bool) -> None:
    """Open an order about a THEME of suyuan themes; one that is open about it is joined."""
    from suyuan.actions import evaluation
    from suyuan.domain.errors import Refused

    at = now()
    about = next((each["about"] for each in _found(username, at) if each["theme"].name.key == theme), None)
    if about is None:
        raise Refused("no_such_theme", theme=theme)
    opened = evaluation.open_evaluation(actor=viewer_of(username).actor, about=about, note=note, now=at)
    if as_json:
        emit({"number": opened.number, "joined": opened.joined})
    else:
        click.echo(opened.number)


@assess.command("list")
@as_option
@click.option("--state", default="open", show_default=True, help="open, watched, closed or all.")
@click.option("--unit", default="", help="A unit and those below it.")
@json_option
def list_them(*, username: str, state: str, unit: str, as_json: bool) -> None:
    """List orders in reach with what they came to."""
    from suyuan.store.queries import evaluations, listing

    wanted = evaluations.Wanted("" if state == "all" else state, unit)
    names = ("subject", "kind", "level", "place", "conclusion", "figures", "effect")
    rows = [
        {"number": one.case.number, "unit": one.case.unit.code, "state": one.case.state}
        | {name: getattr(one, name) for name in names}
        for one in evaluations.listed(viewer_of(username), wanted)[: listing.DEEPEST]
    ]
    if as_json:
        emit({"orders": rows})
        return
    for row in rows:
        click.echo(f"{row['number']}  {row['state']:<11} {row['unit']}  {row['kind']} {row['place']}")
