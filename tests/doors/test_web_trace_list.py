"""The list of traces: where complaints came from, with counts; months, pages, what people said of them."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import DjangoDbBlocker as Blocker

from suyuan.actions import traced
from suyuan.store.models import Case
from suyuan.store.queries import viewer as viewers
from suyuan.web import trace_list, traces
from tests import traced_city
from tests.factories import case_at, person, unit

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the files of a city in which some complaints are traced less than half surely."""
    return traced_city.unsure(tmp_path_factory.mktemp("city") / "unsure")


@pytest.fixture(scope="module")
def learned(
    city: Path, tmp_path_factory: pytest.TempPathFactory, django_db_setup: None, django_db_blocker: Blocker
) -> traced_city.Learned:
    """Return the city's event log, learned from."""
    with django_db_blocker.unblock():
        return traced_city.learned(city, tmp_path_factory.mktemp("learned"))


@pytest.fixture
def cases(learned: traced_city.Learned) -> Iterator[dict[str, Case]]:
    """Return one case of each place a complaint can come from, by its name."""
    unit()
    traced_city.again(learned)
    wanted: dict[str, str] = {}
    for theirs, answer in traced.answers(traced.known().newest).items():
        if answer.chain is None:
            wanted.setdefault("half" if answer.traced.chains else "thin", theirs)
        elif not answer.source:
            wanted.setdefault("nobody", theirs)
        elif answer.source == "0102":
            wanted.setdefault("own" if "elsewhere" in wanted else "elsewhere", theirs)
    made = {name: case_at("archived") for name in sorted(wanted)}
    for name, case in made.items():
        at = unit("0102" if name == "own" else "0101")
        Case.objects.filter(pk=case.pk).update(number=wanted[name], category="", unit=at)
    yield {name: Case.objects.get(pk=case.pk) for name, case in made.items()}
    traced_city.forget()


def signed_in(role: str = "office") -> Client:
    client = Client()
    client.force_login(person(role))
    return client


def listed(page) -> list[str]:
    """Return the numbers of the complaints that stand on a page."""
    return [row.cells[1].text for row in page.context["listed"].rows]


def test_each_complaint_stands_where_it_came_from_and_all_are_counted(cases) -> None:
    client = signed_in()
    numbers = {name: case.number for name, case in cases.items()}
    assert set(numbers) >= {"elsewhere", "own", "half"}

    pages = {
        came: client.get("/trace/", {"came": came}) for came in ("elsewhere", "own", "nobody", "thin", "")
    }

    thin = {numbers[name] for name in ("half", "thin") if name in numbers}
    assert listed(pages["elsewhere"]) == listed(client.get("/trace/")) == [numbers["elsewhere"]]
    assert listed(pages["own"]) == [numbers["own"]]
    assert listed(pages["nobody"]) == [numbers[name] for name in ("nobody",) if name in numbers]
    assert set(listed(pages["thin"])) == thin
    assert set(listed(pages[""])) == set(numbers.values())
    counted = {said: n for said, n, _, _ in pages["own"].context["tallies"]}
    nobody = {"源头未记单位": 1} if "nobody" in numbers else {}
    assert counted == {"源头在别的单位": 1, "出在本单位一线": 1, "证据不足一半": len(thin)} | nobody
    assert re.search(
        r'came=own" aria-current="true"><strong>1</strong> 出在本单位一线', pages["own"].content.decode()
    )


def test_a_month_holds_its_own_complaints_alone(cases) -> None:
    client = signed_in()
    months = [label for label, _ in client.get("/trace/").context["listed"].filters[0].choices]

    by_month = [set(listed(client.get("/trace/", {"came": "", "month": month}))) for month in months]

    assert months == sorted(months, reverse=True)
    assert months[0] == "2025-10"
    assert set().union(*by_month) == {case.number for case in cases.values()}
    assert sum(map(len, by_month)) == len(cases)
    assert listed(client.get("/trace/", {"came": "", "month": "2019-01"})) == []


def test_what_was_judged_disputed_or_waits_is_found_with_who_judged_it(cases) -> None:
    client = signed_in()
    right, doubted = cases["elsewhere"].number, cases["own"].number
    for number, form in (
        (right, {"trace_verdict": "confirmed", "note": "好"}),
        (doubted, {"trace_verdict": "rejected", "note": "不是"}),
        (doubted, {"trace_verdict": "confirmed", "note": "再看是"}),
    ):
        assert client.post(f"/trace/{number}/judge/", form).status_code == 302

    pages = {
        each: client.get("/trace/", {"came": "", "judged": each}) for each in ("open", "judged", "disputed")
    }

    assert set(listed(pages["judged"])) == {right, doubted}
    assert listed(pages["disputed"]) == [doubted]
    waiting = {case.number for name, case in cases.items() if name != "thin"} - {right, doubted}
    assert set(listed(pages["open"])) == waiting
    cell = pages["disputed"].context["listed"].rows[0].cells[4]
    assert (cell.text, cell.marks) == ("属实", ("!有争议",))
    assert str(person("office").name) in str(cell.small)


def test_the_list_goes_on_page_by_page(cases, monkeypatch) -> None:
    monkeypatch.setattr(trace_list, "SIZE", 2)
    client = signed_in()

    found = [listed(client.get("/trace/", {"came": "", "page": page})) for page in (1, 2, 3, 4)]

    assert sorted(number for page in found for number in page) == sorted(
        case.number for case in cases.values()
    )
    assert [len(page) for page in found][:2] == [2, 2]


@pytest.mark.parametrize("query", ["came=moon", "judged=x", "month=2025", "month=x", "who=me"])
def test_what_the_list_does_not_know_is_an_error(query: str) -> None:
    assert signed_in().get(f"/trace/?{query}").status_code in (400, 422)


def test_the_front_page_tells_the_latest_from_elsewhere_and_counts_the_rest(cases) -> None:
    viewer = person("office")
    told, more = traces.first(viewers.of(viewer))

    assert told is not None
    assert (told.number, more) == (cases["elsewhere"].number, 0)
