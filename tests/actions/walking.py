"""Walking cases at random: who could do which verb next with what form, and what must hold afterwards."""

from collections import Counter
from datetime import datetime, timedelta

from django.apps import apps
from hypothesis import strategies as st

from suyuan.actions import sweep
from suyuan.analytics.period import Period
from suyuan.domain import reconcile as rule
from suyuan.domain import worktime
from suyuan.domain.fields import Field, Type
from suyuan.domain.procedure import BEFORE, SAME, Actor, Procedure, Step, refusal
from suyuan.domain.procedures import CURRENT, frozen
from suyuan.domain.vocabulary import CLOSED, Role, State
from suyuan.store import chain, clauses, rules
from suyuan.store.models import Case, ClockEntry, Event, Item, Message, Rung, Signature
from suyuan.store.queries import cases, countersign, reconcile
from tests.appeal_cases import FORMS

EVER = Period("", "all", None, None)
WRITES = ("INSERT", "UPDATE", "DELETE")
ABOUT_CASES = [
    model
    for model in apps.get_app_config("store").get_models()
    if model in (Case, Event, Message, ClockEntry)
    or any(column.related_model is Case for column in model._meta.concrete_fields)
]
"""Every table that holds something of a case."""


class Breaks:
    """Lets the database itself fail at the n-th write of a connection."""

    def __init__(self, at: int) -> None:
        self.left, self.broke = at, False

    def __call__(self, execute, sql, params, many, context):
        self.left -= sql.startswith(WRITES)
        if self.left == 0 and not self.broke:
            self.broke = True
            return execute("SELECT no_such_column FROM store_case", (), False, context)
        return execute(sql, params, many, context)


def stored() -> dict[str, list[tuple]]:
    """Return every row that says something of a case."""
    return {model.__name__: list(model.objects.order_by("pk").values_list()) for model in ABOUT_CASES}


def table_of(case: Case) -> Procedure:
    return frozen.pinned(case.procedure, case.version)


def holder(role: Role, path: str = "/01/", name: str = "") -> Actor:
    return Actor(name or f"any {role.value}", frozenset({(role, path)}))


def on_the_way(step: Step) -> bool:
    """Return whether a step takes a case further: a remark beside the flow and a merge do not."""
    return bool(step.marks) or step.target not in (SAME, State.MERGED)


def takes_further(case: Case, verb: str) -> bool:
    """Return whether a verb would take a case further from where it stands."""
    return any(on_the_way(s) for s in table_of(case).steps if s.verb == verb and case.state in s.source)


def open_steps(case: Case) -> list[tuple[str, Role]]:
    """Return the verbs that are open on a case now, each with the roles that may do it.

    To somebody new, or to whom the case is entrusted or its customer known: a confidential caller is called
    by them alone.
    """
    facts, table = cases.facts(case), table_of(case)
    people = ("", *filter(None, (case.owner, case.entrusted)))
    return [
        (step.verb, role)
        for step in table.steps
        if facts.state in step.source
        for role in step.who(restricted=case.restricted)
        if any(refusal(table, facts, step.verb, holder(role, name=who)) is None for who in people)
    ]


def valid(asked: Field, now: datetime) -> st.SearchStrategy[object]:
    """Return what a field takes."""
    book, day = rules.rulebook(), rules.local_day(now)
    codes = [choice.code for choice in book.reasons[asked.reasons]] if asked.reasons else list(asked.choices)
    return {
        Type.BOOL: st.sampled_from((True, False, "是", "0")),
        Type.MOMENT: st.sampled_from((None, now.isoformat())),
        Type.DATE: st.sampled_from((str(day + timedelta(days=30)), str(day))),
        Type.INTEGER: st.sampled_from(("1", "5")),
        Type.UNIT: st.sampled_from(("0101", "0102")),
        Type.CASE: st.sampled_from(sorted(Case.objects.values_list("number", flat=True))),
        Type.CATEGORY: st.sampled_from(sorted(book.categories)[:6]),
        Type.BUSINESS_TYPE: st.sampled_from(book.asked_for),
        Type.CHOICE: st.sampled_from(codes or ["?"]),
        Type.CHOICES: st.sampled_from(codes or ["?"]),
        Type.DECIMAL: st.sampled_from(("100", "12.5")),
        Type.ITEM: st.sampled_from(("1", "2")),
        Type.CLAUSE: st.sampled_from([code for code, _ in clauses.offered()][:3]),
    }.get(asked.type, st.sampled_from(("核实无误", "补抄并更正", "站长")))


