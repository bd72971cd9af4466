"""``suyuan reply``: is a reply fit to leave the house?"""

from difflib import get_close_matches

import click

from suyuan.domain import reply as method
from suyuan.domain.errors import BadInput

from .opened import opened, unless_wrong
from .ready import emit
from .shapes import TEXT, TEXTS, by_name, many, thing

SCHEMA = thing(
    verdict={"enum": [one.value for one in method.Verdict]},
    lacks=thing(must=TEXTS, better=TEXTS),
    objections=many(thing(code=TEXT, about=TEXT, weight=TEXT, sentence=TEXT)),
    items=by_name(TEXT),
    basis=TEXT,
    certainty=TEXT,
)
FILE = click.File("r", encoding="utf-8")


@click.group("reply")
def reply() -> None:
    """Replies of the units, before they leave."""


@reply.command("check")
@click.argument("file", type=FILE, default="-")
@click.option("--procedure", required=True, help="complaint, report, repair …")
@click.option("--category", default="", help="Code of the complaint's category, e.g. quality.voltage.")
@click.option("--complaint", type=FILE, help="What the customer said; without it no demand is looked for.")
@click.option("--json", "as_json", is_flag=True)
@click.pass_context
@unless_wrong
def check(ctx, *, file, procedure, category, complaint, as_json: bool) -> None:  # type: ignore[no-untyped-def]
    """Say what a reply lacks or contradicts, quoting the sentence: pass, amend or return.

    An objection without a sentence says that nothing was found. A demand left unanswered quotes the
    complaint.
    """
    known = opened(ctx).categories
    if category and category not in known:
        raise BadInput("unknown_category", category=category, near=get_close_matches(category, known, 3))
    rules = method.shipped()
    required = rules.required_of(procedure, category)
    found = method.read(said(file), required, rules, said(complaint) if complaint else "")
    if as_json:
        emit(told(found, rules))
        return
    click.echo(found.verdict.value)
    for word, codes in lacks(found).items():
        if codes:
            click.echo(
                f"lacks ({word}): {', '.join(f'{code} {rules.items[code].title.zh}' for code in codes)}"
            )
    for one in found.objections:
        if one.code == "missing":
            continue
        about = f" {one.about}" if one.about else ""
        click.echo(f"{one.weight.value:<7} {one.code}{about}: {one.sentence or '–'}")


def told(found: method.Reading, rules: method.Rules) -> dict[str, object]:
    """Return a reading as the command answers it."""
    return {
        "verdict": found.verdict.value,
        "lacks": lacks(found),
        "objections": [
            {"code": one.code, "about": one.about, "weight": one.weight.value, "sentence": one.sentence}
            for one in found.objections
        ],
        "items": found.items,
        "basis": rules.basis,
        "certainty": rules.certainty.value,
    }


def lacks(found: method.Reading) -> dict[str, list[str]]:
    """Return all that a reply does not say at once: what it must say, and what it had better say."""
    missing = [one for one in found.objections if one.code == "missing"]
    return {
        "must": [one.about for one in missing if one.weight is method.Weight.HIGH],
        "better": [one.about for one in missing if one.weight is not method.Weight.HIGH],
    }


def said(file) -> str:  # type: ignore[no-untyped-def]
    """Return what a file says; raise BadInput naming it where it is no text or empty."""
    try:
        text: str = file.read()
    except UnicodeDecodeError as wrong:
        raise BadInput("not_utf8", file=file.name, at=wrong.start) from wrong
    if not text.strip():
        raise BadInput("empty", file=file.name)
    return text
