"""``suyuan worksheet``: my cases as a workbook, and the workbook back."""

from pathlib import Path

import click

from suyuan.domain.errors import BadInput

from . import asking
from .ready import emit, leave, now, ready


@click.group("worksheet")
def worksheet() -> None:
    """Worksheets: take cases out as xlsx to fill in offline, and bring them back."""
    ready()


@worksheet.command("export")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--as", "username", required=True, help="Who takes it out.")
@click.option("--verb", default="", help="The one verb it is for; without it each row picks its own.")
@asking.option
@click.option("--state", default="")
@click.option("--type", "business_type", default="")
@click.option("--unit", default="")
@click.option("--light", default="")
@click.option("--open", "open_only", is_flag=True, help="All open cases in reach, not only those that wait.")
@click.option("--json", "as_json", is_flag=True)
def export(*, file: Path, username: str, verb: str, open_only: bool, as_json: bool, **filters: str) -> None:
    """Write the worksheet of my queue to FILE.xlsx."""
    from suyuan.actions import worksheets
    from suyuan.store.queries.listing import Filters

    if file.suffix.lower() != ".xlsx":
        raise BadInput("unknown_format", file=file.name, known=[".xlsx"])
    viewer, at = _viewer(username), now()
    filters["q"] = asking.written_down(filters["q"], viewer, at)
    asked = Filters(open_only=open_only, mine=not open_only, exact=True, **filters)  # type: ignore[arg-type]
    count = worksheets.export(path=file, viewer=viewer, filters=asked, verb=verb, now=at)
    emit({"file": str(file), "cases": count}) if as_json else click.echo(f"{file}: {count}")


@worksheet.command("apply")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--as", "username", required=True, help="Who brings it back: every row is done as them.")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="Where the same sheet goes with what became of each row; without it FILE-result.xlsx.",
)
@click.option("--json", "as_json", is_flag=True)
def apply(*, file: Path, username: str, out: Path | None, as_json: bool) -> None:
    """Do what the filled rows of FILE.xlsx ask, one transaction each; a row done before is not done again.

    Exit 1 where a row was refused; the others are done.
    """
    from suyuan.actions import worksheets

    result = out or file.with_name(f"{file.stem}-result.xlsx")
    done = worksheets.apply(path=file, result=result, viewer=_viewer(username), now=now())
    rows = [
        {
            "row": row.row,
            "number": row.number,
            "verb": row.verb,
            "outcome": row.outcome,
            "code": row.code,
            "facts": dict(row.facts),
            "cells": row.cells,
            "state": row.state,
            "event": row.event,
        }
        for row in done.rows
        if row.outcome
    ]
    counts = {name: done.count(name) for name in ("applied", "already", "refused")}
    if as_json:
        emit({**counts, "skipped": done.count(""), "file": str(result), "rows": rows})
        leave(counts["refused"])
        return
    for each in rows:
        cells = " ".join(f"{cell}:{reason}" for cell, reason in each["cells"].items())  # type: ignore[attr-defined]
        click.echo(
            f"{each['row']:>5} {each['number']} {each['verb']} {each['outcome']} {each['code']} {cells}"
        )
    click.echo(" ".join(f"{name}={count}" for name, count in counts.items()) + f" → {result}")
    leave(counts["refused"])


def _viewer(username: str):  # type: ignore[no-untyped-def]
    from suyuan.store.queries import viewer

    found = viewer.named(username)
    if found is None:
        raise BadInput("unknown_person", username=username)
    return found
