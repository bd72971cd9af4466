"""``suyuan ledger``: rewards and penalties proposed, signed, taken back; the books of a period."""

from pathlib import Path
from typing import Any

import click

from suyuan.domain.errors import BadInput

from .asking import form_in, form_option, viewer_of
from .ready import emit, leave, now, ready
from .shapes import COUNT, FLAG, PERHAPS_MOMENT, PERHAPS_NUMBER, TEXT, many, thing

_NUMBER = {"type": "number"}
_ENTRY = {
    "id": COUNT,
    "kind": {"enum": ["reward", "penalty"]},
    "amount": _NUMBER,
    "unit": TEXT,
    "post": TEXT,
    "person": TEXT,
    "ground": TEXT,
    "case": TEXT,
    "restricted": FLAG,
    "period": TEXT,
    "rule": TEXT,
    "basis": TEXT,
    "certainty": TEXT,
    "reverses": PERHAPS_NUMBER,
    "proposed_by": TEXT,
    "signed_by": TEXT,
    "at": PERHAPS_MOMENT,
}
SCHEMA = thing(
    **{"period": TEXT, "in": {"enum": ["points", "yuan"]}},
    debits=_NUMBER,
    credits=_NUMBER,
    balance=_NUMBER,
    penalties=_NUMBER,
    rewards=_NUMBER,
    waiting=COUNT,
    entries=many(thing(**_ENTRY)),
)
STATE = {"enum": ["proposed", "signed", "refused"]}
LIST = thing(
    period=TEXT,
    cut=FLAG,
    entries=many(thing(**_ENTRY, counted={"enum": ["points", "yuan"]}, state=STATE, reversed=FLAG)),
)
DONE = thing(entry=COUNT, state=STATE)
MANY = thing(
    run=COUNT,
    signed=many(COUNT),
    refused=many(thing(entry=COUNT, refused=TEXT, facts={"type": "object"})),
)

PERIOD = thing(
    period=TEXT,
    proposed={"type": "object", "additionalProperties": COUNT},
    left_out=COUNT,
    untariffed=many(TEXT),
)

as_option = click.option("--as", "username", required=True, help="Who does it, and whose reach.")
json_option = click.option("--json", "as_json", is_flag=True)


@click.group("ledger", invoke_without_command=True)
@click.option("--period", default="", help="Signed in 2025-10, 2025-W40, 2025 or all; required.")
@click.option("--in", "counted", default="points", help="points or yuan: the two are never added up.")
@click.option("--as", "username", help="What this person may see; else everything, restricted cases unnamed.")
@json_option
@click.pass_context
def ledger(ctx: click.Context, *, period: str, counted: str, username: str | None, as_json: bool) -> None:
    """Tell the signed rewards and penalties of a period, and the books over them: balance is 0.

    Anything else means that a row was changed beside the product. docs/ledger.md tells how they are kept.
    """
    ready()
    if ctx.invoked_subcommand is not None:
        return
    if not period:
        raise BadInput("option_missing", option="--period")
    found = told(period, counted, username)
    if as_json:
        emit(found)
        return
    for one in found["entries"]:  # type: ignore[attr-defined]
        click.echo(_line(one))
    names = ("debits", "credits", "balance", "penalties", "rewards", "waiting")
    click.echo("  ".join(f"{name} {found[name]}" for name in names))


@ledger.command("list")
@as_option
@click.option("--period", default="all", show_default=True, help="Decided, or until then proposed, in it.")
@click.option("--state", default="", help="proposed, signed or refused; all of them without it.")
@click.option("--unit", default="", help="A unit and those below it.")
@click.option("--case", "number", default="", help="Only what one case led to.")
@json_option
def list_them(*, username: str, period: str, state: str, unit: str, number: str, as_json: bool) -> None:
    """List entries, the newest first: what waits for a second person, what counts, what was refused."""
    from suyuan.analytics import period as periods
    from suyuan.store.queries import ledger as queries
    from suyuan.store.queries import listing

    viewer, asked = viewer_of(username), periods.parse(period)
    wanted = queries.Wanted(asked, unit=unit, state=state, case=number)
    rows = list(queries.listed(viewer, wanted)[: listing.DEEPEST + 1])
    found = [
        _entry(viewer, one)
        | {"counted": one.counted, "state": one.state, "reversed": one.reversed_at is not None}
        for one in rows[: listing.DEEPEST]
    ]
    if as_json:
        emit({"period": asked.label, "cut": len(rows) > listing.DEEPEST, "entries": found})
        return
    for one in found:
        click.echo(f"{_line(one)}  {'reversed' if one['reversed'] else one['state']}")


@ledger.command("propose")
@as_option
@form_option("ledger_ground, ledger_case or ledger_period, and what else the page asks", required=False)
@json_option
def propose(*, username: str, form_file: Path | None, as_json: bool) -> None:
    """Propose a reward or a penalty; another person signs it."""
    from suyuan.actions import ledger as actions

    viewer = viewer_of(username)
    entry = actions.propose_entry(viewer=viewer, form=_filled(form_file), now=now())
    _done(entry, "proposed", as_json=as_json)


