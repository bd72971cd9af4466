"""``suyuan case`` and the exit codes of every command: one JSON object out, everything else aside."""

import json

import jsonschema
import pytest

from suyuan.cli.schema import of
from suyuan.store import rules
from suyuan.store.models import Case, Event
from tests.factories import FORMS, NOW, case_at, do, person, unit

pytestmark = pytest.mark.django_db


def test_list_says_what_is_most_urgent(suyuan):
    case = case_at("registered")
    person("office")

    code, out, err = suyuan("case", "list", "--as", "office", "--json")

    answer = json.loads(out)
    jsonschema.validate(answer, of("case list"))
    assert (code, err) == (0, "")
    assert answer == {
        "page": 1,
        "has_next": False,
        "cut": False,
        "cases": [
            {
                "number": case.number,
                "procedure": "complaint",
                "business_type": "complaint",
                "state": "registered",
                "unit": "01",
                "accepted": "2026-03-04T10:30:00+08:00",
                "due": "2026-03-04T10:50:00+08:00",
                "light": answer["cases"][0]["light"],
                "brief": case.brief,
            }
        ],
    }
    assert answer["cases"][0]["light"] in ("green", "amber", "red")


@pytest.mark.parametrize(
    ("options", "count"),
    [
        ([], 2),
        (["--q", "抄表"], 2),
        (["--q", "13912345678"], 2),
        (["--q", "噪声"], 0),
        (["--state", "dispatched"], 1),
        (["--type", "repair"], 0),
        (["--open"], 2),
        (["--mine"], 1),
        (["--page", "2"], 0),
    ],
)
def test_list_narrows(suyuan, options, count):
    case_at("dispatched"), case_at("registered")
    person("office")

    _, out, _ = suyuan("case", "list", "--as", "office", "--json", *options)

    assert len(json.loads(out)["cases"]) == count


def test_list_keeps_to_the_reach_of_who_asks(suyuan):
    case_at("registered")
    person("station")

    assert json.loads(suyuan("case", "list", "--as", "station", "--json")[1])["cases"] == []


def test_list_in_words_is_one_line_a_case(suyuan):
    case = case_at("registered")
    person("office")

    _, out, _ = suyuan("case", "list", "--as", "office")

    assert [line.split()[0] for line in out.splitlines()] == [case.number]


def test_show_tells_the_case_whole(suyuan):
    case = do(case_at("handling"), "pause", "office", NOW, reason="customer", evidence="录音12")

    code, out, err = suyuan("case", "show", case.number, "--as", "station", "--json")

    answer = json.loads(out)
    jsonschema.validate(answer, of("case show"))
    assert (code, err) == (0, "")
    assert list(answer) == [
        "number",
        "procedure",
        "version",
        "state",
        "unit",
        "roles",
        "finding",
        "items",
        "sheets",
        "doubts",
        "parts",
        "clocks",
        "open_verbs",
        "undo_until",
        "rectification",
        "events",
    ]
    assert [answer[name] for name in ("number", "procedure", "version", "state", "unit")] == [
        case.number,
        "complaint",
        case.version,
        "handling",
        "0101",
    ]
    assert answer["roles"] == {"owner": "agent", "handler": "station", "desk": "01"}
    (clock,) = [one for one in answer["clocks"] if one["limit"] == "complaint.answer"]
    assert clock == {
        "limit": "complaint.answer",
        "start": "2026-03-04T10:30:00+08:00",
        "due": "2026-03-10T10:30:00+08:00",
        "stopped": None,
        "state": "paused",
        "provisional": False,
        "certainty": "Q",
        "suspensions": [["2026-03-04T10:30:00+08:00", None]],
    }
    verbs = {one["verb"]: one["refusal"] for one in answer["open_verbs"]}
    assert (verbs["contact"], verbs["submit_finding"], verbs["transfer"], verbs["resume"]) == (
        None,
        "customer_not_contacted",
        "not_your_role",
        "not_your_role",
    )
    last = Event.objects.filter(stream=f"case:{case.number}").order_by("-seq").first()
    assert answer["events"][-1] == {
        "seq": 5,
        "at": "2026-03-04T10:30:00+08:00",
        "actor": "office",
        "verb": "pause",
        "objects": last.objects_json,
        "digest": last.digest,
    }


