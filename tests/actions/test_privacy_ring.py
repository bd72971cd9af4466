"""A key can be changed while people work: the newest seals, all open, an unused one can be destroyed."""

from datetime import timedelta

import pytest

from suyuan.actions.privacy import ring
from suyuan.config import home
from suyuan.domain.errors import BadInput, Refused
from suyuan.domain.procedure import SYSTEM
from suyuan.store import chain, keyring, seal, sealed
from suyuan.store.models import Contact, Event, Note, Resealing
from tests.factories import NOW, case_at, do

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_secrets")]
LATER = NOW + timedelta(days=2)


def resealed(most=2) -> list[int]:
    """Reseal everything, a few at a time, and return what each batch did."""
    done = []
    while count := ring.reseal(actor=SYSTEM, now=NOW, most=most):
        done.append(count)
    return done


def sealing_keys() -> set[int]:
    """Return the numbers of the keys that anything is sealed with."""
    return {seal.sealed_with(row.sealed) for model in (Contact, Note) for row in model.objects.all()}


def test_a_home_starts_with_one_key_and_nothing_to_do():
    case_at("received")

    assert ring.listed() == [ring.Key(1, True, None, 1)]
    assert ring.reseal(actor=SYSTEM, now=NOW) == 0
    assert Resealing.objects.count() == 0


def test_a_new_key_seals_and_the_old_one_still_opens():
    old = seal.seal({"phone": "13912345678"})
    number = ring.rotate(actor=SYSTEM, now=NOW)
    fresh = seal.seal({"phone": "13912345678"})

    assert (number, seal.sealed_with(old), seal.sealed_with(fresh)) == (2, 1, 2)
    assert seal.unseal(old) == seal.unseal(fresh) == {"phone": "13912345678"}


def test_resealing_moves_every_value_in_batches_and_then_stops():
    for _ in range(3):
        case_at("received")
    case = case_at("handling")
    do(case, "contact", "station", reached=True, contact_note="已致电")
    said = [seal.unseal(row.sealed) for row in Contact.objects.order_by("pk")]
    ring.rotate(actor=SYSTEM, now=NOW)

    assert resealed() == [2, 2, 1]
    assert sealing_keys() == {2}
    assert [seal.unseal(row.sealed) for row in Contact.objects.order_by("pk")] == said
    assert ring.reseal(actor=SYSTEM, now=NOW) == 0


def test_resealing_goes_on_where_it_stopped():
    for _ in range(4):
        case_at("received")
    ring.rotate(actor=SYSTEM, now=NOW)
    ring.reseal(actor=SYSTEM, now=NOW, most=3)
    at = Resealing.objects.get(column="store_contact.sealed")
    third = Contact.objects.order_by("pk")[2].pk

    assert (at.last_id, at.done) == (third, False)
    assert resealed(most=3) == [1]
    assert sealing_keys() == {2}


def test_a_value_sealed_behind_the_cursor_with_an_old_key_is_met_before_the_end():
    late = seal.seal({"text": "另一进程"})
    for _ in range(3):
        case_at("received")
    ring.rotate(actor=SYSTEM, now=NOW)
    ring.reseal(actor=SYSTEM, now=NOW, most=2)
    Contact.objects.filter(pk=Contact.objects.order_by("pk")[0].pk).update(sealed=late)

    assert resealed() == [1, 1]
    assert sealing_keys() == {2}


def test_a_third_key_starts_the_columns_again():
    case_at("received")
    ring.rotate(actor=SYSTEM, now=NOW)
    resealed()
    ring.rotate(actor=SYSTEM, now=NOW)

    assert resealed() == [1]
    assert [(key.number, key.newest, key.values) for key in ring.listed()] == [
        (1, False, 0),
        (2, False, 0),
        (3, True, 1),
    ]


def test_an_old_key_in_use_is_not_destroyed():
    case_at("received")
    ring.rotate(actor=SYSTEM, now=NOW)

    with pytest.raises(Refused) as refused:
        ring.retire(number=1, actor=SYSTEM, now=LATER)

    assert (refused.value.code, refused.value.facts) == ("key_in_use", {"key": 1, "values": 1})


@pytest.mark.parametrize(("number", "now", "code"), [(2, LATER, "newest_key"), (1, NOW, "key_too_fresh")])
def test_the_newest_key_stays_and_an_old_one_stays_until_the_newest_has_rested(number, now, code):
    ring.rotate(actor=SYSTEM, now=NOW)

    with pytest.raises(Refused) as refused:
        ring.retire(number=number, actor=SYSTEM, now=now)

    assert refused.value.code == code
    assert keyring.numbers() == [1, 2]


def test_a_key_that_is_not_there_is_named():
    with pytest.raises(BadInput) as wrong:
        ring.retire(number=7, actor=SYSTEM, now=LATER)

    assert (wrong.value.code, wrong.value.facts) == ("unknown_seal_key", {"key": 7})


def test_a_destroyed_key_opens_no_old_copy(django_capture_on_commit_callbacks):
    case_at("received")
    copy = bytes(Contact.objects.get().sealed)
    ring.rotate(actor=SYSTEM, now=NOW)
    resealed()
    with django_capture_on_commit_callbacks(execute=True):
        ring.retire(number=1, actor=SYSTEM, now=LATER)

    assert keyring.numbers() == [2]
    with pytest.raises(ValueError, match="unknown key 1"):
        seal.unseal(copy)


def test_what_was_done_with_the_keys_is_chained_without_the_keys():
    case_at("received")
    ring.rotate(actor=SYSTEM, now=NOW)
    resealed()
    ring.retire(number=1, actor=SYSTEM, now=LATER)
    written = list(
        Event.objects.filter(stream="register:seal_keys").order_by("seq").values_list("verb", "detail")
    )

    assert written == [
        ("seal_key_rotate", {"key": 2}),
        ("seal_key_reseal", {"key": 2, "column": "store_contact.sealed", "values": 1}),
        ("seal_key_retire", {"key": 1}),
    ]
    assert chain.verify(["register:seal_keys"]) == (1, 3)


def test_every_column_declared_sealed_is_resealed():
    declared = {str(column) for column in sealed.columns()}

    assert {"store_contact.sealed", "store_note.sealed"} <= declared


def test_there_are_only_so_many_numbers():
    home.secret(f"seal.{keyring.MOST}")

    with pytest.raises(Refused) as refused:
        ring.rotate(actor=SYSTEM, now=NOW)

    assert refused.value.code == "no_key_number_left"


def test_a_process_sees_the_key_another_one_made():
    seal.seal({})
    home.secret("seal.2")

    assert seal.sealed_with(seal.seal({})) == 2
