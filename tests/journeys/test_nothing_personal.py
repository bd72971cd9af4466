"""Who the customer is lies sealed: nowhere in the database, the lake or the index in plain text."""

import shutil

import pytest
from django.db import connection

from suyuan.actions import imports
from suyuan.domain.procedure import Actor
from suyuan.store import lake
from suyuan.store.models import Account
from tests.customer_files import load
from tests.factories import NOW, case_at, do, person, unit
from tests.methods.order_files import HEADERS, write_csv

pytestmark = pytest.mark.django_db

PLANTED = (
    "13912345678",
    "3300012345678",
    "张三丰",
    "人民路12号3栋",
    "13800001111",
    "330106199001011234",
    "M0030000001",
)
"""A telephone, an account, a name, an address, numbers inside texts, and a meter of the register."""


def plain_text() -> str:
    """Return every text and every readable byte of every table."""
    said = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table.startswith("store_"):
                cursor.execute(f'SELECT * FROM "{table}"')
                for row in cursor.fetchall():
                    said += [v.decode("utf-8", "replace") if isinstance(v, bytes) else str(v) for v in row]
    return "\n".join(said)


def test_what_a_customer_gave_stands_nowhere_in_plain_text(tmp_path):
    unit()
    load(tmp_path)
    case = case_at("handling", text="客户张三丰反映抄表有误，电话13912345678，身份证330106199001011234")
    do(case, "contact", "station", reached=True, contact_note="已致电13800001111联系客户")
    rows = [
        [*HEADERS, "户号", "联系电话"],
        [
            "2025100100001",
            "投诉",
            "2025-10-01 08:05",
            "联系电话13800001111，要求核实",
            "3300012345678",
            "13912345678",
        ],
    ]
    imports.run(
        path=write_csv(tmp_path / "a.csv", rows), layout="auto", actor=Actor("clerk", frozenset()), now=NOW
    )
    person("office")
    shutil.rmtree(lake.folder())
    lake.refresh()

    kept = plain_text() + "".join(
        file.read_bytes().decode("utf-8", "replace") for file in lake.folder().rglob("*.parquet")
    )

    assert case.number in kept
    assert Account.objects.get().masked in kept
    assert [planted for planted in PLANTED if planted in kept] == []
