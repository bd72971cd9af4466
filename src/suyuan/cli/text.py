"""``suyuan text``: what a text looks like without the people in it."""

from collections import Counter

import click

from .ready import emit


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
