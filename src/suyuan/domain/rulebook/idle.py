"""Entries that would do nothing: they say what is in force already, or stand on a list that nobody reads."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

from suyuan.domain.errors import RulebookError

from .book import Rulebook
from .checks import CONFIRMED, SURE
from .notices import Notice, notice
from .reading import Row
from .records import Certainty, Choice, Limit, Sourced
from .tables import TABLES, Placed
from .terms import Key


def unread(
    placed: Mapping[Key, Placed], shipped: Mapping[Key, Placed]
) -> Iterator[tuple[Key, RulebookError]]:
    """Yield each value of a list that the product does not ship, with the error that names those it does."""
    lists = {record.list for _, record in shipped.values() if isinstance(record, Choice)}
    for key, (row, record) in placed.items():
        if isinstance(record, Choice) and record.list not in lists:
            yield key, row.error("list", _unread(record.list, lists))


def refuse(book: Rulebook, kind: str, row: Row) -> None:
    """Raise RulebookError where an entry would change nothing in a book, or be read by nobody."""
    if kind == "calendar":
        refuse_notice(book, row, notice(row.file, row.content, book.calendar.fixed_statutory))
    elif kind in SURE:
        _refuse_sure(book, kind, row)
    else:
        record = TABLES[kind](Row(row.file, row.table, row.content))
        if isinstance(record, Choice) and record.list not in book.choices:
            raise row.error("list", _unread(record.list, set(book.choices)))
        said = book.with_ladder(record) if isinstance(record, Limit) else record
        for standing in _standing(book, kind, record.key, record.in_force_from):
            if replace(standing, in_force_from=record.in_force_from) == said:
                raise _repeats(row, record.key, standing.in_force_from)


def refuse_notice(book: Rulebook, row: Row, found: Notice) -> None:
    """Raise RulebookError where a holiday notice is loaded already, word for word."""
    if found in book.notices:
        raise _repeats(row, str(found.first.year), found.first)


def _refuse_sure(book: Rulebook, kind: str, row: Row) -> None:
    """Raise where an edition is already as sure as it is said to be, on the same word."""
    table = next(name for name in CONFIRMED if name in row.content)
    key, since = str(row.content[table]), row.day("in_force_from", None)
    standing = next((one for one in book.editions(table).get(key, ()) if one.in_force_from == since), None)
    if standing is None:
        return
    word, known = ("basis", standing.basis) if kind == "confirm" else ("note", standing.note)
    certainty = Certainty.CONFIRMED if kind == "confirm" else row.content.get("certainty")
    if (certainty, row.content.get(word)) == (standing.certainty, known):
        raise _repeats(row, key, standing.in_force_from)


def _standing(book: Rulebook, kind: str, key: str, since: date | None) -> Iterator[Sourced]:
    """Yield the editions that one from that day would stand in for: its own, and the newest begun by then."""
    begun = [
        one
        for one in book.editions(kind).get(key, ())
        if since is None or (one.in_force_from or date.min) <= since
    ]
    yield from (one for one in begun if one.in_force_from == since)
    yield from begun[-1:]


def _repeats(row: Row, key: str, since: date | None) -> RulebookError:
    if since is None:
        return row.error("", f"says what {key!r} says already, in force without a first day")
    return row.error("", f"says what {key!r} says already, in force since {since}")


def _unread(name: str, lists: set[str]) -> str:
    return f"{name!r} is a list that nobody reads; there are {', '.join(sorted(lists))}"