WAYS = ("happy", "happy", "filled", "filled", "filled", "wrong", "missing", "strange")
WRONG = ("?", "   ", "1\x00", "9" * 201, "2000-01-01", "-1", "9999-99-99", "no such")


@st.composite
def forms(draw, case: Case, verb: str, now: datetime) -> dict[str, object]:
    """Draw a form for a verb: as the happy path has it, as its fields take it, or with a mistake."""
    rows = [step for step in table_of(case).steps if step.verb == verb]
    step = next((row for row in rows if case.state in row.source), rows[0] if rows else None)
    if step is None:
        return {}
    asked = rules.asked(case.procedure, step, now).form
    how = draw(st.sampled_from(WAYS))
    form = {each.name: draw(valid(each, now)) for each in asked if each.required or draw(st.booleans())}
    if how == "happy" and verb in FORMS:
        return FORMS[verb](case)
    if how == "strange":
        form["nothing"] = "1"
    elif form and how in ("wrong", "missing"):
        name = draw(st.sampled_from(sorted(form)))
        form |= {name: draw(st.sampled_from(WRONG)) if how == "wrong" else None}
    return form


def fire(now: datetime) -> None:
    """Fire what is due, as the worker does: then nothing is, and a second round finds nothing."""
    while sweep.sweep(now=now):
        pass
    assert (sweep.due(now=now), sweep.sweep(now=now)) == ([], 0)


def check_all(contacts: int, now: datetime) -> None:
    """Raise AssertionError unless everything that must always hold of all cases holds."""
    standing = list(Case.objects.select_related("unit").order_by("pk"))
    chain.verify()
    assert chain.verify_cases() == len(standing)
    told: dict[str, list[Event]] = {case.number: [] for case in standing}
    for event in Event.objects.filter(stream__startswith="case:").order_by("seq"):
        told[event.stream.removeprefix("case:")].append(event)
    for case in standing:
        check_open(case)
        check_clocks(case)
        check_rungs(case, told[case.number])
        check_items(case, told[case.number])
        check_sheet(case, told[case.number])
    check_totals(standing, told, contacts, now)


def check_open(case: Case) -> None:
    """A case that is not final can be taken further by somebody, and says itself that it is open."""
    final = case.state in CLOSED
    assert case.is_open is not final
    further = {step.verb for step in table_of(case).steps if on_the_way(step) and case.state in step.source}
    assert final or {verb for verb, _ in open_steps(case)} & further, (case.procedure, case.state)
    assert case.state in {s for step in table_of(case).steps for s in step.source} | CLOSED
    assert BEFORE != case.state != SAME


def check_clocks(case: Case) -> None:
    """Every due follows from the ledger, and from the terms and the pauses the ledger tells of."""
    clocks = list(case.clocks.prefetch_related("entries").order_by("pk"))
    for clock in clocks:
        due, spans, paused = None, [], None
        for entry in sorted(clock.entries.all(), key=lambda one: (one.at, one.pk)):
            assert due in (None, entry.due_before), f"{clock.limit}: {entry.kind} does not follow"
            due = entry.due_after or entry.due_before
            if entry.kind == "pause":
                paused = entry.at
            elif entry.kind == "resume":
                spans.append((paused, entry.at))
                paused = None
        assert due in (None, clock.due_at), clock.limit
        assert (clock.state == "paused") is (paused is not None and clock.stopped_at is None), clock.limit
        if clock.amount is not None:
            calendar = rules.pinned(case.edition_id).calendar
            terms = (clock.amount, clock.unit, clock.count, calendar, spans)
            assert worktime.due(clock.started_at, *terms).at == clock.due_at, clock.limit
    mine = [clock for clock in clocks if clock.episode == case.episode]
    running = [clock.due_at for clock in mine if clock.state == "running"]
    assert case.next_due_at == min(running, default=None), case.state
    assert {clock.state for clock in mine if case.state in CLOSED} <= {"stopped", "void"}
    live = [clock.limit for clock in mine if clock.state != "void"]
    assert len(live) == len(set(live))


