"""Where cases lie after real verbs, and that who may not see them meets their count alone."""

from datetime import timedelta

import pytest

from suyuan.analytics import period
from suyuan.domain import reconcile as rule
from suyuan.domain.reconcile import Stage
from suyuan.store import seal
from suyuan.store.models import Case, Contact, Event
from suyuan.store.queries import reconcile, viewer
from tests.factories import FORMS, NOW, PATHS, case_at, do, person, who

pytestmark = pytest.mark.django_db
MARCH = period.parse("2026-03")
LATER = NOW + timedelta(days=1)


def asked(role: str = "", at: str = "", label: str = "2026-03") -> reconcile.Asked:
    who = viewer.of(person(role, at, f"{role}-{at}")) if role else None
    return reconcile.Asked(period.parse(label), who)


def places(of: reconcile.Asked) -> dict[str, int]:
    return {one.code: one.n for one in reconcile.counts(of, LATER)}


@pytest.mark.parametrize("procedure", PATHS)
def test_a_case_passes_the_places_in_order(procedure):
    order = [place.code for place in rule.PLACES] + [rule.DONE]
    case, seen = case_at("received", procedure), []
    for verb in (None, *PATHS[procedure]):
        if verb:
            form = FORMS[verb](case)
            if form.get("finding"):
                form["finding"] = "unverified"  # what was true would be put right first
            case = do(case, verb, who(case, verb), **form)
        ((code, n),) = places(asked()).items()
        assert n == 1
        seen.append(order.index(code))

    assert seen == sorted(seen)
    assert (order[seen[0]], order[seen[-1]]) == ("not_registered", rule.DONE)


def test_what_is_taken_out_of_the_way_needs_its_reason():
    void, bare = case_at("received"), case_at("received")
    for case in (void, bare):
        do(case, "void", "agent", reason="duplicate", note="重复")
    Event.objects.filter(stream=f"case:{bare.number}", verb="void").update(detail={})
    merged, into = case_at("received"), case_at("received")
    do(merged, "merge", "office", into=into.number, note="同一件事")

    assert places(asked()) == {"void": 1, "void_without_reason": 1, "merged": 1, "not_registered": 1}

    do(into, "void", "agent", reason="duplicate", note="重复")
    assert places(asked()) == {"void": 2, "void_without_reason": 1, "merged_uncarried": 1}
    assert reconcile.numbers(asked(), "merged_uncarried") == [merged.number]


def test_a_second_episode_keeps_the_first_answer():
    case = case_at("archived")
    do(case, "reopen", "office", note="客户再次来电")

    assert places(asked()) == {"not_called_back": 1}


def test_closed_without_an_answer_or_a_callback_is_a_gap():
    one, two, three = (case_at("archived") for _ in range(3))
    Case.objects.filter(pk=one.pk).update(answered_at=None, first_answered_at=None)
    Case.objects.filter(pk=two.pk).update(called_back_at=None)
    Case.objects.filter(pk=three.pk).update(called_back_at=None, unreached=3)

    assert places(asked()) == {
        "closed_without_answer": 1,
        "closed_without_callback": 1,
        "unreached": 1,
    }


def test_a_contact_without_a_case_counts_for_the_whole_company_alone():
    case_at("registered")
    Contact.objects.create(channel="95598", at=NOW, sealed=seal.noted({"text": "…"})[1])

    assert places(asked()) == places(asked("office")) == {"not_dispatched": 1, rule.UNLINKED: 1}
    assert rule.UNLINKED not in places(asked("station"))


def test_restricted_cases_are_counted_and_listed_to_whom_they_are_meant_for():
    report = case_at("handling", "report")

    for role, at, listed in (
        ("office", "", []),
        ("audit", "", [report.number]),
        ("leader", "", [report.number]),
    ):
        ((one,)) = reconcile.counts(asked(role, at), LATER)
        assert (one.code, one.n, one.hidden) == ("not_answered", 1, 0 if listed else 1)
        assert reconcile.numbers(asked(role, at), "not_answered") == listed
    assert reconcile.numbers(asked(), "not_answered") == []


def test_only_the_period_and_the_units_asked_for_are_counted():
    case = case_at("handling")
    Case.objects.filter(pk=case.pk).update(next_due_at=NOW - timedelta(days=1))

    assert places(asked(label="2026-02")) == places(asked("station", "0102")) == {}
    ((one,)) = reconcile.counts(asked("station", "0101"), LATER)
    assert (one.n, one.overdue) == (1, 1)


def test_children_belong_to_their_case():
    case = case_at("handling")
    Case.objects.filter(pk=case_at("received").pk).update(is_child=True, parent_number=case.number)

    assert (places(asked()), reconcile.children(asked())) == ({"not_answered": 1}, 1)
    found = rule.reconcile(reconcile.counts(asked(), LATER))
    assert (found.received, found.passed[Stage.HANDLED], found.passed[Stage.ANSWERED]) == (1, 1, 0)


def test_what_was_mended_on_site_and_left_open_is_told_apart():
    left, busy = case_at("restored", "repair"), case_at("on_site", "repair")

    assert places(asked()) == {"left_after_site": 1, "not_answered": 1}
    assert reconcile.numbers(asked(), "left_after_site") == [left.number]
    assert reconcile.numbers(asked(), "not_answered") == [busy.number]
