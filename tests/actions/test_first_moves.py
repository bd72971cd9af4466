"""First-move lists: made once a day, ranked, a tenth held out by a draw; called, and written down."""

from datetime import date, time, timedelta

import pytest

from suyuan.actions import customer, firstmoves
from suyuan.actions.firstmoves import make
from suyuan.actions.privacy import _outlived as outlived
from suyuan.actions.privacy.shredders import EVERY
from suyuan.actions.privacy.subject import Subject
from suyuan.domain import first_move as rule
from suyuan.domain.errors import BadInput, Refused
from suyuan.store import chain, rules
from suyuan.store.models import (
    Account,
    Case,
    ContactWay,
    Customer,
    Event,
    FirstMove,
    FirstMoveList,
)
from suyuan.store.queries import firstmoves as queries
from suyuan.store.queries import moves_effect, viewer
from tests import first_moves
from tests.factories import NOW, actor, case_at, person, unit
from tests.first_moves import TODAY, customers, made, of_case, signal
from tests.lakes import fresh_lake

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
WANT = {"move_outcome": "solved", "contacted": "visit"}


@pytest.fixture
def nobody_held_out(monkeypatch):
    monkeypatch.setattr(make, "is_held_out", lambda lot, share: False)


@pytest.fixture
def everybody_held_out(monkeypatch):
    monkeypatch.setattr(make, "is_held_out", lambda lot, share: True)


def at(role="station", username=""):
    return viewer.of(person(role, username=username))


def accounts(tmp_path, count=1) -> list[Account]:
    unit()
    return customers(tmp_path, count)


def listed(**how) -> list[FirstMove]:
    return list(queries.listed(at("office"), how.pop("day", TODAY), **how))


def left_out(said) -> dict[str, int]:
    made(said)
    return FirstMoveList.objects.get().left_out


def refusal(verb, move, role="station", **form) -> object:
    with pytest.raises((Refused, BadInput)) as no:
        firstmoves.record_outcome(viewer=at(role), move=move, form=form, now=NOW) if verb == "record" else (
            firstmoves.reveal_number(viewer=at(role), move=move, form=form, now=NOW)
        )
    return no.value.facts.get("fields") or no.value.code


def test_a_day_has_one_list_a_desk_however_often_it_is_made(tmp_path, nobody_held_out):
    said = [signal(one) for one in accounts(tmp_path, 3)]

    first, again = made(said), made(said[:1])

    assert (first.lists, first.moves, first.fresh) == (1, 3, True)
    assert (again.lists, again.moves, again.fresh) == (1, 3, False)
    event = Event.objects.get(verb="make_first_moves")
    assert event.detail["lists"] == [{"unit": "0101", "candidates": 3, "listed": 3, "held_out": 0}]
    assert chain.verify(["register:first-moves"]) == (1, 1)


def test_the_best_of_a_desk_are_on_its_list_and_one_customer_once(tmp_path, nobody_held_out):
    people = accounts(tmp_path, 14)
    soon = NOW + timedelta(hours=3)
    said = [signal(one, "general") for one in people]
    said += [signal(people[13], "urgent", due=soon, promise="x"), signal(people[12], "important")]

    made(said)

    found = listed()
    assert len(found) == rules.figure("firstmoves.list", "most") == 10
    assert [one.account_id for one in found[:2]] == [people[13].pk, people[12].pk]
    assert (found[0].due_at, found[0].place, len(found[0].reasons)) == (soon, 1, 2)
    assert FirstMoveList.objects.get().candidates == 14


def test_who_is_held_out_is_kept_for_audit_and_seen_by_no_desk(tmp_path, everybody_held_out):
    made([signal(one) for one in accounts(tmp_path, 2)])

    assert FirstMove.objects.filter(held_out=True, state="held").count() == 2
    assert [listed(), list(queries.listed(None, TODAY))] == [[], []]
    assert queries.held(at("audit")).count() == 2
    assert [queries.held(at(role)).count() for role in ("station", "office", "leader")] == [0, 0, 0]
    with pytest.raises(Refused):
        queries.one(at("office"), FirstMove.objects.first().pk)


