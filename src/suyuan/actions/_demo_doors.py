"""The verbs a story of the demo's quarter can name, each done as anybody does it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from suyuan.domain.errors import Refused
from suyuan.domain.procedure import Actor
from suyuan.domain.vocabulary import FOUND_TRUE, Role, State
from suyuan.store import rules
from suyuan.store.models import Case
from suyuan.store.queries import precomplaints, shares, viewer
from suyuan.store.queries.viewer import Viewer

from . import (
    _demo_themes,
    campaign,
    disconnection,
    evaluation,
    filing,
    improvement,
    intake,
    knowledge,
    ledger,
    precomplaint,
    repeat,
    returns,
)
from .perform import perform

PICK, OPEN_EVALUATION, REGISTER_ARREARS = "pick", "open_evaluation", "register_arrears"
MAY_FIND_NONE = (PICK, OPEN_EVALUATION)
"""What finds nothing to be about in some cities: the story ends there."""
BASIS = "演示：本单位考核办法"
TRACED = "business.billing.reading"
"""What the log leads back from is told of by itself."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A step at work: what, by whom, on what, with what form, when; who calls; the cases stories have."""

    verb: str
    viewer: Viewer | None
    on: str
    form: Mapping[str, object]
    now: datetime
    caller: Mapping[str, str]
    taken: frozenset[str]

    @property
    def who(self) -> Viewer:
        """Return who does it; raise Refused where the step names nobody there is."""
        if self.viewer is None:
            raise Refused("no_demo_person", username="")
        return self.viewer

    @property
    def actor(self) -> Actor:
        """Return who does it, as a verb wants it."""
        return self.who.actor


def perform_it(turn: Turn) -> str:
    """Do a verb of a procedure; return the case it opened, if it opened one."""
    perform(number=turn.on, verb=turn.verb, actor=turn.actor, now=turn.now, form=turn.form)
    opened = Case.objects.filter(parent_number=turn.on, accepted_at=turn.now).order_by("-pk")
    return opened.values_list("number", flat=True).first() or ""


def _receive(turn: Turn) -> str:
    said = {name: str(value) for name, value in turn.form.items()}
    who = {"customer" if name == "name" else name: value for name, value in turn.caller.items()}
    incoming = intake.Incoming(
        channel=said["channel"], business_type=said["business_type"], text=said["text"], **who
    )
    return intake.receive(incoming=incoming, actor=turn.actor, now=turn.now)


def _pick(turn: Turn) -> str:
    """Return the newest case of a kind closed by then that no other story has; empty for none."""
    rows = Case.objects.filter(
        business_type__in=str(turn.form["business_type"]).split(), state=State.ARCHIVED
    )
    rows = rows.filter(restricted=False, accused=None, is_child=False, secrecy="", archived_at__lt=turn.now)
    if turn.form.get("finding"):
        rows = rows.filter(finding__in=FOUND_TRUE, unit__kind__in=STAFFED).exclude(category=TRACED)
    else:
        rows = rows.exclude(finding__in=FOUND_TRUE)
    if turn.form.get("satisfaction"):
        rows = rows.filter(satisfaction=turn.form["satisfaction"])
    rows = rows.exclude(number__in=turn.taken)
    return rows.order_by("-archived_at", "-pk").values_list("number", flat=True).first() or ""


STAFFED = ("station", "hall", "crew", "team")
"""Kinds of units that have people enough for a share each."""


def _confirm(turn: Turn) -> str:
    confirm(str(turn.form["figure"]), turn.now)
    return ""


def confirm(figure: str, now: datetime) -> None:
    """Let two people confirm a figure, as an office does before anything is charged by it."""
    lead, office = viewer.named(Role.LEAD.value), viewer.named(Role.OFFICE.value)
    if lead is None or office is None:
        raise Refused("no_demo_person", username=Role.LEAD.value)
    entry = knowledge.Proposed("confirm", {"figure": figure, "basis": BASIS}, BASIS)
    draft = knowledge.propose(proposed=entry, actor=lead.actor, now=now)
    knowledge.submit(draft=draft.pk, actor=lead.actor, now=now)
    knowledge.approve(draft=draft.pk, actor=office.actor, now=now)
    rules.look(now)


