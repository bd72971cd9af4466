"""OCEL 2.0 as JSON, read against the standard's schema and written by it."""

import json
from collections.abc import Callable, Iterator
from datetime import tzinfo
from pathlib import Path
from typing import Any

from suyuan.domain.errors import BadInput

from .columns import Columns, SetAside
from .gathering import Gathered, finish
from .source import Source
from .telling import Told, told

_TOP = ("objectTypes", "eventTypes", "objects", "events")


class _Number(str):
    """A number as the file has it: its text, which no id and no name may be."""

    __slots__ = ()


def read(source: Source, zone: tzinfo | None) -> Columns:
    """Return the whole log."""
    log = Gathered(source.name)
    try:
        given = json.loads(
            source.whole(),
            parse_float=_Number,
            parse_int=_Number,
            parse_constant=_Number,
            object_pairs_hook=_unlike(source.name),
        )
    except json.JSONDecodeError as error:
        code = "truncated_file" if error.pos >= len(error.doc.rstrip()) else "log_unreadable"
        raise BadInput(code, file=source.name, line=error.lineno, problem=error.msg) from None
    except UnicodeDecodeError as error:
        raise BadInput("bad_encoding", file=source.name, problem=f"byte {error.start}") from None
    except (RecursionError, ValueError) as error:
        raise BadInput("log_unreadable", file=source.name, problem=str(error)[:100]) from None
    try:
        _log(given, log)
        return finish(log, zone)
    except UnicodeEncodeError as error:  # half of a character, written as \ud800: no text holds it
        half = ascii(error.object[error.start])[1:-1]
        raise BadInput("bad_encoding", file=source.name, problem=half) from None


def _unlike(file: str) -> Callable[[list[tuple[str, Any]]], dict[str, Any]]:
    def made(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) != len(pairs):
            twice = next(k for n, (k, _) in enumerate(pairs) if k in dict(pairs[:n]))
            raise BadInput("log_schema", file=file, key=twice[:60], problem="said twice")
        return found

    return made


def _log(given: Any, log: Gathered) -> None:
    _fields(given, _TOP, (), "log", log)
    for key, types in (("objectTypes", log.object_types), ("eventTypes", log.event_types)):
        for where, one in _list(given, key, "log", log):
            name = _declared(one, where, log)
            if name in types:
                raise log.wrong(where, value=name[:60], problem="declared twice")
            types[name] = _attributes(one, where, log)
    for where, one in _list(given, "objects", "log", log):
        _object(one, where, log)
    for where, one in _list(given, "events", "log", log):
        _event(one, where, log)


def _declared(one: Any, where: str, log: Gathered) -> str:
    _fields(one, ("name",), ("attributes",), where, log)
    return _text(one, "name", where, log)


def _attributes(one: Any, where: str, log: Gathered) -> dict[str, str]:
    kinds: dict[str, str] = {}
    for place, attribute in _list(one, "attributes", where, log):
        _fields(attribute, ("name", "type"), (), place, log)
        name = _text(attribute, "name", place, log)
        if name in kinds:
            raise log.wrong(place, value=name[:60], problem="declared twice")
        kinds[name] = log.kind(_text(attribute, "type", place, log), place)
    return kinds


def _object(one: Any, where: str, log: Gathered) -> None:
    _fields(one, ("id", "type"), ("attributes", "relationships"), where, log)
    row, name = len(log.object_ids), _text(one, "id", where, log)
    log.object_ids.append(name)
    log.types.append(_text(one, "type", where, log))
    for place, attribute in _list(one, "attributes", where, log):
        _fields(attribute, ("name", "value", "time"), (), place, log)
        at, value = _text(attribute, "time", place, log), _value(attribute, place, log)
        log.of_objects.add(row, _text(attribute, "name", place, log), value, at)
    for other, how in _relations(one, where, log):
        log.links.add(row, name, other, how)


