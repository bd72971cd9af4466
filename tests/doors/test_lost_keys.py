"""Keys that are gone are never made anew while something is sealed with them; the doctor says what to do."""

import json

import pytest
from cryptography.exceptions import InvalidTag

from suyuan.actions import org
from suyuan.domain.errors import Refused
from suyuan.store import keyring, opening, seal
from suyuan.store.models import Account, Customer, Unit
from tests.customer_files import load
from tests.factories import NOW, actor, case_at, person, unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def keys(own_secrets, tmp_path, settings):
    """Return the folder of the keys of a home that holds a customer, a case and a member's phone."""
    settings.ALLOWED_HOSTS = ["localhost"]
    unit("0101")
    load(tmp_path)
    case_at("received")
    person("admin")
    form = {"name": "李", "phone": "13900001111"}
    org.save_person(username="li", unit="0101", form=form, actor=actor("admin"), now=NOW)
    return tmp_path / "secrets"


def lose(keys, *names: str) -> None:
    """Let files of the folder be gone for a process that begins."""
    for name in names:
        (keys / name).unlink()
    keyring.forget(), seal.forget()


def diagnosis(suyuan) -> tuple[int, list[str], list[str]]:
    """Return the exit code of the doctor, what it found about keys, and how it is mended."""
    code, out, _ = suyuan("doctor", "--json")
    found = [each for each in json.loads(out)["findings"] if "key" in each["code"]]
    return code, [each["code"] for each in found], [each["fix"] for each in found]


def test_a_home_with_its_keys_has_nothing_to_mend(keys, suyuan):
    assert diagnosis(suyuan)[1:] == ([], [])
    assert opening.faults() == opening.Faults((), (), index=False)


@pytest.mark.parametrize("gone", [("seal", "index"), ("seal",), ("index",)])
def test_keys_that_are_gone_are_named_and_not_made_anew(keys, suyuan, gone):
    lose(keys, *gone)

    assert diagnosis(suyuan) == (1, ["keys_missing"], [opening.FIX])
    code, out, _ = suyuan("seal", "list", "--json")

    assert (code, json.loads(out)) == (
        1,
        {"refused": "keys_missing", "facts": {"lacking": list(gone), "fix": opening.FIX}},
    )
    assert [name for name in gone if (keys / name).exists()] == []


def test_other_keys_in_their_place_are_named_and_nothing_starts_with_them(keys, suyuan):
    lose(keys, "seal", "index")
    keyring.first()

    code, found, fixes = diagnosis(suyuan)
    assert (code, found, fixes) == (1, ["keys_wrong"], [opening.FIX])
    faults = opening.faults()
    assert (faults.keys, {"store_contact.sealed", "store_person.phone_sealed"} - set(faults.columns)) == (
        (1,),
        set(),
    )
    for command in ("serve", "work"):
        code, out, _ = suyuan(command)
        assert (code, json.loads(out)["refused"]) == (1, "keys_wrong")


def test_another_key_of_the_index_is_named(keys, suyuan):
    lose(keys, "index")
    keyring.first()

    assert diagnosis(suyuan) == (1, ["index_key_wrong"], [opening.FIX])
    Account.objects.all().delete()
    Customer.objects.all().delete()
    assert opening.faults().index
    with pytest.raises(Refused) as no:
        opening.demand()
    assert (no.value.code, no.value.facts["index"]) == ("keys_wrong", True)


def test_the_newest_key_of_a_ring_is_missed(keys, suyuan):
    keyring.add()
    case_at("received")
    lose(keys, "seal.2")

    assert diagnosis(suyuan)[:2] == (1, ["keys_wrong"])
    assert opening.faults().keys == (2,)


def test_a_process_that_had_the_key_makes_no_other(keys):
    sealed = seal.seal({"text": "x"})
    (keys / "seal").unlink()

    with pytest.raises(Refused) as no:
        seal.seal({"text": "y"})

    assert (no.value.code, (keys / "seal").exists()) == ("keys_missing", False)
    keyring.forget()
    keyring.first()
    with pytest.raises(InvalidTag):
        seal.unseal(sealed)


def test_a_home_with_nothing_sealed_begins_with_its_keys(own_secrets, tmp_path, suyuan):
    lose(tmp_path / "secrets", "seal", "index")
    Unit.objects.all().delete()

    opening.begin()

    assert keyring.lacking() == []


def test_a_process_that_slept_through_a_change_of_keys_goes_on(keys):
    keyring.current()
    (keys / "seal.2").write_bytes(bytes(32))
    keyring.destroy(1)

    assert keyring.numbers() == [2]
