"""The order of repairs on its page: who goes first, what is scored once a day, what others do not see."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from suyuan.store import seal
from suyuan.store.models import Account, Case, Customer, SpecialFlag, SupplyPoint
from suyuan.store.queries import sensitivity
from tests.board_pages import signed_in
from tests.doors.test_web_linked import rows
from tests.factories import NOW, case_at, person, unit

pytestmark = pytest.mark.django_db
LINE = "10kV一线"


@pytest.fixture(autouse=True)
def _anew():
    sensitivity.forget()
    yield
    sensitivity.forget()


def accounts(area, many, flag=""):
    """Make so many accounts on an area, the last of them with a flag."""
    made = []
    for at in range(many):
        name = f"{area}{at}"
        someone = Customer.objects.create(key_index=name, sealed=seal.seal({}))
        account = Account.objects.create(
            ref=name, number_index=name, customer=someone, unit=unit("0101"), sealed=seal.seal({})
        )
        SupplyPoint.objects.create(account=account, line=LINE, area=area, sealed=seal.seal({}))
        made.append(account)
    if flag:
        SpecialFlag.objects.create(
            account=made[-1],
            code=flag,
            set_by="office",
            set_at=NOW,
            consent_on=NOW.date(),
            consent_scope=["service"],
        )


def out(area, hours, *, at="0101", **given):
    """Make an open repair whose supply is not back."""
    first = case_at("received", "repair")
    Case.objects.filter(pk=first.pk).update(
        line=LINE, area=area, unit=unit(at), accepted_at=timezone.now() - timedelta(hours=hours), **given
    )
    return Case.objects.get(pk=first.pk).number


def test_life_support_goes_before_many_and_before_what_was_forgotten():
    accounts("many", 30)
    accounts("life", 2, "life_support")
    forgotten, many, life = out("forgotten", 60 * 24), out("many", 2), out("life", 1)

    found = rows(signed_in("office").get("/repairs/order/"))

    assert [row[0] for row in found] == [f"{LINE} life", f"{LINE} forgotten", f"{LINE} many"]
    assert [row[3] for row in found] == [life, forgotten, many]
    assert "(+24.0)" in found[1][-1]
    assert found[0][-1].index("+100.0") < found[0][-1].index("+0.2")


def test_accounts_are_scored_once_a_day_and_again_when_some_came():
    accounts("one", 2)
    out("one", 1)
    office = signed_in("office")

    def asked():
        with CaptureQueriesContext(connection) as held:
            assert "台区户数" in rows(office.get("/repairs/order/"))[0][-1]
        return [one["sql"] for one in held if "store_supplypoint" in one["sql"] and "flag" not in one["sql"]]

    assert len(asked()) == 1
    assert asked() == []
    accounts("two", 1)
    assert len(asked()) == 1


def test_who_reaches_other_units_sees_none_of_it():
    out("one", 1, at="0102")

    assert rows(signed_in("station", at="0101").get("/repairs/order/")) == []


def test_the_command_says_the_flags_of_a_place(suyuan):
    accounts("life", 1, "life_support")
    out("life", 1)
    person("office")

    code, told, _ = suyuan("sensitivity", "--as", "office", "--json")

    assert (code, [one["flags"] for one in json.loads(told)["repairs"]]) == (0, [{"life_support": 1}])
