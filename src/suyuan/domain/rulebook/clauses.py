"""What an item that was found true can have breached: the clauses of the documents, each for some matters.

A clause offers itself to the procedures and categories it is for. It binds nobody and refuses nothing:
whoever judges may know better and choose any other.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from .reading import Row, sourced
from .records import PROCEDURES, Sourced, Title

LONGEST = {"code": 60, "number": 20, "title": 120}
"""Characters: a clause stands in one line of a list."""
_CODE = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)*")
_ARTICLE = re.compile(r"第(\d+)条")


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause(Sourced):
    """One clause of a document in our own words; ``categories`` empty: for every matter of its procedures."""

    code: str
    document: str
    number: str
    """As it is cited, empty where no source gives it."""
    title: Title
    procedures: tuple[str, ...]
    categories: tuple[str, ...]

    @property
    def key(self) -> str:
        return self.code

    @property
    def cited(self) -> Title:
        """Return the number as it is cited in each language."""
        english = _ARTICLE.sub(r"article \1", self.number)
        return Title(self.number, english and f", {english}")

    def nearness(self, procedure: str, category: str) -> int:
        """Return how much of a category the clause names: 0 where it is for all, below 0 where for others."""
        if procedure not in self.procedures:
            return -1
        if not self.categories:
            return 0
        above = (one for one in self.categories if category == one or category.startswith(f"{one}."))
        return max(map(len, above), default=-1)


def clause(row: Row) -> Clause:
    """Return the clause one table of a file says."""
    found = Clause(
        code=row.text("code"),
        document=row.text("document"),
        number=row.text("number", ""),
        title=row.title(),
        procedures=row.texts("procedures"),
        categories=row.texts("categories", []),
        **sourced(row),
    )
    if not _CODE.fullmatch(found.code):
        raise row.error("code", "must be small letters, digits, _ and dots")
    for key, text in (("code", found.code), ("number", found.number), ("title", found.title.zh)):
        if len(text) > LONGEST[key]:
            raise row.error(key, f"must be {LONGEST[key]} characters at most")
    if not found.procedures:
        raise row.error("procedures", "is empty")
    if unknown := set(found.procedures) - set(PROCEDURES):
        raise row.error("procedures", f"names the unknown procedure {min(unknown)!r}")
    return found


def check_clause(row: Row, found: Clause, codes: Mapping[str, set[str]], limits: set[str]) -> None:
    """Raise where a clause names a document or category that is not there, or is called like one."""
    if found.document not in codes["document"]:
        raise row.error("document", f"is unknown: {found.document!r}")
    if unknown := set(found.categories) - codes["category"]:
        raise row.error("categories", f"names the unknown code {min(unknown)!r}")
    if found.code in codes["document"] | limits:
        raise row.error("code", f"{found.code!r} already stands for a document or a limit")
