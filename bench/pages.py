"""How long pages take over many cases, through the whole console in one process: p50 and p95."""

import argparse
import os
import statistics
import time
from dataclasses import dataclass, field

from . import filed, home, imports, orders

ROUNDS = 30
ALL = "/queue/?scope=all"


@dataclass(frozen=True, slots=True)
class Page:
    """One page as somebody asks for it; what is ``posted`` stands in no address."""

    name: str
    address: str
    who: str = "office"
    posted: dict[str, str] = field(default_factory=dict)


PAGES = (
    Page("queue", "/queue/"),
    Page("queue_station", "/queue/", "station"),
    Page("all_newest", f"{ALL}&order=accepted"),
    Page("all_newest_station", f"{ALL}&order=accepted", "station"),
    Page("page_200", f"{ALL}&page=200"),
    Page("state_of_few", f"{ALL}&state=merged"),
    Page("state_of_none", f"{ALL}&state=registered"),
    Page("state_of_most", f"{ALL}&state=archived"),
    Page("category_of_few", f"{ALL}&category=quality"),
    Page("category_of_none", f"{ALL}&category=construction"),
    Page("unit_and_state", f"{ALL}&unit=0105&state=merged"),
    Page("unit_and_state_station", f"{ALL}&unit=0105&state=merged", "station"),
    Page("unit_and_type", f"{ALL}&unit=0105&business_type=report"),
    Page("finding_and_satisfaction", f"{ALL}&finding=verified&satisfaction=dissatisfied"),
    Page("day", f"{ALL}&from=2025-03-04&to=2025-03-04"),
    Page("search_停电", f"{ALL}&q=停电"),
    Page("search_停电_day", f"{ALL}&q=停电&from=2025-01-02&to=2025-01-02"),
    Page("search_停电_unit_type", f"{ALL}&q=停电&unit=0105&business_type=consult"),
    Page("search_停电_station", f"{ALL}&q=停电", "station"),
    Page("search_客户", f"{ALL}&q=客户"),
    Page("search_抄表", f"{ALL}&q=抄表"),
    Page("search_none", f"{ALL}&q=飞机"),
    Page("search_phone", "/queue/find/", posted={"q": "13900000001"}),
    Page("desk_contact", "/contact/new/", "agent"),
    Page("desk_lookup_phone", "/contact/lookup/", "agent", {"phone": filed.PHONE}),
    Page("desk_lookup_account", "/contact/lookup/", "agent", {"account": filed.ACCOUNT}),
    Page("answers", "/answers/?state="),
    Page("board", "/board/"),
    Page("board_year", "/board/?period=2025"),
    Page("calls", "/calls/"),
    Page("week", "/week/"),
    Page("looks", "/looks/"),
    Page("looks_audit", "/looks/", "audit"),
)


def main() -> None:
    """Import orders, then ask for lists, searches and case pages as an office and a station would."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--home", default="", help="a home to keep, and to take again")
    parser.add_argument("--only", default="", help="pages whose names begin so")
    given = parser.parse_args()
    os.environ["SUYUAN_DEMO"] = "1"
    folder = home.fresh(given.home)
    from suyuan.store.models import Case

    if not Case.objects.exists():
        home.people()
        path = folder / "orders.csv"
        orders.write(path, given.cases, units=20, open_share=0.02)
        imports.measure(path, given.cases)
    _mix()
    filed.ahead()
    clients = {name: signed_in(name) for name in {page.who for page in PAGES}}
    number = _middle()
    for page in (
        *PAGES,
        *_every_page(),
        Page("case", f"/case/{number}/"),
        Page("case_answered", _answered()),
    ):
        if page.name.startswith(given.only):
            home.line("page", cases=given.cases, page=page.name, **timed(clients[page.who], page))


def _every_page() -> list[Page]:
    """Return the pages the office may open whose addresses have no part to fill in."""
    from suyuan.web.urls import urlpatterns

    routes = sorted({str(entry.pattern) for entry in urlpatterns if "<" not in str(entry.pattern)})
    pages = [Page(f"every /{route}", f"/{route}") for route in routes if "export" not in route]
    # each with a session of its own: one of the addresses may end it
    return [page for page in pages if _is_page(signed_in("office").get(page.address))]


def _is_page(answer) -> bool:
    return answer.status_code == 200 and answer.get("Content-Type", "").startswith("text/html")


def _mix() -> None:
    """Give few of the cases a state and a category that no other has, and leave looks behind."""
    from suyuan.store.models import Case, Event

    Case.objects.filter(pk__in=_every(1_999)).update(state="merged", is_open=False)
    Case.objects.filter(pk__in=_every(997)).update(category="quality.voltage")
    if not Event.objects.filter(verb="personal_find").exists():
        heads = Event.objects.filter(verb="import").order_by("pk").values_list("pk", flat=True)
        Event.objects.filter(pk__in=list(heads[::500])).update(verb="personal_find")


def _every(step: int) -> list[int]:
    from suyuan.store.models import Case

    return list(Case.objects.order_by("pk").values_list("pk", flat=True)[::step])


def _middle() -> str:
    from suyuan.store.models import Case

    return str(Case.objects.order_by("pk")[Case.objects.count() // 2].number)


def _answered() -> str:
    """Return the page of a case of a customer who calls often and was answered for good."""
    from suyuan.store.models import FinalAnswer

    return f"/case/{FinalAnswer.objects.order_by('pk')[0].parent.number}/"


def signed_in(name: str):
    """Return a client of one person; the station is a leaf's, with a twentieth of the cases."""
    from django.test import Client

    from suyuan.store.models import Grant, Person, Unit

    if name == "station":
        Grant.objects.filter(person__username=name).update(unit=Unit.objects.get(code="0105"))
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(Person.objects.get(username=name))
    return client


def timed(client, page: Page) -> dict[str, float]:
    spent = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        answer = client.post(page.address, page.posted) if page.posted else client.get(page.address)
        spent.append((time.perf_counter() - started) * 1000)
        assert answer.status_code == 200, (page.address, answer.status_code)
    return {
        "first_ms": round(spent[0], 1),
        "p50_ms": round(statistics.median(spent), 1),
        "p95_ms": round(sorted(spent)[int(ROUNDS * 0.95)], 1),
    }


if __name__ == "__main__":
    main()
