"""Anybody does anything with any form, and the database fails now and then: what must hold, holds."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from hypothesis.stateful import run_state_machine_as_test as run

from suyuan.actions import intake, undo
from suyuan.actions.perform import perform
from suyuan.domain.errors import BadInput, Refused
from suyuan.domain.vocabulary import Role
from suyuan.store import rules
from suyuan.store.models import Case
from tests.actions import walking
from tests.factories import NOW, TYPES, actor, incoming, unit

CAST = [(role.value, "") for role in Role] + [
    ("station", "second"),
    ("marketing", "second m"),
    ("audit", "b"),
]
"""Who is there, by role and by a name where there are two."""
WAITS = [
    timedelta(minutes=1),
    timedelta(minutes=20),
    timedelta(hours=5),
    timedelta(days=2),
    timedelta(days=31),
]


class Rolled(Exception):
    """What ends a transaction after its work is done and before it is kept."""


class Walk(RuleBasedStateMachine):
    """Cases of every kind, walked one verb at a time, taken back with the example."""

    def __init__(self) -> None:
        super().__init__()
        self.whole = transaction.atomic()
        self.whole.__enter__()
        self.now, self.contacts = NOW, 0

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.whole.__exit__(None, None, None)

    @initialize(kind=st.sampled_from(["complaint", "complaint", "complaint", *sorted(TYPES)]))
    def first(self, kind):
        self.take_in(kind)

    @precondition(lambda self: self.contacts < 3)
    @rule(kind=st.sampled_from(sorted(TYPES)))
    def take_in(self, kind):
        said = incoming(business_type=TYPES[kind])
        intake.receive(incoming=said, actor=actor("agent"), now=self.now)
        self.contacts += 1

    @rule(wait=st.sampled_from(WAITS))
    def wait(self, wait):
        self.now += wait

    @rule()
    def sweep(self):
        """Let the worker fire every rung that is due."""
        walking.fire(self.now)

    @rule(data=st.data())
    def go_on(self, data):
        """Do something that is open to somebody, with whatever form."""
        self.attempt(*self.open_step(data))

    @rule(data=st.data())
    def go_on_again(self, data):
        """The same: it takes many steps until a case has gone far."""
        self.attempt(*self.open_step(data))

    @rule(data=st.data())
    def ask_for_anything(self, data):
        """Let anybody ask for any verb the table knows, whether it is open or not."""
        case = self.some_case(data)
        verbs = sorted({step.verb for step in walking.table_of(case).steps})
        verb = data.draw(st.sampled_from([*verbs, "no_such_verb"]))
        who = actor(*self.cast(data))
        self.attempt(case.number, verb, who, data.draw(walking.forms(case, verb, self.now)))

    @rule(data=st.data())
    def take_back(self, data):
        """Take the last step of a case back, as whoever did it or as somebody else."""
        number, who = self.some_case(data).number, actor(*self.cast(data))
        self.held(lambda: undo.take_back_last(number=number, actor=who, now=self.now))

    @rule(data=st.data(), at=st.integers(1, 14))
    def break_off(self, data, at):
        """Let the database fail in the middle of a step: nothing of it is kept."""
        number, verb, who, form = self.open_step(data)
        breaks, before = walking.Breaks(at), walking.stored()
        try:
            with connection.execute_wrapper(breaks):
                perform(number=number, verb=verb, actor=who, now=self.now, form=form)
        except DatabaseError:
            assert breaks.broke
        except (Refused, BadInput):
            pass
        else:
            assert not breaks.broke
            return
        assert walking.stored() == before

    @rule(data=st.data())
    def roll_back(self, data):
        """Let the transaction end after all of a step is written and before it is kept."""
        number, verb, who, form = self.open_step(data)
        before = walking.stored()
        with pytest.raises((Rolled, Refused, BadInput)):
            self.do_and_lose(number, verb, who, form)
        assert walking.stored() == before

    @transaction.atomic
    def do_and_lose(self, number, verb, who, form):
        perform(number=number, verb=verb, actor=who, now=self.now, form=form)
        raise Rolled

    @invariant()
    def all_holds(self):
        walking.check_all(self.contacts, self.now)

    def some_case(self, data) -> Case:
        """Draw a case, one that was opened from another as often as its parent."""
        numbers = sorted(Case.objects.values_list("number", flat=True), reverse=True)
        return Case.objects.select_related("unit").get(number=data.draw(st.sampled_from(numbers)))

    def cast(self, data) -> tuple[str, str, str]:
        role, name = data.draw(st.sampled_from(CAST))
        return role, "", name

    def open_step(self, data):
        """Draw a case, a verb that is open, somebody with a role that may do it, and a form."""
        case = self.some_case(data)
        steps = sorted(walking.open_steps(case)) or NOTHING
        further = [one for one in steps if walking.takes_further(case, one[0])] or steps
        verb, role = data.draw(st.sampled_from(further) | st.sampled_from(steps))
        twice = [name for one, name in CAST if one == role]
        who = actor(role.value, "", data.draw(st.sampled_from(twice)))
        return case.number, verb, who, data.draw(walking.forms(case, verb, self.now))

    def attempt(self, number, verb, who, form):
        """Do a verb; one that is refused has changed nothing."""
        self.held(lambda: perform(number=number, verb=verb, actor=who, now=self.now, form=form))

    def held(self, work):
        before = walking.stored()
        try:
            work()
        except (Refused, BadInput):
            assert walking.stored() == before


NOTHING = [("note", Role.OFFICE)]
"""What is asked for where nothing is open: it is refused."""
MANY = settings.get_current_profile_name() == "soak"


@pytest.mark.django_db
def test_whatever_people_do_in_whatever_order_everything_that_must_hold_holds():
    unit(), unit("0102")
    for role, name in CAST:
        actor(role, "", name)
    rules.edition(rules.rulebook(), NOW)  # kept beside every example, which takes back what it writes
    run(
        Walk,
        settings=settings(
            max_examples=300 if MANY else 4,
            stateful_step_count=60 if MANY else 24,
            phases=[
                Phase.generate
            ],  # to make a long walk shorter takes minutes; it is the same one each time
        ),
    )