def test_show_without_a_person_asks_the_whole_home(suyuan):
    case = case_at("dispatched", "report")

    answer = json.loads(suyuan("case", "show", case.number, "--json")[1])

    assert (answer["number"], answer["open_verbs"]) == (case.number, [])


def test_what_is_out_of_reach_is_not_found(suyuan):
    case = case_at("registered")
    person("station")

    code, out, err = suyuan("case", "show", case.number, "--as", "station", "--json")

    assert (code, json.loads(out), err) == (
        1,
        {"refused": "not_found", "facts": {"number": case.number}},
        "",
    )


def test_do_does_a_verb_with_a_form_at_a_moment(suyuan, tmp_path):
    case = case_at("registered")
    person("office")
    form = tmp_path / "form.json"
    form.write_text(json.dumps(FORMS["dispatch"](case)), "utf-8")

    code, out, err = suyuan(
        "case", "do", case.number, "dispatch", "--as", "office", "--form", form,
        "--at", "2026-03-04T10:45:00+08:00", "--json",
    )  # fmt: skip

    answer = json.loads(out)
    jsonschema.validate(answer, of("case do"))
    now = Case.objects.get()
    assert (code, err) == (0, "")
    assert answer == {
        "number": case.number,
        "verb": "dispatch",
        "state": "dispatched",
        "event": now.changed_event,
        "undo_until": "2026-03-04T11:15:00+08:00",
    }
    assert now.dispatched_at.isoformat() == "2026-03-04T02:45:00+00:00"


def test_do_undo_takes_the_last_step_back(suyuan):
    case = do(case_at("handling"), "pause", "office", NOW, reason="customer", evidence="录音12")

    code, out, _ = suyuan(
        "case", "do", case.number, "undo", "--as", "office", "--at", NOW.isoformat(), "--json"
    )
    again = suyuan("case", "do", case.number, "undo", "--as", "office", "--at", NOW.isoformat(), "--json")

    jsonschema.validate(json.loads(out), of("case do"))
    assert (code, json.loads(out)["verb"], Case.objects.get().paused) == (0, "resume", False)
    assert (again[0], json.loads(again[1])["refused"]) == (1, "undo_none")


def test_who_comes_second_is_told_who_was_faster(suyuan):
    case = case_at("dispatched")
    person("station", username="wang")
    do(case, "accept", "station")

    code, out, _ = suyuan("case", "do", case.number, "accept", "--as", "wang", "--json")

    told = json.loads(out)
    last = told["facts"]["last_step"]
    assert (code, told["refused"], told["facts"]["state"]) == (1, "not_from_here", "handling")
    assert (last["verb"], last["by"], last["name"], last["state"]) == (
        "accept",
        "station",
        "station",
        "handling",
    )


def test_a_refusal_is_exit_1_and_says_why(suyuan):
    case = case_at("dispatched")
    person("office")

    code, out, err = suyuan("case", "do", case.number, "accept", "--as", "office", "--json")

    assert (code, err) == (1, "")
    assert json.loads(out) == {
        "refused": "not_your_role",
        "facts": {"verb": "accept", "state": "dispatched", "roles": ["station"]},
    }
    said = suyuan("case", "do", case.number, "accept", "--as", "office")[2]
    assert said.startswith(f"suyuan: {rules.why('not_your_role', 'zh')} / ")
    assert Case.objects.get().state == "dispatched"


BAD = [
    (["show"], "缺少 NUMBER / NUMBER is missing"),
    (["do", "NUMBER", "fly", "--as", "office"], "unknown_verb"),
    (["do", "NUMBER", "dispatch", "--as", "office"], "bad_form"),
    (["do", "NUMBER", "dispatch", "--as", "nobody"], "unknown_person"),
    (["do", "NUMBER", "dispatch", "--as", "office", "--at", "yesterday"], "not_a_moment"),
    (["do", "NUMBER", "dispatch", "--as", "office", "--at", "2026-03-04T10:00"], "not_a_moment"),
    (["do", "NUMBER", "dispatch", "--as", "office", "--form", "/no/such.json"], "does not exist"),
    (["list", "--as", "nobody"], "unknown_person"),
    (["list", "--as", "office", "--light", "pink"], "unknown_value"),
    (["list"], "缺少 --as / --as is missing"),
    (["fly"], "没有命令 fly / No such command: fly"),
]


