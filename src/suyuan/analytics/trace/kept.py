"""A log made ready for tracing, kept in a folder: opened without being read, a complaint takes no time.

Arrays are .npy files mapped into memory, texts Arrow files mapped likewise, what was learned is JSON. The
manifest names the form, the rules, and every file with its size and digest; it is written last, into a folder
that takes its name only when it is whole. docs/methods/trace.md tells the form.
"""

import hashlib
import json
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from suyuan.domain.errors import BadInput

from . import learned
from .causality import Rules
from .courses import Kinds
from .doers import Doers, Modes
from .eventlog import EventLog, Index, Ints, Names, Promised
from .finder import Finder
from .reach import Reach
from .signs import Signs
from .tracer import Tracer

FORM = 8
"""The form of the folder: another one is made again, never guessed at.

It goes up as well where something is learned, or counted as a deviation, otherwise than before.
"""
MANIFEST, LEARNED = "manifest.json", "learned.json"
PARTIAL = ".suyuan-partial"
"""What the name of a folder ends with until it is whole; one left over is written anew."""
_RELATIONS = ("touched", "happened", "out", "back")
_PROMISED = ("thing", "code", "at", "since")
_FLAGS = ("is_place", "is_unit", "is_complaint", "is_order", "unit_of")


class Sorted(Names):
    """Texts in a file with their order: found by halving, not by looking through."""

    def __init__(self, texts: pa.Array, order: Ints) -> None:
        super().__init__(texts)
        self._order = order

    def find(self, text: str) -> int:
        """Return where a text stands, -1 where it does not."""
        low, high = 0, len(self._order)
        while low < high:
            middle = (low + high) // 2
            if self[int(self._order[middle])] < text:
                low = middle + 1
            else:
                high = middle
        at = int(self._order[low]) if low < len(self._order) else -1
        return at if at >= 0 and self[at] == text else -1


@dataclass(frozen=True, slots=True)
class Labels(Mapping[int, str]):
    """What complaints are about, by arrays: objects in rising order, each with the number of its text."""

    thing: Ints
    code: Ints
    texts: tuple[str, ...]

    def __getitem__(self, thing: int) -> str:
        at = int(np.searchsorted(self.thing, thing))
        if at == len(self.thing) or self.thing[at] != thing:
            raise KeyError(thing)
        return self.texts[int(self.code[at])]

    def __iter__(self) -> Iterator[int]:
        return iter(self.thing.tolist())

    def __len__(self) -> int:
        return len(self.thing)


def digest(rules: Rules) -> str:
    """Return what tells rules from others."""
    return hashlib.sha256(repr(rules).encode()).hexdigest()


def keep(tracer: Tracer, folder: Path, asked: str = "") -> dict[str, Any]:
    """Write everything a log is traced by into a folder and return its manifest.

    ``asked`` is the digest of the rules as they were given. An index that stood there is replaced; a folder
    with anything else in it is not.
    """
    folder = folder.resolve()
    if folder.exists() and not _ours(folder):
        raise BadInput("trace_folder_other", file=folder.name)
    partial = folder.with_name(folder.name + PARTIAL)
    try:
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(0o700, parents=True)
        told = _written(tracer, partial, asked or digest(tracer.rules))
        if folder.exists():
            shutil.rmtree(folder)
        partial.rename(folder)
    except OSError as error:
        raise BadInput("file_unwritable", file=folder.name, problem=error.strerror or str(error)) from None
    return told


def _written(tracer: Tracer, folder: Path, rules: str) -> dict[str, Any]:
    """Write an index into an empty folder, the manifest last, and return that."""
    for name, array in _arrays(tracer).items():
        np.save(folder / f"{name}.npy", array)
    for name, texts in (("events", tracer.log.events), ("objects", tracer.log.objects)):
        _write_texts(folder / f"{name}.arrow", texts.texts)
    (folder / LEARNED).write_text(json.dumps(_learned(tracer), ensure_ascii=False), "utf-8")
    files = {
        path.name: {"size": path.stat().st_size, "sha256": _sha256(path)} for path in sorted(folder.iterdir())
    }
    told = {"form": FORM, "rules": rules, "events": len(tracer.log.at), "objects": len(tracer.log.type)}
    told["files"] = files
    (folder / MANIFEST).write_text(json.dumps(told, indent=1), "utf-8")
    return told


def _ours(folder: Path) -> bool:
    """Tell whether a folder is one an index may replace: an index, or empty."""
    return folder.is_dir() and ((folder / MANIFEST).is_file() or not any(folder.iterdir()))


def _arrays(tracer: Tracer) -> dict[str, Any]:
    """Return every array by the name of its file."""
    log, kinds, reach, finder = tracer.log, tracer.kinds, tracer.reach, tracer.finder
    found: dict[str, Any] = {"activity": log.activity, "at": log.at, "type": log.type}
    signs = finder.signs
    relations = {name: getattr(log, name) for name in _RELATIONS} | {"on": reach.on, "ups": reach.ups}
    relations |= {"owned": signs.owned, "befell": signs.befell}
    for name, relation in relations.items():
        found[f"{name}.start"], found[f"{name}.item"] = relation.start, relation.item
    found |= {name: getattr(kinds, name) for name in _FLAGS}
    found["first"], found["last"] = reach.ends
    for name, who in (("by_place", finder.doers.by_place), ("anywhere", finder.doers.anywhere)):
        found[f"{name}.key"], found[f"{name}.unit"] = who.key, who.unit
    found["order"] = np.asarray(pc.sort_indices(log.objects.texts)).astype(np.int32)
    things = sorted(log.label)
    texts = {text: at for at, text in enumerate(sorted(set(log.label.values())))}
    found["label.thing"] = np.array(things, np.int64)
    found["label.code"] = np.array([texts[log.label[thing]] for thing in things], np.int32)
    if log.group is not None:
        found["group"] = log.group
    if log.promised is not None:
        found |= {f"promised.{name}": getattr(log.promised, name) for name in _PROMISED}
    return found


