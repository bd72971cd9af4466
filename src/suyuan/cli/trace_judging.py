"""``suyuan trace judge`` and ``scorecard``: what a person says of a trace; how often it was right."""

import click

from .asking import viewer_of
from .ready import emit, now, ready
from .shapes import COUNT, PERHAPS_NUMBER, TEXT, many, thing

VERDICTS = ("confirmed", "corrected", "rejected")
JUDGED = thing(number=TEXT, verdict=TEXT, activity=TEXT, source=TEXT, node=TEXT, unit=TEXT)
SCORECARD = thing(
    judged=COUNT,
    verdicts=thing(**dict.fromkeys(VERDICTS, COUNT)),
    bands=many(
        thing(
            low={"type": "number"},
            high={"type": "number"},
            judged=COUNT,
            right=COUNT,
            value=PERHAPS_NUMBER,
            interval_low=PERHAPS_NUMBER,
            interval_high=PERHAPS_NUMBER,
            confidence=PERHAPS_NUMBER,
        )
    ),
    calibration_error=PERHAPS_NUMBER,
)


@click.command("judge")
@click.argument("number")
@click.option("--verdict", required=True, type=click.Choice(VERDICTS))
@click.option("--node", default="", help="The node that is the source instead, where it is corrected.")
@click.option("--unit", default="", help="The code of the unit whose it is.")
@click.option("--note", required=True, help="Why, kept sealed; - reads it from what comes in.")
@click.option("--as", "username", required=True, help="Who says it.")
@click.option("--json", "as_json", is_flag=True)
def judge(
    *, number: str, verdict: str, node: str, unit: str, note: str, username: str, as_json: bool
) -> None:
    """Say of the trace of a complaint that it is right, has another source, or is not so."""
    ready()
    from suyuan.actions import trace

    why = click.get_text_stream("stdin").read().strip() if note == "-" else note
    form = {"trace_verdict": verdict, "liability_node": node, "unit": unit, "note": why}
    actor = viewer_of(username).actor
    kept = trace.judge(number=number, actor=actor, now=now(), form={k: v for k, v in form.items() if v})
    said = {
        "number": number,
        "verdict": kept.verdict,
        "activity": kept.activity,
        "source": kept.source,
        "node": kept.node,
        "unit": kept.unit.code if kept.unit else "",
    }
    emit(said) if as_json else click.echo(" ".join(filter(None, said.values())))


@click.command("scorecard")
@click.option("--json", "as_json", is_flag=True)
def scorecard(*, as_json: bool) -> None:
    """Say how often traces were right, of those that people judged, by how sure they were."""
    ready()
    from collections import Counter

    from suyuan.analytics.trace import scorecard as method
    from suyuan.store.queries import trace_verdicts

    judged = trace_verdicts.judged()
    tally, bands = Counter(one.verdict for one in judged), method.bands(judged)
    error = method.calibration_error(bands)
    if as_json:
        counts = {verdict: tally[verdict] for verdict in VERDICTS}
        told = {"judged": len(judged), "verdicts": counts, "bands": [_band(one) for one in bands]}
        emit(told | {"calibration_error": error})
        return
    click.echo(", ".join(f"{tally[verdict]} {verdict}" for verdict in VERDICTS))
    for one in bands:
        mean = "-" if one.confidence is None else f"{one.confidence:.2f}"
        click.echo(f"confidence {one.low:.1f}-{one.high:.1f}: {one.right}/{one.judged} right, mean {mean}")


def _band(one) -> dict[str, object]:  # type: ignore[no-untyped-def]
    low, high = one.interval or (None, None)
    return {
        "low": one.low,
        "high": one.high,
        "judged": one.judged,
        "right": one.right,
        "value": one.share,
        "interval_low": low,
        "interval_high": high,
        "confidence": one.confidence,
    }
