"""``suyuan reconcile``: was everything that came in accepted, handled and answered?"""

import click

from .ready import emit, now, ready
from .shapes import COUNT, FLAG, TEXT, TEXTS, many, thing

_COUNTS = {"received": COUNT, "accepted": COUNT, "handled": COUNT, "answered": COUNT, "called_back": COUNT}
SCHEMA = thing(
    period=TEXT,
    complete=FLAG,
    **_COUNTS,
    children=COUNT,
    channels=many(thing(channel=TEXT, **_COUNTS)),
    gaps=many(
        thing(
            stage=TEXT,
            code=TEXT,
            reason=TEXT,
            explained=FLAG,
            count=COUNT,
            overdue=COUNT,
            hidden=COUNT,
            cases=TEXTS,
        )
    ),
)


@click.command("reconcile")
@click.option("--period", required=True, help="2025-10, 2025-W40, 2025 or all.")
@click.option("--json", "as_json", is_flag=True)
def reconcile(*, period: str, as_json: bool) -> None:
    """Prove that what came in was accepted, handled and answered, or list every gap with its cases.

    received = accepted + the gaps of that stage, and so on. Restricted cases are counted, never listed.
    """
    ready()
    found = told(period)
    if as_json:
        emit(found)
        return
    click.echo("  ".join(f"{name} {found[name]:,}" for name in _COUNTS))  # type: ignore[str-format]
    for gap in found["gaps"]:  # type: ignore[attr-defined]
        mark = " " if gap["explained"] else "!"
        click.echo(f"{mark} {gap['stage']:<12} {gap['count']:>8,}  {gap['reason']} [{gap['code']}]")


def told(label: str) -> dict[str, object]:
    """Return the reconciliation of a period as the command answers it."""
    from suyuan.analytics import period
    from suyuan.domain import reconcile as rule
    from suyuan.store import rules
    from suyuan.store.queries import reconcile as queries

    asked = queries.Asked(period.parse(label))
    counts = queries.counts(asked, now())
    whole = rule.reconcile(counts)
    channels = sorted({one.channel for one in counts})

    def passed(found: rule.Reconciliation) -> dict[str, object]:
        return {"received": found.received, **{stage.value: n for stage, n in found.passed.items()}}

    def gap(one: rule.Gap) -> dict[str, object]:
        listed = one.place.code != rule.UNLINKED and not one.place.explained
        return {
            "stage": one.place.stage.value,
            "code": one.place.code,
            "reason": rules.label("gap", one.place.code, "zh"),
            "explained": one.place.explained,
            "count": one.n,
            "overdue": one.overdue,
            "hidden": one.hidden,
            "cases": queries.numbers(asked, one.place.code) if listed else [],
        }

    return {
        "period": asked.period.label,
        "complete": whole.complete,
        **passed(whole),
        "children": queries.children(asked),
        "channels": [
            {"channel": name} | passed(rule.reconcile(one for one in counts if one.channel == name))
            for name in channels
        ],
        "gaps": [gap(one) for one in whole.gaps],
    }
