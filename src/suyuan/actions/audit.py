"""Audit: samples of closed cases are drawn, and what is found in each is written down."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from suyuan.analytics import period as periods
from suyuan.domain import procedure
from suyuan.domain import sampling as rule
from suyuan.domain.errors import BadInput, Refused
from suyuan.domain.fields import Field, Type
from suyuan.domain.procedures import frozen
from suyuan.domain.vocabulary import Role
from suyuan.store import chain, rules
from suyuan.store.models import AuditSample, Case, SampledCase
from suyuan.store.queries import cases, org
from suyuan.store.queries import sampling as queries
from suyuan.store.queries.viewer import Viewer

from ._change import objects_of, written
from ._forms import clean
from ._tell import Notice, tell

STREAM = "register:audit"
PERIOD, SEED, N = Field("period", Type.TEXT), Field("seed", Type.TEXT), Field("n", Type.INTEGER)
DRAW_FORM = (PERIOD, SEED, N)
CHECK_FORM, SETTLE_FORM = rule.CHECK_FORM, rule.SETTLE_FORM


@transaction.atomic
def draw(*, viewer: Viewer, period: str, n: int, seed: str, now: datetime) -> int:
    """Draw a sample from the cases closed in a period in reach, keep it, and return its id."""
    rules.look(now)
    rule.refuse_others(viewer.roles)
    if not seed.strip() or len(seed) > 40:
        raise BadInput("bad_form", fields={"seed": "required" if not seed.strip() else "too_long"})
    figures = rule.rule(rules.rulebook(), rules.local_day(now))
    rows = queries.closed(periods.parse(period), viewer)
    pool = queries.candidates(rows, figures)
    drawn = rule.draw(pool, n, seed.strip(), figures)
    made = AuditSample.objects.create(
        period=period,
        unit=org.desk_of(viewer.actor),
        seed=seed.strip(),
        n=len(drawn),
        population=len(pool),
        drawn_by=viewer.actor.username,
        drawn_at=now,
    )
    ids = dict(rows.filter(number__in=[one.number for one in drawn]).values_list("number", "pk"))
    SampledCase.objects.bulk_create(
        SampledCase(sample=made, case_id=ids[one.number], place=place, part=one.part, signs=list(one.signs))
        for place, one in enumerate(drawn, 1)
    )
    detail = {"sample": made.pk, "period": period, "seed": made.seed, "n": made.n, "of": made.population}
    chain.append(
        stream=STREAM, at=now, actor=made.drawn_by, verb="audit_draw", objects=_of(drawn), detail=detail
    )
    return made.pk


def _of(drawn: list[rule.Drawn]) -> list[tuple[str, str]]:
    return [("case", one.number) for one in drawn]


@transaction.atomic
def check(*, viewer: Viewer, sampled: int, form: dict[str, str], now: datetime) -> None:
    """Write down what was found in one case; an objection names its reason and what it asks for.

    Whoever has to act on an objection is told; a result corrected to a pass takes it back.
    """
    case, found = _locked(viewer, sampled, now)
    _complete(form)
    if no := rule.remedy_refusal(form.get("remedy", ""), case.finding):
        raise Refused(no)
    was = {"verdict": found.verdict, "reason": found.reason, "remedy": found.remedy}
    found.verdict, found.reason = form["audit_verdict"], form.get("reason", "")
    found.remedy = form.get("remedy", "")
    found.checked_by, found.checked_at = viewer.actor.username, now
    found.settled_by, found.settled_at = "", None
    found.save()
    objected = found.verdict == "objected"
    if objected or was["verdict"] == "objected":
        case.objection = rule.OPEN if objected else _still(case, found)
        said = {field.name: form.get(field.name, "") for field in CHECK_FORM}
        _write(case, viewer, now, "audit_check", said, tells=objected)
    detail = {"sample": found.sample_id, "verdict": found.verdict, "reason": found.reason}
    chain.append(
        stream=STREAM,
        at=now,
        actor=found.checked_by,
        verb="audit_check",
        objects=[("case", case.number), ("unit", case.unit.code)],
        detail=detail | {"remedy": found.remedy} | ({"was": was} if was["verdict"] else {}),
    )


@transaction.atomic
def settle(*, viewer: Viewer, sampled: int, form: dict[str, str], now: datetime) -> None:
    """Say of an objection that it was met, which ends it, or that it was not: then it goes on."""
    case, found = _locked(viewer, sampled, now)
    if found.verdict != "objected" or found.settled_at is not None:
        raise Refused("no_objection")
    filled = clean(SETTLE_FORM, form, now, {})
    met = filled["objection_outcome"] == "settled"
    if met:
        _refuse_unmet(case, found)
        found.settled_by, found.settled_at = viewer.actor.username, now
        found.save(update_fields=["settled_by", "settled_at"])
    case.objection = _still(case, found) if met else rule.OPEN
    _write(case, viewer, now, "audit_settle", filled, tells=not met)
    chain.append(
        stream=STREAM,
        at=now,
        actor=viewer.actor.username,
        verb="audit_settle",
        objects=[("case", case.number), ("unit", case.unit.code)],
        detail={"sample": found.sample_id, "outcome": filled["objection_outcome"]},
    )


def _locked(viewer: Viewer, sampled: int, now: datetime) -> tuple[Case, SampledCase]:
    """Return a case of a sample and its row there, both locked; nobody checks what they worked on."""
    rules.look(now)
    rule.refuse_others(viewer.roles)
    case = cases.locked(queries.one(viewer, sampled).case.number)
    if viewer.actor.username in {*case.handlers, case.owner, case.handler}:
        raise Refused("own_work")
    return case, SampledCase.objects.select_for_update(of=("self",)).get(pk=sampled)


def _refuse_unmet(case: Case, found: SampledCase) -> None:
    """Refuse to end an objection that nobody answered, or whose case or order is not at its end."""
    standing = queries.standing(found, case, queries.busy([case.number]))
    if standing == "under_way":
        raise Refused("objection_under_way")
    table = frozen.pinned(case.procedure, case.version)
    if standing == "waiting" and procedure.knows(table, "answer_objection"):
        raise Refused("objection_unanswered")


def _still(case: Case, settled: SampledCase) -> str:
    """Return what a case says once one objection ended: another sample may have objected to it too."""
    others = queries.objections(case).exclude(pk=settled.pk)
    return case.objection if others.exists() else ""


def _write(
    case: Case, viewer: Viewer, now: datetime, verb: str, form: Mapping[str, object], *, tells: bool
) -> None:
    """Write an event on the case, and tell the unit, the office and the audit desk of an objection."""
    case.changed_event = chain.append(
        stream=f"case:{case.number}",
        at=now,
        actor=viewer.actor.username,
        verb=verb,
        objects=[("case", case.number), ("unit", case.unit.code), *objects_of(case)],
        detail=written(case, (*CHECK_FORM, *SETTLE_FORM), form),
    )
    case.save(update_fields=["objection", "changed_event"])
    roles = (Role.AUDIT,) if case.restricted else (Role.STATION, Role.OFFICE, Role.AUDIT)
    notices = [
        Notice(
            key=f"{case.changed_event}:{role.value}",
            template="objection",
            recipient=f"{role.value}@{case.unit.code}",
            unit_id=case.unit_id,
            case_number=case.number,
            facts={"verb": verb, "state": case.state},
            restricted=case.restricted,
        )
        for role in roles
    ]
    tell(notices if tells else [], now)


def _complete(form: dict[str, str]) -> None:
    """Raise unless an objection has a known reason and a remedy, and a passed case has neither."""
    known = {one.code for one in rules.rulebook().reasons["audit"]}
    objected = form.get("audit_verdict") == "objected"
    problems = {}
    if form.get("audit_verdict") not in rule.VERDICT.choices:
        problems["audit_verdict"] = "unknown_choice" if form.get("audit_verdict") else "required"
    if objected and form.get("reason") not in known:
        problems["reason"] = "unknown_choice" if form.get("reason") else "required"
    if objected and form.get("remedy") not in rule.REMEDY.choices:
        problems["remedy"] = "unknown_choice" if form.get("remedy") else "required"
    if not objected:
        problems |= {name: "not_asked" for name in ("reason", "remedy") if form.get(name)}
    if problems:
        raise BadInput("bad_form", fields=problems)
