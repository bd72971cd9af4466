"""What a program may do of promises, final answers and filings: as the owner of its key, no more."""

from datetime import timedelta

import jsonschema
import pytest
from django.utils import timezone

from suyuan.actions import filing
from suyuan.cli.schema import of
from suyuan.store.models import Case, Commitment, Filing, FilingBan, FinalAnswer
from tests.doors.test_api import ask, secret
from tests.factories import actor, case_at, unit
from tests.filings import ANSWER, FALSE, FILING

pytestmark = pytest.mark.django_db


def do(case: Case, verb: str, key: str, **form: object) -> tuple[int, str]:
    """Ask for a verb; return the status with the state it led to, or why not."""
    status, said = ask(f"cases/{case.number}/{verb}", key, {"form": form})
    if status == 200:
        jsonschema.validate(said, of("case do"))
    return status, said.get("state") or said["refused"]


def day(n: int) -> str:
    return (timezone.localdate() + timedelta(days=n)).isoformat()


def test_a_promise_is_made_moved_and_kept():
    case = case_at("handling", now=timezone.now() - timedelta(hours=2))
    station = secret("station", "read", "work")
    promise = {"promise": "换表后补退电费", "promised_on": day(3)}

    made = do(case, "promise", station, **promise)
    moved = do(case, "move_promise", station, commitment="1", promised_on=day(9), note="表计缺货")
    kept = do(case, "keep_promise", station, commitment="2")
    again = ask(f"cases/{case.number}/keep_promise", station, {"form": {"commitment": "2"}})

    assert [made, moved, kept] == [(200, "handling")] * 3
    assert again[0] in (409, 422)
    assert sorted(Commitment.objects.values_list("seq", "state")) == [(1, "moved"), (2, "kept")]
    verbs = {one["verb"] for one in ask(f"cases/{case.number}", station)[1]["open_verbs"]}
    assert {"promise", "keep_promise"} <= verbs


def test_a_promise_that_lacks_its_day_or_comes_from_another_unit_is_refused():
    case = case_at("handling", now=timezone.now() - timedelta(hours=2))

    status, said = ask(
        f"cases/{case.number}/promise", secret("station", "work"), {"form": {"promise": "补退电费"}}
    )
    assert (status, said["facts"]["fields"]) == (422, {"promised_on": "required"})
    unit("0102")
    far = secret("agent", "work", unit="0102")
    assert do(case, "promise", far, promise="补退电费", promised_on=day(3)) == (404, "not_found")
    only_reads = secret("station", "read")
    assert ask(f"cases/{case.number}/promise", only_reads, {"form": {}})[0] == 403
    assert Commitment.objects.count() == 0


def test_a_final_answer_is_written_approved_by_two_and_reviewed():
    parent = case_at("archived", now=timezone.now() - timedelta(days=2))
    station, office = secret("station", "work"), secret("office", "work")
    marketing, agent, leader = (secret(role, "work") for role in ("marketing", "agent", "leader"))

    assert do(parent, "answer_finally", station, **ANSWER) == (200, "archived")
    assert do(parent, "answer_finally", station, **ANSWER) == (409, "answered_finally")
    case = Case.objects.get(procedure="final_answer")
    assert do(case, "approve", office) == (409, "not_from_here")
    assert do(case, "endorse", marketing) == (200, "signing")
    assert do(case, "approve", office) == (200, "in_force")
    assert do(case, "ask_review", agent, note="不服") == (200, "deciding")
    assert do(case, "keep_answer", office, note="维持") == (409, "own_work")
    assert do(case, "keep_answer", leader, note="维持") == (200, "in_force")
    assert FinalAnswer.objects.get().valid_until > timezone.now()


def test_a_filing_is_approved_by_two_and_a_false_one_suspends_its_unit():
    now = timezone.now()
    form = FILING | {
        "counts_from": (now - timedelta(hours=1)).isoformat(),
        "counts_until": (now + timedelta(days=2)).isoformat(),
    }
    first, second = (
        Case.objects.get(number=filing.file(actor=actor("station"), form=form, now=now)) for _ in range(2)
    )
    station, marketing = secret("station", "work"), secret("marketing", "work")
    office, audit = secret("office", "work"), secret("audit", "work")

    assert do(first, "endorse", station) == (403, "not_your_role")
    assert do(first, "endorse", marketing) == do(second, "endorse", marketing) == (200, "signing")
    assert do(first, "approve", office) == (200, "in_force")
    status, said = ask(f"cases/{first.number}/find_false", audit, {"form": FALSE | {"suspended_months": "9"}})
    assert (status, list(said["facts"]["fields"])) == (422, ["suspended_months"])
    assert do(first, "find_false", audit, **FALSE) == (200, "void")
    refused = ask(f"cases/{second.number}/approve", office, {"form": {}})
    assert (refused[0], refused[1]["refused"], refused[1]["facts"]["because_of"]) == (
        409,
        "filing_suspended",
        first.number,
    )
    assert do(second, "turn_down", office, note="停报备期间") == (200, "void")
    assert (Filing.objects.count(), FilingBan.objects.get().case_id) == (2, first.pk)
