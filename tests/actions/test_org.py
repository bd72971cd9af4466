"""The register of units and people: loaded in any order, checked, confirmed, written down."""

import pytest

from suyuan.actions import demo, org
from suyuan.cli.main import main
from suyuan.domain.errors import BadInput, Refused
from suyuan.domain.procedure import SYSTEM, Actor
from suyuan.domain.vocabulary import Role
from suyuan.gateways.engine import open_duckdb
from suyuan.store import chain, lake
from suyuan.store.models import Event, Grant, Person, Unit
from suyuan.store.queries import viewer
from tests.factories import NOW, actor, case_at, person
from tests.lakes import fresh_lake

pytestmark = pytest.mark.django_db
TREE = [
    {"code": "01", "name": "溯源市供电公司", "parent": "", "kind": "company", "customers": "1200"},
    {"code": "0101", "name": "东城供电所", "parent": "01", "specialty": "marketing", "kind": "station"},
    {"code": "010101", "name": "一班", "parent": "0101"},
    {"code": "0190", "name": "优质服务办", "parent": "01", "kind": "office"},
]


def load(rows=TREE):
    """Load units."""
    return org.load_units(rows=rows, actor=SYSTEM, now=NOW)


def load_people(*rows, password=""):
    """Load people."""
    return org.load_people(rows=rows, actor=SYSTEM, now=NOW, password=password)


@pytest.mark.parametrize("rows", [TREE, TREE[::-1]], ids=["parents first", "parents last"])
def test_units_are_placed_whatever_their_order(rows):
    assert load(rows) == 4

    assert list(Unit.objects.values_list("code", "path", "specialty", "customers", "provisional")) == [
        ("01", "/01/", "", 1200, False),
        ("0101", "/01/0101/", "marketing", None, False),
        ("010101", "/01/0101/010101/", "", None, False),
        ("0190", "/01/0190/", "", None, False),
    ]
    assert Event.objects.values_list("stream", "verb", "detail").get() == (
        "register:org",
        "org_load",
        {"units": 4},
    )


def test_loading_again_changes_what_the_file_changed():
    load()

    load([{**TREE[1], "name": "东城中心供电所"}])

    assert (Unit.objects.get(code="0101").name, Unit.objects.count()) == ("东城中心供电所", 4)


def test_a_unit_that_moves_takes_those_below_it_along():
    load()

    load([{**TREE[1], "parent": "0190"}])

    assert Unit.objects.get(code="010101").path == "/01/0190/0101/010101/"


@pytest.mark.parametrize(
    "rows",
    [
        [{"code": "02", "name": "甲", "parent": "99"}],
        [{"code": "02", "name": "甲", "parent": "03"}, {"code": "03", "name": "乙", "parent": "02"}],
    ],
    ids=["no such parent", "a circle"],
)
def test_a_tree_that_does_not_hang_together_is_refused_whole(rows):
    with pytest.raises(BadInput) as wrong:
        load([*TREE, *rows])

    assert wrong.value.code == "unknown_unit"
    assert (Unit.objects.count(), Event.objects.count()) == (0, 0)


def test_a_unit_does_not_move_below_itself():
    load()

    with pytest.raises(BadInput):
        load([{**TREE[1], "parent": "010101"}])

    assert Unit.objects.get(code="0101").path == "/01/0101/"


@pytest.mark.parametrize("customers", ["many", "-3", "1.5"])
def test_a_count_of_customers_that_is_none_is_bad_input(customers):
    with pytest.raises(BadInput):
        load([{**TREE[0], "customers": customers}])

    assert Unit.objects.count() == 0


def test_a_code_with_a_slash_is_refused():
    with pytest.raises(BadInput) as wrong:
        load([{"code": "0/1", "name": "甲", "parent": ""}])

    assert (wrong.value.code, Unit.objects.count()) == ("unknown_value", 0)