@pytest.mark.parametrize(("arguments", "said"), BAD, ids=[" ".join(a) for a, _ in BAD])
def test_bad_input_is_exit_2_and_one_line_aside(suyuan, arguments, said):
    case = case_at("registered")
    person("office")
    arguments = [case.number if one == "NUMBER" else one for one in arguments]

    code, out, err = suyuan("case", *arguments)

    assert (code, out, len(err.splitlines())) == (2, "", 1)
    assert said in err
    assert Case.objects.get().state == "registered"


@pytest.mark.parametrize(
    "content",
    ["", "[]", "not json", '{"note": "\\ud800"}', '{"note": "a\\u0000b"}'],
    ids=["empty", "a list", "no json", "half a character", "a null"],
)
def test_a_form_that_cannot_be_is_bad_input(suyuan, tmp_path, content):
    case = case_at("registered")
    person("office")
    form = tmp_path / "form.json"
    form.write_text(content, "utf-8")
    before = Event.objects.count()

    code, out, err = suyuan("case", "do", case.number, "urge", "--as", "office", "--form", form, "--json")

    assert (code, out, len(err.splitlines())) == (2, "", 1)
    assert Event.objects.count() == before


def test_somebody_who_left_does_nothing(suyuan):
    case = case_at("registered")
    gone = person("office")
    gone.is_active = False
    gone.save()

    code, _, err = suyuan("case", "do", case.number, "dispatch", "--as", "office", "--json")

    assert (code, "unknown_person" in err) == (2, True)


def test_due_answers_exactly_as_documented(suyuan):
    unit()

    code, out, err = suyuan(
        "due", "--limit", "complaint.answer", "--start", "2025-09-26T16:30",
        "--suspend", "2025-09-29T10:00/2025-09-30T10:00", "--json",
    )  # fmt: skip

    answer = json.loads(out)
    jsonschema.validate(answer, of("due"))
    assert (code, err) == (0, "")
    assert answer == {
        "limit": "complaint.answer",
        "due": "2025-10-10T16:30:00+08:00",
        "provisional": False,
        "basis": answer["basis"],
        "certainty": "Q",
    }


@pytest.mark.parametrize(
    "arguments", [["--limit", "no.such"], ["--limit", "complaint.answer", "--on", "2001-01-01"]]
)
def test_a_limit_that_is_not_is_bad_input(suyuan, arguments):
    code, out, err = suyuan("due", *arguments, "--start", "2025-09-26T16:30", "--json")

    assert (code, out, len(err.splitlines())) == (2, "", 1)


def test_a_search_for_exactly_somebody_leaves_an_event_and_one_for_an_order_none(suyuan):
    number = case_at("received").number
    person("office")
    for text in ("张三丰", number):
        assert number in suyuan("case", "list", "--as", "office", "--q", text)[1]

    event = Event.objects.get(verb="personal_find")
    assert (event.actor, event.detail["place"], list(event.detail["asked"])) == (
        "office",
        "cli",
        ["customer"],
    )


def test_where_there_is_no_campaign_the_list_says_so(suyuan):
    person("office")

    assert suyuan("campaign", "list", "--as", "office", "--json") == (0, '{"campaigns": []}\n', "")
    words = "no open campaigns in reach: suyuan campaign open --form FILE begins one\n"
    assert suyuan("campaign", "list", "--as", "office") == (0, words, "")


def test_a_step_at_a_moment_to_come_is_done_and_says_what_it_keeps_waiting(suyuan):
    case, ahead = case_at("dispatched"), "2999-01-01T08:00:00+08:00"
    person("station")
    said = ("case", "do", case.number, "accept", "--as", "station", "--json")

    code, out, err = suyuan(*said, "--at", ahead)

    assert (code, json.loads(out)["verb"], err.count("\n")) == (0, "accept", 1)
    assert f"Note: {ahead} is still to come, nothing can be done on this case before then" in err


def test_a_step_in_the_past_says_nothing(suyuan):
    case = case_at("dispatched")
    person("station")

    done = suyuan(
        "case", "do", case.number, "accept", "--as", "station", "--at", "2026-03-04T12:00:00+08:00", "--json"
    )

    assert (done[0], done[2]) == (0, "")
