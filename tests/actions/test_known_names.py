"""Nothing of a name that a case holds sealed stands in its texts, in no case it led to, and in no file."""

from datetime import timedelta

import pytest

from suyuan.actions import customer, exports
from suyuan.domain.procedure import SYSTEM
from suyuan.store import seal
from suyuan.store.models import Account, Attachment, Case, Contact, Customer, Note, SupplyPoint
from suyuan.store.queries import listing, viewer
from tests.evidence_files import add
from tests.factories import FORMS, NOW, actor, case_at, do, opened_by, person, unit, who

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
NAME = "欧阳慕雪"
WHO = {"customer": NAME, "phone": "13987651234"}
SAID = "欧阳慕雪建议装远程表，联系13987651234"


def standing() -> str:
    """Return every masked text there is, in one."""
    columns = ((Contact, "masked"), (Note, "masked"), (Case, "brief"), (Attachment, "name"))
    return "\n".join(text for model, name in columns for text in model.objects.values_list(name, flat=True))


def found(words: str) -> list[str]:
    """Return the numbers of the cases that a search for words finds."""
    rows = listing.listing(viewer.of(person("audit")), listing.Filters(q=words), now=NOW).rows
    return sorted(case.number for case in rows)


def linked(name: str, account: str = "3300012345678") -> None:
    """Put whose an account is into the register."""
    holder = Customer.objects.create(key_index=account, sealed=seal.seal({"name": name}))
    row = Account.objects.create(
        ref=account,
        number_index=seal.index("account", account),
        customer=holder,
        unit=unit(),
        sealed=seal.seal({"account": account}),
    )
    SupplyPoint.objects.create(account=row, sealed=seal.seal({}))


def test_a_confidential_caller_stands_in_no_text_and_in_no_case_that_was_opened_from_it():
    case = case_at("handling", secrecy="confidential", text="欧阳慕雪家表走字快", **WHO)
    do(case, "contact", "agent", NOW + HOUR, reached=True, contact_note="已联系欧阳慕雪")
    report = FORMS["write_report"](case) | {"situation": "现场核实欧阳慕雪家电表示数"}
    case = do(case, "write_report", "station", NOW + HOUR, **report)
    support = opened_by(case, "ask_support", NOW + HOUR)
    note = {"note": "姓欧阳的客户慕雪催办"}
    case = do(case, "urge", "agent", NOW + HOUR, **note)
    add(case, b"voice", "欧阳慕雪录音.txt", by=actor("office"))
    for verb in ("submit_finding", "review_pass", "call_back"):
        form = FORMS[verb](case) | ({"suggestion": SAID} if verb == "call_back" else {})
        case = do(case, verb, who(case, verb), NOW + 2 * HOUR, **form)

    texts, children = standing(), Case.objects.filter(parent_number=case.number).order_by("pk")
    assert ("欧阳" in texts, "慕雪" in texts, "51234" in texts) == (False, False, False)
    assert [found(words) for words in (NAME, "慕雪", "欧阳")] == [[], [], []]
    assert [(one.procedure, one.secrecy) for one in children] == [
        (support.procedure, "confidential"),
        ("opinion", "confidential"),
    ]
    assert children[1].brief == "****建议装远程表，联系139******34"


def test_a_case_opened_from_a_secret_one_is_walked_to_its_end_by_who_knows_the_caller():
    parent = case_at("callback", "repair", secrecy="confidential", **WHO)
    form = FORMS["call_back"](parent) | {"supply_stable": True, "crew_rating": "good", "suggestion": SAID}
    do(parent, "call_back", "agent", NOW + HOUR, **form)
    case = Case.objects.select_related("unit").get(parent_number=parent.number)

    verbs = ("register", "dispatch", "accept", "contact", "answer", "review_pass", "call_back", "archive")
    for step, verb in enumerate(verbs, start=1):
        by = "agent" if verb == "contact" else who(case, verb)
        case = do(case, verb, by, NOW + HOUR + step * timedelta(minutes=1), **FORMS[verb](case))

    assert (case.state, case.secrecy, case.owner) == ("archived", "confidential", "agent")


def test_an_ordinary_case_hides_whole_names_its_own_and_its_account_holders():
    unit()
    linked("慕容白露")
    case = case_at("handling", text="欧阳慕雪替慕容白露报修", **WHO)
    case = do(case, "urge", "agent", NOW + HOUR, note="慕容白露女士与欧阳慕雪女士催办")

    assert list(Contact.objects.order_by("pk").values_list("masked", flat=True)) == [
        "****替****报修",
        "慕容**女士与欧阳**女士催办",
    ]


def test_who_becomes_secret_later_is_hidden_anew_with_the_texts_and_the_search():
    case = case_at("received", text="玶女士来电，说玶白露家停电", **WHO | {"customer": "玶白露"})
    before = (case.brief, found("玶女"))

    case = do(case, "register", "agent", NOW + HOUR, business_type="complaint", secrecy="confidential")

    assert before == ("玶女士来电，说***家停电", [case.number])
    assert (case.brief, Contact.objects.get().masked) == ("*女士来电，说***家停电",) * 2
    assert (found("玶女"), found("停电")) == ([], [case.number])


def test_what_a_restricted_case_led_to_is_hidden_anew_too():
    case = case_at("handling", customer="玶白露")
    child = opened_by(case, "ask_support", NOW + HOUR)
    child.notes.update(masked="玶女士", sealed=seal.seal({"text": "玶女士"}))

    do(case, "restrict", "audit", NOW + HOUR, note="反映负责人")

    assert child.notes.get().masked == "*女士"


def test_a_way_that_is_known_later_is_hidden_in_what_was_said_before():
    unit()
    linked("慕容白露")
    case = case_at("handling")
    case = do(case, "urge", "agent", NOW + HOUR, note="请加雪落无声88回复")
    form = {"contact_kind": "wechat", "contact_value": "雪落无声88", "whose": "owner"}
    customer.correct_contact(number=case.number, actor=actor("agent"), now=NOW + HOUR, form=form)

    assert Contact.objects.latest("pk").masked == "请加雪落无***回复"


def test_the_words_of_an_anonymous_reporter_are_sealed_without_the_name_that_is_dropped():
    case = case_at("received", secrecy="anonymous", text=f"我家是{SAID}", **WHO)

    kept = seal.unseal(case.contacts.get().sealed)
    assert (list(kept), NAME in kept["text"], "远程表" in kept["text"]) == (["text"], False, True)


@pytest.mark.parametrize("purpose", ["", "inspection"])
def test_an_export_shows_of_secret_callers_what_their_pages_show(tmp_path, purpose):
    case_at("received", secrecy="confidential", text="欧阳女士说欧阳慕雪家表快", **WHO)
    path = tmp_path / "exp.csv"
    exports.orders(path=path, username=person("office").username, purpose=purpose, actor=SYSTEM, now=NOW)

    said = path.read_text("utf-8-sig")
    assert ("欧阳" in said, "**女士说****家表快" in said) == (False, True)
