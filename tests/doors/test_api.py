"""The programs' door: what a key opens, and every way in which it does not."""

import json
import re
from datetime import timedelta

import jsonschema
import pytest
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone

from suyuan.actions import keys
from suyuan.api.door import api
from suyuan.cli.schema import of
from suyuan.store.models import ApiKey, Case, Contact, Event, Person
from tests.factories import actor, case_at, person, unit

pytestmark = pytest.mark.django_db


def secret(role: str, *scopes: str, at: str = "", **more) -> str:
    """Return the secret of a key that acts as somebody with a role."""
    who, now = actor(role, at), timezone.now()
    wanted = keys.Wanted(
        name="话务平台", scopes=scopes or ("read",), expires_at=now + timedelta(days=30), **more
    )
    return keys.make(owner=who.username, wanted=wanted, actor=who, now=now).secret


def ask(path: str, key: str = "", body: object = None):
    """Ask the door; return the status and what it said."""
    client = Client(enforce_csrf_checks=True)
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    if body is None:
        answer = client.get(f"/api/v1/{path}", headers=headers)
    else:
        answer = client.post(f"/api/v1/{path}", body, content_type="application/json", headers=headers)
    return answer.status_code, answer.json()


def test_whoami_says_whose_key_it_is_and_how_far_it_reaches():
    key = secret("office", "read", "work", unit="0101")

    status, said = ask("whoami", key)

    assert (status, said["username"], said["roles"]) == (
        200,
        "office",
        [{"role": "office", "unit_path": "/01/0101/"}],
    )
    assert {k: said["key"][k] for k in ("prefix", "name", "scopes", "unit")} == {
        "prefix": key[3:11],
        "name": "话务平台",
        "scopes": ["read", "work"],
        "unit": "0101",
    }


def test_a_list_is_the_list_of_the_command_line():
    case = case_at("registered")

    status, said = ask("cases", secret("office"))

    jsonschema.validate(said, of("case list"))
    assert (status, said["page"], said["has_next"]) == (200, 1, False)
    assert [(row["number"], row["state"], row["unit"]) for row in said["cases"]] == [
        (case.number, "registered", "01")
    ]


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", 2),
        ("state=dispatched", 1),
        ("business_type=repair", 0),
        ("open_only=true", 2),
        ("mine=1", 1),
        ("unit=0101", 1),
        ("page=2", 0),
        ("accepted_to=2020-01-01", 0),
    ],
)
def test_a_list_narrows(query, count):
    case_at("dispatched"), case_at("registered")

    status, said = ask(f"cases?{query}", secret("office"))

    assert (status, len(said["cases"])) == (200, count)


@pytest.mark.parametrize(("q", "count"), [("抄表", 1), ("13912345678", 1), ("噪声", 0)])
def test_words_and_numbers_of_customers_are_asked_for_in_the_body(q, count):
    case_at("registered")

    status, said = ask("cases/find", secret("office"), {"q": q})

    assert (status, len(said["cases"])) == (200, count)


def test_a_case_is_the_case_of_the_command_line(suyuan):
    case = case_at("dispatched")

    status, said = ask(f"cases/{case.number}", secret("office"))

    jsonschema.validate(said, of("case show"))
    _, out, _ = suyuan("case", "show", case.number, "--as", "office", "--json")
    same = json.loads(out)
    for moved in (said, same):
        moved["clocks"] = [clock["limit"] for clock in moved["clocks"]]
        moved["events"] = [event["digest"] for event in moved["events"]]
    assert (status, said) == (200, same)


def test_a_verb_is_done_as_the_owner_of_the_key():
    case = case_at("dispatched")

    status, said = ask(f"cases/{case.number}/accept", secret("station", "work"), {"form": {}})

    jsonschema.validate(said, of("case do"))
    assert (status, said["verb"], said["state"]) == (200, "accept", "handling")
    assert Event.objects.filter(stream=f"case:{case.number}", verb="accept").values_list(
        "actor", flat=True
    ).get() == ("station")


def test_the_last_step_is_taken_back_through_the_door():
    case = case_at("handling", now=timezone.now() - timedelta(hours=1))
    key = secret("office", "work")
    ask(f"cases/{case.number}/pause", key, {"form": {"reason": "customer", "evidence": "录音 1"}})

    status, said = ask(f"cases/{case.number}/undo", key, {"form": {}})

    jsonschema.validate(said, of("case do"))
    assert (status, said["verb"], Case.objects.get().paused) == (200, "resume", False)
    assert ask(f"cases/{case.number}/undo", key, {"form": {}})[1]["refused"] == "undo_none"


def test_a_contact_comes_in():
    unit()
    said = {"channel": "95598", "business_type": "complaint", "text": "抄表员三个月未抄表"}

    status, answer = ask("contacts", secret("agent", "intake"), said)

    assert status == 201
    assert Case.objects.get().number == answer["number"]
    assert Contact.objects.get().masked == "抄表员三个月未抄表"


