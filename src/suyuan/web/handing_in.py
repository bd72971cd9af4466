"""Where a list is handed in: the file is kept and read once, its columns named, its faults fetched.

A module says in a :class:`Desk` which list it takes; what is done with it once it was read is its own, or
that of :mod:`.list_files`.
"""

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from suyuan.domain.errors import BadInput, Refused
from suyuan.gateways.lists import Kind
from suyuan.store import tray

from . import errors, export, list_columns, uploads

FEWEST = 2
"""Headers of a table in which columns can be told apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """A list that is handed in: its addresses, how it is read, what the page says on which that is done."""

    page: str
    """The address of that page, by name."""
    stem: str
    """What the names of the addresses beneath it begin with."""
    template: str
    """The address of an empty list, by name."""
    kinds: Sequence[Kind]
    read: Callable[..., Sequence[Any]]
    most: Callable[[], int]
    """How many bytes a file may have."""
    title: object
    asked: object
    """What the file is."""
    says: Sequence[object]
    sealed: object = ""
    """How what the file says of people is kept."""

    def shown(self, request: HttpRequest) -> HttpResponse:
        """Show where a file is handed in."""
        return render(request, "web/list_file.html", {"desk": self})

    def upload(self, request: HttpRequest) -> HttpResponse:
        """Keep a file and lead on to what it would bring; else say beside it what is wrong.

        A table whose headers nobody knows leads on to where its columns are named.
        """
        try:
            kept = uploads.keep(request.FILES.get("file"), request.user.get_username(), limit=self.most())
            with uploads.accepted(kept) as clear:
                known = self._has_header(clear)
        except BadInput as error:
            said = errors.words_for(error.code) + errors.aside(error.facts)
            shown = {"desk": self, "problem": said}
            return render(request, "web/list_file.html", shown, status=errors.status(error))
        return redirect(f"{self.stem}_checked" if known else f"{self.stem}_columns", token=kept.token)

    def columns(self, request: HttpRequest, token: str) -> HttpResponse:
        """Ask which column is which."""
        asked = list_columns.Asked(self.kinds, self.page, f"{self.stem}_checked")
        return list_columns.page(request, token, asked)

    def _has_header(self, clear: Path) -> bool:
        """Return whether the columns of a file are known; raise BadInput for what nobody could name."""
        try:
            self.read(clear)
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
