"""What an office writes for a code: the code itself, its words in either language, or others said for it."""

from collections.abc import Iterable
from typing import TypeVar

from suyuan.domain import staffing
from suyuan.domain.rulebook import Choice
from suyuan.domain.vocabulary import SPECIALTIES, Role
from suyuan.gateways.layout.spelling import word
from suyuan.store import rules

CODES: dict[str, tuple[str, ...]] = {
    "role": tuple(Role),
    "specialty": SPECIALTIES,
    "unit_kind": staffing.UNIT_KINDS,
}
ALSO = {"unit_kind": staffing.UNIT_KIND_ALSO}
Thing = TypeVar("Thing")


def plain(text: str) -> str:
    """Return the form that two spellings of one name share: width, script, case and spaces do not count."""
    return word(text)


def code(kind: str, text: str) -> str:
    """Return the code that a text means; one that is none of them as it is written."""
    wanted = plain(text)
    for each in CODES[kind]:
        also = ALSO.get(kind, {}).get(each, ())
        said = (each, rules.label(kind, each, "zh"), rules.label(kind, each, "en"), *also)
        if wanted in set(map(plain, said)):
            return str(each)
    return text


def competences() -> tuple[Choice, ...]:
    """Return the competences of the rulebook."""
    return rules.rulebook().reasons["competence"]


def competence(text: str) -> str:
    """Return the code of the competence that a text means; one that is none of them as it is written."""
    for one in competences():
        said = (one.code, one.title.zh, one.title.en, *one.synonyms)
        if plain(text) in map(plain, said):
            return one.code
    return text


def by_name(rows: Iterable[tuple[str, str, Thing]]) -> dict[str, list[Thing]]:
    """Return things by code and by name; a name that several have leads to all of them, a code to one."""
    codes: dict[str, list[Thing]] = {}
    names: dict[str, list[Thing]] = {}
    for key, name, thing in rows:
        codes[plain(key)] = [thing]
        names.setdefault(plain(name), []).append(thing)
    return names | codes