def again(path: str, key: str, body: object, mark: str):
    """Ask the door under an idempotency key; return the status and what it said."""
    headers = {"Authorization": f"Bearer {key}", "Idempotency-Key": mark}
    answer = Client().post(f"/api/v1/{path}", body, content_type="application/json", headers=headers)
    return answer.status_code, answer.json()


def test_a_contact_sent_again_under_its_key_is_the_case_it_made():
    unit()
    key, said = (
        secret("agent", "intake"),
        {"channel": "95598", "business_type": "complaint", "text": "未抄表"},
    )

    answers = [again("contacts", key, said, "k1") for _ in range(3)]
    other = again("contacts", key, said | {"text": "停电"}, "k1")

    number = Case.objects.get().number
    assert answers == [(201, {"number": number, "code": None})] * 3
    assert other == (409, {"refused": "asked_otherwise", "facts": {"number": number}})
    assert again("contacts", key, said, "\t")[1] == {"refused": "bad_mark", "facts": {}}


def test_a_reporter_kept_secret_gets_a_code_and_what_is_sent_again_a_fresh_one():
    unit()
    key = secret("agent", "intake")
    said = {"channel": "95598", "business_type": "report", "text": "收了红包", "secrecy": "anonymous"}

    codes = [again("contacts", key, said, "k")[1]["code"] for _ in range(2)]
    found = [Client().post("/ask/", {"reporter_code": code}).status_code for code in codes]

    assert (found, len(set(codes)), Case.objects.count()) == ([409, 200], 2, 1)
    Case.objects.update(state="dispatched")
    assert again("contacts", key, said, "k") == (201, {"number": Case.objects.get().number, "code": None})


def test_the_contacts_with_a_customer_are_those_of_the_command_line(suyuan):
    number = case_at("handling").number
    ask(f"cases/{number}/urge", secret("office", "work"), {"form": {"note": "催"}})

    status, said = ask(f"cases/{number}/interactions", secret("office"))

    jsonschema.validate(said, of("case interactions"))
    told = json.loads(suyuan("case", "interactions", number, "--as", "office", "--json")[1])
    shown = [[line | {"at": line["at"][:19]} for line in each["interactions"]] for each in (said, told)]
    assert (status, shown[0], shown[0][-1]["verb"]) == (200, shown[1], "urge")
    assert ask(f"cases/{number}/interactions?kind=gone", secret("office"))[0] == 422
    assert ask(f"cases/{number}/interactions?what=x", secret("office"))[1]["refused"] == "unknown_option"


def test_a_verb_sent_again_under_its_key_is_done_once():
    case, key = case_at("handling"), secret("office", "work")

    answers = [again(f"cases/{case.number}/urge", key, {"form": {"note": "催"}}, "k") for _ in range(2)]
    other = again(f"cases/{case.number}/supervise", key, {"form": {"note": "催"}}, "k")

    assert (answers[0], answers[0][0]) == (answers[1], 200)
    assert Case.objects.get().urges == 1
    assert other == (409, {"refused": "asked_otherwise", "facts": {"number": case.number}})


def test_a_rule_says_no_with_its_code():
    case = case_at("dispatched")
    Person.objects.filter(username="office").update(name="周敏")

    assert ask(f"cases/{case.number}/archive", secret("station", "work"), {"form": {}}) == (
        409,
        {
            "refused": "not_from_here",
            "facts": {
                "verb": "archive",
                "state": "dispatched",
                "last_step": {
                    "verb": "dispatch",
                    "at": "2026-03-04T02:32:00+00:00",
                    "by": "office",
                    "state": "dispatched",
                    "name": "周敏",
                },
            },
        },
    )


@pytest.mark.parametrize(
    ("path", "body", "fields"),
    [
        ("contacts", {"channel": "95598"}, {"business_type": "required", "text": "required"}),
        ("contacts", {"channel": "", "business_type": "", "text": "", "who": 1}, {"who": "unknown_field"}),
        ("cases/find", {"page": "one"}, {"page": "not_a_number"}),
        ("cases/find", {"mine": "perhaps"}, {"mine": "not_yes_or_no"}),
        ("cases/find", {"accepted_from": "10-9"}, {"accepted_from": "bad_day"}),
        ("cases/find", {"q": "x" * 201}, {"q": "too_long"}),
        ("cases/find", {"page": 0}, {"page": "unknown_value"}),
    ],
)
def test_a_body_of_another_shape_is_refused_field_by_field(path, body, fields):
    key = secret("agent", "read", "intake")

    assert ask(path, key, body) == (422, {"refused": "bad_form", "facts": {"fields": fields}})


