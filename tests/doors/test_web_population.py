"""The page of a whole event log: the map, its rows within reach, and the way down to the complaints."""

from collections.abc import Iterator
from datetime import date
from html import unescape
from pathlib import Path
from urllib.parse import quote, unquote

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.test import Client
from pytest_django import DjangoDbBlocker as Blocker

from suyuan.actions import population
from suyuan.analytics.trace import flow
from suyuan.analytics.trace.causality import Mode
from suyuan.analytics.trace.flow import Flow, Passage
from suyuan.simulate import build
from suyuan.store.models import Case, Evaluation, Unit
from suyuan.web import flow_map
from suyuan.web.population_parts import day
from suyuan.web.trace_words import MODES
from tests import traced_city
from tests.doors.test_web_axe import FRAME, violations
from tests.factories import case_at, person

pytestmark = pytest.mark.django_db
STORY = "批量地址修改单"
STEP = "批量地址修改归档"


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a small simulated city's files, of some months."""
    folder = tmp_path_factory.mktemp("city")
    build(7, 300, 120, date(2025, 10, 31), folder, 6.0)
    return folder


@pytest.fixture(scope="module")
def learned(
    city: Path, tmp_path_factory: pytest.TempPathFactory, django_db_setup: None, django_db_blocker: Blocker
) -> traced_city.Learned:
    """Return the city's event log, learned from."""
    with django_db_blocker.unblock():
        return traced_city.learned(city, tmp_path_factory.mktemp("learned"), population.surveyed)


@pytest.fixture
def log(learned: traced_city.Learned) -> Iterator[None]:
    """Have the city's event log taken over."""
    traced_city.again(learned)
    yield
    traced_city.forget()


def signed_in(role: str = "leader", **at: str) -> Client:
    """Return a client signed in as a person with ``role``."""
    client = Client()
    client.force_login(person(role, **at))
    return client


def text_of(client: Client, address: str = "/trace/population/") -> str:
    """Return what a page says."""
    answer = client.get(address)
    assert answer.status_code == 200, answer.content.decode()[:500]
    return unescape(answer.content.decode())


def story(city: Path) -> str:
    """Return the complaint that came from the address change nobody archived."""
    [number] = traced_city.of_kind(city, "zero_reading")
    return number


def ours(number: str, unit: str = "0101") -> Case:
    """Return a case of ours with the number that the log knows."""
    case = case_at("archived")
    Case.objects.filter(pk=case.pk).update(number=number, unit=Unit.objects.get(code=unit))
    return Case.objects.get(number=number)


def cases_at(step: str = STEP, kind: str = STORY, **more: str) -> str:
    """Return the address of the complaints traced to a step."""
    rest = "".join(f"&{name}={quote(value)}" for name, value in more.items())
    return f"/trace/population/?kind={quote(kind)}&step={quote(step)}{rest}"


def test_the_kind_most_complaints_come_from_is_drawn_first(log) -> None:
    page = signed_in().get("/trace/population/")

    kinds = list(page.context["listed"].filters[0].choices)
    counts = [int(words.rsplit(" ", 1)[1]) for _, words in kinds]
    assert counts == sorted(counts, reverse=True)
    assert page.context["kind_name"] == kinds[0][0]
    assert len(page.context["map"].boxes) == len(page.context["steps"]) > 1
    assert page.context["map"].ways != []


def test_the_rows_say_risk_chance_share_waits_rework_and_hand_overs(log) -> None:
    page = signed_in().get(f"/trace/population/?kind={quote(STORY)}")

    heads = [head.title for head in page.context["listed"].heads]
    assert heads[1:] == ["相对风险", "q", "投诉 / 办理", "占全部投诉", "等待（工作时）", "返工", "接手"]
    rows = [row.cells for row in page.context["listed"].rows]
    [archived] = [row for row in rows if (row[0].text, row[0].small) == (STEP, "西城供电所")]
    assert float(archived[1].text.split()[1]) > 1
    assert int(archived[3].text.split(" / ")[1]) > 0


