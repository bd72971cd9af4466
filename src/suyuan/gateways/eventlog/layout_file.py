"""A layout as a TOML or JSON file: read, and everything that is wrong with it named."""

import json
import tomllib
from pathlib import Path
from typing import Any

from suyuan.domain.errors import BadInput

from .columns import KINDS
from .layout import Layout, Step, Test, Things, zone

LARGEST = 1 << 20
_TEXTS = ("zone", "case", "delimiter", "title")
_HEADINGS = ("activity", "time", "id")
_KEYS = (*_TEXTS, *_HEADINGS, "time_format", "objects", "kinds", "steps", "recognised")


def read(path: Path) -> Layout:
    """Return the layout a file describes; raise BadInput naming what is wrong with it."""
    if not path.is_file():
        raise BadInput("no_such_file", file=path.name)
    if path.stat().st_size > LARGEST:
        raise BadInput("log_layout", file=path.name, problem="larger than a layout")
    try:
        return parsed(path.read_text("utf-8-sig"), path.name)
    except UnicodeDecodeError as error:
        raise BadInput("log_layout", file=path.name, problem=str(error)[:200]) from None


def parsed(text: str, file: str) -> Layout:
    """Return the layout a text describes."""
    try:
        given = json.loads(text) if text.lstrip().startswith("{") else tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadInput("log_layout", file=file, problem=str(error)[:200]) from None
    return _Reader(file).layout(given)


class _Reader:
    """Reads one file, remembering which headings may be called otherwise."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.also: dict[str, tuple[str, ...]] = {}

    def wrong(self, key: str, problem: str) -> BadInput:
        """Return the error of a key."""
        return BadInput("log_layout", file=self.file, key=key[:80], problem=problem)

    def layout(self, given: dict[str, Any]) -> Layout:
        """Return the layout."""
        self.only(given, _KEYS, "")
        kinds = given.get("kinds", {})
        if not isinstance(kinds, dict) or not set(map(str, kinds.values())) <= set(KINDS):
            raise self.wrong("kinds", f"not names with one of {KINDS}")
        texts = {name: self.text(given[name], name) for name in _TEXTS if name in given}
        headings = {name: self.heading(given[name], name) for name in _HEADINGS if name in given}
        forms = given.get("time_format", [])
        steps = tuple(self.step(each, f"steps[{n}]") for n, each in enumerate(self.tables(given, "steps")))
        layout = Layout(
            **texts,
            **headings,
            time_format=self.texts(
                [forms] if isinstance(forms, str) and forms else forms or [], "time_format"
            ),
            objects=tuple(
                self.things(each, f"objects[{n}]") for n, each in enumerate(self.tables(given, "objects"))
            ),
            kinds=tuple(kinds.items()),
            steps=steps,
            recognised=self.recognised(given.get("recognised", [])),
            also=tuple(self.also.items()),
        )
        self.whole(layout, given)
        return layout

    def whole(self, layout: Layout, given: dict[str, Any]) -> None:
        """Raise BadInput where parts of a layout do not go together."""
        zone(layout.zone)
        if len(layout.delimiter) > 1:
            raise self.wrong("delimiter", "more than one character")
        if layout.steps and not (layout.id or layout.objects):
            raise self.wrong("steps", "need an id or objects: whose steps are they?")
        if layout.steps and {"activity", "time"} & set(given):
            raise self.wrong("steps", "take the place of activity and time")
        told = {each.activity for each in layout.steps}
        for number, things in enumerate(layout.objects):
            if not set(things.steps) <= told:
                raise self.wrong(f"objects[{number}].steps", "an activity of no step")

    def step(self, given: dict[str, Any], place: str) -> Step:
        """Return one step."""
        self.only(given, ("column", "activity", "when", "unless"), place)
        column = self.heading(given.get("column", ""), f"{place}.column")
        activity = self.text(given.get("activity", ""), f"{place}.activity")
        for name, value in (("column", column), ("activity", activity)):
            if not value:
                raise self.wrong(f"{place}.{name}", "missing")
        tests = (self.test(given.get(name), f"{place}.{name}") for name in ("when", "unless"))
        return Step(column, activity, *tests)

    def test(self, given: object, place: str) -> Test | None:
        """Return what decides about a step, None for nothing."""
        if given is None:
            return None
        if not isinstance(given, dict):
            raise self.wrong(place, "not a table")
        self.only(given, ("column", "is"), place)
        column, patterns = self.heading(given.get("column", ""), f"{place}.column"), given.get("is")
        if not column or not patterns:
            raise self.wrong(place, "needs column and is")
        return Test(column, self.texts(patterns, f"{place}.is"))

    def things(self, given: dict[str, Any], place: str) -> Things:
        """Return a column that names objects."""
        texts = ("type", "qualifier", "separator", "prefix")
        self.only(given, (*texts, "column", "attributes", "steps"), place)
        said = {name: self.text(given[name], f"{place}.{name}") for name in texts if name in given}
        column = self.heading(given.get("column", ""), f"{place}.column")
        for name, value in (("column", column), ("type", said.get("type"))):
            if not value:
                raise self.wrong(f"{place}.{name}", "missing")
        own = given.get("attributes", [])
        if not isinstance(own, list):
            raise self.wrong(f"{place}.attributes", "not a list of columns")
        if own and given.get("separator"):
            raise self.wrong(f"{place}.attributes", "of several objects")
        attributes = tuple(self.heading(each, f"{place}.attributes") for each in own)
        steps = self.texts(given.get("steps", []), f"{place}.steps")
        return Things(column, **said, attributes=attributes, steps=steps)

    def recognised(self, given: object) -> tuple[tuple[str, ...], ...]:
        """Return the headings a csv is known by."""
        if not isinstance(given, list):
            raise self.wrong("recognised", "not a list of headings")
        return tuple(
            self.texts([each] if isinstance(each, str) else each, f"recognised[{n}]") or ("",)
            for n, each in enumerate(given)
        )

    def heading(self, given: object, place: str) -> str:
        """Return the first of the headings that mean one column, remembering the others."""
        if isinstance(given, str):
            return given
        if not isinstance(given, list):
            raise self.wrong(place, "no text")
        names = self.texts(given, place)
        if not names:
            raise self.wrong(place, "no heading")
        self.also[names[0]] = tuple(dict.fromkeys((*self.also.get(names[0], ()), *names[1:])))
        return names[0]

    def tables(self, given: dict[str, Any], name: str) -> list[dict[str, Any]]:
        """Return a list of tables."""
        found = given.get(name, [])
        if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
            raise self.wrong(name, "not a list of tables")
        return found

    def texts(self, given: object, place: str) -> tuple[str, ...]:
        """Return a list of texts."""
        if not isinstance(given, list) or not all(isinstance(each, str) and each for each in given):
            raise self.wrong(place, "not a list of texts")
        return tuple(given)

    def text(self, given: object, place: str) -> str:
        """Return a text."""
        if not isinstance(given, str):
            raise self.wrong(place, "no text")
        return given

    def only(self, given: dict[str, Any], names: tuple[str, ...], place: str) -> None:
        """Raise BadInput for a key nobody knows."""
        for name in given:
            if name not in names:
                raise self.wrong(f"{place}.{name}" if place else name, f"unknown, known are {names}")
