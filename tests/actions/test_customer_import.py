"""A customer file taken in: every good row, no bad one, the same file twice without a change."""

import pytest

from suyuan.actions import customer
from suyuan.domain.errors import BadInput, Refused
from suyuan.domain.procedure import SYSTEM
from suyuan.gateways import customerfile, tablefile, workbook
from suyuan.store import chain, seal
from suyuan.store.models import Account, ContactWay, Customer, Event, Meter, SupplyPoint
from tests.customer_files import HEADERS, KNOWN, load, row, write
from tests.factories import NOW, actor, unit

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _units():
    unit()


def counts(taken) -> tuple[int, ...]:
    told = customer.register_file.told(taken)
    return tuple(told[name] for name in ("read", "new", "changed", "duplicate", "quarantined"))


def test_a_row_becomes_a_customer_with_account_supply_point_meter_and_telephone(tmp_path):
    taken = load(tmp_path)

    account = Account.objects.select_related("customer", "supply", "unit").get()
    meter, way = Meter.objects.get(), ContactWay.objects.get()
    assert counts(taken) == (1, 1, 0, 0, 0)
    assert (account.unit.code, account.status, account.tariff, str(account.capacity), account.site) == (
        "0101", "active", "居民生活", "8.00", "urban",
    )  # fmt: skip
    assert (account.masked, account.customer.masked, account.customer.kind) == (
        "330********78",
        "张**",
        "resident",
    )
    assert (account.supply.area, account.supply.line_code, account.supply.masked) == (
        "东城0001号台区", "XL00001", "滨海市人民路***",
    )  # fmt: skip
    assert (meter.masked, str(meter.installed_on), meter.removed_on) == ("M00******01", "2019-05-01", None)
    assert (way.kind, way.masked, way.whose) == ("phone", "139******78", "owner")
    assert seal.unseal(account.sealed) == {"account": "3300012345678"}
    assert account.number_index == seal.index("account", "33000 12345678")


def test_a_total_row_is_no_customer(tmp_path):
    total = ["合计", *[""] * (len(HEADERS) - 1)]

    assert counts(load(tmp_path, row(), total)) == (1, 1, 0, 0, 0)


def test_the_same_file_again_changes_nothing(tmp_path):
    load(tmp_path)
    events = Event.objects.count()

    assert counts(load(tmp_path)) == (1, 0, 0, 1, 0)
    assert Event.objects.count() == events


def test_a_changed_row_changes_what_it_says_and_writes_only_names_down(tmp_path):
    load(tmp_path)

    taken = load(
        tmp_path, row(合同容量="12", 表号="M0030000099", 装表日期="2026-03-01", 联系电话="13800001111")
    )

    account = Account.objects.get()
    event = Event.objects.get(stream=f"register:customer:{account.ref}")
    meters = Meter.objects.order_by("pk").values_list("masked", "removed_on")
    assert counts(taken) == (1, 0, 1, 0, 0)
    assert str(account.capacity) == "12.00"
    assert [(masked, str(day)) for masked, day in meters] == [
        ("M00******01", "2026-03-01"), ("M00******99", "None"),
    ]  # fmt: skip
    assert event.detail == {"changed": ["capacity", "meter", "phone"]}
    assert chain.verify() == (2, 3)


def test_an_account_may_have_several_meters_and_one_no_longer_named_comes_off_with_the_next(tmp_path):
    load(tmp_path, row(表号="M0030000001、M0030000002;M0030000001"))
    both = list(Meter.objects.order_by("pk").values_list("masked", "removed_on"))

    same = load(tmp_path, row(表号="M0030000002/M0030000001"))
    load(tmp_path, row(表号="M0030000002、M0030000003", 装表日期="2026-03-01"))

    now = Meter.objects.order_by("pk").values_list("masked", "removed_on")
    assert both == [("M00******01", None), ("M00******02", None)]
    assert counts(same) == (1, 0, 0, 1, 0)
    assert [(masked, str(day)) for masked, day in now] == [
        ("M00******01", "2026-03-01"), ("M00******02", "None"), ("M00******03", "None"),
    ]  # fmt: skip


def test_one_bad_number_among_several_meters_is_named(tmp_path):
    taken = load(tmp_path, row(表号="M0030000001、1.2E+12"))

    assert counts(taken) == (1, 0, 0, 0, 1)
    assert [(column, value, rule) for _, column, value, rule in taken.faults] == [
        ("表号", "", "not_a_number_of_ours")
    ]


def test_a_blank_cell_leaves_what_is_known(tmp_path):
    load(tmp_path)

    load(tmp_path, row(户名="", 用电地址="", 台区="", 联系电话=""))

    assert Customer.objects.get().masked == "张**"
    assert SupplyPoint.objects.get().area == "东城0001号台区"


