"""What the demo shows of liability: a front desk that was charged, and where the complaint came from."""

from datetime import datetime, timedelta

from suyuan.domain.procedure import Actor
from suyuan.domain.vocabulary import FOUND_TRUE, Role, State
from suyuan.store import rules
from suyuan.store.models import Case, Counter
from suyuan.store.queries import viewer
from suyuan.store.queries.cases import LOCAL
from suyuan.store.queries.viewer import Viewer

from . import knowledge, ledger, trace
from .perform import perform

BASIS = "演示：本单位考核办法"
DAYS = 6
"""So many days before now the liabilities of the demo were begun: the units had time to object."""


def show(*, now: datetime) -> list[str]:
    """Charge the front desk of complaints and share out what they came from; return the liabilities."""
    people = {role: viewer.named(role.value) for role in (Role.OFFICE, Role.AUDIT, Role.LEADER, Role.LEAD)}
    known = {role: one for role, one in people.items() if one is not None}
    if len(known) < len(people):
        return []
    _confirm("ledger.verified_finding", known, now)
    begun = now - timedelta(days=DAYS)
    _count_on(begun)
    made = []
    for place, case in enumerate(_complaints(begun)):
        _charge(case, known, now)
        made.append(_share(case, known, begun, now, cause=("delivery", "staff", "delivery")[place], signs=place < 2))
    return made


def _complaints(before: datetime) -> list[Case]:
    """Return complaints in which something was true: first one that the log leads back from."""
    rows = Case.objects.filter(
        business_type="complaint",
        finding__in=FOUND_TRUE,
        state=State.ARCHIVED,
        restricted=False,
        accused=None,
        archived_at__lt=before,
        is_child=False,
    )
    every = list(rows.select_related("unit").order_by("-accepted_at")[:400])
    traced = next((case for case in every if trace.chain_of(case.number)), None)
    others = [case for case in every if case is not traced]
    return [*([traced] if traced else others[:1]), *others[1:3]]


def _count_on(at: datetime) -> None:
    """Let the numbers of a day begin behind those that the files of the city brought."""
    day = f"SY{at.astimezone(LOCAL):%Y%m%d}"
    last = Case.objects.filter(number__startswith=day).order_by("-number").values_list("number", flat=True).first()
    if last is not None:
        name = f"case:{day.removeprefix('SY')}"
        Counter.objects.update_or_create(name=name, defaults={"value": int(last.removeprefix(day))})


def _confirm(figure: str, known: dict[Role, Viewer], now: datetime) -> None:
    """Let two people confirm a figure, as an office does before anything is charged by it."""
    entry = knowledge.Proposed("confirm", {"figure": figure, "basis": BASIS}, BASIS)
    by = known[Role.LEAD].actor
    draft = knowledge.propose(proposed=entry, actor=by, now=now)
    knowledge.submit(draft=draft.pk, actor=by, now=now)
    knowledge.approve(draft=draft.pk, actor=known[Role.OFFICE].actor, now=now)
    rules.look(now)


def _charge(case: Case, known: dict[Role, Viewer], now: datetime) -> None:
    form = {"ledger_ground": "verified_finding", "ledger_case": case.number}
    entry = ledger.propose_entry(viewer=known[Role.OFFICE], form=form, now=now)
    ledger.sign_entry(viewer=known[Role.LEADER], entry=entry, form={}, now=now)


def _share(
    case: Case, known: dict[Role, Viewer], begun: datetime, now: datetime, *, cause: str, signs: bool
) -> str:
    """Open, put forward and review the liability of a complaint; sign it where nothing waits any more."""
    _do(case.number, "open_liability", known[Role.OFFICE].actor, begun)
    number = Case.objects.filter(parent_number=case.number, procedure="liability").latest("pk").number
    said = {"responsibility": cause, "analysis": "按流程节点逐项核对，见各项证据。"}
    said |= {"skill_gap": "communication"} if cause == "staff" else {}
    _do(number, "put_forward", known[Role.OFFICE].actor, begun, said)
    _do(number, "review_shares", known[Role.AUDIT].actor, begun if signs else now)
    if signs:
        _do(number, "sign_shares", known[Role.LEADER].actor, now)
    return number


def _do(number: str, verb: str, actor: Actor, now: datetime, form: dict[str, object] | None = None) -> None:
    perform(number=number, verb=verb, actor=actor, now=now, form=form or {})
