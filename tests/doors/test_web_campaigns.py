"""Campaigns in the browser and by command."""

import json

import jsonschema
import pytest

from suyuan.cli.schema import of
from suyuan.store.models import Campaign
from tests.board_pages import signed_in
from tests.factories import improvement_at, unit

pytestmark = pytest.mark.django_db
FORM = {
    "goal": "一类投诉下降",
    "unit": "0101",
    "assess_group": "class1",
    "baseline_from": "2026-02-22",
    "starts_on": "2026-03-04",
    "ends_on": "2026-03-31",
}


def test_a_campaign_is_opened_given_an_improvement_followed_and_closed():
    entry, office = improvement_at("registered"), signed_in("office")
    assert "开展专项" in office.get("/campaigns/").content.decode()

    assert office.post("/campaigns/open/", FORM | {"starts_on": "2026-02-01"}).status_code == 422
    office.post("/campaigns/open/", FORM)
    one = Campaign.objects.get()
    assert entry.number in office.get(f"/campaigns/{one.pk}/add/").content.decode()
    office.post(f"/campaigns/{one.pk}/add/", {"improvement": entry.number})

    page = office.get(f"/campaigns/{one.pk}/")
    text = page.content.decode()
    assert [row.cells[0].text for row in page.context["listed"].rows] == [entry.number]
    assert (len(page.context["days"]), page.context["days"][-1][0]) == (28, "2026-03-04")
    assert ("抄表、" in text, "chart-track" in text, "class1" in text) == (True, True, False)
    assert "还有 1 项改进没有办完" in office.get(f"/campaigns/{one.pk}/close/").content.decode()
    office.post(f"/campaigns/{one.pk}/close/", {"goal_reached": "1", "conclusion": "已下降"})

    assert "达到目标" in office.get("/campaigns/?state=closed").content.decode()
    assert "结束专项" not in office.get(f"/campaigns/{one.pk}/").content.decode()
    agent = signed_in("agent")
    assert agent.get(f"/campaigns/{one.pk}/").status_code == 200
    assert (agent.get("/campaigns/open/").status_code, agent.get("/campaigns/9/").status_code) == (403, 404)


def test_the_commands_open_show_and_close_it(suyuan, tmp_path):
    entry, form = improvement_at("registered"), tmp_path / "form.json"
    unit(), signed_in("office")
    form.write_text(json.dumps(FORM), "utf-8")

    code, out, _ = suyuan("campaign", "open", "--as", "office", "--form", form, "--json")
    number = json.loads(out)["campaign"]
    added, _, _ = suyuan("campaign", "add", number, entry.number, "--as", "office")
    _, out, _ = suyuan("campaign", "show", number, "--as", "office", "--json")
    shown = json.loads(out)
    form.write_text('{"goal_reached": false, "conclusion": "没有下降"}', "utf-8")
    closed, _, _ = suyuan("campaign", "close", number, "--as", "office", "--form", form)
    _, out, _ = suyuan("campaign", "list", "--as", "office", "--state", "all", "--json")
    listed = json.loads(out)

    jsonschema.validate(shown, of("campaign show"))
    jsonschema.validate(listed, of("campaign list"))
    assert (code, added, closed) == (0, 0, 0)
    assert shown["baseline"] == {"since": "2026-02-22", "days": 10, "n": 0}
    assert [one["number"] for one in shown["improvements"]] == [entry.number]
    assert [(one["closed"], one["reached"], one["improvements"]) for one in listed["campaigns"]] == [
        (True, False, 1)
    ]
    assert suyuan("campaign", "show", 99, "--as", "office")[0] == 1


def test_the_campaign_on_the_five_items_begins_filled_in_and_counts_each_of_them():
    office = signed_in("office")
    listed = office.get("/campaigns/").content.decode()
    form = office.get("/campaigns/open/?group=class1")
    values = {box.name: box.value for box in form.context["asked"].boxes if box.value}

    assert 'href="/campaigns/open/?group=class1"' in listed
    assert (values["assess_group"], values["goal"]) == ("class1", "一类不规范投诉专项整治")
    made = office.post("/campaigns/open/?group=class1", values | {"unit": "0101"})
    shown = office.get(f"/campaigns/{Campaign.objects.get().pk}/")

    assert made.url == "/campaigns/"
    assert len(Campaign.objects.get().categories) == 5
    assert dict(shown.context["facts"])["各项累计"].count(" 0") == 5
    assert office.get("/campaigns/open/?group=class2").status_code == 422
