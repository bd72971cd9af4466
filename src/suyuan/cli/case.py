"""``suyuan case``: list, show and do."""

import json
from datetime import datetime
from pathlib import Path

import click

from suyuan.domain.errors import BadInput

from . import asking
from .ready import emit, now, ready


@click.group("case")
def case() -> None:
    """Cases: list them, show one, do a verb on one."""
    ready()


@case.command("list")
@click.option("--as", "username", required=True, help="Whose reach.")
@asking.option
@click.option("--state", default="")
@click.option("--type", "business_type", default="")
@click.option("--light", default="")
@click.option("--open", "open_only", is_flag=True)
@click.option("--mine", is_flag=True, help="Only those on which a role of theirs has the next step.")
@click.option("--to-sign", is_flag=True, help="Only those that wait for their signature.")
@click.option("--priority", default="", help="Only open ones that press: pressing or high.")
@click.option("--part", default="", help="Only open ones of which they are lead, specialty, unit or owner.")
@click.option("--page", type=int, default=1)
@click.option("--json", "as_json", is_flag=True)
def list_cases(*, username: str, page: int, as_json: bool, **filters: object) -> None:
    """List cases, the most urgent first."""
    from suyuan.store.queries import listing, told

    viewer, at = asking.viewer_of(username), now()
    filters["q"] = asking.written_down(str(filters["q"]), viewer, at)
    shown = listing.listing(viewer, listing.Filters(**filters, exact=True), now=at, page=page)  # type: ignore[arg-type]
    answer = told.page(shown)
    if as_json:
        emit(answer)
        return
    for row in answer["cases"]:  # type: ignore[attr-defined]
        click.echo(
            f"{row['number']}  {row['light']:<6} {row['state']:<11} {row['due'] or '-':<26} "
            f"{row['brief'][:40]}"
        )


@case.command("show")
@click.argument("number")
@click.option("--as", "username", default="", help="Whose reach; without it the whole home.")
@click.option("--json", "as_json", is_flag=True)
def show(*, number: str, username: str, as_json: bool) -> None:
    """Show one case: clocks, open verbs, events."""
    from suyuan.actions import undo
    from suyuan.actions.perform import buttons
    from suyuan.store.queries import cases, told

    viewer = asking.viewer_of(username) if username else None
    found = cases.get(viewer, number) if viewer else cases.unscoped(number)
    at = now()
    open_to = buttons(viewer, found, at) if viewer else []
    until = undo.until(number, viewer.actor, at) if viewer else None
    verbs = [told.Verb(one.verb, one.refusal, one.form) for one in open_to]
    shown = told.case(found, verbs, at, until)
    emit(shown) if as_json else click.echo(json.dumps(shown, ensure_ascii=False, indent=2))


@case.command("do")
@click.argument("number")
@click.argument("verb")
@click.option("--as", "username", required=True, help="Who does it.")
@click.option(
    "--form",
    "form_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="JSON of the form.",
)
@click.option("--at", default="", help="When it is done, ISO 8601; without it now.")
@click.option("--json", "as_json", is_flag=True)
def do(*, number: str, verb: str, username: str, form_file: Path | None, at: str, as_json: bool) -> None:
    """Do a verb on a case; the verb undo takes your last step back."""
    from suyuan.actions import undo
    from suyuan.store.queries import cases, told

    viewer = asking.viewer_of(username)
    cases.get(viewer, number)
    form, moment = _form(form_file), _moment(at)
    done = undo.perform_or_undo(number=number, verb=verb, actor=viewer.actor, now=moment, form=form)
    shown = told.done(done, undo.until(number, viewer.actor, moment))
    emit(shown) if as_json else click.echo(f"{done.number} {done.verb} → {done.state}")
    _warn_ahead(moment)


@case.command("interactions")
@click.argument("number")
@click.option("--as", "username", required=True, help="Whose reach.")
@click.option("--account", is_flag=True, help="Of the customer's other cases in reach too.")
@click.option("--kind", default="", help="Only these: contact, call, answer, message, ...")
@click.option("--json", "as_json", is_flag=True)
def interactions(*, number: str, username: str, account: bool, kind: str, as_json: bool) -> None:
    """List every contact with the customer of a case in one order; texts masked."""
    from suyuan.store.queries import cases, told
    from suyuan.store.queries import interactions as queries

    viewer = asking.viewer_of(username)
    found = queries.of(viewer, cases.get(viewer, number), account=account, kind=kind)
    shown = [told.interaction(line) for line in found]
    if as_json:
        emit({"number": number, "interactions": shown})
        return
    for line in shown:
        click.echo(f"{line['at']}  {line['kind']:<8} {line['who'] or '-':<12} {str(line['text'])[:60]}")


@case.command("proof")
@click.argument("number")
@click.option("--as", "username", required=True, help="Somebody of audit, or a leader.")
@click.option("--json", "as_json", is_flag=True)
def proof(*, number: str, username: str, as_json: bool) -> None:
    """Prove from the chain that the answer reached whoever asked, without saying who that was."""
    from suyuan.domain.errors import Refused
    from suyuan.domain.proof import SHOWS
    from suyuan.store import chain
    from suyuan.store.queries import cases, told
    from suyuan.store.queries import proof as queries

    viewer = asking.viewer_of(username)
    found = cases.get(viewer, number)
    if not viewer.actor.over_case(found.unit.path) & SHOWS:
        raise Refused("not_your_role", verb="print")
    shown = queries.of(found)
    if shown is None:
        raise Refused("answer_not_given", number=number)
    _, events = chain.verify([f"case:{number}"])
    answer = {"number": number, "verified": events, **told.proof(shown)}
    emit(answer) if as_json else click.echo(json.dumps(answer, ensure_ascii=False, indent=2))


@case.command("code")
@click.argument("number")
@click.option("--as", "username", required=True, help="Who hands it out.")
@click.option("--json", "as_json", is_flag=True)
def code(*, number: str, username: str, as_json: bool) -> None:
    """Hand out a code for a reporter who is kept secret; it is shown this once."""
    from suyuan.actions import reporter
    from suyuan.store.queries import cases

    viewer = asking.viewer_of(username)
    cases.get(viewer, number)
    told = reporter.hand_out(number=number, actor=viewer.actor, now=now())
    emit({"number": number, "code": told}) if as_json else click.echo(told)


def _warn_ahead(moment: datetime) -> None:
    """Say that a step done in the future keeps every other waiting until then."""
    if moment > now():
        at = moment.isoformat()
        click.echo(
            f"注意：{at} 还没到，在此之前这张工单上什么也做不了 / "
            f"Note: {at} is still to come, nothing can be done on this case before then",
            err=True,
        )


def _form(path: Path | None) -> dict[str, object]:
    return {} if path is None else asking.form_in(path)


def _moment(text: str) -> datetime:
    if not text:
        return now()
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise BadInput("not_a_moment", at=text) from None
    if moment.tzinfo is None:
        raise BadInput("not_a_moment", at=text, problem="give the offset, e.g. +08:00")
    return moment
