"""Samples are drawn from real cases, kept, and what is found in each is written down once, in the chain."""

from datetime import timedelta

import pytest

from suyuan.actions import audit
from suyuan.analytics import period
from suyuan.domain.errors import BadInput, Refused
from suyuan.domain.sampling import rule
from suyuan.store import chain, rules
from suyuan.store.models import AuditSample, Case, Event, SampledCase
from suyuan.store.queries import sampling, viewer
from tests.factories import NOW, case_at, person

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=3)
MARCH = period.parse("2026-03")


def desk(role: str = "audit"):
    return viewer.of(person(role))


def signs() -> dict[str, list[str]]:
    found = sampling.candidates(sampling.closed(MARCH), rule(rules.rulebook(), rules.local_day(NOW)))
    return {one.number: sorted(one.signs) for one in found}


def test_signs_are_read_from_the_cases():
    odd, plain, open_ = case_at("archived"), case_at("archived"), case_at("handling")
    Case.objects.filter(pk=plain.pk).update(answered_at=plain.taken_at + timedelta(hours=5))
    Case.objects.filter(pk=odd.pk).update(unreached=2, called_back_at=None, urges=1, returns=1, episode=2)
    submitted = Event.objects.get(stream=f"case:{odd.number}", verb="review_pass")
    Event.objects.filter(pk=submitted.pk).update(detail={"form": {"finding": "partial"}})

    assert signs() == {
        odd.number: [
            "finding_changed",
            "returned",
            "second_handling",
            "short_handling",
            "unreached",
            "urged",
        ],
        plain.number: [],
    }
    assert open_.number not in signs()


def test_a_clock_that_nearly_ran_out_is_a_sign():
    case = case_at("archived")
    clock = case.clocks.get(binding=True)
    assert "near_limit" not in signs()[case.number]

    case.clocks.filter(pk=clock.pk).update(stopped_at=clock.due_at)
    assert "near_limit" in signs()[case.number]


def test_a_sample_is_kept_with_its_event_and_drawn_again_is_the_same():
    every = {case_at("archived").number for _ in range(4)}
    first, second = (audit.draw(viewer=desk(), period="2026-03", n=3, seed="x", now=LATER) for _ in range(2))

    kept = AuditSample.objects.get(pk=first)
    assert (kept.n, kept.population, kept.drawn_by, kept.unit.code) == (3, 4, "audit", "01")
    numbers = [
        list(SampledCase.objects.filter(sample=pk).order_by("place").values_list("case__number", flat=True))
        for pk in (first, second)
    ]
    assert (numbers[0], len(set(numbers[0])), set(numbers[0]) - every) == (numbers[1], 3, set())
    event = Event.objects.filter(stream="register:audit").first()
    assert (event.verb, event.detail["seed"], event.detail["of"]) == ("audit_draw", "x", 4)
    chain.verify()


def test_what_was_found_is_written_down_and_told_as_n_of_n():
    for _ in range(2):
        case_at("archived")
    pk = audit.draw(viewer=desk(), period="2026-03", n=2, seed="x", now=LATER)
    one, two = SampledCase.objects.filter(sample=pk).order_by("place")
    objection = {"audit_verdict": "objected", "reason": "no_evidence", "remedy": "reopen"}

    audit.check(viewer=desk(), sampled=one.pk, form=objection, now=LATER)
    audit.check(viewer=desk(), sampled=two.pk, form={"audit_verdict": "passed"}, now=LATER)

    kept = sampling.sample(desk(), pk)
    assert (kept.checked, kept.objected) == (2, 1)
    assert sampling.found(sampling.sampled(desk(), kept), "random") == (1, 1)
    events = Event.objects.filter(stream="register:audit", verb="audit_check").order_by("seq")
    assert [event.detail["verdict"] for event in events] == ["objected", "passed"]
    chain.verify()


@pytest.mark.parametrize(
    ("form", "wrong"),
    [
        ({}, {"audit_verdict": "required"}),
        ({"audit_verdict": "fine"}, {"audit_verdict": "unknown_choice"}),
        ({"audit_verdict": "objected"}, {"reason": "required", "remedy": "required"}),
        ({"audit_verdict": "passed", "reason": "no_evidence"}, {"reason": "not_asked"}),
    ],
)
def test_a_result_that_is_not_whole_is_refused(form, wrong):
    case_at("archived")
    audit.draw(viewer=desk(), period="2026-03", n=1, seed="x", now=LATER)

    with pytest.raises(BadInput) as caught:
        audit.check(viewer=desk(), sampled=SampledCase.objects.get().pk, form=form, now=LATER)

    assert caught.value.facts["fields"] == wrong
    assert SampledCase.objects.get().verdict == ""


def test_the_audit_desk_alone_draws_and_checks_and_nobody_their_own_work():
    case = case_at("archived")
    with pytest.raises(Refused):
        audit.draw(viewer=desk("office"), period="2026-03", n=1, seed="x", now=LATER)
    audit.draw(viewer=desk(), period="2026-03", n=1, seed="x", now=LATER)
    one = SampledCase.objects.get()
    Case.objects.filter(pk=case.pk).update(handlers=["audit"])

    for role, code in (("office", "not_your_role"), ("audit", "own_work")):
        with pytest.raises(Refused) as caught:
            audit.check(viewer=desk(role), sampled=one.pk, form={"audit_verdict": "passed"}, now=LATER)
        assert caught.value.code == code
