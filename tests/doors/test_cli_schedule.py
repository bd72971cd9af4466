"""``suyuan schedule``: list, set, pause, each as the schema says."""

import json

import jsonschema
import pytest

from suyuan.cli.schema import of
from suyuan.store.models import Schedule
from tests.factories import person

pytestmark = pytest.mark.django_db
NIGHTLY = ("schedule", "set", "nightly", "--kind", "anchor", "--cron", "5 0 * * *", "--json")


def test_the_schedules_of_the_house_are_listed(suyuan):
    code, out, err = suyuan("schedule", "list", "--json")

    answer = json.loads(out)
    jsonschema.validate(answer, of("schedule list"))
    assert (code, err) == (0, "")
    codes = [row["code"] for row in answer["schedules"]]
    assert codes == [
        *("anchor", "board_week", "commitments_week", "detect", "detect_hourly", "firstmoves", "lake"),
        *("named", "promises", "repeats", "retention", "review", "risk"),
    ]


def test_an_administrator_sets_pauses_and_resumes_one(suyuan):
    person("admin")

    made = json.loads(suyuan(*NIGHTLY, "--as", "admin")[1])
    paused = json.loads(suyuan("schedule", "pause", "nightly", "--as", "admin", "--json")[1])
    again = json.loads(suyuan("schedule", "pause", "nightly", "--resume", "--as", "admin", "--json")[1])

    for shown in (made, paused, again):
        jsonschema.validate(shown, of("schedule set"))
    assert [shown["paused"] for shown in (made, paused, again)] == [False, True, False]
    assert (paused["next"], again["next"]) == (None, made["next"])
    assert made["next"].endswith("T00:05:00+08:00")


def test_a_document_names_its_period_and_unit(suyuan):
    person("admin")

    words = ("--kind", "publication", "--cron", "0 7 1 * *", "--document", "board", "--period", "month")
    code, out, _ = suyuan("schedule", "set", "monthly", *words, "--unit", "0101", "--as", "admin")

    assert (code, out.split()[0]) == (0, "monthly")
    assert Schedule.objects.get().parameters == {"document": "board", "period": "month", "unit": "0101"}


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--cron", "daily", "--as", "admin"), 2, " [bad_cron] cron=daily"),
        (("--cron", "5 0 * * *", "--as", "office"), 1, '{"refused": "not_your_role"'),
        (("--cron", "5 0 * * *", "--as", "nobody"), 2, " [unknown_person] username=nobody"),
    ],
)
def test_a_refusal_names_what_and_where(suyuan, words, code, said):
    person("admin")
    person("office")

    ended, out, err = suyuan("schedule", "set", "nightly", "--kind", "anchor", *words)

    assert (ended, said in out + err, Schedule.objects.count()) == (code, True, 0)
