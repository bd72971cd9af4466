"""The one page that lists rows of a register, and the one page that asks for what a verb needs.

Units, people, messages, schedules, proposals: a page module says what the columns, filters, rows and buttons
are; how they look, page, stack on a phone and behave under the keyboard is said here, once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString

from suyuan.domain.errors import BadInput

from . import cells, viewbar
from .forms import Box, Choices, Section


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in one place of a row: words, perhaps a link, small words under it, a light or marks."""

    text: object = ""
    url: str = ""
    small: object = ""
    light: str = ""
    marks: Sequence[object] = ()
    """Short words in a box; one that starts with ``!`` is a warning."""
    lines: str = ""
    """Text that keeps its line breaks: a template, a reason."""
    short: bool = False
    """Kept on one line: a date."""

    @property
    def empty(self) -> bool:
        """Tell whether nothing stands here: a phone leaves the line out."""
        return self.text in ("", None) and not (self.small or self.light or self.marks or self.lines)


@dataclass(frozen=True, slots=True)
class Head:
    """One column: its title, whether it holds numbers, whether it is the wide first line on a phone."""

    title: object
    number: bool = False
    wide: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One row; ``key`` is what its tick box hands in where the list has bulk verbs."""

    cells: Sequence[Cell]
    key: str = ""
    dim: bool = False
    fresh: bool = False
    """New to whoever looks: bold, as in a list of cases."""


@dataclass(frozen=True, slots=True)
class Filter:
    """One filter above the list: a choice, or a text where there are no choices."""

    name: str
    label: object
    value: str = ""
    choices: Choices | None = None


@dataclass(frozen=True, slots=True)
class Button:
    """A link, or with ``post`` a verb: its words, icon, address; on ticked rows ``name`` is its value."""

    text: object
    url: str
    icon: str = ""
    post: bool = False
    primary: bool = False
    name: str = ""


@dataclass(frozen=True, slots=True)
class Empty:
    """What an empty list teaches: what would stand here, and the first step towards it."""

    title: object
    text: object
    icon: str = "inbox"
    button: Button | None = None
    calm: bool = False
    """Whether there is nothing to do: the text says what would bring a row."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A list as it stands on a page."""

    title: object
    heads: Sequence[Head]
    rows: Sequence[Row]
    empty: Empty
    intro: object = ""
    filters: Sequence[Filter] = ()
    buttons: Sequence[Button] = ()
    bulk: Sequence[Button] = ()
    """Verbs on the ticked rows; the boxes are named ``key``."""
    page: int = 1
    has_next: bool = False
    problem: object = ""

    @property
    def body(self) -> list[tuple[Row, SafeString]]:
        """Return each row with its cells as they are drawn."""
        return [(row, cells.drawn(self.heads, row.cells)) for row in self.rows]


@dataclass(frozen=True, slots=True)
class Asked:
    """A form as it stands on a page of its own."""

    title: object
    boxes: Sequence[Box]
    submit: object
    back: str
    intro: object = ""
    problem: object = ""
    action: str = ""
    hidden: Sequence[tuple[str, str]] = ()
    files: bool = False
    danger: bool = False
    more: Sequence[Button] = ()
    """Links beside the heading: what else can be done with what the form is about."""
    sections: Sequence[Section] = ()
    """The rest of a long form, under titles of their own."""


def listed(
    request: HttpRequest,
    shown: Listed,
    status: int = 200,
    template: str = "web/register.html",
    **more: object,
) -> HttpResponse:
    """Return the page of a list, or the way to the view it opens with; ``more`` reaches its own template."""
    opening = viewbar.opening(request)
    page = {"listed": shown, "bar": viewbar.bar(request), **more}
    return opening or render(request, template, page, status=status)


def asked(request: HttpRequest, shown: Asked, status: int = 200) -> HttpResponse:
    """Return the page of a form."""
    return render(request, "web/asked.html", {"asked": shown}, status=status)


def page_of(query: Mapping[str, str]) -> int:
    """Return the page number asked for; raise BadInput for what is none."""
    text = query.get("page") or "1"
    if not text.isdecimal() or len(text) > 6 or not 1 <= int(text) <= 100_000:
        raise BadInput("unknown_value", field="page", value=text[:60])
    return int(text)


def only(query: Mapping[str, str], known: set[str] | frozenset[str]) -> dict[str, str]:
    """Return the options of an address; one nobody knows is an error, never left aside."""
    if unknown := set(query) - known:
        raise BadInput("unknown_option", option=", ".join(sorted(unknown)))
    return dict(query.items())
