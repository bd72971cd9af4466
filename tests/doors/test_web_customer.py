"""Customers on pages: at a case, at the desk, in the queue, and on the page that takes their file in."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from suyuan.actions import customer
from suyuan.config.home import home
from suyuan.store.models import Account, ContactWay, SpecialFlag
from tests.customer_files import load, row, write
from tests.factories import NOW, actor, case_at, person, unit

pytestmark = pytest.mark.django_db
CONSENT = {
    "special_flag": "elderly_alone",
    "consent_how": "recorded_call",
    "consent_scope": "service",
    "consent_on": "2026-03-01",
}
CLEAR = ("3300012345678", "13912345678", "张三丰", "12号3栋", "M0030000001")


def as_(role: str) -> Client:
    client = Client(HTTP_ACCEPT_LANGUAGE="zh-hans")
    client.force_login(person(role))
    return client


@pytest.fixture
def case(tmp_path):
    unit()
    load(tmp_path)
    found = case_at("handling")
    customer.set_flag(number=found.number, actor=actor("office"), now=NOW, form=CONSENT)
    SpecialFlag.objects.update(expires_on="2099-01-01")
    return found


def test_a_case_shows_its_customer_masked_with_flags_and_what_can_be_written_down(case):
    page = as_("office").get(f"/case/{case.number}/").content.decode()

    assert [word for word in ("客户档案", "张**", "330********78", "优先：独居老人", "10kV清云001线",
                              "滨海市人民路***", "居民生活 · 8.00 kVA", "撤回同意")
            if word not in page] == []  # fmt: skip
    assert [word for word in CLEAR if word in page] == []


def test_who_works_with_no_customers_sees_no_register(case):
    assert "客户档案" not in as_("leader").get(f"/case/{case.number}/").content.decode()
    assert as_("leader").get(f"/case/{case.number}/customer/set_flag/").status_code == 403


def test_audit_sees_the_customer_and_changes_nothing(case):
    page = as_("audit").get(f"/case/{case.number}/").content.decode()

    assert ("优先：独居老人" in page, "撤回同意" in page) == (True, False)


def test_the_queue_marks_the_case_until_consent_is_withdrawn(case):
    client = as_("office")
    assert "优先：独居老人" in client.get("/queue/?scope=open").content.decode()
    assert "优先：" not in as_("leader").get("/queue/?scope=open").content.decode()

    answer = client.post(
        f"/case/{case.number}/customer/withdraw_consent/", {"special_flag": "elderly_alone"}, follow=True
    )

    assert "已写入客户档案" in answer.content.decode()
    for address in (f"/case/{case.number}/", "/queue/?scope=open"):
        assert "独居老人" not in client.get(address).content.decode()


def test_a_form_that_lacks_consent_comes_back_with_what_is_missing(case):
    answer = as_("office").post(
        f"/case/{case.number}/customer/set_flag/", {"special_flag": "disabled", "consent_scope": ["service"]}
    )

    page = answer.content.decode()
    kept = 'value="service" checked' in page
    assert (answer.status_code, page.count("invalid-feedback"), kept) == (422, 2, True)


def test_contacts_are_put_right_through_the_case(case):
    wrong = ContactWay.objects.get()
    form = {
        "contact_way": wrong.pk,
        "contact_kind": "phone",
        "contact_value": "13800001111",
        "whose": "tenant",
    }

    as_("station").post(f"/case/{case.number}/customer/correct_contact/", form)

    assert list(ContactWay.objects.filter(valid_until=None).values_list("masked", "whose")) == [
        ("138******11", "tenant")
    ]


def test_an_unknown_verb_and_a_case_without_customer_are_not_found(case):
    client = as_("office")
    lone = case_at("received", account="", phone="")

    assert client.get(f"/case/{case.number}/customer/delete/").status_code == 404
    assert client.get(f"/case/{lone.number}/customer/set_flag/").status_code == 404


def test_the_desk_sees_who_calls_while_the_number_is_typed(case):
    page = as_("agent").post("/contact/lookup/", {"phone": "139 1234 5678"}).content.decode()

    assert [word for word in ("客户档案", "张**", "优先：独居老人") if word not in page] == []
    assert [word for word in CLEAR if word in page] == []
    assert "客户档案" not in as_("agent").post("/contact/lookup/", {"phone": "13700000000"}).content.decode()


def test_the_desk_of_another_unit_meets_no_customer_out_of_reach(case):
    client = Client()
    other = person("agent", "0102", "west")
    client.force_login(other)

    assert "330********78" not in client.post("/contact/lookup/", {"account": CLEAR[0]}).content.decode()


def handed_in(path):
    return {"file": SimpleUploadedFile(path.name, path.read_bytes())}


def test_a_file_is_checked_then_taken_in_and_removed(tmp_path):
    unit()
    client = as_("office")
    path = write(tmp_path / "c.csv", [row(), row(户号="3300012345679", 供电单位="南城")])

    checked = client.post("/customers/import/upload/", handed_in(path))
    assert "新增 1" in client.get(checked.url).content.decode()
    assert Account.objects.count() == 0
    done = client.post(checked.url).content.decode()

    assert "读入 2 行：新增 1，修改 0，不变 0，隔离 1。" in done
    assert [word for word in CLEAR if word in done] == []
    assert Account.objects.count() == 1
    again = client.get(checked.url)
    assert (again.status_code, again.context["code"]) == (409, "file_done")
    aside = client.get(checked.url + "quarantine/")
    assert b"".join(aside.streaming_content)[:2] == b"PK"
    assert [file.name for file in (home() / "uploads").rglob("c.csv")] == []


def test_a_file_that_is_no_list_of_customers_is_refused_beside_the_file(tmp_path):
    unit()
    answer = as_("office").post(
        "/customers/import/upload/", handed_in(write(tmp_path / "c.csv", [["1"]], ["x"]))
    )

    assert (answer.status_code, "找不到表头" in answer.content.decode()) == (422, True)
    assert as_("agent").get("/customers/import/").status_code == 403
    template = b"".join(as_("office").get("/customers/import/template/").streaming_content)
    assert template[:2] == b"PK"
