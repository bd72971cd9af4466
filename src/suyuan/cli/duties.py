"""``suyuan duties``: who is responsible, accountable, consulted and informed at each step?"""

import click

from .ready import emit, now, ready
from .shapes import FLAG, TEXT, TEXTS, many, thing

SCHEMA = thing(
    duties=many(
        thing(
            procedure=TEXT,
            stage=TEXT,
            title=TEXT,
            verbs=TEXTS,
            responsible=TEXTS,
            accountable=TEXT,
            consulted=TEXTS,
            informed=TEXTS,
            basis=TEXT,
            certainty=TEXT,
            assessable=FLAG,
        )
    )
)


@click.command("duties")
@click.option("--procedure", default="", help="One procedure; all without it.")
@click.option("--post", default="", help="The steps at which this post owes something.")
@click.option("--json", "as_json", is_flag=True)
def duties(*, procedure: str, post: str, as_json: bool) -> None:
    """Say who does, answers for, is asked and is told at each step of each procedure, by post."""
    ready()
    from suyuan.store.queries import duties as queries

    found = [told(one) for one in queries.listed(now(), procedure, post)]
    if as_json:
        emit({"duties": found})
        return
    for one in found:
        click.echo(
            f"{one['procedure']:<14} {one['title']}: R {', '.join(one['responsible'])}; "
            f"A {one['accountable']}; C {', '.join(one['consulted']) or '-'}; "
            f"I {', '.join(one['informed']) or '-'}"
        )


def told(said) -> dict[str, object]:  # type: ignore[no-untyped-def]
    """Return a duty at a procedure as the command answers it."""
    duty = said.duty
    return {
        "procedure": said.procedure,
        "stage": duty.id,
        "title": duty.title.zh,
        "verbs": list(duty.verbs),
        "responsible": list(duty.responsible),
        "accountable": duty.accountable,
        "consulted": list(duty.consulted),
        "informed": list(duty.informed),
        "basis": duty.basis,
        "certainty": duty.certainty.value,
        "assessable": duty.certainty.assessable,
    }