def _drop_shares(turn: Turn) -> str:
    """Take every proposed share out of a draft, to write others by hand."""
    for row in shares.shares(shares.of(Case.objects.get(number=turn.on))):
        form = {"share_line": row.seq}
        perform(number=turn.on, verb="drop_share", actor=turn.actor, now=turn.now, form=form)
    return ""


def _file(turn: Turn) -> str:
    return filing.file(actor=turn.actor, form=turn.form, now=turn.now)


def _register_arrears(turn: Turn) -> str:
    form = {**turn.form, "account": turn.caller["account"]}
    return disconnection.register(actor=turn.actor, form=form, now=turn.now)


def _promote(turn: Turn) -> str:
    origin = precomplaints.from_case(turn.who, turn.on)
    return precomplaint.promote(actor=turn.actor, origin=origin, form=dict(turn.form), now=turn.now).number


def _put_on_register(turn: Turn) -> str:
    return improvement.put_on_register(actor=turn.actor, form=turn.form, now=turn.now)


def _open_campaign(turn: Turn) -> str:
    return str(campaign.open_campaign(viewer=turn.who, form=turn.form, now=turn.now))


def _of_campaign(turn: Turn) -> str:
    do = campaign.add_improvement if turn.verb == "add_improvement" else campaign.close_campaign
    do(viewer=turn.who, campaign=int(turn.on), form=turn.form, now=turn.now)
    return ""


def _file_return(turn: Turn) -> str:
    form = {name: value for name, value in turn.form.items() if name != "kind"}
    kind = str(turn.form["kind"])
    return str(returns.file_return(viewer=turn.who, number=turn.on, kind=kind, form=form, now=turn.now))


def _propose_entry(turn: Turn) -> str:
    return str(ledger.propose_entry(viewer=turn.who, form=turn.form, now=turn.now))


def _of_entry(turn: Turn) -> str:
    do = ledger.sign_entry if turn.verb == "sign_entry" else ledger.refuse_entry
    do(viewer=turn.who, entry=int(turn.on), form=turn.form, now=turn.now)
    return ""


def _reverse_entry(turn: Turn) -> str:
    return str(ledger.reverse_entry(viewer=turn.who, entry=int(turn.on), form=turn.form, now=turn.now))


def _alarm(turn: Turn) -> str:
    repeat.alarm(now=turn.now)
    return ""


def _open_evaluation(turn: Turn) -> str:
    """Open an order about the theme of a kind at a unit; empty where none is past its threshold by then."""
    about = _demo_themes.past_threshold(turn.now, str(turn.form["kind"]), str(turn.form["unit"]))
    if about is None:
        return ""
    return evaluation.open_evaluation(actor=turn.actor, about=about, now=turn.now).number


DOORS: Mapping[str, Callable[[Turn], str]] = {
    "receive": _receive,
    PICK: _pick,
    "confirm": _confirm,
    "drop_shares": _drop_shares,
    "file": _file,
    REGISTER_ARREARS: _register_arrears,
    "promote": _promote,
    "put_on_register": _put_on_register,
    "open_campaign": _open_campaign,
    "add_improvement": _of_campaign,
    "close_campaign": _of_campaign,
    "file_return": _file_return,
    "propose_entry": _propose_entry,
    "sign_entry": _of_entry,
    "refuse_entry": _of_entry,
    "reverse_entry": _reverse_entry,
    "alarm": _alarm,
    OPEN_EVALUATION: _open_evaluation,
}
"""What is no verb of a procedure."""
BEGINS = frozenset({"receive", PICK, "file", "put_on_register", OPEN_EVALUATION, REGISTER_ARREARS})
"""What a story can begin with: the first of it is what the story calls its own."""
