"""``suyuan due`` and ``suyuan rules`` as a user types them."""

import json

import jsonschema
import pytest
from click.testing import CliRunner

from suyuan.cli.due import SCHEMA, due
from suyuan.cli.rules import rules
from suyuan.domain.errors import BadInput
from suyuan.domain.rulebook import load

BACKWARDS = "2025-09-30T00:00/2025-09-29T00:00"
NOTICE = "date,kind\n" + "".join(
    f"2027-{day},holiday\n" for day in ("01-01", "05-01", "05-02", "10-01", "10-02", "10-03")
)


@pytest.fixture
def run(tmp_path):
    """Run a command in an empty home; a refusal comes out as it was raised."""

    def invoke(command, *arguments):
        result = CliRunner().invoke(command, [str(one) for one in arguments], obj={"home": tmp_path / "home"})
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result.output

    return invoke


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--start", "2025-09-26T16:30"], "2025-10-09T16:30:00+08:00"),
        (["--start", "2025-10-04T10:00"], "2025-10-14T00:00:00+08:00"),
        (["--start", "2025-09-26T08:30:00Z"], "2025-10-09T16:30:00+08:00"),
        (
            ["--start", "2025-09-26T16:30", "--suspend", "2025-09-29T10:00/2025-09-30T10:00"],
            "2025-10-10T16:30:00+08:00",
        ),
        (
            ["--start", "2025-09-26T16:30", "--suspend", "2025-10-01T00:00/2025-10-09T00:00"],
            "2025-10-09T16:30:00+08:00",
        ),
    ],
)
def test_due_answers_in_json(run, arguments, expected):
    answer = json.loads(run(due, "--limit", "complaint.answer", *arguments, "--json"))

    jsonschema.validate(answer, SCHEMA)
    assert answer == {
        "limit": "complaint.answer",
        "due": expected,
        "provisional": False,
        "basis": "国网江苏电力公开页面 js.sgcc.com.cn 2021-09-25",
        "certainty": "Q",
    }


def test_the_rule_in_force_on_another_day_can_be_asked_for(run):
    arguments = ["--limit", "complaint.answer.public", "--start", "2025-10-13T09:00", "--json"]

    now = json.loads(run(due, *arguments))
    then = json.loads(run(due, *arguments, "--on", "2015-01-01"))

    assert (now["due"], then["due"]) == ("2025-10-20T09:00:00+08:00", "2025-10-22T09:00:00+08:00")


def test_a_guess_is_marked(run):
    answer = run(due, "--limit", "complaint.answer", "--start", "2026-12-30T09:00")

    assert answer.splitlines() == [
        "2027-01-06T09:00:00+08:00  (provisional)",
        "投诉处理答复 · 国网江苏电力公开页面 js.sgcc.com.cn 2021-09-25 [Q]",
    ]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--limit", "complaint.anwser", "--start", "2025-09-26T16:30"], "unknown_limit"),
        (["--limit", "complaint.answer", "--start", "2020-09-26T16:30"], "no_rule_in_force"),
        (["--limit", "complaint.answer", "--start", "yesterday"], "bad_moment"),
        (["--limit", "complaint.answer", "--start", "2025-09-26"], "bad_moment"),
        (["--limit", "complaint.answer", "--start", "2025-09-26T16:30", "--on", "now"], "bad_day"),
        (["--limit", "complaint.answer", "--start", "2025-09-26T16:30", "--suspend", "x"], "bad_span"),
        (
            ["--limit", "complaint.answer", "--start", "2025-09-26T16:30", "--suspend", BACKWARDS],
            "suspension_backwards",
        ),
    ],
)
def test_bad_input_is_refused(run, arguments, code):
    with pytest.raises(BadInput) as caught:
        run(due, *arguments)

    assert caught.value.code == code


def test_show_lists_every_limit_with_its_mark(run):
    lines = run(rules, "show").splitlines()

    rows = {line.split("  ")[0]: line.split() for line in lines[1:-2]}
    assert len(lines) == sum(map(len, load().limits.values())) + 3
    assert rows["complaint.answer"][1:7] == ["4", "working_days", "internal", "2021-09-25/", "Q", "binding"]
    assert rows["opinion.answer"][5:7] == ["memory", "unconfirmed"]


def test_show_gives_all_editions_of_one(run):
    answer = json.loads(run(rules, "show", "complaint.answer.public", "--json"))
    listed = json.loads(run(rules, "show", "--json"))

    assert [one["amount"] for one in answer["editions"]] == [5, 7, 5]
    assert listed["edition"] == load().edition
    assert listed["calendar"] == {"first": "2004-01-01", "last": "2026-12-31"}
    assert run(rules, "show", "complaint.answer.public").count("in_force_from") == 3
    assert run(rules, "show", "quality.voltage.abnormal").count("电压质量长时间异常") == 1
    with pytest.raises(BadInput) as caught:
        run(rules, "show", "voltage.singel")
    assert (caught.value.code, caught.value.facts["near"][0]) == ("unknown_record", "voltage.single")


def test_check_says_what_is_wrong_and_writes_nothing(run, tmp_path):
    good, bad = tmp_path / "good.toml", tmp_path / "bad.toml"
    good.write_text("")
    bad.write_text('[[limit]]\nid = "x"\n')
    (tmp_path / "n.csv").write_text(NOTICE)

    assert json.loads(run(rules, "check", good, tmp_path / "n.csv", "--json"))["edition"] == load().edition
    assert run(rules, "check", good).startswith("1 checked, edition ")
    with pytest.raises(BadInput) as caught:
        run(rules, "check", bad)
    assert caught.value.code == "rulebook_error"
    assert {key: caught.value.facts[key] for key in ("file", "table")} == {
        "file": "bad.toml",
        "table": "limit[1] x",
    }
    assert not (tmp_path / "home").exists()


@pytest.mark.django_db
def test_a_calendar_notice_makes_the_due_sure(run, tmp_path):
    (tmp_path / "n.csv").write_text(NOTICE)
    arguments = ["--limit", "complaint.answer", "--start", "2026-12-30T09:00", "--json"]

    guess = json.loads(run(due, *arguments))
    loaded = json.loads(run(rules, "calendar", tmp_path / "n.csv", "--json"))
    again = run(rules, "calendar", tmp_path / "n.csv")
    sure = json.loads(run(due, *arguments))

    assert (guess["provisional"], sure["provisional"]) == (True, False)
    assert loaded["calendar"] == {"first": "2004-01-01", "last": "2027-12-31"}
    assert again.endswith("calendar 2004-01-01/2027-12-31; 0 clocks set right\n")
    assert [one.name for one in (tmp_path / "home/rulebook").iterdir()] == ["calendar-2027.toml"]


def test_a_notice_that_leaves_a_hole_is_not_kept(run, tmp_path):
    (tmp_path / "n.csv").write_text(NOTICE.replace("2027", "2028"))

    with pytest.raises(BadInput) as caught:
        run(rules, "calendar", tmp_path / "n.csv")

    assert caught.value.facts["problem"] == "must follow on 2026-12-31; load the years in order"
    assert list((tmp_path / "home/rulebook").iterdir()) == []
