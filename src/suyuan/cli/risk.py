"""``suyuan risk``: models of risk are learned, say what is likely now, and tell what they are worth."""

import tomllib
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from suyuan.domain.errors import BadInput

from .detect import moment_asked
from .ready import emit, now, ready
from .shapes import COUNT, MOMENT, TEXT, many, thing
from .trace import acting

if TYPE_CHECKING:
    from suyuan.actions.risk.asked import Asked
    from suyuan.actions.risk.scoring import Scores
    from suyuan.actions.risk.training import Kept
    from suyuan.analytics.risk.judging import Figure
    from suyuan.analytics.risk.told import Told

_NUMBER = {"type": "number"}
_FIGURE = thing(value=_NUMBER, low=_NUMBER, high=_NUMBER)
_PART = thing(rows=COUNT, hits=COUNT)
REPORT = thing(
    model=TEXT, kind=TEXT, curve=TEXT, learned_at=TEXT, version=TEXT, seed=COUNT,
    begins=MOMENT, learned_until=MOMENT, calibrated_until=MOMENT, judged_until=MOMENT,
    learn=_PART, calibrate=_PART, judge=_PART,
    prevalence=_NUMBER, precision_recall=_FIGURE, workload=_NUMBER, recall=_FIGURE, precision=_FIGURE,
    found=_FIGURE, calibration_error=_FIGURE, brier=_NUMBER,
    lead_hours={"type": ["array", "null"], "items": _NUMBER}, silent=_NUMBER,
    reliability=many(thing(many=COUNT, said=_NUMBER, came=_NUMBER)),
    rules=many(thing(rule=TEXT, precision_recall=_NUMBER, recall=_NUMBER, above=_FIGURE,
                     clearly={"type": "boolean"})),
)  # fmt: skip
_SAID = {"type": ["number", "null"]}
"""None where the model says nothing: ``doubt`` tells why."""
SCORE = thing(
    model=TEXT,
    as_of=MOMENT,
    learned_at=TEXT,
    of=COUNT,
    scores=many(
        thing(
            subject=TEXT, chance=_SAID, low=_SAID, high=_SAID, band=TEXT, doubt=TEXT,
            why=many(thing(group=TEXT, adds=_NUMBER)),
        )
    ),
)  # fmt: skip
LIST = thing(
    models=many(thing(model=TEXT, title=thing(zh=TEXT, en=TEXT), learned_at=TEXT, basis=TEXT, certainty=TEXT))
)
_model = click.option("--model", "name", required=True, help="A name of suyuan risk list.")
_data = click.option("--data", type=click.Path(path_type=Path), help="An event log, in place of the home's.")
_question = click.option(
    "--question", type=click.Path(path_type=Path), help="A TOML file that says what is asked of --data."
)
_layout = click.option("--layout", type=click.Path(path_type=Path), help="Which column of --data is what.")
_zone = click.option("--zone", default="", help="Where the moments of --data were, if they name no zone.")
_as_of = click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M"]),
    help="As it stood at the end of this day, or at this local moment; nothing later is known.",
)
_json = click.option("--json", "as_json", is_flag=True)


@click.group("risk")
def risk() -> None:
    """Say how likely something is of one order or customer (docs/methods/risk.md)."""


@risk.command("list")
@_json
def listed(*, as_json: bool) -> None:
    """List the models of the rulebook, and when each was learned."""
    ready()
    from suyuan.actions.risk import asked, training
    from suyuan.store import rules

    book, rows = rules.rulebook(), []
    for name in asked.names(book):
        given, kept = asked.asked(book, name, now().date()), training.kept(name)
        said = {"title": given.title, "basis": given.basis, "certainty": given.certainty}
        rows.append({"model": name, **said, "learned_at": kept.learned_at if kept else ""})
    if as_json:
        emit({"models": rows})
        return
    for row in rows:
        click.echo(f"{row['model']:16}  {row['title']['zh']}  {row['learned_at'] or '–'}")


@risk.command("train")
@_model
@_data
@_question
@_layout
@_zone
@click.option("--as", "username", default="", help="Who has it learned; without it this machine's owner.")
@_json
def train(*, name: str, username: str, as_json: bool, **of: Any) -> None:
    """Learn a model, judge it on its latest part and keep it; refused where there is too little."""
    ready()
    from suyuan.actions.risk import asked, training
    from suyuan.store import rules

    if of["data"] and name in asked.names(rules.rulebook()):
        raise BadInput("model_of_home", field="model", value=name)
    given, told = _asked(name, of, now(), to_learn=True)
    kept = training.train(name=name, told=told, given=given, actor=acting(username), now=now())
    _report(kept, as_json=as_json)


@risk.command("report")
@_model
@_json
def report(*, name: str, as_json: bool) -> None:
    """Tell what a model that is kept was learned from, and what it is worth beside trivial rules."""
    ready()
    from suyuan.actions.risk import training

    _known(name)
    _report(training.needed(name), as_json=as_json)


