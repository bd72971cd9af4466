"""``suyuan text``: what texts look like without the people in them."""

from collections import Counter

import click

from .ready import emit, now, ready


@click.group("text")
def text() -> None:
    """Texts, apart from cases."""


@text.command("mask")
@click.argument("file", type=click.File("r", encoding="utf-8"), default="-")
@click.option("--json", "as_json", is_flag=True, help="The masked text and how many pieces of each kind.")
def mask(*, file, as_json: bool) -> None:  # type: ignore[no-untyped-def]
    """Print a text (a file, or what comes in) with everything personal in it hidden."""
    from suyuan.domain import masking
    from suyuan.domain.errors import BadInput

    try:
        said = file.read()
    except UnicodeDecodeError as wrong:
        raise BadInput("not_utf8", file=file.name, at=wrong.start) from wrong
    if not as_json:
        click.echo(masking.mask(said), nl=False)
        return
    counts = Counter(span.kind.value for span in masking.find(said))
    emit({"text": masking.mask(said), "found": {kind: counts[kind] for kind in sorted(counts)}})


@text.command("remask")
@click.option("--dry-run", is_flag=True, help="Say how many texts older rules masked, and change nothing.")
@click.option("--json", "as_json", is_flag=True)
def remask(*, dry_run: bool, as_json: bool) -> None:
    """Mask again here and now what older rules masked; stop and start it as you like.

    The worker does the same beside its other work. The search index and the lists follow.
    """
    ready()
    from suyuan.actions.privacy import remask as actions
    from suyuan.domain import masking
    from suyuan.domain.procedure import SYSTEM

    texts, changed = 0, 0
    while not dry_run and (done := actions.remask(actor=SYSTEM, now=now(), look_again=True)).texts:
        texts, changed = texts + done.texts, changed + done.changed
        click.echo(f"{texts:,}", err=True)
    older = actions.older()
    if as_json:
        emit({"version": masking.VERSION, "texts": texts, "changed": changed, "older": older})
    else:
        click.echo(
            f"{texts:,} texts masked again, {changed:,} of them changed, {older:,} by older rules left"
        )
