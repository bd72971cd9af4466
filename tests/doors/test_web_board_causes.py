"""The board: why it came to complaints, each share and each cell one click from its orders."""

import json
import re

import pytest

from suyuan.cli.board import rows
from suyuan.store.models import Case
from tests.board_pages import MONTH, signed_in
from tests.factories import case_at
from tests.lakes import fresh_lake
from tests.liable import liability_at

pytestmark = pytest.mark.django_db


def judged() -> Case:
    """Return a complaint whose cause was signed; another one has none, a third is restricted."""
    case = case_at("callback")
    liability_at("archived", parent=case)
    case_at("handling", account="3300000000001")
    other = case_at("handling", account="3300000000002")
    Case.objects.filter(pk=other.pk).update(restricted=True, responsibility="staff")
    fresh_lake()
    return case


def test_each_share_has_its_interval_and_its_orders_and_who_was_not_judged_is_said() -> None:
    case, client = judged(), signed_in("leader")

    page = client.get(f"/board/?period={MONTH}")

    shown = {name: (row.value, row.counts, row.interval) for name, row in page.context["cause_rows"]}
    assert shown == {
        "硬件设施": ("0.00 %", "0/1", "0.0–79.3 %"),
        "员工个人行为": ("0.00 %", "0/1", "0.0–79.3 %"),
        "服务传递系统": ("100.00 %", "1/1", "20.7–100.0 %"),
        "个性化需求未满足": ("0.00 %", "0/1", "0.0–79.3 %"),
    }
    out = page.context["cause_out"]
    assert [(one.words, one.n) for one in out] == [("原因未判定", "1"), ("限制查阅", "1")]
    delivery = next(row for name, row in page.context["cause_rows"] if name == "服务传递系统")
    listed = client.get(delivery.n_url).content.decode()
    assert set(re.findall(r'href="/case/([^/"]+)/"', listed)) == {case.number}


def test_the_chart_of_causes_stands_beside_its_table() -> None:
    judged()

    text = signed_in("leader").get(f"/board/?period={MONTH}").content.decode()

    option = re.search(r'<script id="chart-causes" type="application/json">(.*?)</script>', text)
    assert option is not None
    points = json.loads(option[1])["series"][-1]["data"]
    assert [point["value"] for point in points] == [0.0, 0.0, 100.0, 0.0]
    assert text.index("chart-causes") < text.index("<th>占比</th>")


def test_classes_are_broken_down_by_cause_and_each_cell_leads_to_its_orders() -> None:
    case, client = judged(), signed_in("leader")

    page = client.get(f"/board/?period={MONTH}")

    heads, (line,) = page.context["cause_heads"], page.context["cause_lines"]
    counts = dict(zip(heads, [cell["n"] for cell in line.cells], strict=True))
    assert counts["服务传递系统"] == 1
    assert counts["未判定"] == 2
    cell = line.cells[heads.index("服务传递系统")]
    listed = client.get(str(cell["url"]))
    assert (listed.context["total"], listed.context["what"][-1]) == (1, "服务传递系统")
    assert [row[0].number for row in listed.context["rows"]] == [case.number]
    unjudged = client.get(str(line.cells[-1]["url"]))
    assert (unjudged.context["total"], unjudged.context["what"][-1]) == (2, "未判定")


def test_the_board_command_says_the_same_shares() -> None:
    judged()

    told = {row.id: (row.n, row.of, row.excluded) for row in rows(MONTH, "")[1] if "cause_" in row.id}

    left_out = {"not_judged": 1, "restricted": 1}
    assert told == {
        "cause_facility_share": (0, 1, left_out),
        "cause_staff_share": (0, 1, left_out),
        "cause_delivery_share": (1, 1, left_out),
        "cause_individual_share": (0, 1, left_out),
    }
