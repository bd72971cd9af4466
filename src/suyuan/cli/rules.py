"""``suyuan rules``: read the rulebook, check a file for it, load next year's calendar."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import click

from suyuan.domain.errors import BadInput, RulebookError
from suyuan.domain.rulebook import Limit, Rulebook, load, read_notice, refuse_idle, user_files
from suyuan.domain.rulebook.clauses import Clause
from suyuan.domain.rulebook.records import PROCEDURES, plain

from .opened import aligned, approved, home_of, opened, unless_wrong
from .playbooks import emergencies, playbooks
from .ready import emit, now, ready

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group("rules")
def rules() -> None:
    """Show the rulebook, check a file for it, load a calendar notice."""


rules.add_command(playbooks)
rules.add_command(emergencies)


@rules.command("show")
@click.argument("record_id", metavar="[ID]", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_context
@unless_wrong
def show(ctx: click.Context, record_id: str | None, as_json: bool) -> None:
    """Print every limit, or all editions of one record with basis and certainty."""
    book = opened(ctx)
    if record_id:
        editions = [plain(one) for one in _editions(book, record_id)]
        if as_json:
            click.echo(json.dumps({"id": record_id, "editions": editions}, ensure_ascii=False))
        else:
            click.echo("\n\n".join("\n".join(_lines(one)) for one in editions))
        return
    limits = [one for found in book.limits.values() for one in found]
    if as_json:
        covered = {"first": book.calendar.first.isoformat(), "last": book.calendar.last.isoformat()}
        listed = [plain(one) for one in limits]
        answer = {"edition": book.edition, "calendar": covered, "limits": listed}
        click.echo(json.dumps(answer, ensure_ascii=False))
        return
    head = ("id", "amount", "kind", "in force", "certainty", "assessed", "title")
    for line in aligned([head, *(_row(one) for one in limits)]):
        click.echo(line)
    click.echo(f"\ncalendar {book.calendar.first}/{book.calendar.last} · edition {book.edition[:12]}")


@rules.command("clauses")
@click.option("--procedure", default="", help="complaint, report …; all without it.")
@click.option("--category", default="", help="Code of a category, e.g. business.billing: what is for it.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_context
@unless_wrong
def clauses(ctx: click.Context, procedure: str, category: str, as_json: bool) -> None:
    """Print the clauses a finding can say were breached, those that name the matter most nearly first."""
    book = opened(ctx)
    if procedure and procedure not in PROCEDURES:
        raise BadInput("unknown_procedure", procedure=procedure)
    if category and category not in book.categories:
        near = get_close_matches(category, book.categories, 3)
        raise BadInput("unknown_category", category=category, near=near)
    newest = [editions[-1] for editions in book.clauses.values()]
    near_to = {one.code: one.nearness(procedure or one.procedures[0], category) for one in newest}
    asked = [one for one in newest if near_to[one.code] >= 0 or not (procedure or category)]
    if category:
        asked.sort(key=lambda one: -near_to[one.code])
    titles = {number: editions[-1].title for number, editions in book.documents.items()}
    if as_json:
        shown = [plain(one) | {"document_title": asdict(titles[one.document])} for one in asked]
        click.echo(json.dumps({"clauses": shown}, ensure_ascii=False))
        return
    head = ("code", "document", "number", "until", "certainty", "clause")
    for line in aligned([head, *(_clause_row(one, titles[one.document].zh) for one in asked)]):
        click.echo(line)


@rules.command("check")
@click.argument("files", nargs=-1, required=True, type=FILE)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_context
@unless_wrong
def check(ctx: click.Context, files: tuple[Path, ...], as_json: bool) -> None:
    """Check files as if they were loaded on top of the rulebook; the first fault ends with exit 2.

    An entry that says what is in force already is a fault too.
    """
    for file in files:
        if file.suffix.lower() == ".csv":
            read_notice(file)
    mine = {file.resolve() for file in files}
    others = [file for file in user_files(home_of(ctx)) if file.resolve() not in mine]
    extra = (file for file in files if file.suffix.lower() != ".csv")
    book = load(*others, *extra, entries=approved(ctx))
    for file in files:
        refuse_idle(file, load(*others))
    if as_json:
        click.echo(json.dumps({"checked": [str(file) for file in files], "edition": book.edition}))
    else:
        click.echo(f"{len(files)} checked, edition {book.edition[:12]}")


@rules.command("export")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def export(file: Path, as_json: bool) -> None:
    """Write what was approved in the browser as a rulebook file, and each notice as one beside it."""
    ready()
    from suyuan.domain.rulebook.entries import calendars, toml
    from suyuan.store import rules as shelf
    from suyuan.store.queries import rulebook

    entries = rulebook.approved()
    file.write_text(toml(entries), "utf-8")
    files = [file]
    for year, text in calendars(entries):
        files.append(file.with_name(f"{file.stem}-calendar-{year}.toml"))
        files[-1].write_text(text, "utf-8")
    edition = shelf.rulebook().edition
    shown = {"files": [str(one) for one in files], "entries": len(entries), "edition": edition}
    emit(shown) if as_json else click.echo(f"{len(entries)} entries in {file}, edition {edition[:12]}")


@rules.command("retarget")
@click.argument("limit")
@click.option("--as", "username", required=True, help="Who does it.")
@click.option("--preview", is_flag=True, help="Say what would move and move nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def retarget(limit: str, username: str, preview: bool, as_json: bool) -> None:
    """Put the running clocks of a limit under its edition in force, batch by batch."""
    ready()
    from suyuan.actions import clock as actions
    from suyuan.store import rules as shelf
    from suyuan.store.queries import viewer

    who = viewer.named(username)
    if who is None:
        raise BadInput("unknown_person", username=username)
    edition = actions.in_force(limit, now())
    seen = actions.preview(edition=edition, now=now(), book=shelf.rulebook())
    shown = {"limit": limit, "waiting": seen.waiting, "later": seen.later, "earlier": seen.earlier}
    shown |= {"overdue": seen.overdue, "moved": 0, "left": seen.waiting}
    after, more = "", not preview
    while more:
        done = actions.retarget(limit=limit, actor=who.actor, now=now(), after=after)
        shown |= {"moved": int(shown["moved"]) + done.moved, "left": done.left}
        after, more = done.last, bool(done.last)
    emit(shown) if as_json else click.echo(json.dumps(shown, ensure_ascii=False))


@rules.command("calendar")
@click.argument("file", type=FILE)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_context
@unless_wrong
def calendar(ctx: click.Context, file: Path, as_json: bool) -> None:
    """Load a year's holiday notice (TOML, or CSV with date,kind[,name]) into the user's rulebook."""
    notice = read_notice(file)
    folder = home_of(ctx) / "rulebook"
    target = folder / f"calendar-{notice.first.year}.toml"
    folder.mkdir(parents=True, exist_ok=True)
    draft = target.with_suffix(".draft")
    draft.write_text(notice.toml(), encoding="utf-8")
    try:
        others = [one for one in user_files(home_of(ctx)) if one != target]
        book = load(*others, draft, entries=approved(ctx))
        refuse_idle(draft, load(*others, entries=approved(ctx)))
    except RulebookError:
        draft.unlink()
        raise
    draft.replace(target)
    covered = {"first": book.calendar.first.isoformat(), "last": book.calendar.last.isoformat()}
    moved = _retarget()
    if as_json:
        shown = {"file": str(target), "calendar": covered, "retargeted": moved}
        click.echo(json.dumps(shown, ensure_ascii=False))
    else:
        click.echo(f"{target}: calendar {covered['first']}/{covered['last']}; {moved} clocks set right")


def _retarget() -> int:
    """Set the clocks right that were guessed while this notice was not there."""
    ready()
    from suyuan.actions import clock as actions
    from suyuan.domain.procedure import SYSTEM
    from suyuan.store import rules as shelf

    shelf.look_again()
    return actions.retarget_guessed(actor=SYSTEM, now=now())


def _row(limit: Limit) -> tuple[str, ...]:
    span = f"{limit.in_force_from}/{limit.in_force_until or ''}"
    amount = f"{limit.amount} {limit.unit}" + (" civil" if limit.count == "civil" else "")
    assessed = ("binding" if limit.binding else "yes") if limit.assessable else "unconfirmed"
    return limit.id, amount, limit.kind, span, limit.certainty.value, assessed, limit.title.zh


def _clause_row(one: Clause, document: str) -> tuple[str, ...]:
    until = str(one.in_force_until or "")
    return one.code, document, one.number, until, one.certainty.value, one.title.zh


def _editions(book: Rulebook, record_id: str) -> Iterable[Any]:
    """Return every edition of the record of that code: a category or business type has one."""
    for shelf in (book.limits, book.figures, book.clauses, book.documents):
        if found := shelf.get(record_id):
            return found
    one = book.categories.get(record_id) or book.business_types.get(record_id)
    if one:
        return (one,)
    known = [*book.limits, *book.figures, *book.clauses, *book.documents, *book.categories]
    known += book.business_types
    raise BadInput("unknown_record", id=record_id, near=get_close_matches(record_id, known, 3))


def _lines(record: dict[str, Any]) -> list[str]:
    texts = {
        key: json.dumps(value, ensure_ascii=False) for key, value in record.items() if value not in ("", None)
    }
    return aligned([(key, text.strip('"')) for key, text in texts.items()])