def test_rows_that_cannot_be_taken_come_back_with_every_reason(tmp_path):
    bad = row(
        户号="3.30E+12", 供电单位="南城供电所", 联系电话="12", 合同容量="八", 客户类别="外星", 装表日期="去年"
    )

    taken = load(tmp_path, row(), bad, row(), quarantine=tmp_path / "bad.csv")

    told = customer.register_file.told(taken)
    assert counts(taken) == (3, 1, 0, 0, 2)
    assert {tuple(fault.values()) for fault in told["faults"]} == {
        (3, "户号", "", "not_a_number_of_ours"),
        (3, "供电单位", "南城供电所", "unknown_unit"),
        (3, "联系电话", "", "not_a_phone"),
        (3, "合同容量", "", "not_a_number"),
        (3, "客户类别", "外星", "unknown_value"),
        (3, "装表日期", "", "not_a_date"),
        (4, "户号", "", "duplicate_in_file"),
    }
    assert len((tmp_path / "bad.csv").read_text("utf-8-sig").splitlines()) == 3
    assert counts(customer.import_customers(
        tables=customerfile.read(tmp_path / "bad.csv"), actor=SYSTEM, now=NOW
    )) == (2, 0, 0, 1, 1)  # fmt: skip


def test_rows_of_every_sheet_that_were_not_taken_come_back_in_one_file(tmp_path):
    book, aside = tmp_path / "two.xlsx", tmp_path / "bad.xlsx"
    east = workbook.Table(["户号", "供电单位", "备注", "备注"], [["12", "0101", "甲", "乙"]])
    west = workbook.Table(["ORG_NO", "CONS_NO"], [["9999", "3300012345679"]])
    with book.open("wb") as file:
        workbook.write([("东城", east), ("西城", west)], file, NOW)

    taken = customer.import_customers(tables=customerfile.read(book), actor=SYSTEM, now=NOW, quarantine=aside)

    [sheet] = tablefile.open_table(aside)
    assert counts(taken) == (2, 0, 0, 0, 2)
    assert [row[:4] for row in sheet.rows()] == [
        ["户号", "供电单位", "备注", "备注"],
        ["12", "0101", "甲", "乙"],
        ["3300012345679", "9999", "", ""],
    ]


def test_the_columns_of_the_marketing_system_are_known_in_gbk(tmp_path):
    known = {
        "CONS_ID": "77001",
        "CONS_NO": "3300099988877",
        "ELEC_ADDR": "滨海市解放路8号",
        "TRADE_CODE": "A011",
        "ELEC_TYPE_CODE": "402",
        "CONTRACT_CAP": "160",
        "LODE_ATTR_CODE": "30",
        "STATUS_CODE": "0",
        "ORG_NO": "0102",
        "CONS_SORT_CODE": "01",
        "URBAN_RURAL_FLAG": "城市",
        "ASSET_NO": "M0030000777",
        "INST_DATE": "20180501",
    }
    path = write(tmp_path / "C_CONS.csv", [tuple(known.values())], tuple(known), "gb18030")

    taken = customer.import_customers(tables=customerfile.read(path), actor=SYSTEM, now=NOW)

    account = Account.objects.select_related("unit", "customer").get()
    assert counts(taken) == (1, 1, 0, 0, 0)
    assert (account.unit.code, account.status, account.customer.kind, account.trade) == (
        "0102", "active", "industrial", "A011",
    )  # fmt: skip
    assert account.customer.key_index == seal.index("customer", "77001")
    assert str(Meter.objects.get().installed_on) == "2018-05-01"


def test_a_customer_of_two_accounts_is_one_customer_with_one_telephone(tmp_path):
    heads = (*HEADERS, "客户标识")
    rows = [[*row(), "K1"], [*row(户号="3300012345679", 表号="M0030000002"), "K1"]]
    customer.import_customers(
        tables=customerfile.read(write(tmp_path / "a.csv", rows, heads)), actor=SYSTEM, now=NOW
    )

    assert (Customer.objects.count(), Account.objects.count(), ContactWay.objects.count()) == (1, 2, 1)


def test_a_dry_run_says_the_same_and_leaves_nothing(tmp_path):
    assert counts(load(tmp_path, dry_run=True)) == (1, 1, 0, 0, 0)
    assert (Account.objects.count(), Event.objects.count()) == (0, 0)


def test_an_import_that_stopped_goes_on_where_it_stopped(tmp_path):
    load(tmp_path, row())

    taken = load(tmp_path, row(), row(户号="3300012345679", 表号="M0030000002"))

    assert counts(taken) == (2, 1, 0, 1, 0)


def test_an_office_loads_the_customers_of_its_own_units_alone(tmp_path):
    tables = customerfile.read(write(tmp_path / "a.csv", [KNOWN, row(户号="3300012345679", 供电单位="0102")]))

    taken = customer.import_customers(tables=tables, actor=actor("office", "0102", "west"), now=NOW)

    assert taken.faults == [(2, "供电单位", "东城供电所", "not_your_role")]
    with pytest.raises(Refused) as no:
        customer.import_customers(tables=tables, actor=actor("agent"), now=NOW)
    assert no.value.code == "not_your_role"


def test_a_file_without_accounts_is_no_customer_file(tmp_path):
    with pytest.raises(BadInput) as no:
        customerfile.read(write(tmp_path / "a.csv", [["1", "2"]], ("姓名", "工号")))

    assert no.value.code == "no_header"