def test_a_body_that_is_no_json_is_refused():
    assert ask("cases/find", secret("office"), "{") == (422, {"refused": "bad_json", "facts": {}})


def test_an_option_nobody_knows_is_refused():
    assert ask("cases?stat=open", secret("office")) == (
        422,
        {"refused": "unknown_option", "facts": {"option": "stat"}},
    )


def test_a_value_no_case_can_have_is_refused():
    assert ask("cases?state=gone", secret("office"))[1] == {
        "refused": "unknown_value",
        "facts": {"field": "state", "value": "gone"},
    }


def operations() -> list[tuple[str, str]]:
    """Return the method and path of everything in the OpenAPI document that a key opens.

    Receipts of carriers carry a signature in its place.
    """
    paths = api.get_openapi_schema(path_prefix="")["paths"]
    found = [(method, re.sub(r"\{\w+\}", "x", path)) for path, each in paths.items() for method in each]
    return [(method, path) for method, path in found if not path.startswith("/receipts/")]


def test_every_operation_asks_for_a_key_and_a_cookie_is_none():
    client = Client()
    client.force_login(person("office"))

    said = {
        (method, path): getattr(client, method)(f"/api/v1{path}", "{}", content_type="application/json")
        if method == "post"
        else client.get(f"/api/v1{path}")
        for method, path in operations()
    }

    assert len(said) >= 6
    assert {(a.status_code, a["WWW-Authenticate"], a.json()["refused"]) for a in said.values()} == {
        (401, "Bearer", "key_missing")
    }


def test_every_address_of_the_door_is_an_operation_of_the_document():
    door = next(e for e in get_resolver().url_patterns if getattr(e, "namespace", "") == "api")
    written = {re.sub(r"<[^>]*>", "x", "/" + str(each.pattern)) for each in door.url_patterns}

    written = {path for path in written if not path.startswith("/receipts/")}
    assert written - {"/", "/openapi.json"} == {path for _, path in operations()}


def spoilt(key: str, how: str) -> str:
    """Spoil a key and return what is then presented."""
    row, now = ApiKey.objects.get(prefix=key[3:11]), timezone.now()
    if how == "key_revoked":
        keys.revoke(prefix=row.prefix, actor=actor("office"), now=now)
    elif how == "key_expired":
        ApiKey.objects.update(expires_at=now - timedelta(seconds=1))
    elif how == "key_owner_inactive":
        Person.objects.filter(username="office").update(is_active=False)
    elif how == "key_unknown":
        return key[:-1] + ("A" if key[-1] != "A" else "B")
    elif how == "key_malformed":
        return key[:-1]
    return key


@pytest.mark.parametrize(
    "how", ["key_revoked", "key_expired", "key_owner_inactive", "key_unknown", "key_malformed"]
)
def test_a_key_that_is_no_longer_good_opens_nothing_and_says_why(how):
    key = spoilt(secret("office"), how)

    status, said = ask("cases", key)

    assert (status, said["refused"]) == (401, how)


def test_a_guessed_number_is_not_found_whether_it_exists_or_not():
    case = case_at("registered")
    key = secret("station", "read", "work")

    assert {ask(f"cases/{number}", key)[1]["refused"] for number in (case.number, "SY1")} == {"not_found"}
    assert ask(f"cases/{case.number}/register", key, {"form": {}})[0] == 404


def test_a_key_kept_to_a_unit_sees_nothing_of_the_others():
    here, other = case_at("dispatched"), case_at("registered")

    status, said = ask("cases", secret("office", unit="0101"))

    assert (status, [row["number"] for row in said["cases"]]) == (200, [here.number])
    assert ask(f"cases/{other.number}", secret("office", unit="0101"))[0] == 404


def test_the_day_of_use_is_kept_and_the_secret_is_not():
    key = secret("office")

    ask("whoami", key)

    row = ApiKey.objects.get()
    assert row.last_used_on is not None
    assert key[12:] not in json.dumps([list(map(str, r)) for r in ApiKey.objects.values_list()])
    assert all(key[12:] not in json.dumps(event.detail) for event in Event.objects.all())


def test_a_key_that_asks_too_often_is_told_to_wait():
    key = secret("office")

    for _ in range(2):  # the request may fall into the next minute
        ApiKey.objects.update(minute=timezone.now().replace(second=0, microsecond=0), spent=600)
        status, said = ask("whoami", key)
        if status == 429:
            break

    assert (status, said["refused"], said["facts"]["per_minute"]) == (429, "too_many_requests", 600)


def test_the_document_is_served_to_anybody_and_names_every_no():
    status, said = ask("openapi.json")

    assert (status, said["openapi"][:2]) == (200, "3.")
    assert set(said["paths"]["/api/v1/cases"]["get"]["responses"]) >= {"200", "401", "403", "429"}