def check_rungs(case: Case, told: list[Event]) -> None:
    """What fired is what the events tell of, each rung of a clock once, and none before its time.

    A clock that moved to another limit of its family keeps what fired: the event names the limit it had.
    """
    rows = list(Rung.objects.filter(clock__case=case).select_related("clock"))
    fired = [rung for event in told if event.verb == "rung" for _, rung in event.detail["rungs"]]
    assert Counter(fired) == Counter(row.rung for row in rows)
    assert len({(row.clock_id, row.rung) for row in rows}) == len(rows)
    assert all(row.clock.started_at <= row.fired_at for row in rows)


def check_items(case: Case, told: list[Event]) -> None:
    """The items are those that were added, each with the last finding an event gives it."""
    items = {item.seq: item for item in Item.objects.filter(case=case)}
    there = {1} if items else set()
    for event in told:
        if event.verb == "add_item":
            there.add(event.detail["item"])
        elif event.verb == "drop_item":
            there.remove(event.detail["item"])
    assert set(items) == there
    judged = {e.detail["item"]: e for e in told if "item" in e.detail and "signed" in e.detail}
    assert {seq for seq, item in items.items() if item.finding} == set(judged)
    for seq, event in judged.items():
        mark = event.detail["signed"]
        mark = mark["items"][str(seq)] if isinstance(mark, dict) else mark  # a review marks all it passes
        found = (items[seq].finding, items[seq].decided_by, items[seq].signed)
        assert found == (event.detail["form"]["finding"], event.actor, mark)


def check_sheet(case: Case, told: list[Event]) -> None:
    """The lines of a sheet are what the events tell of, and whoever is waited for is written down."""
    verbs = Counter(event.verb for event in told)
    lines = list(Signature.objects.filter(case=case))
    acts = Counter(line.act for line in lines)
    assert acts["signed"] == verbs["sign"]
    assert acts["rejected"] == verbs["reject"]
    assert acts["delegated"] == verbs["delegate"]
    assert sum(line.ended == "withdrawn" for line in lines) == verbs["withdraw"]
    sheet = countersign.circulation(case) if case.state == State.SIGNING else None
    places = sorted(place.code for place in sheet.awaited) if sheet else []
    assert places == sorted(case.awaited.values_list("place", flat=True))
    assert bool(places) is (case.state == State.SIGNING)


def stands_for_a_contact(case: Case) -> bool:
    return not case.is_child or case.state == State.MERGED


def stage(case: Case, told: list[Event]) -> int:
    """Return how many stages a contact has passed, told from the events of its case.

    A call back is of an episode, and so is asked of the case; that somebody was answered stays true.
    """
    back = {event.detail["undoes"] for event in told if "undoes" in event.detail}
    done = [event for event in told if event.pk not in back and "undoes" not in event.detail]
    if case.state in (State.RECEIVED, State.VOID, State.MERGED):
        return 0
    if not was_answered(case, done):
        return 1 if case.is_open and case.state in (State.REGISTERED, State.DISPATCHED) else 2
    owing = any(step.verb == "call_back" for step in frozen.pinned(case.procedure, case.version).steps)
    return 4 if owing and case.called_back_at else 3


def was_answered(case: Case, done: list[Event]) -> bool:
    """Return whether somebody was answered, maybe as a case of another kind: each has its own verbs."""
    procedure = case.procedure
    for event in done:
        if kind := event.detail.get("form", {}).get("business_type"):
            procedure = rules.rulebook().business_types[kind].procedure
        table = table_of(case) if procedure == case.procedure else CURRENT[procedure]
        if any(step.verb == event.verb and "answered_at" in step.marks for step in table.steps):
            return True
    return False


def check_totals(standing: list[Case], told: dict[str, list[Event]], contacts: int, now: datetime) -> None:
    """Every contact that was taken in lies at exactly one place, and every case is open or final."""
    counts = reconcile.counts(reconcile.Asked(EVER), now)
    found = rule.reconcile(counts)
    assert found.received == sum(one.n for one in counts) == contacts
    by_hand = Counter(stage(case, told[case.number]) for case in standing if stands_for_a_contact(case))
    assert found.passed == {
        one: sum(n for passed, n in by_hand.items() if passed >= at) for at, one in enumerate(rule.Stage, 1)
    }
    by_state = Counter(case.state for case in standing)
    still = sum(case.is_open for case in standing)
    assert len(standing) == still + by_state[State.ARCHIVED] + by_state[State.VOID]
    children = sum(case.is_child and case.state != State.MERGED for case in standing)
    assert len(standing) == contacts + children
