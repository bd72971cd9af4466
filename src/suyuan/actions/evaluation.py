"""Technical assessment orders: opened where a theme or node passed its threshold, mended, watched, closed."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.db import transaction

from suyuan.analytics.themes.effect import effect
from suyuan.domain.errors import BadInput, Refused
from suyuan.domain.evaluation import FORM, MAY, About
from suyuan.domain.procedure import Actor
from suyuan.domain.vocabulary import Role, State
from suyuan.store import bulk, chain, rows, rules
from suyuan.store.models import Case, Evaluation, Improvement
from suyuan.store.queries import cases, evaluations, org

from . import _change, _clocks, _order, archive, handle, improvement
from ._change import Change
from ._forms import clean
from ._open_child import Opened, begin, open_child

OPENING = "register:evaluation"
"""What those who open one wait for: of one key at most one is open."""
WATCH = "evaluation.watch"
"""The figure: for how many days the effect is watched."""
JOINED = "join_evaluation"


@dataclass(frozen=True, slots=True)
class Opening:
    """The number of the order that deals with something, and whether it was open already."""

    number: str
    joined: bool


@transaction.atomic
def open_evaluation(*, actor: Actor, about: About, note: str = "", now: datetime) -> Opening:
    """Open a technical assessment order, or join the one that is open about the same."""
    rules.look(now)
    form = {"situation": evaluations.sentence(about), "unit": about.unit, "note": note}
    given = clean(FORM, form, now)
    unit = org.unit(about.unit)
    if not actor.over_case(unit.path) & MAY:
        raise Refused("not_your_role", roles=sorted(MAY))
    bulk.one_at_a_time(OPENING)
    if (standing := evaluations.open_about(about.key)) is not None:
        return _join(standing, about, actor, now)
    case = begin(Opened("evaluation", "evaluation", FORM, given, actor, now), unit, (Role.OPERATIONS,))
    case.specialty = Role.OPERATIONS.value
    case.line = about.place if about.level == "line" else ""
    case.area = about.place if about.level == "area" else ""
    case.category = about.kind if about.kind in rules.rulebook().categories else ""
    rows.update(case, ("specialty", "line", "area", "category"))
    Evaluation.objects.create(
        case=case,
        **{name: getattr(about, name) for name in ("subject", "kind", "level", "place", "key")},
        **{name: getattr(about, name) for name in ("first", "last")},
        figures=dict(about.figures),
        cases=list(about.cases),
    )
    return Opening(case.number, joined=False)


def _join(standing: Evaluation, about: About, actor: Actor, now: datetime) -> Opening:
    """Write down on the order that is open what was found since."""
    case = cases.locked(standing.case.number)
    seen = set(standing.cases)
    detail = {
        "figures": {name: f"{value}" for name, value in about.figures.items()},
        "first": about.first.isoformat(),
        "last": about.last.isoformat(),
        "more": len([number for number in about.cases if number not in seen]),
    }
    standing.cases = [*standing.cases, *(number for number in about.cases if number not in seen)]
    standing.save(update_fields=["cases"])
    case.changed_event = chain.append(
        stream=f"case:{case.number}",
        at=now,
        actor=actor.username,
        verb=JOINED,
        objects=[("case", case.number), ("unit", case.unit.code)],
        detail=detail,
    )
    rows.update(case, ("changed_event",))
    return Opening(case.number, joined=True)


def evaluate(change: Change) -> State | None:
    """Hand in what was found, with the conclusion; somebody else passes it."""
    low, high = change.form.get("voltage_low"), change.form.get("voltage_high")
    if low is not None and high is not None and low > high:  # type: ignore[operator]
        raise BadInput("bad_form", fields={"voltage_high": "out_of_order"})
    conclusion = change.text("evaluation_conclusion")
    Evaluation.objects.filter(case=change.case).update(conclusion=conclusion)
    return handle.work(change)


def add_measure(change: Change) -> State | None:
    """Put what is to be done on the improvement register, planned by whoever adds it."""
    names = ("improvement_kind", "problems", "unit")
    due = _order.due_on(change)
    number = open_child(change, "improvement", form={name: change.form[name] for name in names})
    entry = Case.objects.get(number=number)
    Improvement.objects.create(case=entry, kind=change.text("improvement_kind"))
    _plan(change, number, {"measures": change.form["measures"], "unit": change.form["unit"], "due_on": due})
    change.detail["opened"] = number
    return None


def _plan(change: Change, number: str, form: dict[str, object]) -> None:
    """Plan an entry of the improvement register as whoever adds it would there."""
    case, procedure = _change.open_change(number)
    step, target = _change.ask(case, procedure, "plan_improvement", change.actor, form)
    planned = Change(case, procedure, step, change.actor, change.now, form, _change.rules_of(case))
    _change.commit(planned, improvement.plan(planned) or target)


def measures_done(change: Change) -> State | None:
    """Begin to watch the effect; refused while a measure is open, or where the conclusion asks for one."""
    found = Evaluation.objects.get(case=change.case)
    done, open_ = evaluations.measures(change.case.number)
    if open_:
        raise Refused("measures_open", missing=open_)
    needing = rules.rulebook().figures["evaluation.measures"][-1].terms["needed"]
    if found.conclusion in needing and not done:
        raise Refused("measure_missing", conclusion=found.conclusion)
    today = rules.local_day(change.now)
    found.watch_from = today + timedelta(days=1)
    found.watch_until = today + timedelta(days=rules.figure(WATCH, "days"))
    found.save(update_fields=["watch_from", "watch_until"])
    change.detail["watch_until"] = found.watch_until.isoformat()
    return None


def evaluate_again(change: Change) -> State | None:
    """Look into it anew, counted as another round: what was done did not put it right."""
    change.detail["clocks"] = _clocks.stop_all(change.case, change.rules, change.now)
    archive.begin_again(change)
    change.case.taken_at = change.now
    Evaluation.objects.filter(case=change.case).update(watch_from=None, watch_until=None, conclusion="")
    return None


def close(change: Change) -> State | None:
    """Close it with what became of it, counted; refused before the days of watching are over."""
    found = Evaluation.objects.get(case=change.case)
    assert found.watch_until is not None
    if rules.local_day(change.now) <= found.watch_until:
        since = found.watch_until + timedelta(days=1)
        raise Refused("effect_not_due", since=since.isoformat())
    here, elsewhere = evaluations.counts(found, change.case.unit.path)
    said = asdict(effect(here, elsewhere))
    kept = {"here": list(here), "elsewhere": list(elsewhere), "days": evaluations.days_watched(found)}
    found.effect = {**kept, **said}
    found.save(update_fields=["effect"])
    change.detail["effect"] = {name: f"{value}" for name, value in found.effect.items()}
    return None