def test_whoever_sees_one_unit_sees_the_others_as_one(city, log) -> None:
    ours(story(city))
    client = signed_in("station", at="0102", username="west")

    text = text_of(client, f"/trace/population/?kind={quote(STORY)}")
    units = dict(client.get("/trace/population/").context["listed"].filters[1].choices)

    assert units == {"0102": "西城供电所"}
    assert "西城供电所" in text
    connections = client.get(f"/trace/population/?kind={quote('业扩报装单')}")
    assert {row.cells[0].small for row in connections.context["listed"].rows} <= {"西城供电所", "其他单位"}
    assert {one["unit"] for one in connections.context["lost"]} <= {"西城供电所", "其他单位", "未记单位"}
    assert {one["unit"] for one in connections.context["fresh"]} <= {"西城供电所", "其他单位", "未记单位"}
    assert client.get("/trace/population/?unit=0103").status_code == 404


def test_a_step_leads_to_its_complaints_and_each_of_them_to_its_trace(city, log) -> None:
    number = story(city)
    ours(number)
    page = signed_in().get(f"/trace/population/?kind={quote(STORY)}")

    [url] = [step.url for step in page.context["steps"] if step.name == STEP]
    text = text_of(signed_in(), url)

    assert f'href="/trace/{number}/"' in text
    assert "西城供电所" in text
    assert url in {box.url for box in page.context["map"].boxes}


def test_complaints_out_of_reach_are_counted_and_not_listed(city, log) -> None:
    number = story(city)
    ours(number, unit="0101")

    page = signed_in("station", at="0102", username="west").get(cases_at())

    text = page.content.decode()
    assert page.status_code == 200
    assert number not in text
    assert "没有您可以查看的投诉" in text


def test_a_unit_and_a_period_leave_out_what_is_not_theirs(city, log) -> None:
    number = story(city)
    ours(number)
    client = signed_in()

    assert number in text_of(client, cases_at(unit="0102"))
    assert number in text_of(client, cases_at(period="2025-10"))
    assert number not in text_of(client, cases_at(period="2025-08"))


def test_what_is_restricted_is_in_no_figure_from_then_on(city, log) -> None:
    number = story(city)
    case = ours(number)
    before = population.surveyed().survey.sources

    Case.objects.filter(pk=case.pk).update(restricted=True)

    here = population.surveyed()
    after = here.sources(here.hidden())
    assert len(before.made) - len(after.made) == 1
    assert len(after.complaint) < len(before.complaint)
    assert number not in {here.log.objects[thing] for thing in after.things.tolist()}
    assert number not in text_of(signed_in(), cases_at())


def test_a_period_counts_what_was_done_in_it(log) -> None:
    client = signed_in()

    def done(address: str) -> int:
        rows = client.get(address).context["listed"].rows
        return sum(int(row.cells[3].text.split(" / ")[1].replace(",", "")) for row in rows)

    kind = f"/trace/population/?rows=1&kind={quote(STORY)}"
    months = [done(f"{kind}&period=2025-{month:02}") for month in range(1, 13)]
    assert sum(months) == done(kind) > 0


def test_only_what_is_above_the_usual_is_listed_until_all_is_asked_for(log) -> None:
    client = signed_in()
    page = client.get("/trace/population/")
    raised = [row.cells[1].text for row in page.context["listed"].rows]

    every = client.get(page.context["usual_url"])

    assert all(risk[0] in "▲△" for risk in raised)
    shown = [row.cells[1].text for row in every.context["listed"].rows]
    assert any(risk[0] == "–" for risk in shown) or every.context["listed"].has_next
    assert page.context["usual"] == every.context["usual"] > 0
    assert client.get(every.context["usual_url"]).context["usual_url"] == page.context["usual_url"]


def test_a_period_in_which_nothing_was_done_is_one_sentence(log) -> None:
    page = signed_in().get("/trace/population/?period=1999-01")

    text = page.content.decode()
    assert "这段时间没有办过这一类工单，也没有投诉溯源到它" in text
    assert "flow-map" not in text
    assert "map-beside" not in text


