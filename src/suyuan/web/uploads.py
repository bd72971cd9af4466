"""Files handed in by browser: streamed to HOME/uploads, each in a folder of its own, for its owner alone."""

import json
import re
import secrets
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest

from suyuan.config.home import home
from suyuan.domain.errors import BadInput, Refused
from suyuan.domain.masking import mask_file_name

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
    path = home() / "uploads"
    path.mkdir(mode=0o700, exist_ok=True)
    return path


def check_size(request: HttpRequest, limit: int = 0) -> None:
    """Refuse a body that is too long before a byte of it is read."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal() or int(length) > (limit or most()) + 1024**2:
        raise BadInput("too_large", limit=limit or most())


def keep(
    file: UploadedFile | None, username: str, suffixes: tuple[str, ...] = SUFFIXES, limit: int = 0
) -> Upload:
    """Write a file to the disk piece by piece and return where it lies."""
    if file is None:
        raise BadInput("no_file")
    name = mask_file_name(Path(file.name or "").name)
    if not name.lower().endswith(suffixes):
        raise BadInput("unknown_format", file=name, known=list(suffixes))
    if file.size is not None and file.size > (limit or most()):
        raise BadInput("too_large", limit=limit or most())
    token = secrets.token_hex(16)
    place = folder() / token
    place.mkdir(mode=0o700)
    target = place / name
    with target.open("xb") as out:
        for chunk in file.chunks():
            out.write(chunk)
    (place / "owner.json").write_text(json.dumps({"by": username, "name": name}), "utf-8")
    return Upload(token, name, target)


def find(token: str, username: str) -> Upload:
    """Return a file that this person handed in; anything else is not found."""
    note = folder() / token / "owner.json"
    if not re.fullmatch(r"[0-9a-f]{32}", token) or not note.exists():
        raise Refused("no_such_file", file=token)
    told = json.loads(note.read_text("utf-8"))
    if told["by"] != username:
        raise Refused("no_such_file", file=token)
    return Upload(token, told["name"], folder() / token / told["name"])
