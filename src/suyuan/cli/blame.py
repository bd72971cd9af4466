"""``suyuan blame``: penalties as charged beside what the shares of the nodes make of them."""

import click

from suyuan.domain.errors import BadInput

from .asking import viewer_of
from .ready import emit, ready
from .shapes import COUNT, TEXT, many, thing

_NUMBER = {"type": "number"}
_PART = thing(node=TEXT, unit=TEXT, person=TEXT, share=_NUMBER, amount=_NUMBER, evidence=many(TEXT))
SCHEMA = thing(
    **{"period": TEXT, "in": {"enum": ["points", "yuan"]}},
    charged=_NUMBER,
    shared=_NUMBER,
    parties=many(
        thing(unit=TEXT, name=TEXT, person=TEXT, charged=_NUMBER, shared=_NUMBER, difference=_NUMBER)
    ),
    entries=many(
        thing(
            entry=COUNT,
            unit=TEXT,
            person=TEXT,
            ground=TEXT,
            case=TEXT,
            amount=_NUMBER,
            liability=TEXT,
            shares=many(_PART),
        )
    ),
)


@click.command("blame")
@click.option("--period", required=True, help="Signed in 2025-Q4, 2025-10, 2025-W40, 2025 or all.")
@click.option("--in", "counted", default="points", help="points or yuan: the two are never added up.")
@click.option("--unit", default="", help="Only what was charged to a unit and those below it; with --as.")
@click.option("--as", "username", help="What this person may see; else everything, restricted cases not.")
@click.option("--json", "as_json", is_flag=True)
def blame(*, period: str, counted: str, unit: str, username: str | None, as_json: bool) -> None:
    """Tell the penalties of a period as they were charged, and as signed liabilities distribute them.

    Both sides are the same sum. docs/liability.md tells how shares come about.
    """
    ready()
    found = told(period, counted, unit, username)
    if as_json:
        emit(found)
        return
    for one in found["parties"]:  # type: ignore[attr-defined]
        whom = " ".join(filter(None, (one["unit"], one["name"], one["person"])))
        click.echo(f"{one['charged']:10.2f} {one['shared']:10.2f} {one['difference']:+10.2f}  {whom}")
    click.echo(f"{found['charged']:10.2f} {found['shared']:10.2f}")


def told(label: str, counted: str, unit: str, username: str | None) -> dict[str, object]:
    """Return the statement as the command answers it."""
    from suyuan.analytics import period
    from suyuan.domain.rulebook.tariff import Counted
    from suyuan.store.queries import blame as queries

    if counted not in set(Counted):
        raise BadInput("unknown_value", field="in", value=counted)
    if unit and not username:
        raise BadInput("option_missing", option="--as")
    viewer, asked = viewer_of(username) if username else None, period.parse(label)
    found = queries.told(viewer, asked, Counted(counted), unit)
    return {
        "period": asked.label,
        "in": counted,
        "charged": float(found.statement.charged),
        "shared": float(found.statement.shared),
        "parties": [
            {
                "unit": line.party[0],
                "name": found.units[line.party[0]],
                "person": line.party[1],
                "charged": float(line.charged),
                "shared": float(line.shared),
                "difference": float(line.difference),
            }
            for line in found.statement.lines
        ],
        "entries": [_entry(found, viewer, charge) for charge in found.statement.charges],
    }


def _entry(found, viewer, charge) -> dict[str, object]:  # type: ignore[no-untyped-def]
    from suyuan.store.queries import ledger

    row = found.entries[charge.entry]
    return {
        "entry": charge.entry,
        "unit": charge.party[0],
        "person": charge.party[1],
        "ground": row.ground,
        "case": row.case.number if row.case and ledger.shows_case(viewer, row) else "",
        "amount": float(charge.amount),
        "liability": found.liabilities.get(charge.entry, ""),
        "shares": [
            {
                "node": part.node,
                "unit": part.party[0],
                "person": part.party[1],
                "share": float(part.percent),
                "amount": float(amount),
                "evidence": list(part.evidence),
            }
            for part, amount in charge.shared
            if part is not None
        ],
    }