def test_who_was_drawn_stays_what_they_were_drawn_for(tmp_path, everybody_held_out, monkeypatch):
    people = accounts(tmp_path, 2)
    made([signal(people[0])])
    monkeypatch.setattr(make, "is_held_out", lambda lot, share: False)

    made([signal(one) for one in people], TODAY + DAY, NOW + DAY)
    made([signal(one) for one in people], TODAY + 31 * DAY, NOW + 31 * DAY)

    assert [one.account_id for one in listed(day=TODAY + DAY)] == [people[1].pk]
    assert FirstMoveList.objects.get(day=TODAY + DAY).left_out == {"held_out": 1}
    last = listed(day=TODAY + 31 * DAY)
    assert sorted((one.drawn, one.episode_on) for one in last) == [
        (True, TODAY + 31 * DAY),
        (True, TODAY + 31 * DAY),
    ]


def test_who_is_listed_again_is_drawn_no_second_time(tmp_path, nobody_held_out, monkeypatch):
    one = accounts(tmp_path)[0]
    made([signal(one)])
    monkeypatch.setattr(make, "is_held_out", lambda lot, share: True)

    made([signal(one)], TODAY + DAY, NOW + DAY)

    again = listed(day=TODAY + DAY)[0]
    assert (again.drawn, again.episode_on) == (False, TODAY)


def test_nobody_on_whose_supply_a_life_hangs_is_held_out(tmp_path, everybody_held_out):
    case = case_at_known(tmp_path)
    life = {"special_flag": "life_support", "consent_how": "recorded_call", "consent_scope": "service",
            "consent_on": "2026-03-01"}  # fmt: skip
    customer.set_flag(number=case.number, actor=actor("office"), now=NOW, form=life)

    made([of_case(case)])

    assert [(one.drawn, one.held_out) for one in listed()] == [(False, False)]


def case_at_known(tmp_path, **said) -> Case:
    unit()
    first_moves.load(tmp_path)
    return case_at("handling", **said)


def test_what_was_not_finished_is_over_the_next_morning_and_said(tmp_path, nobody_held_out):
    people = accounts(tmp_path, 3)
    made([signal(one) for one in people])
    done = listed()[0]
    firstmoves.record_outcome(viewer=at(), move=done.pk, form=WANT, now=NOW)

    made([signal(one) for one in people], TODAY + DAY, NOW + DAY)

    assert FirstMoveList.objects.get(day=TODAY + DAY).unfinished == 2
    assert FirstMoveList.objects.get(day=TODAY + DAY).left_out == {"called_lately": 1}
    assert sorted(one.state for one in listed()) == ["done", "expired", "expired"]
    assert refusal("record", listed()[1].pk, **WANT) == "move_closed"


def test_who_may_not_be_called_is_on_no_list(tmp_path, nobody_held_out):
    quiet, post, out, lost, fine = accounts(tmp_path, 5)
    ways = ContactWay.objects
    ways.filter(customer=quiet.customer).update(quiet_from=time(8), quiet_until=time(21))
    ways.filter(customer=post.customer).update(kind="email", preferred=True)
    Customer.objects.filter(pk=out.customer_id).update(opted_out_at=NOW)
    ways.filter(customer=lost.customer).update(valid_until=TODAY)

    why = left_out([signal(one) for one in (quiet, post, out, lost, fine)])

    assert why == {"quiet": 1, "unlisted": 2, "opted_out": 1}
    assert [one.account_id for one in listed()] == [fine.pk]


def test_who_asked_to_be_kept_secret_is_on_no_list(tmp_path, nobody_held_out):
    case = case_at_known(tmp_path)
    Case.objects.filter(pk=case.pk).update(secrecy="confidential")

    assert left_out([of_case(case), signal(Account.objects.get())]) == {"restricted": 1}


def test_an_opted_out_customer_is_not_called_through_a_case_without_an_account(tmp_path, nobody_held_out):
    case = case_at_known(tmp_path)
    Customer.objects.update(opted_out_at=NOW)
    Case.objects.filter(pk=case.pk).update(account_index="")

    assert left_out([of_case(case)]) == {"opted_out": 1}


