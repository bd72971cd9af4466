"""A case is found by exactly the name of who called or whose account it is, by whom the rule lets know it."""

import pytest

from suyuan.actions import imports
from suyuan.actions.privacy import names
from suyuan.domain.procedure import SYSTEM
from suyuan.store import chain, seal, spelling
from suyuan.store.models import Case, Contact, Customer, Event, Resealing
from suyuan.store.queries import history, listing, viewer
from tests.customer_files import load, row
from tests.factories import NOW, case_at, person, unit
from tests.methods.order_files import HEADERS, write_csv

pytestmark = pytest.mark.django_db


def found(name: str, by: str = "office", exact: bool = True, **who) -> list[str]:
    """Return the numbers of the cases a search for a name finds."""
    filters = listing.Filters(q=name, exact=exact)
    return [case.number for case in listing.listing(viewer.of(person(by, **who)), filters, now=NOW).rows]


def indexed(most: int) -> list[int]:
    """Index everything, a few at a time, and return what each batch did."""
    done = []
    while count := names.index(actor=SYSTEM, now=NOW, most=most):
        done.append(count)
    return done


@pytest.mark.parametrize(
    ("given", "asked"),
    [
        ("张三丰", " 张 三丰 "),
        ("張三豐", "张三丰"),
        ("欧阳震华", "歐陽震華"),
        ("阿依古丽·买买提", "阿依古丽•买买提"),
        ("John Smith", "ＪＯＨＮ ｓｍｉｔｈ"),
        ("溯源（东城）有限公司", "溯源(东城)有限公司"),
    ],
)
def test_a_name_is_found_however_it_is_spelled(given, asked):
    case = case_at("received", customer=given)

    assert found(asked) == [case.number]
    assert found(given[:-1]) == []


def test_a_name_is_found_only_where_it_was_posted():
    case_at("received")

    assert found("张三丰", exact=False) == []


@pytest.mark.parametrize("nobody", ["匿名", "客户", "本人", " "])
def test_a_word_that_stands_for_no_name_finds_nobody(nobody):
    case_at("received", customer=nobody, text="反映电价")

    assert (Case.objects.get().name_index, found(nobody)) == ("", [])


def test_the_holder_of_the_account_is_found_though_somebody_else_called(tmp_path):
    unit()
    load(tmp_path, row(户名="李四光"))
    case = case_at("handling", customer="王五")

    assert found("李四光") == found("王五") == [case.number]


def test_an_imported_order_is_found_by_its_name_and_by_the_new_one_after_an_update(tmp_path):
    unit()

    def bring(name):
        line = ["2025100100001", "投诉", "2025-10-01 08:05", "要求核实", name]
        path = write_csv(tmp_path / f"{name}.csv", [[*HEADERS, "联系人"], line])
        imports.run(path=path, layout="auto", actor=SYSTEM, now=NOW)

    bring("张三丰")
    before = found("张三丰")
    bring("李四光")

    assert (before, found("张三丰"), found("李四光")) == (["2025100100001"], [], ["2025100100001"])
    assert "name_index" not in str(list(Event.objects.values_list("detail")))


def test_nobody_finds_what_lies_out_of_reach():
    case_at("handling")

    assert found("张三丰", "station", at="0102", username="west") == []
    assert len(found("张三丰", "station")) == 1


@pytest.mark.parametrize(
    ("secrecy", "procedure", "by", "count"),
    [
        ("anonymous", "complaint", "audit", 0),
        ("confidential", "complaint", "office", 0),
        ("confidential", "complaint", "audit", 1),
        ("", "report", "leader", 0),
        ("", "report", "audit", 1),
        ("", "complaint", "office", 1),
        ("", "complaint", "leader", 0),
        ("", "complaint", "party", 0),
    ],
)
@pytest.mark.parametrize("asked", ["张三丰", "13912345678", "3300012345678"])
def test_who_may_not_learn_who_called_does_not_find_them(secrecy, procedure, by, count, asked):
    case_at("received", procedure, secrecy=secrecy)
    looking = viewer.of(person(by))
    beside = history.earlier(looking, **{"account": "", "phone": "", "name": ""} | {_kind(asked): asked})

    assert len(found(asked, by)) == count
    assert len(beside) == (count if procedure == "complaint" else 0)


def _kind(asked: str) -> str:
    return {3: "name", 11: "phone"}.get(len(asked), "account")


def test_beside_a_case_whose_caller_is_secret_stand_no_others():
    secret, other = case_at("received", secrecy="confidential"), case_at("received")
    at = {by: viewer.of(person(by)) for by in ("office", "audit")}

    assert [history.related(at[by], secret) for by in at] == [[], [other]]
    assert [history.related(at[by], other) for by in at] == [[], [secret]]


def test_names_of_before_are_indexed_in_batches_once(tmp_path):
    unit()
    load(tmp_path)
    three = [case_at("received", customer=name) for name in ("张三丰", "李四光", "張三豐")]
    Case.objects.update(name_index=""), Customer.objects.update(name_index="old")
    Contact.objects.filter(case=three[1]).update(sealed=b"")

    assert indexed(2) == [2, 1, 1]
    assert sorted(found("张三丰")) == sorted(case.number for case in three)
    assert [case.name_index for case in Case.objects.order_by("pk")] == [
        seal.index("name", "张三丰"),
        "",
        seal.index("name", "张三丰"),
    ]
    assert Customer.objects.get().name_index == seal.index("name", "张三丰")
    assert [e.detail["values"] for e in Event.objects.filter(verb="name_index").order_by("seq")] == [2, 1, 1]
    assert names.index(actor=SYSTEM, now=NOW) == 0
    assert chain.verify(["register:seal_keys"]) == (1, 3)


def test_another_way_of_spelling_names_alike_indexes_them_anew(monkeypatch):
    case_at("received")
    indexed(10)
    monkeypatch.setattr(spelling, "VERSION", spelling.VERSION + 1)

    assert indexed(10) == [1]
    assert set(Resealing.objects.values_list("key_number", "done")) == {(spelling.VERSION, True)}
