"""The quarter of a city: what its people did with its cases, step by step, as the tables beside this say.

A step is when, by whom, what, with which form. Days are working days before the one that is told as today, so
that nobody signs on a Sunday. `> name` names what a step opened, `name:` does the step on it; without, a step
is done on the case of its story, which is called `it`.
"""

import csv
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

IT = "it"
THEMES = (
    "promises",
    "repairs",
    "handovers",
    "returns",
    "repeats",
    "filings",
    "blame",
    "improvements",
    "evaluations",
    "disconnections",
    "precomplaints",
)
CALLERS = ("account", "phone", "name", "address")
WORD = re.compile(r"\{([a-z]+)\}")
STEP = re.compile(r"(?:(?P<on>\w+): )?(?P<verb>\w+)(?: > (?P<opens>\w+))?")


@dataclass(frozen=True, slots=True)
class Step:
    """One thing somebody did: on which working day, counted from today, at which local time."""

    day: int
    at: str
    by: str
    """A user name, `station` for whoever works at the unit of the case, empty for nobody."""
    verb: str
    form: Mapping[str, object]
    on: str = IT
    opens: str = ""


@dataclass(frozen=True, slots=True)
class Story:
    """What became of one thing: where, and its steps in order."""

    name: str
    unit: str
    caller: Mapping[str, str]
    """Who calls in it: account, phone, name, address; nothing where nobody does."""
    steps: Sequence[Step]


def stories(customers: Path) -> list[Story]:
    """Return the stories of the quarter, told of the customers of a city's register."""
    walks, callers = _table("walks"), _callers(customers)
    return [
        _story(f"{theme}.{row['name']}", row, walks, callers)
        for theme in THEMES
        for row in _table(theme)["story"]
    ]


def _table(name: str) -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath(f"{name}.toml").read_text("utf-8"))


def _callers(customers: Path) -> list[dict[str, str]]:
    with customers.open(encoding="utf-8-sig", newline="") as file:
        return [{name: row[name] for name in (*CALLERS, "unit")} for row in csv.DictReader(file)]


def _story(
    name: str, row: Mapping[str, Any], walks: Mapping[str, Any], callers: Sequence[Mapping[str, str]]
) -> Story:
    said = walks["defaults"] | {key: value for key, value in row.items() if isinstance(value, str)}
    steps = [_step(line, said) for line in row.get("steps", [])]
    if "walk" in row:
        steps += _walked(walks["walk"][row["walk"]], row["begins"], row.get("until", ""), said)
    caller: Mapping[str, str] = {}
    if "customer" in row:
        here = [one for one in callers if one["unit"] == row["unit"]] or callers
        caller = {name: here[row["customer"] % len(here)][name] for name in CALLERS}
    return Story(name, row.get("unit", ""), caller, sorted(steps, key=lambda step: (step.day, step.at)))


def _walked(lines: Sequence[Sequence[Any]], begins: int, until: str, said: Mapping[str, str]) -> list[Step]:
    """Return the steps of a walk up to the first of a verb, all of them where none is named."""
    steps = [_step((begins + after, *rest), said) for after, *rest in lines]
    last = next((place for place, step in enumerate(steps) if step.verb == until), len(steps))
    return steps[: last + 1]


def _step(line: Sequence[Any], said: Mapping[str, str]) -> Step:
    day, at, by, what, form = line
    found = STEP.fullmatch(what)
    if found is None:
        raise ValueError(f"no step of the quarter: {what}")
    filled = {name: _said(value, said) for name, value in form.items()}
    on, opens = found["on"] or IT, found["opens"] or ""
    return Step(day, str(_said(at, said)), str(_said(by, said)), found["verb"], filled, on, opens)


def _said(value: object, said: Mapping[str, str]) -> object:
    """Return a text with what the story says in the place of its words; what it does not say stays."""
    if not isinstance(value, str):
        return value
    return WORD.sub(lambda word: said.get(word[1], word[0]), value)