def test_an_entry_is_taken_on_its_number_seen_and_its_outcome_written_down(tmp_path, nobody_held_out):
    made([signal(accounts(tmp_path)[0])])
    move = listed()[0].pk
    look = {"purpose": "call_back"}

    assert refusal("reveal", move, **look) == "not_your_role"
    firstmoves.take_move(viewer=at(), move=move, now=NOW)
    assert firstmoves.reveal_number(viewer=at(), move=move, form=look, now=NOW) == "13900000000"
    assert refusal("record", move, "agent", **WANT) == "move_taken"
    solved = {"move_outcome": "solved"}
    assert firstmoves.record_outcome(viewer=at(), move=move, form=solved, now=NOW) == "solved"

    row = FirstMove.objects.get()
    assert (row.state, row.outcome, row.done_by) == ("done", "solved", "station")
    events = list(Event.objects.filter(stream=make.STREAM).order_by("seq"))
    assert [one.verb for one in events[1:]] == ["take_first_move", "reveal", "record_first_move"]
    assert "13900000000" not in str([(one.detail, one.objects_json) for one in events])
    assert refusal("record", move, **WANT) == "move_closed"


def test_nobody_is_said_to_be_reached_whose_number_was_not_seen_and_nothing_said_of_how(
    tmp_path, nobody_held_out
):
    made([signal(accounts(tmp_path)[0])])
    move = listed()[0].pk

    assert refusal("record", move, move_outcome="reached") == {"contacted": "required"}
    firstmoves.take_move(viewer=at(), move=move, now=NOW)
    assert refusal("record", move, move_outcome="solved") == {"contacted": "required"}
    firstmoves.record_outcome(viewer=at(), move=move, form={"move_outcome": "not_reached"}, now=NOW)
    assert Event.objects.get(verb="record_first_move").detail["outcome"] == "not_reached"


def test_a_form_in_two_minds_is_refused(tmp_path, nobody_held_out):
    made([signal(accounts(tmp_path)[0])])
    move = listed()[0].pk

    assert refusal("record", move, move_outcome="will_call_back") == {"again_on": "required"}
    assert refusal("record", move, **WANT, again_on="2026-03-05") == {"again_on": "only_if_agreed"}
    assert refusal("record", move, move_outcome="will_call_back", again_on="2026-03-01") == {
        "again_on": "out_of_order"
    }
    assert refusal("record", move, move_outcome="maybe") == {"move_outcome": "unknown_choice"}


def test_a_call_that_was_agreed_upon_stands_on_the_list_of_its_day(tmp_path, nobody_held_out):
    made([signal(accounts(tmp_path)[0])])
    form = {"move_outcome": "will_call_back", "again_on": "2026-03-05", "contacted": "called_us"}
    firstmoves.record_outcome(viewer=at(), move=listed()[0].pk, form=form, now=NOW)

    said = make._people.agreed(TODAY + DAY, 30)
    made(said, TODAY + DAY, NOW + DAY)

    assert make._people.agreed(TODAY, 30) == []
    assert [one.reasons[0]["code"] for one in listed(day=TODAY + DAY)] == ["agreed"]
    firstmoves.record_outcome(viewer=at(), move=listed(day=TODAY + DAY)[0].pk, form=WANT, now=NOW + DAY)
    assert make._people.agreed(TODAY + 2 * DAY, 30) == []


def test_a_number_is_not_seen_once_the_customer_has_opted_out(tmp_path, nobody_held_out):
    made([signal(accounts(tmp_path)[0])])
    firstmoves.take_move(viewer=at(), move=listed()[0].pk, now=NOW)
    Customer.objects.update(opted_out_at=NOW)

    assert refusal("reveal", listed()[0].pk, purpose="call_back") == "customer_opted_out"


def test_the_list_of_a_unit_is_seen_by_whoever_calls_there(tmp_path, nobody_held_out):
    made([signal(accounts(tmp_path)[0])])
    elsewhere = viewer.of(person("station", at="0102", username="west"))

    assert [queries.listed(one, TODAY).count() for one in (at(), at("agent"), elsewhere)] == [1, 1, 0]
    assert queries.listed(at("leader"), TODAY).count() == 0
    assert queries.listed(None, TODAY, unit="0102").count() == 0
    with pytest.raises(BadInput):
        queries.listed(None, TODAY, unit="none")