def test_people_get_their_roles_over_what_their_unit_answers_for():
    load()

    count = load_people(
        {"username": "li", "name": "李", "unit": "0101", "roles": "station"},
        {"username": "wang", "name": "王", "unit": "0190", "roles": "office agent"},
        {"username": "zhao", "name": "赵", "unit": "0190", "roles": "leader", "over": "0101"},
    )

    assert count == 3
    assert sorted(Grant.objects.values_list("person__username", "role", "unit__code")) == [
        ("li", "station", "0101"),
        ("wang", "agent", "01"),
        ("wang", "office", "01"),
        ("zhao", "leader", "0101"),
    ]
    assert viewer.named("li").paths == ("/01/0101/",)


def test_loading_people_again_adds_roles_and_keeps_the_password():
    load()
    row = {"username": "li", "name": "李", "unit": "0101", "roles": "station"}
    load_people(row, password="first-password")

    load_people({**row, "roles": "station marketing"}, password="second-password")

    assert Person.objects.get().check_password("first-password")
    assert sorted(Grant.objects.values_list("role", flat=True)) == ["marketing", "station"]


def test_without_a_password_nobody_can_sign_in():
    load()

    load_people({"username": "li", "name": "李", "unit": "0101", "roles": "station"})

    assert not Person.objects.get().has_usable_password()


@pytest.mark.parametrize("changed", [{"unit": "99"}, {"over": "99"}, {"roles": "emperor"}])
def test_a_person_nobody_can_place_is_refused_whole(changed):
    load()
    good = {"username": "li", "name": "李", "unit": "0101", "roles": "station"}

    with pytest.raises(BadInput):
        load_people(good, {**good, "username": "wang", **changed})

    assert (Person.objects.count(), Grant.objects.count()) == (0, 0)


def test_provisional_units_are_confirmed_as_they_stand():
    load()
    Unit.objects.filter(code__in=("0101", "010101")).update(provisional=True)

    done = org.confirm(codes=["0101", "0101", "01"], actor=actor("office"), now=NOW)

    assert (done, list(Unit.objects.filter(provisional=True).values_list("code", flat=True))) == (
        1,
        ["010101"],
    )
    event = Event.objects.order_by("-pk").first()
    assert (event.actor, event.verb, event.detail) == ("office", "org_confirm", {"units": ["0101"]})
    assert chain.verify(["register:org"]) == (1, 2)


def test_what_needs_no_confirming_leaves_no_event():
    load()

    assert org.confirm(codes=["0101"], actor=actor("admin"), now=NOW) == 0
    assert Event.objects.count() == 1


def test_a_unit_that_does_not_exist_cannot_be_confirmed():
    load()
    Unit.objects.filter(code="0101").update(provisional=True)

    with pytest.raises(BadInput) as wrong:
        org.confirm(codes=["0101", "none"], actor=actor("office"), now=NOW)

    assert (wrong.value.code, wrong.value.facts) == ("unknown_unit", {"units": ["none"]})
    assert Unit.objects.get(code="0101").provisional


@pytest.mark.parametrize(
    ("role", "at"), [("station", "01"), ("leader", "01"), ("lead", "01"), ("office", "0190"), ("none", "")]
)
def test_only_the_office_and_administrators_over_a_unit_change_it(role, at):
    load()
    Unit.objects.filter(code="0101").update(provisional=True)
    by = Actor("nobody", frozenset()) if role == "none" else actor(role, at)

    for change in (
        lambda: org.confirm(codes=["0101"], actor=by, now=NOW),
        lambda: org.load_units(rows=[{**TREE[1], "name": "改名"}], actor=by, now=NOW),
        lambda: org.load_units(rows=[{**TREE[3], "parent": "0101"}], actor=by, now=NOW),
    ):
        with pytest.raises(Refused) as refused:
            change()
        assert refused.value.code == "not_your_role"

    assert list(Unit.objects.values_list("name", "provisional")[1:2]) == [("东城供电所", True)]
    assert Event.objects.count() == 1


