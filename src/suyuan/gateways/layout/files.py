"""Layouts as TOML files: the shipped ones, and the user's own under ``SUYUAN_HOME/layouts``."""

import difflib
import json
import tomllib
from dataclasses import fields
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

from suyuan.domain.errors import BadInput

from .record import Column, Layout, problem

SHARED = "_codes"
"""The file of code lists that ``codes_from`` takes over; a list of the layout's own replaces it whole."""

COLUMN_KEYS = frozenset(f.name for f in fields(Column)) - {"field"}
COLUMN_KINDS: dict[str, type] = {
    "required": bool,
    "present": bool,
    "kind": str,
    "codes": str,
    "prefix": str,
    "limit": int,
}
LAYOUT_KINDS: dict[str, type] = {
    "name": str,
    "timezone": str,
    "quoting": str,
    "title": dict,
    "constants": dict,
    "notes": dict,
}
LAYOUT_KEYS = frozenset(f.name for f in fields(Layout)) | {"codes_from"}


def available(home: Path) -> dict[str, Layout]:
    """Return every layout by name; a user's own replaces a shipped one of the same name."""
    own = [load_file(p) for p in sorted((home / "layouts").glob("*.toml"))]
    return dict(shipped()) | {layout.name: layout for layout in own}


def load(name_or_path: str | Path, home: Path) -> Layout:
    """Return the layout of that name or file; raise BadInput with near names if there is none."""
    path = Path(name_or_path)
    if path.suffix == ".toml":
        if not path.is_file():
            raise BadInput("no_such_file", file=str(path))
        return load_file(path)
    known = available(home)
    if str(name_or_path) not in known:
        near = difflib.get_close_matches(str(name_or_path), known, 3, 0.5)
        raise BadInput("unknown_layout", name=str(name_or_path), near=near, known=sorted(known))
    return known[str(name_or_path)]


def load_file(path: Path) -> Layout:
    """Return the layout written in ``path``; raise BadInput naming table, key and problem."""
    try:
        return parse(path.read_text(encoding="utf-8-sig"), path.stem, path.name)
    except UnicodeDecodeError:
        raise BadInput("bad_layout", file=path.name, problem="not UTF-8") from None


def parse(text: str, name: str, file: str = "") -> Layout:
    """Return the layout that ``text`` writes; ``name`` is used where it does not say its own."""
    file = file or name
    try:
        raw = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # a number of 5,000 digits is no TOMLDecodeError
        raise BadInput("bad_layout", file=file, problem=str(error)) from None
    if unknown := sorted(set(raw) - LAYOUT_KEYS):
        raise BadInput("bad_layout", file=file, problem=f"unknown key {unknown[0]!r}")
    layout = _built({"name": name} | raw, file)
    if wrong := problem(layout):
        raise BadInput("bad_layout", file=file, problem=wrong)
    return layout


def _built(raw: dict[str, Any], file: str) -> Layout:
    given = dict(raw)
    inherited = _shared_codes() if given.pop("codes_from", None) == SHARED else {}
    try:
        columns = tuple(_column(name, table, file) for name, table in given.pop("columns").items())
        own = {
            code_list: {code: _texts(spellings) for code, spellings in table.items()}
            for code_list, table in given.pop("codes", {}).items()
        }
        used = {c.code_list for c in columns} | {"category"}
        codes = {k: v for k, v in inherited.items() if k in used} | own
        tuples: dict[str, Any] = {key: _texts(given.pop(key)) for key in _LISTS if key in given}
        _check_kinds(given, LAYOUT_KINDS)
        for note, entry in given.get("notes", {}).items():
            if set(entry) != {"blank", "given"} or not all(isinstance(one, str) for one in entry.values()):
                raise TypeError(f"notes.{note}: expected blank and given")
        return Layout(columns=columns, codes=codes, **tuples, **given)
    except (KeyError, TypeError, AttributeError) as error:
        raise BadInput("bad_layout", file=file, problem=f"{type(error).__name__}: {error}") from None


def _column(name: str, table: dict[str, Any], file: str) -> Column:
    if unknown := sorted(set(table) - COLUMN_KEYS):
        raise BadInput("bad_layout", file=file, problem=f"columns.{name}: unknown key {unknown[0]!r}")
    texts: dict[str, Any] = {
        key: _texts(table[key]) for key in ("headers", "instead") if key in table or key == "headers"
    }
    _check_kinds(table, COLUMN_KINDS)
    return Column(field=name, **(table | texts))


def _check_kinds(given: dict[str, Any], kinds: dict[str, type]) -> None:
    """Raise TypeError for a value of another kind than its key takes; tables hold texts."""
    for key, kind in kinds.items():
        value = given.get(key, kind())
        whole = type(value) is kind and (
            kind is not dict or key == "notes" or all(isinstance(one, str) for one in value.values())
        )
        if not whole:
            raise TypeError(f"{key}: not {value!r}")


def _texts(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or not all(isinstance(one, str) for one in value):
        raise TypeError(f"expected a list of texts, not {value!r}")
    return tuple(value)


def to_toml(layout: Layout) -> str:
    """Return ``layout`` as TOML from which the same layout is read again."""
    lines = [f"{f.name} = {_value(getattr(layout, f.name))}" for f in fields(layout) if f.name in _PLAIN]
    for facts in ("title", "constants"):
        lines += _table((facts,), getattr(layout, facts))
    for note, entry in layout.notes.items():
        lines += _table(("notes", note), entry)
    for column in layout.columns:
        keys = {f.name: getattr(column, f.name) for f in fields(column) if f.name != "field"}
        lines += _table(("columns", column.field), {k: v for k, v in keys.items() if v})
    for code_list, table in layout.codes.items():
        lines += _table(("codes", code_list), table)
    return "\n".join(lines) + "\n"


_LISTS = ("formats", "signature", "footers", "positions")
_PLAIN = ("name", "timezone", "quoting", *_LISTS)


def _table(path: tuple[str, ...], table: dict[str, Any]) -> list[str]:
    head = ".".join(_key(part) for part in path)
    return ["", f"[{head}]", *(f"{_key(k)} = {_value(v)}" for k, v in table.items())] if table else []


def _key(key: str) -> str:
    return key if key.replace("_", "a").isalnum() and key.isascii() else _value(key)


def _value(value: Any) -> str:
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_value(one) for one in value) + "]"
    # A JSON string is a TOML basic string, except for the one control character JSON leaves bare.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")


@lru_cache(maxsize=1)
def shipped() -> dict[str, Layout]:
    """Return the layouts that come with Suyuan."""
    folder = resources.files("suyuan") / "rulebook" / "layouts"
    files = sorted((f for f in folder.iterdir() if f.name.endswith(".toml")), key=lambda f: f.name)
    found = (
        parse(f.read_text(encoding="utf-8"), f.name.removesuffix(".toml"), f.name)
        for f in files
        if not f.name.startswith("_")
    )
    return {layout.name: layout for layout in found}


@lru_cache(maxsize=1)
def _shared_codes() -> dict[str, dict[str, tuple[str, ...]]]:
    file = resources.files("suyuan") / "rulebook" / "layouts" / f"{SHARED}.toml"
    raw = tomllib.loads(file.read_text(encoding="utf-8"))
    return {
        name: {code: tuple(words) for code, words in table.items()} for name, table in raw["codes"].items()
    }