def test_lists_are_made_of_what_the_house_and_the_detectors_say(nobody_held_out):
    case = case_at("handling")
    case_at("handling", account="", phone="13700000000", secrecy="anonymous")
    now = NOW + timedelta(days=5, hours=18)
    fresh_lake()

    made_now = firstmoves.make_lists(day=rules.local_day(now), now=now)

    row = FirstMove.objects.get()
    assert (made_now.lists, made_now.moves) == (1, 1)
    assert (row.case_id, row.reasons[0]["source"], row.due_at is not None) == (case.pk, "order", True)
    with pytest.raises(Refused):
        firstmoves.make_lists(day=date(2026, 1, 5), now=now)


def test_a_day_of_rest_has_no_list():
    sunday = NOW + 4 * DAY

    assert firstmoves.make_lists(day=rules.local_day(sunday), now=sunday).lists == 0
    assert FirstMoveList.objects.count() == 0


def test_the_effect_counts_who_was_drawn_and_complained_within_the_days(tmp_path, monkeypatch):
    people = accounts(tmp_path, 6)
    held = iter([True, True, False, False, False, False])
    monkeypatch.setattr(make, "is_held_out", lambda lot, share: next(held))
    made([signal(one) for one in people])
    by_arm = {arm: list(FirstMove.objects.filter(held_out=arm).order_by("pk")) for arm in (True, False)}
    numbers = {one.pk: first_moves.number(at) for at, one in enumerate(people)}
    complain = [by_arm[True][0], by_arm[False][0]]
    for one in complain:
        case_at("received", now=NOW + 3 * DAY, account=numbers[one.account_id], phone="13511111111")
    case_at("received", now=NOW + 31 * DAY, account=numbers[by_arm[True][1].account_id], phone="13511111111")

    early = moves_effect.report(at("office"), NOW + 29 * DAY)
    found = moves_effect.report(at("office"), NOW + 30 * DAY)

    assert (early.whole.listed.of, early.whole.held.of) == (0, 0)
    assert (found.whole.held.n, found.whole.held.of) == (1, 2)
    assert (found.whole.listed.n, found.whole.listed.of) == (1, 4)
    assert (found.whole.verdict, list(found.desks)) == ("unclear", ["0101"])
    assert found.so_far == {
        "listed": 4,
        "held_out": 2,
        "entries": 4,
        "undrawn": 0,
        "called": 0,
        "reached": 0,
    }
    assert moves_effect.report(at("station"), NOW + 30 * DAY).whole.held.of == 0


@pytest.mark.parametrize(
    ("quiet", "free"),
    [
        (None, [(time(9), time(20))]),
        ((time(12), time(14)), [(time(9), time(12)), (time(14), time(20))]),
        ((time(22), time(10)), [(time(10), time(20))]),
        ((time(20), time(9)), [(time(9), time(20))]),
        ((time(8), time(21)), []),
    ],
)
def test_quiet_hours_are_taken_out_of_the_hours_in_which_calls_are_made(quiet, free):
    assert rule.free_hours(quiet, (time(9), time(20))) == free


def test_a_shredding_and_the_end_of_its_period_remove_an_entry(tmp_path, nobody_held_out):
    people = accounts(tmp_path, 2)
    made([signal(one) for one in people])
    meant = Subject("account", people[0].number_index, "", (), (people[0].customer_id,))
    place = next(one for one in outlived.PLACES if one.name == "first_moves")
    shredder = next(one for one in EVERY if one.name == "first_moves")

    assert (shredder.found(meant), shredder.told(meant)[0]["day"]) == (1, TODAY.isoformat())
    assert (place.count(NOW), place.count(NOW + DAY)) == (0, 2)
    assert shredder.remove(meant, actor("audit"), NOW) == 1
    assert [one.account_id for one in listed()] == [people[1].pk]
    Customer.objects.all().delete()
    assert FirstMove.objects.count() == 0


def test_a_known_number_is_its_customer_and_is_drawn_once(tmp_path, everybody_held_out):
    case = case_at_known(tmp_path)
    made([signal(Account.objects.get())])
    Case.objects.filter(pk=case.pk).update(account_index="")

    made([of_case(case)], TODAY + DAY, NOW + DAY)

    assert FirstMove.objects.count() == 1
    assert FirstMoveList.objects.get(day=TODAY + DAY).left_out == {"held_out": 1}
