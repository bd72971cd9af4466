"""Whoever has the events alone cannot follow a customer from one case to another."""

import json
import re
from datetime import timedelta

import pytest

from suyuan.actions import customer, imports
from suyuan.actions.privacy.reveal import reveal
from suyuan.domain.procedure import SYSTEM
from suyuan.store import chain, seal
from suyuan.store.models import Case, Contact, Event, Note
from suyuan.store.queries import cases, history, told, viewer
from tests.customer_files import load
from tests.factories import NOW, actor, case_at, do, person, unit
from tests.methods.order_files import HEADERS, write_csv

pytestmark = pytest.mark.django_db
PHONE, ACCOUNT = "13912345678", "3300012345678"
CONSENT = {"consent_how": "recorded_call", "consent_scope": "service", "consent_on": "2026-03-02"}
TOKEN = re.compile(r"[0-9a-f]{16,}")


@pytest.fixture
def twice(tmp_path):
    """Return two cases of one customer on which the same was said and done, a third came from a file."""
    unit()
    load(tmp_path)
    walked = [case_at("handling"), case_at("handling")]
    for case, flag in zip(walked, ("elderly_alone", "important_user"), strict=True):
        do(case, "note", "office", note="客户张三丰，电话13912345678")
        asked = {"personal_field": "phone", "purpose": "call_back", "remark": "客户张三丰要求回电"}
        reveal(number=case.number, actor=actor("office"), now=NOW, form=asked)
        form = {"special_flag": flag} | (CONSENT if flag == "elderly_alone" else {})
        customer.set_flag(number=case.number, actor=actor("office"), now=NOW, form=form)
    row = ["2025100100001", "投诉", "2025-10-01 08:05", "要求核实", ACCOUNT, PHONE]
    path = write_csv(tmp_path / "a.csv", [[*HEADERS, "户号", "联系电话"], row])
    imports.run(path=path, layout="auto", actor=SYSTEM, now=NOW)
    return walked


def tokens(events) -> set[str]:
    """Return what could stand for something in events: every long run of hex digits."""
    return set(TOKEN.findall(json.dumps([[event.objects_json, event.detail] for event in events])))


def test_no_event_holds_an_index_by_which_a_customer_is_found(twice):
    indexes = {seal.index(kind, value) for kind, value in (("account", ACCOUNT), ("phone", PHONE))}

    assert set(Case.objects.values_list("account_index", flat=True)) == {seal.index("account", ACCOUNT)}
    assert tokens(Event.objects.all()) & indexes == set()


def test_the_same_words_on_two_cases_of_one_customer_leave_nothing_in_common(twice):
    one, other = (tokens(Event.objects.filter(stream=f"case:{case.number}")) for case in twice)

    assert len(one) >= 3
    assert one & other == set()


def test_the_chain_of_an_account_names_no_case_and_no_case_names_the_account(twice):
    kept = Event.objects.filter(stream__startswith="register:customer:")
    refs = {case.register_ref for case in Case.objects.exclude(register_ref="")}
    in_cases = json.dumps(
        list(Event.objects.filter(stream__startswith="case:").values_list("objects_json", "detail"))
    )

    assert [event.objects_json[0][0] for event in kept] == ["through", "through"]
    assert {event.objects_json[0][1] for event in kept} == refs
    assert [case.number for case in twice if case.number in str([e.objects_json for e in kept])] == []
    assert [ref for ref in (*refs, *(e.objects_json[1][1] for e in kept)) if ref in in_cases] == []


def test_a_reference_proves_the_words_as_long_as_they_are_kept(twice):
    for note in Note.objects.all():
        kept = json.loads(seal.unseal_bytes(note.sealed))
        assert note.ref == seal.reference(kept["text"], kept[seal.SALT])
        assert seal.unseal(note.sealed) == {"text": kept["text"]}
    first = Event.objects.get(stream=f"case:{twice[0].number}", verb="receive")
    kept = json.loads(seal.unseal_bytes(Contact.objects.get(case=twice[0]).sealed))
    assert first.detail["contact"] == seal.reference(kept["text"], kept[seal.SALT])


def test_events_of_before_still_verify_and_are_still_read(twice):
    case = twice[0]
    old = seal.reference("客户张三丰来电")
    Note.objects.create(
        case=case, field="note", ref=old, masked="客户***来电", sealed=seal.seal({"text": "客户张三丰来电"})
    )
    chain.append(
        stream=f"case:{case.number}",
        at=NOW + timedelta(days=1),
        actor="office",
        verb="note",
        objects=[("case", case.number), ("account", case.account_index)],
        detail={"form": {"note": {"note": old}}},
    )
    who = viewer.of(person("office"))
    line = history.timeline(who, case)[-1]
    shown = told.case(cases.get(who, case.number), [], NOW)["events"][-1]

    assert chain.verify([f"case:{case.number}"])[0] == 1
    assert line.form == (("note", "客户***来电"),)
    assert shown["objects"] == [["case", case.number]]
