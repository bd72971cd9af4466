"""Finding Chinese words of two characters and more, without another server.

Both databases index character bigrams cut in Python, over masked text: SQLite in an FTS5 table without
content, PostgreSQL in a ``tsvector`` of lexemes. ``trigram`` and pg_trgm find nothing for two-character
words.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence

from django.db import connection

NEWEST = 10_000
"""Matches looked at, the newest first: a word that stands in every second order must not sort them all."""

_RUN = re.compile(r"[一-鿿]+|[0-9a-z]+")


def terms(text: str) -> list[str]:
    """Return the index terms of ``text``: bigrams of Chinese runs, words and numbers as they are.

    The last character of a run stands alone, so that a single character is found wherever it stands.
    """
    found: list[str] = []
    for run in _RUN.findall(unicodedata.normalize("NFKC", text).lower()):
        if run[0] >= "一":
            found += [run[i : i + 2] for i in range(len(run))]
        else:
            found.append(run)
    return found


def add(rows: Iterable[tuple[int, str]]) -> None:
    """Index the masked texts of cases not indexed before."""
    if connection.vendor == "sqlite":
        add_prepared((pk, " ".join(terms(text))) for pk, text in rows)
    else:
        add_prepared((pk, sorted(set(terms(text)))) for pk, text in rows)


def add_prepared(rows: Iterable[tuple[int, object]]) -> None:
    """Index texts whose terms are cut already: one string on SQLite, a sorted list on PostgreSQL."""
    if connection.vendor == "sqlite":
        statement = "INSERT INTO store_search(rowid, body) VALUES (%s, %s)"
    else:
        statement = "INSERT INTO store_search(case_id, body) VALUES (%s, array_to_tsvector(%s))"
    with connection.cursor() as cursor:
        cursor.executemany(statement, rows)


def replace(pk: int, old: str, new: str) -> None:
    """Index ``new`` for a case in place of ``old``, which a table without content must be told to forget."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "INSERT INTO store_search(store_search, rowid, body) VALUES ('delete', %s, %s)",
                (pk, " ".join(terms(old))),
            )
        else:
            cursor.execute("DELETE FROM store_search WHERE case_id = %s", (pk,))
    add([(pk, new)])


def _wanted(query: str) -> list[str]:
    """Return the terms a query asks for: bigrams, and single characters only where they stand alone."""
    found: set[str] = set()
    for run in _RUN.findall(unicodedata.normalize("NFKC", query).lower()):
        whole = run[0] < "一" or len(run) == 1
        found |= {run} if whole else {run[i : i + 2] for i in range(len(run) - 1)}
    return sorted(found)


def condition(query: str) -> tuple[str, Sequence[object]] | None:
    """Return SQL for the ids of the cases whose text has every term of ``query``; None without terms."""
    wanted = _wanted(query)
    if not wanted:
        return None
    if connection.vendor == "sqlite":
        match = " ".join(f'"{term}"' + ("*" if len(term) == 1 and term >= "一" else "") for term in wanted)
        return (
            "SELECT rowid FROM store_search WHERE store_search MATCH %s ORDER BY rowid DESC LIMIT %s",
            (match, NEWEST),
        )
    parts = [f"'{term}'" + (":*" if len(term) == 1 and term >= "一" else "") for term in wanted]
    return (
        "SELECT case_id FROM store_search WHERE body @@ %s::tsquery ORDER BY case_id DESC LIMIT %s",
        (" & ".join(parts), NEWEST),
    )
