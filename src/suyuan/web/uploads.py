"""Files handed in by browser: sealed in HOME/uploads, each in a folder of its own, for its owner alone."""

import json
import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest

from suyuan.config import disk
from suyuan.domain.errors import BadInput, Refused
from suyuan.domain.masking import mask_file_name
from suyuan.store import tray

GIB = 1024**3
SUFFIXES = (".xlsx", ".xls", ".xlsm", ".csv", ".tsv", ".txt", ".gz", ".zip")


@dataclass(frozen=True, slots=True)
class Upload:
    """One file handed in."""

    token: str
    name: str
    path: Path


def most() -> int:
    """Return how many bytes a file may have."""
    return int(getattr(settings, "UPLOAD_LIMIT", GIB))


def folder() -> Path:
    """Return where uploads lie."""
    return tray.folder(tray.HANDED_IN)


def check_size(request: HttpRequest, limit: int = 0) -> None:
    """Refuse a body that is too long before a byte of it is read."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal() or int(length) > (limit or most()) + 1024**2:
        raise BadInput("too_large", limit=limit or most())


def keep(
    file: UploadedFile | None, username: str, suffixes: tuple[str, ...] = SUFFIXES, limit: int = 0
) -> Upload:
    """Seal a file on the disk piece by piece and return where it lies; of one half written nothing stays."""
    if file is None:
        raise BadInput("no_file")
    name = mask_file_name(Path(file.name or "").name)
    if not name.lower().endswith(suffixes):
        raise BadInput("unknown_format", file=name, known=list(suffixes))
    if file.size is not None and file.size > (limit or most()):
        raise BadInput("too_large", limit=limit or most())
    token = secrets.token_hex(16)
    try:
        target = _write(token, name, file, username)
    except OSError as error:
        shutil.rmtree(folder() / token, ignore_errors=True)
        if not disk.why(error):
            raise
        raise Refused(disk.why(error), file=name) from None
    return Upload(token, name, target)


def _write(token: str, name: str, file: UploadedFile, username: str) -> Path:
    place = folder() / token
    place.mkdir(mode=0o700)
    tray.write(place / name, file.chunks())
    (place / "owner.json").write_text(json.dumps({"by": username, "name": name}), "utf-8")
    return place / name


def drop(file: Upload) -> None:
    """Let go of a file that was refused, and of everything beside it."""
    shutil.rmtree(file.path.parent, ignore_errors=True)


@contextmanager
def accepted(file: Upload) -> Iterator[Path]:
    """Give a file to read, in clear for as long as it is read; it goes at once if it is refused."""
    if not file.path.exists():
        raise Refused("file_done", name=file.name)
    try:
        with tray.opened(file.path) as path:
            yield path
    except BadInput:
        drop(file)
        raise


def find(token: str, username: str) -> Upload:
    """Return a file that this person handed in; anything else is not found."""
    note = folder() / token / "owner.json"
    if not re.fullmatch(r"[0-9a-f]{32}", token) or not note.exists():
        raise Refused("no_such_file", file=token)
    told = json.loads(note.read_text("utf-8"))
    if told["by"] != username:
        raise Refused("no_such_file", file=token)
    return Upload(token, told["name"], folder() / token / told["name"])
