"""What is asked for twice under one mark is done once and answered the same; something else is refused."""

from datetime import timedelta

import pytest

from suyuan.actions import intake, once
from suyuan.domain.errors import BadInput, Refused
from suyuan.store.models import Asking, Case
from tests.factories import NOW, actor, incoming

pytestmark = pytest.mark.django_db
KEPT = timedelta(hours=24)


def ask(mark="a", text="三个月未抄表", by="agent", now=NOW):
    """Take a contact in under a mark; return its case."""
    who, said = actor("agent", username=by), incoming(text=text)
    asked = once.Asked(by=by, mark=mark, what={"text": text})
    work = lambda: {"number": intake.receive(incoming=said, actor=who, now=now)}  # noqa: E731
    return once.once(asked=asked, work=work, now=now)["number"]


def test_the_same_is_answered_with_the_first_case():
    assert [ask(), ask(), ask()] == [Case.objects.get().number] * 3


def test_another_mark_and_another_person_are_asked_for_anew():
    assert len({ask(), ask("b"), ask(by="other")}) == 3


def test_a_mark_stands_for_one_request():
    number = ask()

    with pytest.raises(Refused) as refused:
        ask(text="窗口排队太久")

    assert (refused.value.code, refused.value.facts) == ("asked_otherwise", {"number": number})
    assert Case.objects.count() == 1


def test_what_was_refused_may_be_mended_under_its_mark():
    with pytest.raises(BadInput):
        ask(text=" ")

    ask()

    assert Case.objects.count() == 1


@pytest.mark.parametrize("mark", ["", " ", "号", "x" * 201, "a\nb"])
def test_a_mark_is_visible_ascii(mark):
    with pytest.raises(BadInput) as refused:
        ask(mark)

    assert refused.value.code == "bad_mark"


def test_an_answer_is_kept_for_its_time_then_forgotten():
    first = ask()

    assert ask(now=NOW + KEPT - timedelta(seconds=1)) == first
    assert once.forget(now=NOW + KEPT - timedelta(seconds=1)) == 0
    assert ask(text="窗口排队太久", now=NOW + KEPT) != first
    assert once.forget(now=NOW + 2 * KEPT) == 1


def test_what_is_kept_names_nobody():
    ask(mark="13912345678")

    row = Asking.objects.get()
    assert (len(row.mark), len(row.body), set(row.answer)) == (64, 64, {"number"})