@ledger.command("propose-period")
@as_option
@click.option("--period", required=True, help="Whose cases: 2025-Q4, 2025-10, 2025-W40 or 2025.")
@click.option("--ground", default="", help="clock_breach, dissatisfied or satisfied; all three without it.")
@json_option
def propose_period(*, username: str, period: str, ground: str, as_json: bool) -> None:
    """Propose at once what limits that ran out and ratings of a period come to; another person signs each."""
    from suyuan.actions import assessment

    form = {"ledger_period": period} | ({"ledger_ground": ground} if ground else {})
    done = assessment.propose_period(viewer=viewer_of(username), form=form, now=now())
    said = {
        "period": done.period,
        "proposed": {one.value: n for one, n in done.by_ground.items()},
        "left_out": done.left_out,
        "untariffed": [one.value for one in done.untariffed],
    }
    if as_json:
        emit(said)
        return
    for one, n in done.by_ground.items():
        click.echo(f"{one} {n}")


@ledger.command("sign")
@click.argument("entry", type=int)
@as_option
@form_option("ledger_words, if there is something to say", required=False)
@json_option
def sign(*, entry: int, username: str, form_file: Path | None, as_json: bool) -> None:
    """Sign an entry as its second person: from then on it counts."""
    from suyuan.actions import ledger as actions

    actions.sign_entry(viewer=viewer_of(username), entry=entry, form=_filled(form_file), now=now())
    _done(entry, "signed", as_json=as_json)


@ledger.command("sign-many")
@click.argument("entries", type=click.IntRange(min=1), nargs=-1, required=True)
@as_option
@form_option("ledger_words, if there is something to say of all of them", required=False)
@json_option
def sign_many(*, entries: tuple[int, ...], username: str, form_file: Path | None, as_json: bool) -> None:
    """Sign several entries, each for itself: what is refused is told and stops none of the others.

    Leaves with 1 where one was refused.
    """
    from suyuan.actions import bulk
    from suyuan.store import presence
    from suyuan.store.queries import bulk as runs

    viewer, at = viewer_of(username), now()
    wanted = [str(entry) for entry in entries]
    run = bulk.ask_entries(entries=wanted, form=_filled(form_file), actor=viewer.actor, now=at)
    bulk.go_on(run_id=run, actor=viewer.actor, holder=presence.here("sign-many"), now=at)
    each = list(runs.get(viewer, run).cases.order_by("place"))
    signed = [int(one.number) for one in each if one.outcome == "applied"]
    refused = [
        {"entry": int(one.number), "refused": one.code, "facts": one.facts}
        for one in each
        if one.outcome == "refused"
    ]
    if as_json:
        emit({"run": run, "signed": signed, "refused": refused})
    else:
        click.echo("\n".join([f"#{entry} signed" for entry in signed]))
        click.echo("\n".join(f"#{one['entry']} {one['refused']}" for one in refused), err=True)
    leave(refused)


@ledger.command("refuse")
@click.argument("entry", type=int)
@as_option
@form_option("ledger_words: why", required=False)
@json_option
def refuse(*, entry: int, username: str, form_file: Path | None, as_json: bool) -> None:
    """Turn an entry down with a reason; whoever proposed it takes it back the same way."""
    from suyuan.actions import ledger as actions

    actions.refuse_entry(viewer=viewer_of(username), entry=entry, form=_filled(form_file), now=now())
    _done(entry, "refused", as_json=as_json)


@ledger.command("reverse")
@click.argument("entry", type=int)
@as_option
@form_option("ledger_words: why", required=False)
@json_option
def reverse(*, entry: int, username: str, form_file: Path | None, as_json: bool) -> None:
    """Propose the counter-entry that takes a signed entry back; another person signs it too."""
    from suyuan.actions import ledger as actions

    viewer = viewer_of(username)
    counter = actions.reverse_entry(viewer=viewer, entry=entry, form=_filled(form_file), now=now())
    _done(counter, "proposed", as_json=as_json)


def _filled(file: Path | None) -> dict[str, object]:
    return {} if file is None else form_in(file)


def _done(entry: int, state: str, *, as_json: bool) -> None:
    emit({"entry": entry, "state": state}) if as_json else click.echo(f"#{entry} {state}")


def _line(one: dict[str, Any]) -> str:
    whom = " ".join(filter(None, (one["unit"], one["post"], one["person"])))
    about = one["case"] or one["period"]
    return f"#{one['id']}  {one['kind']}  {one['amount']}  {whom}  {one['ground']}  {about}".rstrip()


def told(label: str, counted: str, username: str | None) -> dict[str, object]:
    """Return the ledger of a period as the command answers it."""
    from suyuan.analytics import period
    from suyuan.domain.rulebook.tariff import Counted
    from suyuan.store.queries import ledger as queries

    who = viewer_of(username) if username else None
    asked = period.parse(label)
    if counted not in set(Counted):
        raise BadInput("unknown_value", field="in", value=counted)
    kept = queries.balanced(who, asked)[Counted(counted)]
    sums = ("debits", "credits", "balance", "penalties", "rewards")
    return {
        "period": asked.label,
        "in": counted,
        **{name: float(getattr(kept, name)) for name in sums},
        "waiting": queries.waiting(who),
        "entries": [_entry(who, one) for one in queries.signed(who, asked) if one.counted == counted],
    }


def _entry(who: Any, one: Any) -> dict[str, Any]:
    """Return an entry as somebody may see it; nobody in particular sees no restricted case."""
    from suyuan.store.queries import ledger as queries

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
