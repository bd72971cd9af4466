"""Shredding a person reaches the register of customers, whether or not there ever was a case."""

import json
import zipfile

import pytest

from suyuan.actions import customer
from suyuan.actions.privacy import rights
from suyuan.store import chain
from suyuan.store.models import Account, ContactWay, Customer, Event, Meter, SpecialFlag, SupplyPoint
from tests.customer_files import load, row
from tests.factories import NOW, actor, case_at, unit

pytestmark = pytest.mark.django_db
ACCOUNT, PHONE = "3300012345678", "13912345678"
TABLES = (Customer, Account, SupplyPoint, Meter, ContactWay, SpecialFlag)


def gone(tmp_path, who: str):
    """Export, ask and carry out."""
    form = {"purpose": "subject_request"}
    rights.export(person=who, path=tmp_path / "p.zip", actor=actor("audit"), now=NOW, form=form)
    rights.shred(person=who, actor=actor("office"), now=NOW)
    return rights.shred(person=who, actor=actor("audit"), now=NOW)


def test_a_customer_without_a_case_is_handed_out_and_removed(tmp_path):
    unit()
    load(tmp_path, row(), row(户号="3300012345679", 表号="M0030000002", 联系电话="13700000000"))

    done = gone(tmp_path, ACCOUNT)

    with zipfile.ZipFile(tmp_path / "p.zip") as bundle:
        told = json.loads(bundle.read("register.json"))
    assert [(one["account"], one["name"], one["meters"], one["contacts"]) for one in told] == [
        (ACCOUNT, "张三丰", ["M0030000001"], [{"phone": PHONE}])
    ]
    assert (done.reached["register"], done.reached["contact_ways"], done.reached["cases"]) == (1, 1, 0)
    assert [table.objects.count() for table in TABLES] == [1, 1, 1, 1, 1, 0]


def test_what_the_chain_of_a_flag_says_leads_to_nobody_afterwards(tmp_path):
    unit()
    load(tmp_path)
    case = case_at("archived")
    form = {"special_flag": "important_user"}
    customer.set_flag(number=case.number, actor=actor("office"), now=NOW, form=form)

    gone(tmp_path, ACCOUNT)

    assert [table.objects.count() for table in TABLES] == [0] * 6
    assert Event.objects.filter(stream__startswith="register:customer:").count() == 1
    assert chain.verify()[0] > 0


def test_a_telephone_that_several_share_takes_none_of_them_along(tmp_path):
    unit()
    load(tmp_path, row(), row(户号="3300012345679", 表号="M0030000002"))
    case_at("archived", account="", phone=PHONE)

    done = gone(tmp_path, PHONE)

    assert (done.reached["register"], done.reached["contact_ways"]) == (0, 2)
    assert (Account.objects.count(), ContactWay.objects.count()) == (2, 0)
