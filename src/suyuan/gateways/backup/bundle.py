"""One file that holds an installation: the database as of one moment, the home's files, and a manifest.

The keys that open sealed personal data go into a file of their own, so that a backup that is lost tells
nothing. The lake is left out: it is made again from the database.
"""

import hashlib
import json
import os
import shutil
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath

from suyuan.domain.errors import BadInput

from ..unzipping import DAMAGED
from . import database

FORMAT = 1
MANIFEST = "manifest.json"
DATABASE = "database"
FILES = "home/"
DATABASE_FILES = ("suyuan.sqlite3", "suyuan.sqlite3-wal", "suyuan.sqlite3-shm")
PASSING = ("uploads", "quarantine", "taken_out", "outbox", "tmp")
"""Files on their way in or out: they hold what customers said, some in clear, and no record needs them."""
IN_CLEAR = ("event_log.sqlite", "demo")
"""What earlier versions kept in clear; nothing reads it."""
LEFT_OUT = ("lake", "secrets", *DATABASE_FILES, *PASSING, *IN_CLEAR, "shredded.jsonl")
"""What lies in a home and is not copied as a file, with whatever begins with a dot: a backup must not put an
older list of what was shredded over the one it is to be held to."""

CHUNK = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Contents:
    """What a backup says of itself."""

    format: int
    version: str
    made_at: str
    database: str
    secrets: bool
    counts: Mapping[str, int]
    files: Mapping[str, str]
    """Member → SHA-256 of its bytes."""


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that was written."""

    path: Path
    secrets: Path
    bytes: int
    sha256: str
    contents: Contents


def take(home: Path, settings: database.Settings, path: Path, about: Mapping[str, object]) -> Made:
    """Write a backup of ``home`` to ``path``, its keys beside it; ``about`` gives version, made_at, counts.

    The database comes first: a file is written before the row that names it, so every row's file is there.
    """
    keys = path.with_name(path.name + ".keys")
    for target in (path, keys):
        if target.exists():
            raise BadInput("file_exists", file=str(target))
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".backup-") as folder:
        dumped, draft = Path(folder) / "database", Path(folder) / "draft"
        database.dump(settings, dumped)
        digests: dict[str, str] = {}
        with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as bundle:
            digests[DATABASE] = _add(bundle, DATABASE, dumped)
            for name, file in _files(home):
                digests[FILES + name] = _add(bundle, FILES + name, file)
            contents = Contents(
                FORMAT,
                str(about["version"]),
                str(about["made_at"]),
                database.kind(settings),
                (home / "secrets").is_dir(),
                {str(k): int(v) for k, v in dict(about["counts"]).items()},  # type: ignore[call-overload]
                digests,
            )
            bundle.writestr(MANIFEST, json.dumps(asdict(contents), indent=1, ensure_ascii=False))
        _keys(home / "secrets", Path(folder) / "keys")
        draft.chmod(0o600)
        (Path(folder) / "keys").replace(keys)
        draft.replace(path)
    return Made(path, keys, path.stat().st_size, _digest(path), contents)


def _files(home: Path) -> Iterator[tuple[str, Path]]:
    for file in sorted(home.rglob("*")):
        name = file.relative_to(home).as_posix()
        top = name.split("/")[0]
        if file.is_file() and top not in LEFT_OUT and not top.startswith("."):
            yield name, file


def _add(bundle: zipfile.ZipFile, name: str, file: Path) -> str:
    """Copy a file in and return its digest, reading it once."""
    seen = hashlib.sha256()
    with file.open("rb") as source, bundle.open(name, "w", force_zip64=True) as target:
        while chunk := source.read(CHUNK):
            seen.update(chunk)
            target.write(chunk)
    return seen.hexdigest()


def _keys(secrets: Path, path: Path) -> None:
    path.touch(mode=0o600)
    with zipfile.ZipFile(path, "w") as bundle:
        for file in sorted(secrets.rglob("*")):
            if file.is_file():
                bundle.write(file, file.relative_to(secrets).as_posix())


def check(path: Path) -> Contents:
    """Return what a backup says of itself, every byte checked; raise BadInput naming what is not so."""
    try:
        with zipfile.ZipFile(path) as bundle:
            contents = _contents(bundle.read(MANIFEST))
            if contents.format != FORMAT:
                raise BadInput("backup_unknown_format", file=path.name, format=contents.format)
            names = set(bundle.namelist()) - {MANIFEST}
            if odd := sorted(names ^ set(contents.files)):
                raise BadInput("backup_changed", file=path.name, member=odd[0])
            for name, digest in contents.files.items():
                if not _inside(name) or _digest_of(bundle, name) != digest:
                    raise BadInput("backup_changed", file=path.name, member=name)
    except (*DAMAGED, KeyError, TypeError, RecursionError) as error:
        raise BadInput("backup_unreadable", file=path.name, problem=str(error)[:200]) from None
    return contents


def _contents(manifest: bytes) -> Contents:
    """Return what a manifest says; raise TypeError or ValueError where it is none."""
    contents = Contents(**json.loads(manifest))
    if not isinstance(contents.files, dict) or not isinstance(contents.counts, dict):
        raise TypeError("files and counts must be tables")
    return contents


def _inside(name: str) -> bool:
    """Return whether a member stays where it is put."""
    parts = PurePosixPath(name).parts
    plain = "\\" not in name and ":" not in name and not name.startswith("/") and ".." not in parts
    return name == DATABASE or (plain and name.startswith(FILES))


def unpack(path: Path, keys: Path, home: Path, settings: database.Settings) -> Contents:
    """Put a checked backup into an empty home and an empty database; the keys first, the database last."""
    contents = check(path)
    if contents.database != database.kind(settings):
        raise BadInput("backup_other_database", given=contents.database, here=database.kind(settings))
    try:
        with zipfile.ZipFile(keys) as bundle:
            secrets = {name: bundle.read(name) for name in bundle.namelist()}
    except DAMAGED as error:
        raise BadInput("backup_unreadable", file=keys.name, problem=str(error)[:200]) from None
    _put_secrets(home / "secrets", secrets)
    with tempfile.TemporaryDirectory(dir=home, prefix=".restore-") as folder, zipfile.ZipFile(path) as bundle:
        for name in contents.files:
            target = Path(folder) / "database" if name == DATABASE else home / name.removeprefix(FILES)
            target.parent.mkdir(parents=True, exist_ok=True)
            with bundle.open(name) as source, open(target, "wb", opener=_for_its_owner) as out:
                shutil.copyfileobj(source, out, CHUNK)
        database.load(settings, Path(folder) / "database")
    return contents


def _for_its_owner(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _put_secrets(folder: Path, secrets: Mapping[str, bytes]) -> None:
    folder.mkdir(mode=0o700, exist_ok=True)
    for name, raw in secrets.items():
        if not _inside(FILES + name):
            raise BadInput("backup_changed", file="keys", member=name)
        target = folder / name
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        target.unlink(missing_ok=True)
        target.touch(mode=0o600)
        target.write_bytes(raw)


def _digest_of(bundle: zipfile.ZipFile, name: str) -> str:
    with bundle.open(name) as source:
        return hashlib.file_digest(source, "sha256").hexdigest()  # type: ignore[arg-type]


def _digest(path: Path) -> str:
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()