def _learned(tracer: Tracer) -> dict[str, Any]:
    log = tracer.log
    return {
        "activities": list(log.activities),
        "types": list(log.types),
        "about": sorted(set(log.label.values())),
        "complaints": list(tracer.rules.roles.complaints),
        "promised": list(log.promised.names) if log.promised is not None else [],
        "courses": learned.of_courses(tracer.courses),
        "support": learned.of_support(tracer.support),
    }


def _write_texts(path: Path, texts: pa.Array) -> None:
    whole = texts.combine_chunks() if isinstance(texts, pa.ChunkedArray) else texts
    table = pa.table({"text": whole.cast(pa.large_string())})
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table, max_chunksize=max(len(whole), 1))


def _texts(path: Path) -> pa.Array:
    try:
        table = pa.ipc.open_file(pa.memory_map(str(path))).read_all()
    except (OSError, ValueError):
        raise BadInput("trace_folder_damaged", file=f"{path.parent.name}/{path.name}") from None
    # Written in one piece: putting pieces together would read and copy them.
    return table.column("text").chunk(0) if len(table) else pa.array([], pa.large_string())


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def manifest(folder: Path, *, whole: bool = False) -> dict[str, Any]:
    """Return the manifest of an index whose files are there, as long as said; else raise BadInput.

    ``whole`` reads every file and compares its digest too; else only that of what is read anyway.
    """
    try:
        told = json.loads((folder / MANIFEST).read_text("utf-8"))
        form, files = told["form"], told["files"]
        said = {name: (one["size"], one["sha256"]) for name, one in files.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise BadInput("trace_folder_unfinished", file=folder.name) from None
    if form != FORM:
        raise BadInput("trace_folder_form", file=folder.name, form=str(form)[:20], known=FORM)
    for name in sorted({LEARNED, *said}):
        path, (size, known) = folder / name, said.get(name, (-1, ""))
        same = path.is_file() and path.stat().st_size == size
        if same and (whole or name == LEARNED):
            same = _sha256(path) == known
        if not same:
            raise BadInput("trace_folder_damaged", file=f"{folder.name}/{name}")
    return dict(told)


def opened(folder: Path, rules: Rules, *, whole: bool = False) -> Tracer:
    """Return what traces by an index, which has to have been made with the same rules; raise BadInput."""
    if manifest(folder, whole=whole).get("rules") != digest(rules):
        raise BadInput("trace_folder_rules", file=folder.name)
    said = json.loads((folder / LEARNED).read_text("utf-8"))
    held = _Held(folder)
    tracer = Tracer(held.log(said), learned.with_complaints(rules, said["complaints"]))
    # What is kept stands where it would be computed and remembered (functools.cached_property).
    kinds = Kinds(tracer.log, tracer.rules)
    vars(kinds).update({name: held.array(name) for name in _FLAGS})
    reach = Reach(kinds)
    ends = held.array("first"), held.array("last")
    vars(reach).update(on=held.relation("on"), ups=held.relation("ups"), ends=ends)
    who, wide = Doers(kinds, reach), len(tracer.log.type)
    vars(who).update(by_place=held.modes("by_place", wide), anywhere=held.modes("anywhere", 1))
    courses = learned.courses(said["courses"])
    signs = Signs(kinds, reach)
    vars(signs).update(owned=held.relation("owned"), befell=held.relation("befell"))
    finder = Finder(kinds, tracer.rules, courses, reach, who, signs)
    vars(tracer).update(kinds=kinds, reach=reach, courses=courses, finder=finder)
    vars(tracer).update(support=learned.support(said["support"]))
    return tracer


@dataclass(frozen=True, slots=True)
class _Held:
    """The arrays of a folder."""

    folder: Path

    def array(self, name: str) -> Any:
        try:
            return np.load(self.folder / f"{name}.npy", mmap_mode="r").view(np.ndarray)
        except (OSError, ValueError):
            raise BadInput("trace_folder_damaged", file=f"{self.folder.name}/{name}.npy") from None

    def relation(self, name: str) -> Index:
        return Index(self.array(f"{name}.start"), self.array(f"{name}.item"))

    def modes(self, name: str, wide: int) -> Modes:
        return Modes(self.array(f"{name}.key"), self.array(f"{name}.unit"), wide)

    def _promised(self, names: list[str]) -> Promised | None:
        columns = (self.array(f"promised.{name}") for name in _PROMISED)
        return Promised(tuple(names), *columns) if names else None

    def log(self, said: Mapping[str, Any]) -> EventLog:
        return EventLog(
            said["activities"],
            said["types"],
            self.array("activity"),
            self.array("at"),
            self.array("type"),
            Names(_texts(self.folder / "events.arrow")),
            Sorted(_texts(self.folder / "objects.arrow"), self.array("order")),
            label=Labels(self.array("label.thing"), self.array("label.code"), tuple(said["about"])),
            promised=self._promised(said["promised"]),
            group=self.array("group") if (self.folder / "group.npy").exists() else None,
            **{name: self.relation(name) for name in _RELATIONS},
        )
