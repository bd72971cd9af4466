"""What a reply has to say and what makes it unfit, as rulebook/replies.toml puts it."""

import functools
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any

from suyuan.domain.errors import BadInput
from suyuan.domain.rulebook import Certainty, Title
from suyuan.domain.rulebook.reading import Row, rows
from suyuan.domain.rulebook.records import PROCEDURES

FILE = "replies.toml"
FAULTS = (
    "echo",
    "reached",
    "unreached",
    "again",
    "frequent",
    "outage",
    "resolved",
    "facts",
    "empty",
    "unfinished",
)
"""The patterns a whole reply is judged by."""
_NAMED = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True, slots=True)
class Item:
    """Something a reply may have to say; one pattern of ``said`` in one sentence is enough."""

    code: str
    title: Title
    said: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Demand:
    """Something a customer may ask for, and how a reply shows that it was heard."""

    code: str
    title: Title
    asked: re.Pattern[str]
    answered: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Required:
    """What a reply of these procedures, in these categories and below, has to say."""

    procedures: tuple[str, ...]
    categories: tuple[str, ...]
    items: tuple[str, ...]
    grave: frozenset[str]


NOTHING = Required((), (), (), frozenset())


@dataclass(frozen=True, slots=True)
class Rules:
    """The whole of it."""

    basis: str
    certainty: Certainty
    items: Mapping[str, Item]
    demands: tuple[Demand, ...]
    required: tuple[Required, ...]
    faults: Mapping[str, re.Pattern[str]]

    def required_of(self, procedure: str, category: str = "") -> Required:
        """Return what a reply has to say: the row that names the nearest category.

        A procedure without a row asks for nothing; an unknown one raises.
        """
        if procedure not in PROCEDURES:
            raise BadInput("unknown_procedure", procedure=procedure)
        fitting = [one for one in self.required if procedure in one.procedures]
        return max(fitting, key=lambda one: _nearness(one, category), default=NOTHING)


def _nearness(row: Required, category: str) -> int:
    """Return how much of a category a row names: none is nearest but one that speaks of another."""
    if not row.categories:
        return 0
    lengths = [len(one) for one in row.categories if category == one or category.startswith(f"{one}.")]
    return max(lengths, default=-1)


@functools.cache
def shipped() -> Rules:
    """Return the package's own rules."""
    text = resources.files("suyuan.rulebook").joinpath(FILE).read_text("utf-8")
    return rules(tomllib.loads(text), FILE)


def rules(content: Mapping[str, Any], file: str) -> Rules:
    """Return the rules a file says; a wrong, missing or unknown key is an error that names its place."""
    top = Row(file, "replies", content)
    certainty = Certainty(top.one_of("certainty", tuple(Certainty)))
    fragments = _fragments(Row(file, "fragments", top.take("fragments", dict)))
    items = [_item(row, fragments) for row in rows(file, "item", top.take("item", list))]
    known = {one.code: one for one in items}
    faults = Row(file, "faults", top.take("faults", dict))
    found = Rules(
        basis=top.text("basis"),
        certainty=certainty,
        items=known,
        demands=tuple(_demand(row, fragments) for row in rows(file, "demand", top.take("demand", list))),
        required=tuple(_required(row, known) for row in rows(file, "required", top.take("required", list))),
        faults={name: _pattern(faults, name, (faults.text(name),), fragments) for name in FAULTS},
    )
    faults.close()
    top.close()
    return found


def _fragments(row: Row) -> Mapping[str, str]:
    """Return the named parts of patterns; one may name those before it."""
    found: dict[str, str] = {}
    for name in row.content:
        found[name] = _filled(row, name, row.text(name), found)
    return found


def _filled(row: Row, key: str, text: str, fragments: Mapping[str, str]) -> str:
    if unknown := [name for name in _NAMED.findall(text) if name not in fragments]:
        raise row.error(key, f"names the unknown fragment {unknown[0]!r}")
    return _NAMED.sub(lambda found: fragments[found[1]], text)


def _pattern(row: Row, key: str, texts: Sequence[str], fragments: Mapping[str, str]) -> re.Pattern[str]:
    try:
        return re.compile("|".join(_filled(row, key, text, fragments) for text in texts))
    except re.error as error:
        raise row.error(key, f"is no pattern: {error}") from None


def _item(row: Row, fragments: Mapping[str, str]) -> Item:
    found = Item(row.text("code"), row.title(), _pattern(row, "said", row.texts("said"), fragments))
    row.close()
    return found


def _demand(row: Row, fragments: Mapping[str, str]) -> Demand:
    asked, answered = (_pattern(row, key, (row.text(key),), fragments) for key in ("asked", "answered"))
    found = Demand(row.text("code"), row.title(), asked, answered)
    row.close()
    return found


def _required(row: Row, known: Mapping[str, Item]) -> Required:
    found = Required(
        procedures=row.texts("procedures"),
        categories=row.texts("categories", []),
        items=row.texts("items"),
        grave=frozenset(row.texts("grave", [])),
    )
    for key, named, allowed in (
        ("procedures", found.procedures, PROCEDURES),
        ("items", found.items, known),
        ("grave", found.grave, found.items),
    ):
        if unknown := set(named) - set(allowed):
            raise row.error(key, f"names the unknown code {min(unknown)!r}")
    row.close()
    return found
