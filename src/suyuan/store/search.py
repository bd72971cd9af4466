"""Finding Chinese words of two characters and more, without another server.

Both databases index character bigrams cut in Python, over masked text: SQLite in an FTS5 table without
content, PostgreSQL in a ``tsvector`` of lexemes. ``trigram`` and pg_trgm find nothing for two-character
words.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.db import connection

from suyuan.domain.wording import terms, wanted, ways, words

from . import rules

FEW = 5_000
"""So many matches are read and sorted; of more, a list is walked in its order and each case looked up."""
SPREAD = 50_000
"""Numbers that cases may lie apart for SQLite to be asked which of them have the words."""


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


def alternatives(query: str) -> list[list[str]]:
    """Return each word of a query with the other ways of saying it that the rulebook knows."""
    groups = rules.rulebook().figures["search.synonyms"][-1].terms.values()
    return [ways(word, groups) for word in words(query)]


@dataclass(frozen=True, slots=True)
class Question:
    """SQL for the ids of every case with the words asked for; more conditions may follow it."""

    sql: str
    values: Sequence[object]


def question(query: str) -> Question | None:
    """Return what finds every case with every word of ``query``; None without words."""
    asked = alternatives(query)
    if not asked:
        return None
    if connection.vendor == "sqlite":
        said = _expression(asked, _sqlite_term, " AND ", " OR ")
        return Question("SELECT rowid FROM store_search WHERE store_search MATCH %s", (said,))
    said = _expression(asked, _postgresql_term, " & ", " | ")
    return Question("SELECT case_id FROM store_search WHERE body @@ %s::tsquery", (said,))


@dataclass(frozen=True, slots=True)
class Matches:
    """SQL for the ids of every case with the words asked for, and whether they are few."""

    sql: str
    values: Sequence[object]
    few: bool


def matches(words: Question) -> Matches:
    """Return the cases with the words, by name where they are few."""
    found = _ids(f"{words.sql} LIMIT {FEW + 1}", words.values)
    if len(found) > FEW:
        return Matches(words.sql, words.values, few=False)
    # By name: neither database guesses that two common words hardly ever meet.
    if connection.vendor == "sqlite":
        return Matches("SELECT value FROM json_each(%s)", (json.dumps(found),), few=True)
    return Matches("SELECT unnest(%s::bigint[])", (found,), few=True)


def among(words: Question, ids: Sequence[int]) -> set[int] | None:
    """Return which of ``ids`` are of cases with the words; None where asking so takes too long.

    SQLite reads its index from the least of them to the greatest, PostgreSQL looks each of them up.
    """
    if not ids:
        return set()
    if connection.vendor != "sqlite":
        return {*_ids(f"{words.sql} AND case_id = ANY(%s)", (*words.values, list(ids)))}
    first, last = min(ids), max(ids)
    if last - first > SPREAD:
        return None
    return {*_ids(f"{words.sql} AND rowid BETWEEN %s AND %s", (*words.values, first, last))}


def _ids(sql: str, values: Sequence[object]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [row[0] for row in cursor.fetchall()]


def _sqlite_term(term: str) -> str:
    return f'"{term}"' + ("*" if len(term) == 1 and term >= "一" else "")


def _postgresql_term(term: str) -> str:
    return f"'{term}'" + (":*" if len(term) == 1 and term >= "一" else "")


def _expression(asked: list[list[str]], term: Callable[[str], str], both: str, either: str) -> str:
    """Return the question in a database's own words: every word, each said in one of its ways."""
    groups = ([both.join(map(term, wanted(way))) for way in said if wanted(way)] for said in asked)
    return both.join("(" + either.join(f"({way})" for way in group) + ")" for group in groups)
