"""What the pages share on which a register's file is handed in: kept and read once, looked at, set aside."""

import tempfile
from collections.abc import Callable
from pathlib import Path

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from suyuan.domain.errors import BadInput, Refused
from suyuan.store import tray

from . import errors, export, uploads

FEWEST = 2
"""Headers of a table in which columns can be told apart."""


def keep(
    request: HttpRequest, *, page: str, then: str, limit: int, read: Callable[[Path], object], columns: str
) -> HttpResponse:
    """Keep a file that ``read`` understands and lead on to ``then``; else say on ``page`` what is wrong.

    A table whose headers nobody knows leads on to ``columns``, where its columns are named.
    """
    try:
        kept = uploads.keep(request.FILES.get("file"), request.user.get_username(), limit=limit)
        with uploads.accepted(kept) as clear:
            if not _has_header(clear, read):
                return redirect(columns, token=kept.token)
    except BadInput as error:
        said = errors.words_for(error.code) + errors.aside(error.facts)
        return render(request, page, {"problem": said}, status=errors.status(error))
    return redirect(then, token=kept.token)


def _has_header(clear: Path, read: Callable[[Path], object]) -> bool:
    """Return whether the columns of a file are known; raise BadInput for what nobody could name either."""
    try:
        read(clear)
    except BadInput as error:
        if error.code != "no_header" or len(error.facts["headers"]) < FEWEST:  # type: ignore[arg-type]
            raise
        return False
    return True


def set_aside(request: HttpRequest, token: str, name: str) -> FileResponse:
    """Return the rows of a file that were not taken, with their reasons, to be handed in again."""
    place = uploads.find(token, request.user.get_username()).path.with_name(name)
    if not place.exists():
        raise Refused("no_such_file", file=name)
    return FileResponse(tray.reading(place), as_attachment=True, filename=name, content_type=export.TYPE)


def workbook(name: str, write: Callable[[Path], object]) -> FileResponse:
    """Return the workbook that ``write`` makes, under a name."""
    file = tempfile.TemporaryFile()  # noqa: SIM115  FileResponse closes it
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / name
        write(made)
        file.write(made.read_bytes())
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=name, content_type=export.TYPE)