def test_somebody_called_system_is_not_the_machine():
    with pytest.raises(Refused):
        org.load_units(rows=TREE, actor=Actor("system", frozenset()), now=NOW)


def test_an_office_changes_what_lies_below_it():
    load()

    org.load_units(
        rows=[{"code": "019001", "name": "回访组", "parent": "0190"}], actor=actor("office", "0190"), now=NOW
    )

    assert Unit.objects.get(code="019001").path == "/01/0190/019001/"


def test_a_register_confirms_what_files_had_named():
    load()
    Unit.objects.filter(code="0101").update(provisional=True)

    load([TREE[1]])

    assert not Unit.objects.get(code="0101").provisional


def test_cases_of_a_unit_that_moves_lie_under_its_new_path_in_the_lake():
    case = case_at("handling")
    fresh_lake()

    load([{"code": "02", "name": "东片区", "parent": "01"}, {**TREE[1], "parent": "02"}])
    lake.refresh()

    with open_duckdb(lake.folder()) as engine:
        tables = engine.tables()
        placed = tables.fetch(tables.cases.select("number", "unit_path", "u2")).to_pylist()
        clocks = tables.fetch(tables.clocks.select("unit_path")).to_pylist()
    assert placed == [{"number": case.number, "unit_path": "/01/02/0101/", "u2": "02"}]
    assert {row["unit_path"] for row in clocks} == {"/01/02/0101/"}
    assert Event.objects.order_by("-pk").first().detail == {"units": 2, "moved": ["0101"]}


def test_the_made_up_root_goes_under_the_root_of_the_register_and_roles_with_it():
    root = Unit.objects.create(code="company", name="本公司", path="/company/", provisional=True)
    Unit.objects.create(code="东城所", name="东城所", parent=root, path="/company/东城所/", provisional=True)
    demo.people_at_root(password="demo-password", now=NOW)

    org.load_units(rows=TREE, actor=viewer.named("admin").actor, now=NOW)

    assert Unit.objects.get(code="东城所").path == "/01/company/东城所/"
    assert set(Grant.objects.values_list("unit__code", flat=True)) == {"01"}
    assert Grant.objects.count() == len(Role)
    assert viewer.named("office").paths == ("/01/",)


def test_the_same_code_twice_in_a_register_is_refused():
    with pytest.raises(BadInput) as wrong:
        load([*TREE, {**TREE[1], "name": "西城供电所"}])

    assert (wrong.value.code, wrong.value.facts) == ("duplicate_in_file", {"unit": "0101"})


def test_a_specialty_nobody_knows_is_refused():
    with pytest.raises(BadInput) as wrong:
        load([{**TREE[1], "parent": "", "specialty": "cooking"}])

    assert wrong.value.facts == {"field": "specialty", "value": "cooking", "unit": "0101"}


def test_the_command_confirms_for_a_person_and_no_other(capsys):
    load()
    Unit.objects.filter(code="0101").update(provisional=True)
    person("office")

    with pytest.raises(SystemExit) as ended:
        main(["org", "confirm", "0101", "--as", "nobody"])
    assert (ended.value.code, capsys.readouterr().err) == (
        2,
        "suyuan: 没有这个人员 / No such person [unknown_person] username=nobody\n",
    )
    main(["org", "confirm", "0101", "--as", "office"])

    assert capsys.readouterr().out == "1 confirmed\n"
    assert not Unit.objects.get(code="0101").provisional


def test_the_demo_has_one_person_a_role_over_the_whole_company():
    load()

    made = demo.people_at_root(password="demo-password", now=NOW)

    assert made == len(Role)
    assert set(Grant.objects.values_list("role", "person__username", "unit__code")) == {
        (role.value, role.value, "01") for role in Role
    }


def test_without_a_unit_there_is_no_demo():
    with pytest.raises(Refused) as refused:
        demo.people_at_root(password="x", now=NOW)

    assert refused.value.code == "no_unit"
