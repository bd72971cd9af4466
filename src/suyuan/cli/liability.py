"""``suyuan liability``: whose step a complaint came from, in shares; a unit's objection to its own."""

from pathlib import Path

import click

from suyuan.domain.errors import Refused

from .asking import form_in, form_option, viewer_of
from .ready import emit, now, ready
from .shapes import COUNT, FLAG, PERHAPS_MOMENT, TEXT, many, thing

SHOW = thing(
    number=TEXT,
    about=TEXT,
    round=COUNT,
    state=TEXT,
    cause=TEXT,
    shares=many(
        thing(
            seq=COUNT,
            node=TEXT,
            unit=TEXT,
            person=TEXT,
            share={"type": "number"},
            evidence=many(TEXT),
            objected=FLAG,
        )
    ),
    signed=FLAG,
    signed_by=TEXT,
    signed_at=PERHAPS_MOMENT,
)
DONE = thing(number=TEXT, verb=TEXT, state=TEXT)


@click.group("liability")
def liability() -> None:
    """Whose step a verified complaint came from, in shares over nodes that make up the whole."""
    ready()


@liability.command("show")
@click.argument("number")
@click.option("--as", "username", help="What this person may see; else everything, restricted cases not.")
@click.option("--json", "as_json", is_flag=True)
def show(*, number: str, username: str | None, as_json: bool) -> None:
    """Show the newest shares of a liability, by its own number or that of the complaint."""
    found = told(number, username)
    if as_json:
        emit(found)
        return
    for one in found["shares"]:  # type: ignore[attr-defined]
        whom = " ".join(filter(None, (one["unit"], one["person"])))
        click.echo(f"{one['share']:6.2f} %  {one['node']}  {whom}  {'; '.join(one['evidence'])}")
    click.echo(f"signed by {found['signed_by']}" if found["signed"] else f"not signed: {found['state']}")


@liability.command("object")
@click.argument("number")
@click.option("--as", "username", required=True, help="Who objects, of the unit that has the share.")
@form_option("share_line, reason, note and perhaps evidence")
@click.option("--json", "as_json", is_flag=True)
def object_(*, number: str, username: str, form_file: Path, as_json: bool) -> None:
    """Object to a share of one's own unit, wherever the case lies."""
    from suyuan.actions.objection import object_to

    done = object_to(viewer=viewer_of(username), number=number, form=form_in(form_file), now=now())
    said = {"number": done.number, "verb": done.verb, "state": done.state}
    emit(said) if as_json else click.echo(" ".join(said.values()))


def told(number: str, username: str | None) -> dict[str, object]:
    """Return a liability as the command answers it."""
    from suyuan.store.queries import cases, shares
    from suyuan.store.queries import liability as queries

    viewer = viewer_of(username) if username else None
    found = queries.of_number(number)
    if found is None or (viewer is None and found.case.restricted):
        raise Refused("not_found", number=number)
    if viewer is not None:
        cases.reachable(viewer, found.case)
    open_ = {one.share_id for one in queries.objections(found) if one.upheld is None}
    return {
        "number": found.case.number,
        "about": found.about.number,
        "round": found.round,
        "state": found.case.state,
        "cause": found.cause,
        "shares": [
            {
                "seq": row.seq,
                "node": row.node,
                "unit": row.unit.code,
                "person": row.person if viewer is None or queries.names_person(viewer, row) else "",
                "share": float(row.percent),
                "evidence": row.evidence,
                "objected": row.pk in open_,
            }
            for row in shares.shares(found)
        ],
        "signed": found.case.state == "archived",
        "signed_by": found.signed_by if found.case.state == "archived" else "",
        "signed_at": found.signed_at.isoformat()
        if found.signed_at and found.case.state == "archived"
        else None,
    }
