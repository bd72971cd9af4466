"""``suyuan rules playbooks`` and ``suyuan rules emergencies``: what is done before, and what at once."""

import json
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any
from zoneinfo import ZoneInfo

import click

from suyuan.domain.errors import BadInput
from suyuan.domain.rulebook import Emergency, Playbook, PlayStep
from suyuan.domain.rulebook.notices import ZONE
from suyuan.domain.rulebook.playbooks import WITHIN
from suyuan.domain.rulebook.records import plain

from .opened import aligned, opened, unless_wrong
from .ready import now
from .shapes import COUNT, TEXT, TEXTS, many, thing

_BOTH = thing(zh=TEXT, en=TEXT)
_STEP = thing(action=_BOTH, owner=TEXT, limit=thing(amount=COUNT, unit=TEXT, kind=TEXT), check=_BOTH)
_DAY = {"type": ["string", "null"]}
_SOURCED = {
    "title": _BOTH,
    "trigger": TEXTS,
    "steps": many(_STEP),
    "say": _BOTH,
    "basis": TEXT,
    "certainty": TEXT,
    "note": TEXT,
    "confirmed_by": TEXT,
    "in_force_from": _DAY,
    "in_force_until": _DAY,
}
PLAYBOOKS = thing(playbooks=many(thing(category=TEXT, emergency=TEXT, **_SOURCED)))
EMERGENCIES = thing(emergencies=many(thing(code=TEXT, begins=_BOTH, **_SOURCED)))


@click.command("playbooks")
@click.argument("category", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_context
@unless_wrong
def playbooks(ctx: click.Context, category: str | None, as_json: bool) -> None:
    """Print the prevention playbooks, or the one for a category: its own or the nearest above it."""
    book = opened(ctx)
    found = list(book.playbooks.values())
    if category:
        if category not in book.categories and category not in book.playbooks:
            near = get_close_matches(category, [*book.categories, *book.playbooks], 3)
            raise BadInput("unknown_category", category=category, near=near)
        one = book.playbook(category, now().astimezone(ZoneInfo(ZONE)).date())
        found = [one] if one else []
    _print("playbooks", found, as_json, whole=bool(category))


@click.command("emergencies")
@click.argument("code", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_context
@unless_wrong
def emergencies(ctx: click.Context, code: str | None, as_json: bool) -> None:
    """Print the emergency templates, or one of them."""
    known: Mapping[str, Emergency] = opened(ctx).emergencies
    if code and code not in known:
        raise BadInput("unknown_record", id=code, near=get_close_matches(code, known, 3))
    _print("emergencies", [known[code]] if code else list(known.values()), as_json, whole=bool(code))


def _print(name: str, found: Iterable[Playbook | Emergency], as_json: bool, *, whole: bool) -> None:
    if as_json:
        click.echo(json.dumps({name: [plain(one) for one in found]}, ensure_ascii=False))
        return
    if whole:
        for one in found:
            click.echo("\n".join(_whole(one)))
        return
    head = ("code", "steps", "certainty", "title", "set off by")
    rows = [_row(one) for one in found]
    for line in aligned([head, *rows]):
        click.echo(line)


def _row(one: Playbook | Emergency) -> tuple[str, ...]:
    return one.key, str(len(one.steps)), one.certainty.value, one.title.zh, " ".join(one.trigger)


def _whole(one: Playbook | Emergency) -> list[str]:
    """Return a playbook or a template as lines: steps, the sentence, the source."""
    head = ("", "owner", "within", "step", "check")
    steps = aligned([head, *(_step(at, each) for at, each in enumerate(one.steps, 1))])
    turns = [f"emergency  {one.emergency}"] if isinstance(one, Playbook) and one.emergency else []
    end = [f"say        {one.say.zh}", *turns, f"basis      {one.basis} ({one.certainty.value})"]
    return [f"{one.key}  {one.title.zh}", *steps, *end]


def _step(at: int, one: PlayStep) -> tuple[Any, ...]:
    kind = "" if one.limit.kind == WITHIN else f" {one.limit.kind}"
    within = f"{one.limit.amount} {one.limit.unit}{kind}"
    return str(at), one.owner, within, one.action.zh, one.check.zh
