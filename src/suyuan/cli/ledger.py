"""``suyuan ledger``: rewards and penalties of a period, and whether the books balance."""

import click

from .ready import emit, ready
from .shapes import COUNT, FLAG, PERHAPS_MOMENT, PERHAPS_NUMBER, TEXT, many, thing

_NUMBER = {"type": "number"}
SCHEMA = thing(
    **{"period": TEXT, "in": {"enum": ["points", "yuan"]}},
    debits=_NUMBER,
    credits=_NUMBER,
    balance=_NUMBER,
    penalties=_NUMBER,
    rewards=_NUMBER,
    waiting=COUNT,
    entries=many(
        thing(
            id=COUNT,
            kind={"enum": ["reward", "penalty"]},
            amount=_NUMBER,
            unit=TEXT,
            post=TEXT,
            person=TEXT,
            ground=TEXT,
            case=TEXT,
            restricted=FLAG,
            period=TEXT,
            rule=TEXT,
            basis=TEXT,
            certainty=TEXT,
            reverses=PERHAPS_NUMBER,
            proposed_by=TEXT,
            signed_by=TEXT,
            at=PERHAPS_MOMENT,
        )
    ),
)


@click.command("ledger")
@click.option("--period", required=True, help="Signed in 2025-10, 2025-W40, 2025 or all.")
@click.option("--in", "counted", default="points", help="points or yuan: the two are never added up.")
@click.option("--as", "username", help="What this person may see; else everything, restricted cases unnamed.")
@click.option("--json", "as_json", is_flag=True)
def ledger(*, period: str, counted: str, username: str | None, as_json: bool) -> None:
    """Tell the signed rewards and penalties of a period, and the books over them: balance is 0.

    Anything else means that a row was changed beside the product. docs/ledger.md tells how they are kept.
    """
    ready()
    found = told(period, counted, username)
    if as_json:
        emit(found)
        return
    for one in found["entries"]:  # type: ignore[attr-defined]
        whom = " ".join(filter(None, (one["unit"], one["post"], one["person"])))
        click.echo(f"#{one['id']}  {one['kind']}  {one['amount']}  {whom}  {one['ground']}  {one['case']}")
    names = ("debits", "credits", "balance", "penalties", "rewards", "waiting")
    click.echo("  ".join(f"{name} {found[name]}" for name in names))


def told(label: str, counted: str, username: str | None) -> dict[str, object]:
    """Return the ledger of a period as the command answers it."""
    from suyuan.analytics import period
    from suyuan.domain.errors import BadInput
    from suyuan.domain.rulebook.tariff import Counted
    from suyuan.store.queries import ledger as queries
    from suyuan.store.queries import viewer

    who = viewer.named(username) if username else None
    if username and who is None:
        raise BadInput("unknown_person", username=username)
    asked = period.parse(label)
    if counted not in set(Counted):
        raise BadInput("unknown_value", field="in", value=counted)
    kept = queries.balanced(who, asked)[Counted(counted)]

    def entry(one) -> dict[str, object]:  # type: ignore[no-untyped-def]
        return {
            "id": one.pk,
            **{name: getattr(one, name) for name in ("kind", "person", "ground", "period", "rule", "basis")},
            "amount": float(one.amount),
            "unit": one.unit.code,
            "post": one.post.code if one.post else "",
            "case": one.case.number if one.case and queries.shows_case(who, one) else "",
            "restricted": bool(one.case and one.case.restricted),
            "certainty": one.certainty,
            "reverses": one.reverses_id,
            "proposed_by": one.proposed_by,
            "signed_by": one.decided_by,
            "at": one.decided_at.isoformat() if one.decided_at else None,
        }

    sums = ("debits", "credits", "balance", "penalties", "rewards")
    return {
        "period": asked.label,
        "in": counted,
        **{name: float(getattr(kept, name)) for name in sums},
        "waiting": queries.waiting(who),
        "entries": [entry(one) for one in queries.signed(who, asked) if one.counted == counted],
    }
