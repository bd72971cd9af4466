"""What would change nothing is refused when it is handed in, and when it has become so by its approval."""

import pytest

from suyuan.actions import knowledge
from suyuan.domain.errors import BadInput
from suyuan.store import rules
from suyuan.store.models import RuleDraft
from tests.factories import NOW, actor
from tests.rulebook_entries import DISPATCH, PHRASE, SURE, landed, proposed, submitted

pytestmark = pytest.mark.django_db
SAID = "says what 'complaint.accept' says already, in force since 2026-01-01"


@pytest.fixture(autouse=True)
def nothing_left():
    rules.forget()
    yield
    rules.forget()


def refused(kind: str, entry: dict[str, object], by: str = "lead") -> str:
    """Return why a proposal is not taken."""
    with pytest.raises(BadInput) as bad:
        knowledge.propose(proposed=proposed(kind, entry), actor=actor(by), now=NOW)
    assert bad.value.code == "entry_does_not_fit"
    return str(bad.value.facts["problem"])


def test_what_is_in_force_is_not_proposed_again():
    landed("limit", DISPATCH)
    landed("phrase", PHRASE)
    landed("confirm", SURE)

    assert refused("limit", DISPATCH) == SAID
    assert refused("phrase", PHRASE) == "says what 'open.greeting' says already, in force without a first day"
    assert refused("confirm", SURE) == "says what 'complaint.accept' says already, in force since 2021-09-25"
    assert RuleDraft.objects.filter(state="draft").count() == 0


def test_of_two_that_say_the_same_one_is_approved():
    first, second = submitted("limit", DISPATCH), submitted("limit", DISPATCH, by="marketing")
    knowledge.approve(draft=first.pk, actor=actor("office"), now=NOW)

    with pytest.raises(BadInput) as bad:
        knowledge.approve(draft=second.pk, actor=actor("office"), now=NOW)

    assert bad.value.facts["problem"] == SAID
    assert RuleDraft.objects.get(pk=second.pk).state == "submitted"


def test_the_same_with_a_source_it_had_none_of_is_no_repetition():
    landed("limit", DISPATCH)
    file = knowledge.Handed([b"%PDF-1.7\n%%EOF\n"], "source.pdf", "application/pdf")
    digest = knowledge.keep_file(handed=file, actor=actor("lead"), now=NOW)
    sourced = knowledge.Proposed("limit", DISPATCH, "出处", digest, "source.pdf")

    draft = knowledge.propose(proposed=sourced, actor=actor("lead"), now=NOW)
    knowledge.submit(draft=draft.pk, actor=actor("lead"), now=NOW)
    done = knowledge.approve(draft=draft.pk, actor=actor("office"), now=NOW)

    assert (done.state, RuleDraft.objects.filter(state="superseded").count()) == ("approved", 1)
    with pytest.raises(BadInput):
        knowledge.propose(proposed=sourced, actor=actor("lead"), now=NOW)


def test_a_value_of_a_list_that_nobody_reads_is_not_taken():
    entry = {"list": "wishes", "code": "one", "title": {"zh": "一", "en": "One"}}
    lists = ", ".join(sorted(rules.rulebook().choices))

    said = refused("choice", entry | {"basis": "本公司", "certainty": "Q"})

    assert said == f"'wishes' is a list that nobody reads; there are {lists}"
