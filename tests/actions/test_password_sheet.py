"""First passwords for many at once: for whoever has none, each once, kept nowhere in clear."""

import json
import re

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from suyuan.actions import org
from suyuan.cli.main import main
from suyuan.domain.errors import BadInput
from suyuan.store.models import Event, Message, Person
from tests.factories import NOW, actor, person, unit

pytestmark = pytest.mark.django_db


def entered(*names: str) -> None:
    unit()
    for name in names:
        form = {"name": f"名{name}"}
        org.save_person(username=name, unit="0101", form=form, actor=actor("admin"), now=NOW)


def made(*names: str):
    return org.first_passwords(usernames=names, actor=actor("admin"), now=NOW)


def test_everybody_without_a_password_gets_one_of_his_own_to_be_changed():
    entered("li", "wang")

    sheet = made("li", "wang", "li")

    assert [(slip.person.username, slip.waits) for slip in sheet.slips] == [("li", False), ("wang", False)]
    for slip in sheet.slips:
        found = Person.objects.get(username=slip.person.username)
        assert found.check_password(slip.password)
        assert (found.password_by, found.handed_by) == ("admin", "admin")
    assert len({slip.password for slip in sheet.slips}) == 2
    assert [re.sub("[a-hjkmnp-z2-9]{5}", "x", slip.password) for slip in sheet.slips] == ["x-x-x-x"] * 2
    event = Event.objects.get(verb="first_password_sheet")
    assert (event.detail["people"], event.detail["code"]) == (2, sheet.mark.code)


def test_who_has_a_password_or_could_not_be_given_one_keeps_what_he_has():
    entered("li")
    made("li")
    person("audit")

    sheet = org.first_passwords(usernames=("li", "audit", "nobody"), actor=actor("office"), now=NOW)

    assert sheet.slips == ()
    assert sheet.refused == (
        ("li", "has_password"),
        ("audit", "not_yours_to_give"),
        ("nobody", "unknown_person"),
    )


def test_whose_role_sees_most_still_needs_the_second_person():
    person("leader")

    assert [slip.waits for slip in made("leader").slips] == [True]


def test_one_sheet_holds_no_more_than_the_figure_says():
    unit()
    with pytest.raises(BadInput) as no:
        made(*(f"p{n}" for n in range(201)))

    assert (no.value.code, no.value.facts) == ("too_many_at_once", {"most": 200})


def test_the_sheet_is_shown_once_and_stands_nowhere_else():
    entered("li", "wang")
    client = Client()
    client.force_login(person("admin"))
    assert client.get("/people/passwords/").content.decode().count("<tr data-row>") == 2

    answer = client.post("/people/passwords/made/", {"key": ["li", "wang"]})

    text = answer.content.decode()
    shown = [each.split("<")[0] for each in text.split("<code>")[1:]]
    people = [Person.objects.get(username=name) for name in ("li", "wang")]
    assert [who.check_password(word) for who, word in zip(people, shown, strict=True)] == [True, True]
    assert Event.objects.get(verb="first_password_sheet").detail["code"] in text
    assert answer.headers["Cache-Control"] == "private, no-store"
    sessions = [each.get_decoded() for each in Session.objects.all()]
    kept = str([*Event.objects.values(), *Message.objects.values(), *Person.objects.values(), *sessions])
    assert [word for word in shown if word in kept] == []
    again = client.post("/people/passwords/made/", {"key": ["li", "wang"]}).content.decode()
    assert ("<code>" in again, again.count("已有口令")) == (False, 2)
    assert client.post("/people/passwords/made/", {}).status_code == 422


def test_the_server_writes_a_sheet_for_its_owner_alone(tmp_path, capsys):
    entered("li")
    file = tmp_path / "sheet.xlsx"

    main(["people", "first-passwords", str(file), "--unit", "0101", "--json"])

    told = json.loads(capsys.readouterr().out)
    assert (told["made"], told["waiting"], told["refused"]) == (1, 0, [])
    assert file.stat().st_mode & 0o777 == 0o600
    assert Person.objects.get(username="li").password_by == "system"