def test_a_step_done_in_another_month_is_not_said_to_be_done_by_nobody(log) -> None:
    client = signed_in()

    def never(address: str) -> set[str] | None:
        drawn = client.get(address).context.get("map")
        return {box.words.partition("：")[0] for box in drawn.boxes if box.never} if drawn else None

    kinds = [kind for kind, _ in client.get("/trace/population/").context["listed"].filters[0].choices][:5]
    addresses = {kind: f"/trace/population/?kind={quote(kind)}" for kind in kinds}
    ever = {kind: never(address) or set() for kind, address in addresses.items()}
    by_month = [
        (kind, never(f"{address}&period=2025-{month:02}"))
        for kind, address in addresses.items()
        for month in range(6, 11)
    ]
    assert sum(found is not None for _, found in by_month) > 5
    assert all(found is None or found <= ever[kind] for kind, found in by_month)


def test_periods_are_offered_in_which_something_happened(log) -> None:
    periods = signed_in().get("/trace/population/").context["listed"].filters[2].choices

    here = population.surveyed()
    first = f"{day(int(here.log.at[0])):%Y-%m}"
    months = [label for label, _ in periods if len(label) == 7]
    assert months[0] == "2025-10"
    assert min(months) >= first


def test_complaints_of_a_step_are_counted_by_head_and_by_share_as_the_table_counts(log) -> None:
    client = signed_in()
    page = client.get("/trace/population/?rows=1")
    [first, *_] = page.context["listed"].rows
    share = first.cells[3].text.split(" / ")[0]

    text = unescape(client.get(first.cells[0].url).content.decode())

    assert f"折算为 {share} 件" in text


def test_a_map_of_which_nothing_is_left_out_offers_no_less(log) -> None:
    client = signed_in()
    kinds = [kind for kind, _ in client.get("/trace/population/").context["listed"].filters[0].choices]
    for kind in kinds:
        page = client.get(f"/trace/population/?kind={quote(kind)}")
        if page.context.get("map"):
            assert page.context["map"].whole == (page.context["other_url"] == "")


def test_what_stands_under_the_map(log) -> None:
    page = signed_in().get("/trace/population/")

    assert page.context["months"][-1]["month"] == page.context["fresh_month"] == "2025-10"
    assert len(page.context["trend"]["series"][0]["data"]) == len(page.context["months"])
    assert len(page.context["lost"]) == 10
    axis = {one.name: one.n for one in page.context["axis"]}
    whole = {n.split("/")[1] for n in axis.values()}
    parts = ("与客户接触的环节（一线）", "前期环节", "证据不足，不下结论")
    assert whole == {str(sum(int(axis[name].split("/")[0]) for name in parts))}


def test_without_a_log_the_page_says_what_to_load_and_with_a_complaint_of_ours_what_is_known() -> None:
    person("office")
    assert "装入营销、抄表系统的事件日志" in text_of(signed_in())
    case_at("registered")

    assert signed_in().get("/trace/population/").status_code == 200


@pytest.mark.parametrize("asked", ["kind=没有的单", "step=没有的环节", "period=someday", "other=1", "page=0"])
def test_what_nobody_knows_is_refused(log, asked: str) -> None:
    case_at("registered")

    assert signed_in().get(f"/trace/population/?{asked}").status_code == 422


CLEARED = "缺陷消除"
OPEN = f"/assessments/open/?node={quote(CLEARED)}&unit=0103"


