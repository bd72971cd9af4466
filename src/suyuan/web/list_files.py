"""A list that is looked at, taken in at one go and gone: calls, customers.

First it is shown what a file would bring; posted, that is written and the upload, as it speaks of people, is
removed. A module describes its list in a :class:`ListFile`, whose ``urls`` are its pages.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from suyuan.store import rules, tray

from . import errors, handing_in, list_columns, uploads
from .handing_in import Desk


@dataclass(frozen=True, slots=True, kw_only=True)
class ListFile(Desk):
    """A list with the verb that takes it in, and what is said of a file before and after."""

    name: str
    """What the files are called that it gives out."""
    write: Callable[[Path], None]
    """Writes an empty list."""
    take: Callable[..., Any]
    """The verb; it returns what became of the rows."""
    told: Callable[[Any], Mapping[str, object]]
    brings: Sequence[str]
    """The counts that say something would be written."""
    counted: object
    """What became of the rows; this and what follows may name anything that ``told`` tells."""
    ahead: object
    """That nothing is written yet."""
    nothing: object
    done: object
    then: str = ""
    """Where what was taken in stands, by name."""
    then_said: object = ""

    def checked(self, request: HttpRequest, token: str) -> HttpResponse:
        """Show what a file would bring; posted, take it in and remove the file."""
        kept = uploads.find(token, request.user.get_username())
        done = request.method == "POST"
        with uploads.accepted(kept) as clear, tray.written(kept.path.with_name(self._aside)) as aside:
            taken = self.take(
                tables=self.read(clear, list_columns.chosen(kept, "columns")),
                actor=request.viewer.actor,  # type: ignore[attr-defined]
                now=timezone.now(),
                quarantine=aside,
                say=errors.words_for,
                dry_run=not done,
            )
        if done:
            kept.path.unlink()
        told, brings = self.told(taken), any(taken.counts[name] for name in self.brings)
        shown = {
            "desk": self,
            "name": kept.name,
            "token": token,
            "done": done,
            "brings": brings,
            "said": str(self.done if done else self.ahead if brings else self.nothing) % told,
            "counted": str(self.counted) % told,
            "told": told,
            "faults": [
                (row, column, value, errors.words_for(rule)) for row, column, value, rule in taken.faults
            ],
        }
        return render(request, "web/list_file_checked.html", shown)

    def quarantine(self, request: HttpRequest, token: str) -> FileResponse:
        """Return the rows that were not taken, with their reasons, to be put right and handed in again."""
        return handing_in.set_aside(request, token, self._aside)

    def empty(self, request: HttpRequest) -> FileResponse:  # noqa: ARG002 a view takes the request
        """Return an empty list with every column it may have."""
        return handing_in.workbook(f"{self.name}.xlsx", self.write)

    @property
    def _aside(self) -> str:
        return f"{self.name}-quarantine.xlsx"

    def urls(self, at: str) -> list[URLPattern]:
        """Return the pages of the list, beneath an address."""
        both, of = require_http_methods(["GET", "POST"]), f"{at}<str:token>/"
        return [
            path(at, require_GET(self.shown), name=self.page),
            path(f"{at}upload/", require_POST(self.upload), name=f"{self.stem}_upload"),
            path(f"{at}template/", require_GET(self.empty), name=self.template),
            path(of, both(self.checked), name=f"{self.stem}_checked"),
            path(f"{of}columns/", both(self.columns), name=f"{self.stem}_columns"),
            path(f"{of}quarantine/", require_GET(self.quarantine), name=f"{self.stem}_quarantine"),
        ]


def most() -> int:
    """Return how many bytes a file handed in by browser may have."""
    return rules.figure("customer.import", "most_megabytes") * 1024**2