@risk.command("score")
@_model
@_data
@_question
@_layout
@_zone
@_as_of
@click.option("--top", default=50, show_default=True, type=click.IntRange(1), help="So many, the highest.")
@_json
def score(*, name: str, as_of: datetime | None, top: int, as_json: bool, **of: Any) -> None:
    """Say what is likely of every subject that is open, the highest first; keeps nothing."""
    ready()
    said = asdict(_scores(name, as_of, of))
    said["scores"] = said["scores"][:top]
    for one in said["scores"]:
        del one["account"]
        one["why"] = [{"group": group, "adds": adds} for group, adds in one["why"]]
        if one["doubt"]:
            one |= dict.fromkeys(("chance", "low", "high"))
    if as_json:
        emit(said)
        return
    if datetime.fromisoformat(said["as_of"]) < datetime.fromisoformat(said["learned_at"]):
        click.echo("模型学于此后 / learned from what came later", err=True)
    for one in said["scores"]:
        shown = one["doubt"] or f"{one['chance']:.3f} [{one['low']:.3f}, {one['high']:.3f}]"
        why = ", ".join(f"{part['group']} {part['adds']:+.2f}" for part in one["why"][:3])
        click.echo(f"{one['band']:7} {one['subject']}  {shown}  {why}")


def _scores(name: str, as_of: datetime | None, of: dict[str, Any]) -> "Scores":
    """Return what a model says of this home at a moment, or of a log in a file, at its end unless asked."""
    from suyuan.actions.risk import scoring, training
    from suyuan.store import rules

    _known(name)
    if of["data"] is None:
        _of_file_only(of)
        return scoring.scores(name, moment_asked(as_of))
    kept, zone = training.needed(name), rules.rulebook().calendar.zone
    _, told = _asked(name, of, now())
    at = as_of.replace(tzinfo=zone).timestamp() if as_of else told.end
    return scoring.score(kept, told, int(at))


def _known(name: str) -> None:
    """Raise BadInput for a name that is neither the rulebook's nor that of a model somebody had learned."""
    from suyuan.actions.risk import asked, training
    from suyuan.store import rules

    if name not in (known := asked.names(rules.rulebook())) and training.kept(name) is None:
        raise BadInput("unknown_value", field="model", value=name[:60], known=sorted(known))


def _asked(name: str, of: dict[str, Any], at: datetime, *, to_learn: bool = False) -> "tuple[Asked, Told]":
    """Return what is asked and of what: of the home, or of a log in a file."""
    from suyuan.actions.risk import asked, training
    from suyuan.store import rules

    if of["data"] is None:
        _of_file_only(of)
        given = asked.asked(rules.rulebook(), name, at.date())
        return given, training.told_here(given, at)
    from suyuan.gateways import eventlog

    given = asked.of_table(name, _table(of["question"])) if of["question"] else asked.asked(
        rules.rulebook(), name, at.date())  # fmt: skip
    layout = eventlog.read_layout(of["layout"]) if of["layout"] else None
    return given, training.told_of(given, of["data"], layout, of["zone"], to_learn=to_learn)


def _of_file_only(of: dict[str, Any]) -> None:
    """Raise BadInput for what says something of a log in a file where none is given."""
    if of["question"] or of["layout"]:
        raise BadInput("one_of_two", field="question", other="data")


def _table(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except OSError:
        raise BadInput("no_such_file", file=path.name) from None
    except (ValueError, RecursionError):
        raise BadInput("unknown_value", field="question", value=path.name[:60]) from None


def _report(kept: "Kept", *, as_json: bool) -> None:
    from suyuan.actions.risk import looking

    card, worth = kept.card, kept.card.judged
    if as_json:
        emit(_card(kept))
        return
    parts = zip(("learn", "calibrate", "judge"), card.hits, card.rows, strict=True)
    click.echo(f"{kept.model.question.name}: " + ", ".join(f"{n} {hit}/{of}" for n, hit, of in parts))
    click.echo(f"发生率 / prevalence {worth.prevalence:.3f}")
    click.echo(f"精确率-召回率面积 / PR-AUC {_shown(worth.precision_recall)}")
    for what, one in (("召回 / recall", worth.recall), ("精确 / precision", worth.precision)):
        click.echo(f"{worth.workload:.0%}: {what} {_shown(one)}")
    click.echo(f"校准误差 / calibration error {_shown(worth.error)}, 不作判断 / silent {worth.silent:.1%}")
    if looking.is_off(kept):
        click.echo("  ! 可能性不准，只看先后 / the chances are off: go by the order alone")
    for name, rule in worth.rules.items():
        sign = "✓" if rule.above.low > 0 else "✗"
        click.echo(f"  {sign} {name}: PR-AUC {rule.precision_recall:.3f}, 高出 / above {_shown(rule.above)}")


def _shown(one: "Figure") -> str:
    return f"{one.value:.3f} [{one.low:.3f}, {one.high:.3f}]"


def _card(kept: "Kept") -> dict[str, Any]:
    card, worth = kept.card, asdict(kept.card.judged)
    borders = dict(
        zip(("begins", "learned_until", "calibrated_until", "judged_until"), card.borders, strict=True)
    )
    parts = zip(("learn", "calibrate", "judge"), card.rows, card.hits, strict=True)
    return {
        "model": kept.model.question.name, "kind": kept.model.kind, "curve": kept.model.curve.kind,
        "learned_at": kept.learned_at, "version": kept.version, "seed": card.seed,
        **{name: _moment(at) for name, at in borders.items()},
        **{name: {"rows": rows, "hits": hits} for name, rows, hits in parts},
        **{name: worth[name] for name in ("prevalence", "precision_recall", "workload", "recall")},
        "precision": worth["precision"],
        "found": worth["found"], "calibration_error": worth["error"], "brier": worth["brier"],
        "lead_hours": worth["lead_hours"], "silent": worth["silent"], "reliability": worth["bins"],
        "rules": [{"rule": name, **rule, "clearly": rule["above"]["low"] > 0}
                  for name, rule in worth["rules"].items()],
    }  # fmt: skip


def _moment(at: int) -> datetime:
    from datetime import UTC

    return datetime.fromtimestamp(at, UTC)
