"""Audit: samples of closed cases are drawn, and what is found in each is written down."""

from datetime import datetime

from django.db import transaction

from suyuan.analytics import period as periods
from suyuan.domain import sampling as rule
from suyuan.domain.errors import BadInput, Refused
from suyuan.domain.fields import Field, Type, reason
from suyuan.domain.vocabulary import Role
from suyuan.store import chain, rules
from suyuan.store.models import AuditSample, SampledCase
from suyuan.store.queries import org
from suyuan.store.queries import sampling as queries
from suyuan.store.queries.viewer import Viewer

STREAM = "register:audit"
PERIOD, SEED, N = Field("period", Type.TEXT), Field("seed", Type.TEXT), Field("n", Type.INTEGER)
DRAW_FORM = (PERIOD, SEED, N)
VERDICT = Field("audit_verdict", Type.CHOICE, choices=("passed", "objected"))
REMEDY = Field("remedy", Type.CHOICE, choices=("reopen", "supervise"), required=False)
CHECK_FORM = (VERDICT, reason("audit").optional, REMEDY)


@transaction.atomic
def draw(*, viewer: Viewer, period: str, n: int, seed: str, now: datetime) -> int:
    """Draw a sample from the cases closed in a period in reach, keep it, and return its id."""
    rules.look(now)
    _desk(viewer)
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
    """Write down what was found in one case; an objection names its reason and what it asks for."""
    rules.look(now)
    _desk(viewer)
    case = queries.one(viewer, sampled).case
    found = SampledCase.objects.select_for_update(of=("self",)).get(pk=sampled)
    if viewer.actor.username in {*case.handlers, case.owner, case.handler}:
        raise Refused("own_work")
    _complete(form)
    was = {"verdict": found.verdict, "reason": found.reason, "remedy": found.remedy}
    found.verdict, found.reason = form["audit_verdict"], form.get("reason", "")
    found.remedy = form.get("remedy", "")
    found.checked_by, found.checked_at = viewer.actor.username, now
    found.save(update_fields=["verdict", "reason", "remedy", "checked_by", "checked_at"])
    detail = {"sample": found.sample_id, "verdict": found.verdict, "reason": found.reason}
    chain.append(
        stream=STREAM,
        at=now,
        actor=found.checked_by,
        verb="audit_check",
        objects=[("case", case.number), ("unit", case.unit.code)],
        detail=detail | {"remedy": found.remedy} | ({"was": was} if was["verdict"] else {}),
    )


def _complete(form: dict[str, str]) -> None:
    """Raise unless an objection has a known reason and a remedy, and a passed case has neither."""
    known = {one.code for one in rules.rulebook().reasons["audit"]}
    objected = form.get("audit_verdict") == "objected"
    problems = {}
    if form.get("audit_verdict") not in VERDICT.choices:
        problems["audit_verdict"] = "unknown_choice" if form.get("audit_verdict") else "required"
    if objected and form.get("reason") not in known:
        problems["reason"] = "unknown_choice" if form.get("reason") else "required"
    if objected and form.get("remedy") not in REMEDY.choices:
        problems["remedy"] = "unknown_choice" if form.get("remedy") else "required"
    if not objected:
        problems |= {name: "not_asked" for name in ("reason", "remedy") if form.get(name)}
    if problems:
        raise BadInput("bad_form", fields=problems)


def _desk(viewer: Viewer) -> None:
    if Role.AUDIT not in viewer.roles:
        raise Refused("not_your_role", roles=[Role.AUDIT.value])