def _event(one: Any, where: str, log: Gathered) -> None:
    _fields(one, ("id", "type"), ("time", "attributes", "relationships"), where, log)
    row, name = len(log.event_ids), _text(one, "id", where, log)
    log.event_ids.append(name)
    log.activities.append(_text(one, "type", where, log))
    at = one.get("time")
    log.times.append(str(at) if at is not None else None)
    for place, attribute in _list(one, "attributes", where, log):
        _fields(attribute, ("name", "value"), (), place, log)
        log.of_events.add(row, _text(attribute, "name", place, log), _value(attribute, place, log))
    for other, how in _relations(one, where, log):
        log.touches.add(row, name, other, how)


def _relations(one: Any, where: str, log: Gathered) -> Iterator[tuple[str, str]]:
    for place, relation in _list(one, "relationships", where, log):
        _fields(relation, ("objectId", "qualifier"), (), place, log)
        yield _text(relation, "objectId", place, log), _text(relation, "qualifier", place, log)


def _fields(one: Any, needed: tuple[str, ...], others: tuple[str, ...], where: str, log: Gathered) -> None:
    """Raise BadInput unless it is an object with what it needs; note what nobody knows."""
    if not isinstance(one, dict):
        raise log.wrong(where, problem="not an object")
    for name in needed:
        if name not in one:
            raise log.wrong(where, lacks=name)
    for name in one:
        if name not in needed and name not in others:
            log.quarantined.append(SetAside(where, name[:60], "unknown_field"))


def _list(one: Any, key: str, where: str, log: Gathered) -> Iterator[tuple[str, Any]]:
    found = one.get(key, [])
    if not isinstance(found, list):
        raise log.wrong(f"{where}.{key}", problem="not a list")
    before = "" if where == "log" else f"{where}."
    return ((f"{before}{key}[{n}]", each) for n, each in enumerate(found))


def _text(one: Any, key: str, where: str, log: Gathered) -> str:
    if type(one[key]) is not str:
        raise log.wrong(f"{where}.{key}", problem="no text")
    return str(one[key])


def _value(one: Any, where: str, log: Gathered) -> str:
    value = one["value"]
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str):
        raise log.wrong(f"{where}.value", problem="neither text, number nor truth")
    return str(value)


def write(columns: Columns, path: Path) -> None:
    """Write the log; values are texts, as the standard's schema has them, and their kinds are declared."""
    log = told(columns)
    parts = {
        "objectTypes": (_type(name, kinds) for name, kinds in columns.declared_of_objects.items()),
        "eventTypes": (_type(name, kinds) for name, kinds in columns.declared_of_events.items()),
        "objects": (_object_of(each) for each in log.objects),
        "events": (_event_of(each) for each in log.events),
    }
    said = json.JSONEncoder(ensure_ascii=False).encode
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        between = "{"
        for name, every in parts.items():
            stream.write(f'{between}"{name}": [')
            for number, each in enumerate(every):
                stream.write(f"{',' if number else ''}\n{said(each)}")
            stream.write("\n]")
            between = ",\n"
        stream.write("}\n")


def _type(name: str, kinds: dict[str, str]) -> dict[str, Any]:
    return {"name": name, "attributes": [{"name": each, "type": kind} for each, kind in kinds.items()]}


def _object_of(each: Told) -> dict[str, Any]:
    attributes = [{"name": name, "time": at, "value": value} for name, value, _, at in each.attributes]
    return {"id": each.id, "type": each.type, "attributes": attributes, "relationships": _others(each)}


def _event_of(each: Told) -> dict[str, Any]:
    attributes = [{"name": name, "value": value} for name, value, _, _ in each.attributes]
    return {
        "id": each.id,
        "type": each.type,
        "time": each.time,
        "attributes": attributes,
        "relationships": _others(each),
    }


def _others(each: Told) -> list[dict[str, str]]:
    return [{"objectId": other, "qualifier": how} for other, how in each.relations]
