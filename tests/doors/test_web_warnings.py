"""The warning board, signals, mutes, and the page of a warning: what stands there, for whom, in two taps."""

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from suyuan.analytics.detect.signal import Level
from suyuan.store.models import Case, Mute, WarningAct
from tests.board_pages import signed_in
from tests.doors.test_web_linked import rows
from tests.evidence_files import add
from tests.factories import NOW, case_at, do
from tests.warned import DAY, HOUR, keep, kept, opened, signal, warning_at

pytestmark = pytest.mark.django_db
COMPLAINT = "business.meter.device"


def page(client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def test_the_board_lists_warnings_with_how_many_wait_where():
    case = opened()
    shown = signed_in("office").get("/warnings/")
    counts = shown.context["counts"]

    assert (len(rows(shown)), case.number in shown.content.decode()) == (1, True)
    assert [n for _, n, _ in counts] == [1, 1, 0, 0, 0]  # nobody acknowledged it in time
    assert rows(signed_in("office").get("/warnings/?whose=mine")) == []
    assert len(rows(signed_in("station").get("/warnings/?whose=unit&level=important&state=late"))) == 1
    assert rows(signed_in("station", at="0102", username="west").get("/warnings/")) == []


def test_a_signal_shows_what_stands_out_its_window_its_cases_and_what_it_goes_by():
    behind = case_at("handling")
    Case.objects.filter(pk=behind.pk).update(category=COMPLAINT)
    opened(NOW + DAY, signal("line:L1", cases=(behind.number, "X-1")))
    row = kept("line:L1")
    Case.objects.filter(pk=behind.pk).update(line="L1")
    shown = signed_in("office").get(f"/signals/{row.pk}/")
    text = shown.content.decode()

    assert sum(bar.n for bar in shown.context["track"].bars) == 1
    assert (shown.context["track"].of, shown.context["unseen"]) == ("line", 1)
    for words in (behind.number, "还剩 3.5 小时", "首次发现", "工单临期"):
        assert words in text
    assert row.warning.case.number in text


def test_the_cases_behind_a_signal_are_those_in_reach_and_a_signal_out_of_reach_is_none():
    secret = case_at("dispatched", "report")
    keep(signal(f"case:{secret.number}", cases=(secret.number,)), signal("line:L1", unit="0102"))
    about, west = kept(f"case:{secret.number}"), kept("line:L1")
    station, audit = signed_in("station"), signed_in("audit")

    assert [station.get(f"/signals/{one.pk}/").status_code for one in (about, west)] == [404, 404]
    assert secret.number in page(audit, f"/signals/{about.pk}/")
    assert secret.number not in page(station, "/signals/")
    assert len(rows(audit.get("/signals/"))) == 2


def test_the_warning_of_a_small_signal_is_opened_by_a_person_once():
    keep(signal(level=Level.GENERAL))
    office, address = signed_in("office"), f"/signals/{kept().pk}/open/"
    first = office.post(address, {"note": "先看一下"})
    again = office.post(address, {"note": "先看一下"})

    assert (first.status_code, again.status_code) == (302, 409)
    assert kept().warning.case.number in page(office, f"/signals/{kept().pk}/")
    assert signed_in("leader").get(address).status_code == 403


def test_a_signal_is_muted_with_a_reason_and_an_end_and_the_mute_is_ended_from_the_list():
    keep(signal())
    office = signed_in("office")
    form = {"mute_scope": "signal", "reason": "known_cause", "note": "改造中"}
    day = f"{timezone.localtime() + 10 * DAY:%Y-%m-%d}"
    address = f"/mutes/add/?signal={kept().pk}"

    assert office.post(address, form).status_code == 422
    assert office.post(address, form | {"mute_until": day}).status_code == 302
    assert kept().state == "muted"
    assert "改造中" in page(office, f"/signals/{kept().pk}/")
    assert len(rows(office.get("/mutes/"))) == 1
    office.post("/mutes/end/", {"key": Mute.objects.get().pk})
    assert (kept().state, rows(office.get("/mutes/"))) == ("open", [])
    assert signed_in("station").get("/mutes/add/").status_code == 403


def test_a_class_of_signals_is_muted_at_a_unit():
    keep(signal())
    day = f"{timezone.localtime() + 10 * DAY:%Y-%m-%d}"
    form = {"detector": "case_overdue_soon", "unit": "0101", "reason": "planned_work", "mute_until": day}
    answer = signed_in("office").post("/mutes/add/", form | {"note": "集中检修"})

    assert (answer.status_code, kept().state) == (302, "muted")


def test_a_warning_is_acknowledged_and_a_step_of_its_playbook_recorded_from_its_page():
    case = opened()
    station = signed_in("station")
    shown = station.get(f"/case/{case.number}/")
    assert "签收预警" in shown.content.decode()

    verb = lambda name: reverse("verb", args=(case.number, name))  # noqa: E731
    assert station.post(verb("acknowledge_warning"), {"form": "acknowledge_warning"}).status_code == 302
    steps = station.get(f"/case/{case.number}/").context["warning_steps"]
    assert len(steps) > 1
    station.post(verb("record_act"), {"form": "record_act", "playbook_step": "1", "measures": "已致电"})

    act = WarningAct.objects.get()
    after = station.get(f"/case/{case.number}/").context
    assert (act.step, after["warning_left"]) == (1, len(steps) - 1)
    assert [bool(one["done"]) for one in after["warning_steps"]][:2] == [True, False]


def test_the_checklist_says_who_by_when_how_it_is_seen_what_shows_it_and_the_emergency():
    case = warning_at("handling", NOW)
    Case.objects.filter(pk=case.pk).update(category="business.billing.reconnect")
    piece = add(case, name="回访.jpg")
    do(case, "record_act", "station", NOW + HOUR, playbook_step="1", evidence=piece)
    shown = signed_in("station").get(f"/case/{case.number}/")
    done, waiting = shown.context["warning_steps"][:2]

    assert [one["name"] for one in done["done"]["evidence"]] == ["回访.jpg"]
    assert all(waiting[name] for name in ("owner", "limit", "check"))
    assert waiting["due"] > case.taken_at
    assert (waiting["late"], waiting["done"]) == (True, None)
    first, emergency = shown.context["warning_books"][0], shown.context["warning_emergency"]
    assert (first["category"], bool(emergency["steps"])) == ("detector.case_overdue_soon", True)
    assert (done["limit"], done["due"]) == ("提前 1 小时", None)  # nobody knows before what moment
    assert signal().facts["case"] in first["say"]
    for words in (waiting["action"], emergency["title"], emergency["begins"], "对客户说："):
        assert escape(words) in shown.content.decode()


def test_the_golden_time_of_a_case_behind_a_warning_runs_on_its_page():
    behind = case_at("handling")
    Case.objects.filter(pk=behind.pk).update(accepted_at=timezone.now() - HOUR)
    case = opened(one=signal(f"case:{behind.number}", cases=(behind.number,)))
    (clock,) = signed_in("office").get(f"/case/{case.number}/").context["warning_clocks"]

    assert (clock["number"], clock["says"].startswith("还剩")) == (behind.number, True)


def test_a_warning_says_in_the_readers_language_what_was_seen_last_and_when():
    case = opened()
    keep(signal(facts=signal().facts | {"left_hours": 1.5}), now=NOW + HOUR)
    office = signed_in("office")
    seen = f"{timezone.localtime(NOW + HOUR):%Y-%m-%d %H:%M}"
    assert [words in case.brief for words in ("还剩 3.5 小时", "所见")] == [True, True]

    for address in ("/warnings/", f"/case/{case.number}/", "/queue/?scope=open"):
        office.cookies["django_language"] = "zh-hans"
        text = page(office, address)
        assert [words in text for words in ("还剩 1.5 小时", f"{seen} 所见")] == [True, True], address
        office.cookies["django_language"] = "en"
        assert f"(seen {seen})" in page(office, address), address


def test_a_false_alarm_waits_for_a_second_person_on_the_board_and_the_page():
    case = warning_at("handling", NOW)
    do(case, "propose_dismissal", "station", NOW + HOUR, reason="chance", note="偶然")
    office = signed_in("office")

    assert len(rows(office.get("/warnings/?state=deciding"))) == 1
    shown = office.get(f"/case/{case.number}/")
    assert "提出误报：偶然波动，由另一人认定。" in shown.content.decode()
    assert {"dismiss_warning", "return_closing"} <= set(shown.context["doable"])
    assert "pass_closing" not in shown.context["doable"]


def test_a_signal_leads_to_a_pre_complaint_case_for_those_who_may_promote_it():
    keep(signal())
    address = f"/precomplaints/open/?signal={kept().pk}"

    assert address in page(signed_in("station"), f"/signals/{kept().pk}/")
    assert signed_in("station").get(address).status_code == 200
    assert address not in page(signed_in("leader"), f"/signals/{kept().pk}/")


def test_the_page_of_a_closed_warning_shows_its_proof():
    case = warning_at("archived", NOW + HOUR)
    text = page(signed_in("office"), f"/case/{case.number}/")

    for words in (
        "提出结单时的信号",
        "8 %（剩余时限） → 8 %（剩余时限）（对照 20 %（剩余时限））",
        "客户已收到答复",
        "已电话联系客户说明进度",
    ):
        assert words in text