def test_an_assessment_order_is_opened_from_a_step_past_its_threshold(city, log) -> None:
    ours(story(city))
    root = Unit.objects.get(code="01")
    Unit.objects.create(code="0103", name="运维检修部", path="/01/0103/", parent=root, specialty="operations")
    client = signed_in("office")
    table = f"/trace/population/?kind={quote('线路缺陷单')}&unit="
    rows = client.get(table).context["listed"].rows
    [offered] = [row.cells[-1] for row in rows if row.cells[0].text == CLEARED]
    assert (offered.text, unquote(offered.url)) == ("开单", unquote(OPEN))
    form = client.get(OPEN)
    assert f"{CLEARED}：" in form.content.decode()

    answer = client.post(OPEN, {"asking": form.context["asked"].hidden[0][1], "note": ""}, follow=True)

    [opened] = Evaluation.objects.all()
    assert answer.status_code == 200
    assert (opened.subject, opened.kind, opened.case.unit.code) == ("node", CLEARED, "0103")
    assert opened.figures["n"] >= 5
    [standing] = [
        row.cells[-1] for row in client.get(table).context["listed"].rows if row.cells[0].text == CLEARED
    ]
    assert (standing.text, standing.url) == (opened.case.number, f"/case/{opened.case.number}/")


def test_no_order_is_opened_from_a_step_that_is_not_past_its_threshold(log) -> None:
    case_at("registered")
    client = signed_in("office")

    for step, unit in ((STEP, "0102"), (CLEARED, "0103"), ("没有的环节", "0102")):
        answer = client.get(f"/assessments/open/?node={quote(step)}&unit={unit}")
        assert answer.status_code == 409, step


def test_a_log_is_looked_over_once(log) -> None:
    case_at("registered")
    client = signed_in()
    text_of(client)
    first = population.surveyed()

    text_of(client)

    assert population.surveyed() is first
    assert len(first.remembered) == 1
    for month in range(1, 13):
        client.get(f"/trace/population/?period=2025-{month:02}")
    assert len(first.remembered) == population.REMEMBERED


def test_a_map_of_a_thousand_steps_draws_what_can_be_read() -> None:
    whole = Flow(
        {n: 1_000 - n for n in range(1_000)},
        tuple(Passage(n, n + 1, 1_000 - n) for n in range(999)),
        sum(1_000 - n for n in range(999)),
    )
    shown = flow.main_part(whole)
    names = [f"step {n}" for n in range(1_000)]
    drawn = flow_map.drawn(shown, whole, {}, names, str)

    assert (len(drawn.ways), len(drawn.boxes), drawn.whole) == (flow.DRAWN, flow.DRAWN + 1, False)


def test_every_deviation_has_a_word() -> None:
    assert set(MODES) == set(Mode)


def test_names_too_long_for_a_box_go_over_two_lines() -> None:
    assert list(flow_map._wrapped("批量地址修改归档")) == ["批量地址修改归档"]
    assert list(flow_map._wrapped("一二三四五六七八九十甲乙丙")) == ["一二三四五六七八九十甲", "乙丙"]
    assert list(flow_map._wrapped("x" * 60)) == ["x" * 22, "x" * 21 + "…"]


@pytest.mark.browser
def test_the_map_is_walked_by_keyboard_and_everybody_can_read_it(
    city, log, live_server, page, transactional_db
) -> None:
    number = story(city)
    ours(number)
    cookie = signed_in().cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    page.emulate_media(reduced_motion="reduce")
    page.goto(f"{live_server.url}/trace/population/?kind={quote(STORY)}")
    page.evaluate(AXE_SCRIPT)
    assert list(violations(page, FRAME)) == []
    assert page.evaluate("document.documentElement.scrollWidth") == 390

    page.locator(f'.flow-map a[aria-label^="{STEP}"]').focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**step=**")

    assert page.get_by_role("link", name=number).count() == 1


def test_weak_links_name_the_steps_past_their_threshold(log) -> None:
    client = signed_in()
    nodes = client.get("/weak-links/?period=all").context["nodes"]

    assert len(nodes) > 0
    assert all(float(risk) >= 2 for _, _, risk, *_ in nodes)
    assert {url.partition("?")[0] for *_, url in nodes} == {"/trace/population/"}
    for step, _, _, _, _, url in nodes:
        assert step in [row.cells[0].text for row in client.get(url).context["listed"].rows]
